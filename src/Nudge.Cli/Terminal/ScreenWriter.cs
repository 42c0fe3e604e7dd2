// What is printed holds names and cells of files, which must not steer the screen.

using System.Text;

namespace Nudge.Cli;

/// <summary>Passes text on with every control character as its symbol, but for line ends, tabs and, where there is colour, colours.</summary>
/// <param name="inner">Where it goes.</param>
/// <param name="usesColour">Whether styles may be set.</param>
internal sealed class ScreenWriter(TextWriter inner, bool usesColour) : TextWriter
{
    private static readonly System.Buffers.SearchValues<char> s_harmless = System.Buffers.SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code), '\n', '\r', '\t']);

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(Shown(value));

    public override void Write(string? value) => inner.Write(Shown(value));

    public override void Write(ReadOnlySpan<char> buffer) => inner.Write(Shown(buffer.ToString()));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value) => inner.WriteLine(Shown(value));

    public override void Flush() => inner.Flush();

    private string? Shown(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyExcept(s_harmless) || !text.Any(IsControl))
            return text;
        var shown = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int style = usesColour ? StyleAt(text, i) : 0;
            if (style > 0)
                shown.Append(text, i, style);
            else
                shown.Append(Shown(text[i]));
            i += Math.Max(0, style - 1);
        }
        return shown.ToString();
    }

    // What sets the direction of all text behind it steers the screen as well.
    private static bool IsControl(char letter) => (char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) || letter is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static char Shown(char letter) => !IsControl(letter) ? letter
        : letter < ' ' ? (char)('\u2400' + letter)
        : letter == '\x7f' ? '\u2421' : '\ufffd';

    // How long the style is that is set there: ESC [ digits m.
    private static int StyleAt(string text, int at)
    {
        if (text[at] != '\e' || at + 1 == text.Length || text[at + 1] != '[')
            return 0;
        int end = at + 2;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end < text.Length && text[end] == 'm' ? end - at + 1 : 0;
    }
}
