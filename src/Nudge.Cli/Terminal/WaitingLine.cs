// What goes on while a person waits: one line, rewritten in place, and taken away when there is something to show.

using System.Diagnostics;

namespace Nudge.Cli;

/// <summary>Says on a screen, from the first second on, what takes so long. In a pipe it says nothing.</summary>
internal sealed class WaitingLine : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(0.5), s_redraw = TimeSpan.FromSeconds(0.1);

    private readonly Terminal _terminal;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _drawing = new();
    private readonly Timer? _timer;
    private string _doing;
    private int _drawn;
    private bool _ended;

    /// <param name="terminal">Where it is shown.</param>
    /// <param name="doing">What goes on.</param>
    internal WaitingLine(Terminal terminal, string doing)
    {
        _terminal = terminal;
        _doing = doing;
        if (terminal.IsInteractive)
            _timer = new Timer(_ => Draw(), null, s_patience, s_redraw);
    }

    /// <summary>Says what goes on now.</summary>
    internal void Now(string doing) => Volatile.Write(ref _doing, doing);

    internal void Draw()
    {
        lock (_drawing)
        {
            if (_ended || !_terminal.IsInteractive)
                return;
            string line = Text.Fit($"  {Volatile.Read(ref _doing)}: {Text.Duration(_clock.Elapsed)}", _terminal.LineLimit);
            _terminal.Out.Write('\r' + line.PadRight(Math.Min(_drawn, _terminal.LineLimit)));
            _terminal.Out.Flush();
            _drawn = line.Length;
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        lock (_drawing)
        {
            _ended = true;
            if (_drawn > 0)
                _terminal.Out.Write('\r' + new string(' ', Math.Min(_drawn, _terminal.LineLimit)) + '\r');
        }
        _timer?.Dispose();
    }
}
