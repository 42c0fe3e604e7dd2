// Sentences and labelled facts, broken between words where the screen ends.

namespace Nudge.Cli;

internal static class Prose
{
    private const string Indent = "  ";
    private const int LabelWidth = 8, WidestParagraph = 78, Narrowest = 20;

    /// <summary>Sentences, in lines that are not too long to read in a wide window.</summary>
    internal static void WriteParagraph(this Terminal terminal, string text, Style style = Style.Plain)
    {
        foreach (string line in Text.Wrap(text, Math.Max(Narrowest, Math.Min(terminal.LineLimit, WidestParagraph) - Indent.Length)))
            terminal.WriteLine(Indent + terminal.Paint(line, style));
    }

    /// <summary>A command to copy: in one line, however long, since it would not run in pieces.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="label">What it is.</param>
    /// <param name="command">The command.</param>
    /// <param name="purpose">What it is for: behind it where there is room, or else below.</param>
    internal static void WriteCommand(this Terminal terminal, string label, string command, string purpose = "")
    {
        const string gap = "   ";
        int indent = 2 * Indent.Length + LabelWidth;
        bool fits = indent + command.Length + gap.Length + purpose.Length <= terminal.LineLimit;
        terminal.WriteLine(Indent + terminal.Paint(label.PadRight(LabelWidth), Style.Dim) + Indent + command + (purpose.Length > 0 && fits ? gap + purpose : ""));
        if (!fits && purpose.Length > 0)
            terminal.WriteFact("", purpose);
    }

    /// <summary>A short label, and beside it what it stands for.</summary>
    internal static void WriteFact(this Terminal terminal, string label, string text)
    {
        int indent = 2 * Indent.Length + LabelWidth;
        string lead = Indent + terminal.Paint(label.PadRight(LabelWidth), Style.Dim) + Indent;
        foreach (string line in Text.Wrap(text, Math.Max(Narrowest, terminal.LineLimit - indent)))
        {
            terminal.WriteLine(lead + line);
            lead = new string(' ', indent);
        }
    }
}
