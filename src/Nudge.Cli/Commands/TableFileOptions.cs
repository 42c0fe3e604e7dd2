// The options of every command that reads a table: how its file is written.

using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Nudge.Cli;

internal sealed class TableFileOptions
{
    /// <summary>What stands for a file where the table comes from another program.</summary>
    internal const string StandardInput = "-";

    private const long LargeText = 64 << 20;

    private static readonly Dictionary<string, char> s_separators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["comma"] = ',',
        ["semicolon"] = ';',
        ["tab"] = '\t',
        ["bar"] = '|',
        ["blanks"] = CsvFormat.Blanks,
    };

    private static readonly Dictionary<string, char> s_quotes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["double"] = '"',
        ["single"] = '\'',
        ["none"] = CsvFormat.NoQuotes,
    };

    private Option<char?> Separator { get; } = Choices.Parsed<char>(
        "--separator", "What stands between fields: comma, semicolon, tab, bar or blanks, or the character itself [default: found]", "NAME", "comma, semicolon, tab, bar or blanks, or one character", null,
        text => s_separators.TryGetValue(text, out char named) ? named : text == "\\t" ? '\t' : text is [> ' ' and < '\x7f' and not ('"' or '\'') and var one] && !char.IsAsciiLetterOrDigit(one) ? one : null);

    private Option<char?> Decimal { get; } = Choices.Parsed<char>(
        "--decimal", "The decimal mark of numbers: point or comma [default: found]", "NAME", "point or comma", null,
        text => text.ToLowerInvariant() switch { "point" or "." => '.', "comma" or "," => ',', _ => null });

    private Option<string> Header { get; } = Choices.OneOf("--header", "Whether the first row names the columns", ["yes", "no"], note: "found");

    private Option<string> Quotes { get; } = Choices.OneOf("--quotes", "What stands around fields that hold separators", [.. s_quotes.Keys], note: "found");

    private Option<string?> Comment { get; } = new("--comment")
    {
        Description = "What lines begin with that are no rows [default: # or //, if the first line does]",
        HelpName = "TEXT",
    };

    private Option<string> Encoding { get; } = Choices.OneOf("--encoding", "How characters are written", CsvFormat.Encodings, note: "utf-8, or utf-16 by its mark");

    internal IReadOnlyList<Option> All => [Separator, Decimal, Header, Quotes, Comment, Encoding];

    internal CsvFormat Read(ParseResult parsed) => new()
    {
        Separator = parsed.GetValue(Separator),
        Decimal = parsed.GetValue(Decimal),
        Header = parsed.GetValue(Header) is { } header ? header == "yes" : null,
        Quotes = parsed.GetValue(Quotes) is { } quotes ? s_quotes[quotes] : null,
        Comment = parsed.GetValue(Comment),
        Encoding = parsed.GetValue(Encoding),
    };

    /// <summary>Reads a table from a file that must exist, or from standard input, and takes from it what is needed.</summary>
    internal static T ReadTable<T>(Terminal terminal, Command command, string path, CsvFormat format, Func<CsvFile, T> take)
    {
        T taken = Take(terminal, command, path, format, take);
        // The text of a large file would stay in memory beside all that training needs.
        if (GC.GetTotalMemory(forceFullCollection: false) > LargeText)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that nothing refers to the text when it returns
    private static T Take<T>(Terminal terminal, Command command, string path, CsvFormat format, Func<CsvFile, T> take)
    {
        using var line = new WaitingLine(terminal, path == StandardInput ? "reading standard input" : $"reading {Path.GetFileName(path)}");
        CsvFile file = ReadFile(command, path, format);
        line.Now($"understanding {Text.Plural(file.RowCount, "row")} of {Text.Plural(file.ColumnNames.Count, "column")}");
        return take(file);
    }

    private static CsvFile ReadFile(Command command, string path, CsvFormat format)
    {
        if (path != StandardInput)
            return UserFile.Read(command, path, name => CsvFile.Read(name, format));
        using Stream input = Console.OpenStandardInput();
        return CsvFile.Read(input, format, "standard input");
    }
}
