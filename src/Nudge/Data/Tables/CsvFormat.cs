// How a file of rows is written: what separates fields, what quotes them, and what is no row.

namespace Nudge;

/// <summary>
/// How a table is written in a text file. What is null is found from the file; <see cref="CsvFile.Format"/> says what
/// was found.
/// </summary>
public sealed record CsvFormat
{
    /// <summary>How <see cref="Separator"/> says that fields stand apart by any number of blanks and tabs.</summary>
    public const char Blanks = ' ';

    /// <summary>How <see cref="Quotes"/> says that quotes are characters like others.</summary>
    public const char NoQuotes = '\0';

    /// <summary>What stands between two fields: a comma, semicolon, tab or bar, or <see cref="Blanks"/>.</summary>
    public char? Separator { get; init; }

    /// <summary>What quotes a field that holds separators or line ends: <c>"</c>, <c>'</c> or <see cref="NoQuotes"/>.</summary>
    public char? Quotes { get; init; }

    /// <summary>The decimal mark of numbers, a point or a comma. Null: each column says it by itself.</summary>
    public char? Decimal { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>What a line begins with that is no row, as <c>#</c>. Null: lines before the first row that begin with # or //.</summary>
    public string? Comment { get; init; }

    /// <summary>utf-8, utf-16 or windows-1252. Null: UTF-16 where its mark says so, else UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>The encodings that can be read, by their names.</summary>
    public static IReadOnlyList<string> Encodings { get; } = ["utf-8", "utf-16", "windows-1252"];

    /// <summary>The names that a model looks for in a header; none for a model of a file without one, and null where no model reads.</summary>
    internal IReadOnlyList<string>? Expected { get; init; }

    /// <summary>A separator in words: commas, blanks.</summary>
    /// <param name="separator">The separator.</param>
    public static string NameOfSeparator(char separator) => separator switch
    {
        '\t' => "tabs",
        ';' => "semicolons",
        ',' => "commas",
        '|' => "bars",
        Blanks => "blanks",
        _ => $"'{separator}'",
    };
}
