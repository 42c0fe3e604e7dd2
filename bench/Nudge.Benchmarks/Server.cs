// A contender of this program in a process of its own: the other side of a peer.

using System.Globalization;

namespace Nudge.Benchmarks;

internal static class Server
{
    /// <summary>Answers <c>run K</c>, <c>check S S …</c>, <c>compile N</c> and <c>note</c> until the input ends.</summary>
    internal static int Run(string rowName, string contenderName, TextReader input, TextWriter output)
    {
        using var workspace = new Workspace();
        using Contender contender = Rows.All(workspace).Single(row => row.Name == rowName).Entries.Single(entry => entry.Name == contenderName).Served!();
        while (input.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int[] numbers = [.. words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            output.WriteLine(words[0] switch
            {
                "run" => contender.Run(numbers[0]).ToString("R", CultureInfo.InvariantCulture),
                "check" => string.Join(' ', contender.Check(numbers).Select(result => result.ToString("R", CultureInfo.InvariantCulture))),
                "compile" => contender.Compile(numbers[0]).ToLine(),
                _ => contender.Note,
            });
            output.Flush();
        }
        return 0;
    }
}
