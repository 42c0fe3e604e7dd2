// Numbers and names as people read them, the same in every country.

using System.Globalization;

namespace Nudge.Cli;

internal static class Text
{
    /// <summary>Up to six significant digits, without a tail of zeros: 16, 2.92, 0.0256, 1.5e-07.</summary>
    internal static string Number(double number) => Significant(number, 6);

    /// <summary>Up to four significant digits, for numbers that are watched rather than read.</summary>
    internal static string Short(double number) => Significant(number, 4);

    /// <summary>Four significant digits in the units of a column: whole where it is in thousands, and without an exponent up to ten million.</summary>
    internal static string Size(double number) => Math.Abs(number) is >= 1000 and < 1e7 ? Count((long)Math.Round(number)) : Short(number);

    /// <summary>Two significant digits, for numbers that only their size matters of.</summary>
    internal static string Brief(double number) => Significant(number, 2);

    /// <summary>A time to wait, in at most six characters.</summary>
    internal static string Brief(TimeSpan time) => time.TotalSeconds switch
    {
        < 99.5 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s"),
        < 99.5 * 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min"),
        < 999.5 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F0} h"),
        _ => "long",
    };

    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Digits(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Plural(long count, string one, string? many = null) =>
        $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    internal static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";

    internal static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary>The first names of a list and how many more there are.</summary>
    internal static string List(IReadOnlyList<string> names, int most = 6) => names.Count <= most
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(most - 1))} and {names.Count - most + 1} more";

    /// <summary>Cut to a width, with "…" where something is missing.</summary>
    internal static string Fit(string text, int width) =>
        text.Length <= width ? text : width < 1 ? "" : string.Concat(text.AsSpan(0, width - 1), "…");

    /// <summary>Text in one line: names and cells of files may hold line ends and tabs, which show as symbols.</summary>
    internal static string OneLine(string text) => text.ReplaceLineEndings("⏎").Replace('\t', '␉').Replace('\v', '␋');

    /// <summary>Lines of at most a width, broken between words.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in OneLine(text).Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }
        yield return line;
    }

    /// <summary>The nearest of some names, where it is near enough to be a slip of the fingers.</summary>
    internal static string? Nearest(string typed, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(typed.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 3))
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    private static string Significant(double number, int digits)
    {
        if (double.IsNaN(number))
            return "NaN";
        if (double.IsInfinity(number))
            return number > 0 ? "∞" : "-∞";
        // Adding 0 turns -0 into 0.
        return (number + 0.0).ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    // Levenshtein, with a swap of neighbours as one slip.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                int change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(change, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
