// A contender in a child process, which waits for its turn on standard input.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.Benchmarks;

internal sealed class Peer : Contender
{
    // Memory is kept and not handed back after every step, which is what costs an untuned PyTorch most.
    private static readonly (string Name, string Value)[] s_environment =
    [
        ("OMP_NUM_THREADS", "1"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("MALLOC_TRIM_THRESHOLD_", "4000000000"),
        ("MALLOC_MMAP_THRESHOLD_", "4000000000"),
        ("MALLOC_TOP_PAD_", "67108864"),
    ];

    private readonly string _command;
    private readonly bool _hasNote;
    private readonly Process _process;

    internal Peer(string program, params string[] arguments)
        : this(program, arguments, [])
    {
    }

    private Peer(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in s_environment.Concat(environment))
            start.Environment[name] = value;
        _command = $"{program} {string.Join(' ', arguments)}";
        _process = Process.Start(start) ?? throw new MissingException($"{program} does not start");
    }

    // With one core the runtime would wait ten times as long before it compiles hot code again, which a race is too short for.
    private Peer(string program, string[] arguments, int cores)
        : this(program, arguments, ("DOTNET_PROCESSOR_COUNT", $"{cores:X}"), ("DOTNET_TC_DelaySingleProcMultiplier", "1")) => _hasNote = true;

    internal override string? Note => _hasNote ? AskText("note") : null;

    /// <summary>A contender of this program in a process of its own, with so many cores.</summary>
    internal static Peer Own(string row, string name, int cores)
    {
        string self = typeof(Peer).Assembly.Location;
        return new Peer("dotnet", [self, "serve", row, name], cores);
    }

    internal override double Run(int steps) => Ask($"run {steps}")[0];

    internal override double[] Check(IReadOnlyList<int> steps) => Ask($"check {string.Join(' ', steps)}");

    internal override CompilingCosts Compile(int repeats) => CompilingCosts.Parse(Ask($"compile {repeats}"));

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
