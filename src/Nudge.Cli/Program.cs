// The process: its terminal, its arguments, its exit code.

using Nudge.Cli;

return await NudgeCommand.RunAsync(args, Terminal.OfProcess());
