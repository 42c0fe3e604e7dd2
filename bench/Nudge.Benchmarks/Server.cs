// A contender of this program in a process of its own: the other side of a peer.

using System.Globalization;

namespace Nudge.Benchmarks;

internal static class Server
{
    /// <summary>
    /// Answers <c>run K</c>, <c>check S S …</c>, <c>first</c>, <c>parts K</c>, <c>compile N</c> and <c>note</c> until the input ends.
    /// </summary>
    internal static int Run(string rowName, string contenderName, TextReader input, TextWriter output)
    {
        using var workspace = new Workspace();
        using Contender contender = Rows.All(workspace, Setting.OfMachine).Single(row => row.Name == rowName).Entries.Single(entry => entry.Name == contenderName).Served!();
        while (input.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int[] numbers = [.. words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            output.WriteLine(words[0] switch
            {
                "run" => Line(contender.Run(numbers[0])),
                "check" => Line(contender.Check(numbers)),
                "compile" => contender.Compile(numbers[0]).ToLine(),
                "first" => Line(contender.First()),
                "parts" => Line(contender.Parts(numbers[0])!),
                _ => contender.Note,
            });
            output.Flush();
        }
        return 0;
    }

    private static string Line(FirstSteps first) => Line(first.Mean, first.Steady, first.Until);

    private static string Line(TimeParts parts) => Line(parts.Total, parts.Products, parts.Maps, parts.Batch, parts.Optimizer);

    private static string Line(params double[] numbers) => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
