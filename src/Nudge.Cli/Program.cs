// The process: its terminal, its arguments, its exit code, and how Ctrl-C ends it.

using Nudge.Cli;

var terminal = Terminal.OfProcess();
using IDisposable ending = Interruption.EndingProcess(terminal);
return await NudgeCommand.RunAsync(args, terminal);
