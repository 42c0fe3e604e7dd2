// A contender in a child process, which waits for its turn on standard input.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.Benchmarks;

internal sealed class Peer : Contender
{
    private readonly string _command;
    private readonly bool _isOwn;
    private readonly Process _process;

    internal Peer(Setting setting, string program, params string[] arguments)
        : this(setting.Start(program, arguments), isOwn: false)
    {
    }

    private Peer(ProcessStartInfo start, bool isOwn)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        _isOwn = isOwn;
        _process = Process.Start(start) ?? throw new MissingException($"{start.FileName} does not start");
    }

    internal override string? Note => _isOwn ? AskText("note") : null;

    /// <summary>A contender of this program in a process of its own, on one core or on all.</summary>
    internal static Peer Own(Setting setting, string row, string name, bool onOneCore)
    {
        ProcessStartInfo start = setting.Start("dotnet", [typeof(Peer).Assembly.Location, "serve", row, name], onOneCore);
        start.Environment["DOTNET_PROCESSOR_COUNT"] = $"{(onOneCore ? 1 : Environment.ProcessorCount):X}";
        // With one core the runtime would wait ten times as long before it compiles hot code again, which a race is too short for.
        start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        return new Peer(start, isOwn: true);
    }

    internal override double Run(int steps) => Ask($"run {steps}")[0];

    internal override double[] Check(IReadOnlyList<int> steps) => Ask($"check {string.Join(' ', steps)}");

    internal override CompilingCosts Compile(int repeats) => CompilingCosts.Parse(Ask($"compile {repeats}"));

    internal override FirstSteps First() => Ask("first") is [var mean, var steady, var until] ? new(mean, steady, until) : throw new UnreachableException();

    internal override TimeParts? Parts(int steps) =>
        _isOwn && Ask($"parts {steps}") is [var total, var products, var maps, var batch, var optimizer] ? new(total, products, maps, batch, optimizer) : null;

    public override void Dispose()
    {
        _process.StandardInput.Close(); // the end of its input is the end of its work
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        _process.Dispose();
    }

    private double[] Ask(string command) =>
        [.. AskText(command).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    private string AskText(string command)
    {
        string? answer;
        try
        {
            _process.StandardInput.WriteLine(command);
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            answer = null;
        }
        return string.IsNullOrWhiteSpace(answer)
            ? throw new MissingException($"{_command} gave no answer when asked to {command}")
            : answer;
    }
}
