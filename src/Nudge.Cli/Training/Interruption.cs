// Ctrl-C, and a request of the system to end: the first asks the run to finish its step, the second ends at once.

using System.Runtime.InteropServices;

namespace Nudge.Cli;

internal sealed class Interruption : IDisposable
{
    private static int s_listening;

    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;

    internal Interruption(CancellationToken outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Interlocked.Increment(ref s_listening);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    internal CancellationToken Token => _source.Token;

    /// <summary>Ends the process of a command at once, with a line, where no run listens that could finish its step.</summary>
    /// <param name="terminal">Where it is told.</param>
    /// <returns>What to hold on to for as long as the process shall end so.</returns>
    internal static IDisposable EndingProcess(Terminal terminal)
    {
        return PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            if (Volatile.Read(ref s_listening) > 0)
                return;
            context.Cancel = true;
            terminal.Error.WriteLine(terminal.IsInteractive ? "\nnudge: interrupted" : "nudge: interrupted");
            Environment.Exit(ExitCode.Interrupted);
        });
    }

    public void Dispose()
    {
        Interlocked.Decrement(ref s_listening);
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            Environment.Exit(ExitCode.Interrupted);
        context.Cancel = true;
        _source.Cancel();
    }
}
