// The report as one file: what was reached, how, where it fails, and what it depends on.

using System.Text;

namespace Nudge.Cli;

internal static class ReportPage
{
    // It shows what is in it, runs nothing and loads nothing.
    private const string ContentPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    private const int MostColumns = 200, MostTableRows = 24;

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Save(string path, ReportContent content)
    {
        byte[] page = Encoding.UTF8.GetBytes(Make(content));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    internal static string Make(ReportContent content)
    {
        var html = new HtmlWriter();
        html.Raw("<!doctype html>").Open("html", "lang=\"en\"").Open("head").Raw("<meta charset=\"utf-8\">");
        html.Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"{ContentPolicy}\">");
        html.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">").Raw("<meta name=\"color-scheme\" content=\"light dark\">");
        html.Text("title", $"{content.TargetName} · {content.Source} · nudge").Raw($"<style>\n{Style()}</style>").Close("head").Open("body");
        html.Raw("<a class=\"skip\" href=\"#main\">To the results</a>");

        (string Id, string Title, Action<HtmlWriter> Write)[] sections = [.. Sections(content)];
        html.Open("header");
        html.Raw($"<p class=\"brand\">nudge</p><h1><bdi>{HtmlWriter.Escape(content.TargetName, 60)}</bdi> <span class=\"quiet\">from <bdi>{HtmlWriter.Escape(content.Source, 80)}</bdi></span></h1>");
        html.Open("nav", "aria-label=\"Sections\"");
        foreach ((string id, string title, _) in sections)
            html.Raw($"<a href=\"#{id}\">{title}</a>");
        html.Close("nav").Close("header").Open("main", "id=\"main\"");
        foreach ((string id, string title, Action<HtmlWriter> write) in sections)
        {
            html.Open("section", $"id=\"{id}\" aria-labelledby=\"{id}-title\"").Text("h2", title, $"id=\"{id}-title\"");
            write(html);
            html.Close("section");
        }
        return html.Close("main").Close("body").Close("html").ToString();
    }

    private static IEnumerable<(string Id, string Title, Action<HtmlWriter> Write)> Sections(ReportContent content)
    {
        yield return ("results", "Results", html => ReportResults.Write(html, content));
        if (content.Findings.Count + content.Notes.Count > 0)
            yield return ("know", "What to know", html => WriteNotes(html, content));
        if (content.Course is { Training.Count: > 1 } course && course.Training.Any(double.IsFinite))
            yield return ("learning", "How it learnt", html => WriteCourse(html, content, course));
        if (content.Shown is { } shown)
        {
            yield return ("mistakes", !shown.Evaluation.Data.HasClasses ? "Predictions" : shown.Evaluation.Data.TargetClasses.Contains(null) ? "What it confuses, and predictions" : "What it confuses", html => ReportMistakes.Write(html, content, shown.Model, shown.Evaluation));
            if (content.Importances is { Columns.Count: > 0 })
                yield return ("columns-that-matter", "What matters", html => ReportEffects.Write(html, content, shown.Evaluation));
            if (content.Worst is { Rows.Count: > 0 } worst)
                yield return ("worst", "The worst rows", html => WriteWorst(html, content, worst));
        }
        if (content.Schema is { } schema)
            yield return ("columns", "The columns", html => WriteColumns(html, schema));
        yield return ("made", "How it was made", html => WriteFacts(html, content));
    }

    private static void WriteNotes(HtmlWriter html, ReportContent content)
    {
        foreach (ReportFinding finding in content.Findings)
        {
            html.Open("div", "class=\"finding\"").Text("h3", finding.Title).Sentence("p", finding.Text);
            html.Raw($"<p class=\"quiet\">In a loop of one's own: <code>{HtmlWriter.Escape(finding.Line)}</code></p>").Close("div");
        }
        if (content.Notes.Count == 0)
            return;
        html.Open("ul", "class=\"notes\"");
        foreach (string note in content.Notes)
            html.Sentence("li", note);
        html.Close("ul");
    }

    private static void WriteCourse(HtmlWriter html, ReportContent content, LossCourse course)
    {
        html.Text("p", content.End);
        int[] shown = [.. Spread(course.Training.Count)];
        html.Open("div", "class=\"figures\"").Figure(
            EvaluationPlot.Losses(course.Training, course.Validation, course.Span, content.BestEpoch, course.Before),
            "Loss by epoch", ["epoch", HtmlCell.Number("training"), .. course.Validation.Count > 0 ? [HtmlCell.Number("validation")] : Array.Empty<HtmlCell>()],
            shown.Select(i => (IReadOnlyList<HtmlCell>)
            [
                Text.Count(course.Before + (long)(i + 1) * course.Span), HtmlCell.Number(Text.Short(course.Training[i])),
                .. course.Validation.Count > i ? [HtmlCell.Number(Text.Short(course.Validation[i]))] : Array.Empty<HtmlCell>(),
            ]));
        html.Close("div");
        if (course.Span > 1)
            html.Text("p", $"Each point is the mean of {course.Span} epochs.", "class=\"quiet\"");
    }

    private static void WriteWorst(HtmlWriter html, ReportContent content, WorstRows worst)
    {
        bool hasPlaces = worst.Rows.Any(row => row.Place.Length > 0);
        html.Text("p", $"The rows of {content.Where} that the model is furthest off at. Are they odd, or wrong in the file? Do they have something in common?");
        html.Table(
            "Rows with the largest loss",
            [.. hasPlaces ? ["where"] : Array.Empty<HtmlCell>(), "true", "predicted", HtmlCell.Number("loss"), .. worst.Columns.Select(name => (HtmlCell)name)],
            worst.Rows.Select(row => (IReadOnlyList<HtmlCell>)
            [
                .. hasPlaces ? [row.Place] : Array.Empty<HtmlCell>(), row.Expected, row.Predicted, HtmlCell.Number(Text.Short(row.Loss)),
                .. row.Cells.Select(cell => (HtmlCell)(cell.Length <= 40 ? cell : Text.Fit(cell, 40))),
            ]), "rows");
    }

    private static void WriteColumns(HtmlWriter html, TableSchema schema)
    {
        html.Table(
            "What the columns of the file are, and what they became",
            ["column", "kind", HtmlCell.Number("distinct"), HtmlCell.Number("missing"), HtmlCell.Number("inputs"), "becomes"],
            schema.Columns.Take(MostColumns).Select(column => (IReadOnlyList<HtmlCell>)
            [
                column.Name, SchemaReport.NameOf(column.Kind),
                HtmlCell.Number(column.Facts.Distinct is { } distinct ? Text.Count(distinct) : "many"),
                HtmlCell.Number(column.Facts.Missing + column.Facts.Unreadable is > 0 and int missing ? Text.Count(missing) : "·"),
                HtmlCell.Number(column.InputNames.Count == 0 ? "·" : Text.Count(column.InputNames.Count)),
                column.HasIndicator ? $"{column.Becomes}, and whether it is missing" : column.Becomes,
            ]));
        if (schema.Columns.Count > MostColumns)
            html.Text("p", $"And {Text.Plural(schema.Columns.Count - MostColumns, "column")} more.", "class=\"quiet\"");
    }

    private static void WriteFacts(HtmlWriter html, ReportContent content)
    {
        html.Open("dl", "class=\"facts\"");
        foreach ((string label, string text) in content.Facts)
            html.Text("dt", label).Text("dd", text);
        html.Text("dt", "command").Raw($"<dd><code>{HtmlWriter.Escape(content.Command, 2000)}</code></dd>").Close("dl");
    }

    /// <summary>A few places of many, spread evenly, the last among them.</summary>
    internal static IEnumerable<int> Spread(int count)
    {
        int shown = Math.Min(count, MostTableRows);
        return Enumerable.Range(1, shown).Select(i => (int)((long)i * count / shown) - 1);
    }

    private static string Style()
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report/report.css")
            ?? throw new InvalidOperationException("The style of reports is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
