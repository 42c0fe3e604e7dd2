// What the command line says.

using System.Globalization;

namespace Nudge.Benchmarks;

/// <summary>The command line cannot be understood.</summary>
internal sealed class UsageException(string message) : Exception($"{message}\nTry --help.");

/// <summary>The choices of a run.</summary>
internal sealed record Options
{
    internal const string HelpText = """
        Measures training steps side by side, in interleaved rounds, and prints them as ratios.

        dotnet run -c Release --project bench/Nudge.Benchmarks -- [options]

          --rows A,B       only these rows; all if left out
          --peers C,eager  only these kinds of contender: C, compiled, eager, PyTorch, micrograd; all if left out
          --vectors BITS   256 or 512: the widest vectors of all contenders; the machine's if left out
          --core N         the core that contenders are pinned to; the last one if left out
          --starts N       in how many new processes the first steps are measured, 0 for not at all (3)
          --rounds N       how often each contender has its turn (15)
          --slice MS       how long a turn takes about, in milliseconds (100)
          --base NAME      the contender that the others are divided by; the first of each row if left out
          --list           the rows and their contenders
          --help           this text

        dotnet run -c Release --project bench/Nudge.Benchmarks -- anchor

          trains row D16x1's model for 1,000 steps whose losses are known, by each contender

        dotnet run -c Release --project bench/Nudge.Benchmarks -- compiling [--rows A,B] [--rounds N]

          says what compiling the rows' programs costs, stage by stage

        dotnet run -c Release --project bench/Nudge.Benchmarks -- programs [options]

          measures ten programs that are nobody's benchmark beside C: rows P1 to P10

        Peers that the machine cannot run (no gcc, no OpenBLAS, no Python with torch) are reported and skipped.
        The environment variable NUDGE_DATA names a folder with moons/points.txt, moons/weights.txt,
        adbench-gmm/gmm_d10_K5.txt, adbench-lstm/lstm_l2_c1024.txt, gpt-d16/documents.txt, gpt-d16/weights.f32, gpt-d16/losses.txt and
        names-split/train.txt; without it, these inputs are generated, and differ.
        Exit codes: 0 done, 1 the contenders did not agree on their results or one was lost, 2 bad usage.
        """;

    private IReadOnlyList<string> Rows { get; init; } = [];

    private IReadOnlyList<string> Kinds { get; init; } = [];

    internal int Rounds { get; init; } = 15;

    internal double SliceSeconds { get; init; } = 0.1;

    internal int Starts { get; init; } = 3;

    private int? VectorBits { get; init; }

    private int? Core { get; init; }

    /// <summary>What the machine gives to contenders, as far as it was chosen.</summary>
    internal Setting Setting => Setting.Of(VectorBits, Core);

    internal string? Base { get; init; }

    internal bool List { get; init; }

    internal bool Help { get; init; }

    internal static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            options = name switch
            {
                "--list" => options with { List = true },
                "--help" or "-h" => options with { Help = true },
                "--rows" => options with { Rows = Names(Next(arguments, ref i)) },
                "--peers" => options with { Kinds = Names(Next(arguments, ref i)) },
                "--rounds" => options with { Rounds = Positive(name, Next(arguments, ref i)) },
                "--vectors" => options with { VectorBits = Width(Next(arguments, ref i)) },
                "--core" => options with { Core = Whole(name, Next(arguments, ref i), least: 0) },
                "--starts" => options with { Starts = Whole(name, Next(arguments, ref i), least: 0) },
                "--slice" => options with { SliceSeconds = Positive(name, Next(arguments, ref i)) / 1000.0 },
                "--base" => options with { Base = Next(arguments, ref i) },
                _ => throw new UsageException($"There is no option '{name}'."),
            };
        }
        return options;
    }

    /// <summary>The rows and contenders asked for, in the order of the whole list.</summary>
    internal IReadOnlyList<Row> Select(IReadOnlyList<Row> all)
    {
        RequireKnown("row", Rows, [.. all.Select(row => row.Name)]);
        RequireKnown("kind of contender", Kinds, [.. all.SelectMany(row => row.Entries).Select(entry => entry.Kind).Distinct()]);
        return [.. all
            .Where(row => Wanted(Rows, row.Name))
            .Select(row => row with { Entries = [.. row.Entries.Where(entry => Wanted(Kinds, entry.Kind))] })
            .Where(row => row.Entries.Count > 0)];
    }

    private static bool Wanted(IReadOnlyList<string> chosen, string name) =>
        chosen.Count == 0 || chosen.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static void RequireKnown(string what, IReadOnlyList<string> chosen, string[] known)
    {
        foreach (string name in chosen)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new UsageException($"There is no {what} '{name}'. There are {string.Join(", ", known)}.");
        }
    }

    private static string Next(ReadOnlySpan<string> arguments, ref int i) =>
        ++i < arguments.Length ? arguments[i] : throw new UsageException($"{arguments[i - 1]} needs a value after it.");

    private static string[] Names(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Width(string text) => text switch
    {
        "256" => 256,
        "512" => 512,
        _ => throw new UsageException($"--vectors needs 256 or 512, got '{text}'."),
    };

    private static int Positive(string name, string text) => Whole(name, text, least: 1);

    private static int Whole(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new UsageException($"{name} needs a whole number of at least {least}, got '{text}'.");
}
