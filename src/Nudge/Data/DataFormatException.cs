// The one error that a data file can cause.

using System.Globalization;

namespace Nudge;

/// <summary>
/// A data file is not as it must be. The message reads <c>path:line:column: what was wrong; what was expected</c>.
/// </summary>
public sealed class DataFormatException : FormatException
{
    /// <summary>An error at a place in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The character within the line, from 1.</param>
    /// <param name="problem">What was wrong and what was expected.</param>
    public DataFormatException(string path, int line, int column, string problem)
        : base(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:{column}: {problem}"))
    {
        Path = path;
        Problem = problem;
        Line = line;
        Column = column;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What was wrong and what was expected.</summary>
    public string Problem { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The character within the line, from 1.</summary>
    public int Column { get; }
}
