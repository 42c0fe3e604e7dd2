// What everyone is given alike: the width of vectors, one core, and an environment.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.Benchmarks;

/// <summary>Under which conditions contenders run.</summary>
/// <param name="VectorBits">The widest vectors that they may use, in bits.</param>
/// <param name="Core">The core that those of one core are pinned to, or null where they cannot be pinned.</param>
internal sealed record Setting(int VectorBits, int? Core)
{
    private static readonly Lazy<int[]> s_allowed = new(AllowedCores);

    /// <summary>The machine's widest vectors and the last core that this process may use.</summary>
    internal static Setting OfMachine => new(Machine.VectorBits, s_allowed.Value is [.., var last] ? last : null);

    /// <summary>The machine's, with the choices of the command line.</summary>
    internal static Setting Of(int? vectorBits, int? core)
    {
        Setting machine = OfMachine;
        if (vectorBits > machine.VectorBits)
            throw new UsageException($"--vectors {vectorBits} is more than the {machine.VectorBits} bits that this machine, or this process, has.");
        if (core is { } wanted && !s_allowed.Value.Contains(wanted))
            throw new UsageException($"--core {wanted} is none that this process can be pinned to: {(machine.Core is null ? "there is no taskset" : string.Join(", ", s_allowed.Value))}.");
        return new Setting(vectorBits ?? machine.VectorBits, core ?? machine.Core);
    }

    /// <summary>What C is compiled with: vectors of full width, and divisions where divisions are written.</summary>
    internal string[] CompilerFlags =>
    [
        "-O3", "-march=native", "-ffast-math", "-mno-recip", $"-mprefer-vector-width={VectorBits}",
        .. VectorBits < 512 ? ["-mno-avx512f"] : Array.Empty<string>(),
    ];

    /// <summary>
    /// The environment of every contender in a process of its own. Memory is kept and not handed back after every step, which is what
    /// costs an untuned PyTorch most.
    /// </summary>
    internal IEnumerable<(string Name, string Value)> Environment =>
    [
        ("OMP_NUM_THREADS", "1"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("OPENBLAS_CORETYPE", OpenBlas.CoreType(VectorBits, Machine.Processor)),
        ("MALLOC_TRIM_THRESHOLD_", "4000000000"),
        ("MALLOC_MMAP_THRESHOLD_", "4000000000"),
        ("MALLOC_TOP_PAD_", "67108864"),
        .. VectorBits < 512 ? [("DOTNET_EnableAVX512", "0"), ("ATEN_CPU_CAPABILITY", "avx2")] : Array.Empty<(string, string)>(),
    ];

    /// <summary>How a program is started: on the one core, or on all of them.</summary>
    internal ProcessStartInfo Start(string program, IEnumerable<string> arguments, bool onOneCore = true)
    {
        ProcessStartInfo start = Core is { } core
            ? new("taskset", ["-c", onOneCore ? core.ToString(CultureInfo.InvariantCulture) : string.Join(',', s_allowed.Value), program, .. arguments])
            : new(program, arguments);
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Pins the thread that calls, which measures the peak and runs the contenders of this process.</summary>
    internal void PinThisThread()
    {
        if (Core is { } core && OperatingSystem.IsLinux())
            Process.GetCurrentProcess().ProcessorAffinity = 1 << core;
    }

    // As /proc says it, "0-3,8"; none where there is no such file or nothing to pin with.
    private static int[] AllowedCores()
    {
        const string status = "/proc/self/status", key = "Cpus_allowed_list:";
        if (!File.Exists(status) || !Toolchain.IsOnPath("taskset"))
            return [];
        string list = File.ReadLines(status).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];
        return [.. list.Split(',').SelectMany(Range).Where(core => core < 31)];

        static IEnumerable<int> Range(string text)
        {
            int[] ends = [.. text.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        }
    }
}
