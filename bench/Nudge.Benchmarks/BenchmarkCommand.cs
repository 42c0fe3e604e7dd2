// The benchmark command: reads its options, runs the rows, prints them.

namespace Nudge.Benchmarks;

internal static class BenchmarkCommand
{
    // Slices long enough for what runs often to have been emitted.
    private static readonly string[] s_programs =
        ["--rows", string.Join(',', LossRows.Programs), "--peers", "C,compiled", "--rounds", "9", "--slice", "200", "--starts", "0"];

    internal static int Main(string[] arguments)
    {
        try
        {
            if (arguments is ["doctor", ..])
                return DoctorTable.Run(arguments.AsSpan(1), Console.Out);
            if (arguments is ["compiling", ..])
                return CompilingTable.Run(arguments.AsSpan(1), Console.Out);
            if (arguments is ["where", var measured])
                return WhereTable.Run(measured, Console.Out);
            if (arguments is ["anchor"])
                return Anchor.Run(GptTask.KnownLosses(), Console.Out);
            if (arguments is ["programs", ..])
                return Run(Options.Parse([.. s_programs, .. arguments.AsSpan(1)]), Console.Out);
            if (arguments is ["serve", var row, var name])
                return Server.Run(row, name, Console.In, Console.Out);
            return Run(Options.Parse(arguments), Console.Out);
        }
        catch (UsageException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
        catch (MissingException error)
        {
            Console.Error.WriteLine($"A contender was lost in the middle of a race: {error.Message}.");
            return 1;
        }
    }

    /// <summary>Returns the exit code: 0, or 1 where contenders did not do the same work or one was lost.</summary>
    internal static int Run(Options options, TextWriter output)
    {
        if (options.Help)
        {
            output.WriteLine(Options.HelpText);
            return 0;
        }
        Setting setting = options.Setting;
        using var workspace = new Workspace();
        IReadOnlyList<Row> rows = options.Select(Rows.All(workspace, setting));
        if (options.List)
        {
            foreach (Row row in rows)
                output.WriteLine($"{row.Name,-7} {row.Title}\n        {string.Join(", ", row.Entries.Select(entry => entry.Name))}");
            return 0;
        }

        setting.PinThisThread();
        var report = new Report(output);
        report.Machine(options, setting);
        bool agree = true;
        foreach (Row row in rows)
            agree &= report.Row(row, new Race(row, options, setting));
        if (rows.Count > 1)
            report.Summary();
        return agree ? 0 : 1;
    }
}
