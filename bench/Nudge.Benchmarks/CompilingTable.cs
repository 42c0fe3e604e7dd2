// What compiling the rows' programs costs, stage by stage.

using System.Globalization;

namespace Nudge.Benchmarks;

internal static class CompilingTable
{
    internal const string HelpText = """
        Compiles the programs of the rows, each in a process of its own, and prints what that costs.

        dotnet run -c Release --project bench/Nudge.Benchmarks -- compiling [options]

          --rows A,B   only these rows; one of each program if left out
          --rounds N   how often each is compiled, once it is warm (15)
        """;

    // The other rows compile the same programs for other batches, or take long.
    private static readonly string[] s_usual = ["--rows", "A,B,C1,C3,I1,D16x1,D32x1,D64x1,E,F5,F10,F25"];

    internal static int Run(ReadOnlySpan<string> arguments, TextWriter output)
    {
        Options options = Options.Parse([.. s_usual, .. arguments]);
        if (options.Help)
        {
            output.WriteLine(HelpText);
            return 0;
        }
        using var workspace = new Workspace();
        Setting setting = options.Setting;
        Line(output, $"milliseconds; warm: medians of {options.Rounds} after two seconds of compiling");
        Line(output, $"{"row",-7}{"values",12}{"first",9}{"second",9}{"warm",9}  = {"recording",10}{"analysis",10}{"check",8}{"values/s of analysis",24}");
        foreach (Row row in options.Select(Rows.All(workspace, setting)))
        {
            if (row.Entries.FirstOrDefault(entry => entry.Served is not null) is not { } entry)
                continue;
            using Peer peer = Peer.Own(setting, row.Name, entry.Name, onOneCore: false);
            CompilingCosts costs = peer.Compile(options.Rounds);
            Line(output, $"{row.Name,-7}{costs.Values,12:N0}{Time(costs.First)}{Time(costs.Second)}{Time(costs.Total)}  = {Time(costs.Recording),10}{Time(costs.Analysis),10}{Time(costs.Check),8}{costs.Values / costs.Analysis / 1e6,16:F0} million");
        }
        return 0;
    }

    private static string Time(double seconds) => (1000 * seconds).ToString(seconds < 0.1 ? "F2" : "F0", CultureInfo.InvariantCulture).PadLeft(9);

    private static void Line(TextWriter output, FormattableString line)
    {
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
