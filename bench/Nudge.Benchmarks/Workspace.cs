// Where inputs come from and where they are written for peers to read.

using System.Globalization;

namespace Nudge.Benchmarks;

/// <summary>A temporary folder, and the folder of given data, if there is one.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nudge-benchmarks-").FullName;

    private static string? GivenFolder => Environment.GetEnvironmentVariable("NUDGE_DATA") is { Length: > 0 } folder ? folder : null;

    /// <summary>Whether inputs are given, and so the known results apply.</summary>
    internal static bool HasGivenData => GivenFolder is not null;

    /// <summary>Known results, where they apply: generated inputs give others.</summary>
    internal static double[]? Known(double[] results) => HasGivenData ? results : null;

    /// <summary>A file of given data, or null where inputs are to be made.</summary>
    internal static string? GivenFile(params string[] path)
    {
        if (GivenFolder is not { } folder)
            return null;
        string file = Path.Combine([folder, .. path]);
        return File.Exists(file) ? file : throw new UsageException($"NUDGE_DATA is {folder}, and there is no {file}.");
    }

    /// <summary>All numbers of a text file, in order.</summary>
    internal static double[] ReadNumbers(string file) =>
        [.. File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    /// <summary>Writes lines of numbers for peers to read, and returns the file.</summary>
    internal string Write(string name, IEnumerable<IEnumerable<double>> lines)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllLines(file, lines.Select(line => string.Join(' ', line.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))));
        return file;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
