// Where commands print: two writers, and what is known about the screen behind them.

namespace Nudge.Cli;

/// <summary>The output of a command, passed in so that nothing else touches the console.</summary>
internal sealed class Terminal
{
    private const int PlainWidth = 80;

    private readonly Func<int> _width;

    internal Terminal(TextWriter output, TextWriter error, bool isInteractive = false, bool usesColour = false, Func<int>? width = null)
    {
        Out = new ScreenWriter(output, usesColour);
        Error = new ScreenWriter(error, usesColour);
        IsInteractive = isInteractive;
        UsesColour = usesColour;
        _width = width ?? (() => PlainWidth);
    }

    /// <summary>Results.</summary>
    internal TextWriter Out { get; }

    /// <summary>Errors and warnings, so that results can be redirected without them.</summary>
    internal TextWriter Error { get; }

    /// <summary>Whether somebody watches: then lines may be rewritten in place.</summary>
    internal bool IsInteractive { get; }

    internal bool UsesColour { get; }

    /// <summary>Columns to draw in; read it anew for each drawing, since windows change.</summary>
    internal int Width => _width() is > 0 and int width ? width : PlainWidth;

    /// <summary>The longest line: a screen's, and none in a file, where nothing should be cut off.</summary>
    internal int LineLimit => IsInteractive ? Width - 1 : int.MaxValue;

    /// <summary>The process's own: no colour where output is redirected, NO_COLOR is set or the screen cannot.</summary>
    internal static Terminal OfProcess()
    {
        bool interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        bool knowsEscapes = !OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("WT_SESSION") is not null;
        bool colour = interactive && knowsEscapes && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = System.Text.Encoding.UTF8;
        return new Terminal(Console.Out, Console.Error, interactive, colour, () => Console.WindowWidth);
    }

    internal void WriteLine(string text = "") => Out.WriteLine(text);

    /// <summary>The text in a style, or as it is where there is no colour.</summary>
    internal string Paint(string text, Style style) =>
        UsesColour && style != Style.Plain && text.Length > 0 ? $"\e[{(int)style}m{text}\e[0m" : text;
}

/// <summary>How text stands out, by its escape code. It never carries meaning alone.</summary>
internal enum Style
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Cyan = 36,
}
