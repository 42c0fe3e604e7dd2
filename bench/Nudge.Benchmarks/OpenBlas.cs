// Which kernels OpenBLAS runs. Left to itself it takes a processor that is newer than the library for an old one, and is slow.

namespace Nudge.Benchmarks;

internal static class OpenBlas
{
    // Those with fused multiply-adds in vectors of 256 bits at least; of other architectures, those it knows by name.
    private static readonly string[] s_fast = ["Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids", "Neoverse", "Cortex", "Vortex", "Armv8"];

    /// <summary>The name of the kernels to ask for, whatever the environment says: a variable that was set for others would make a weak peer.</summary>
    internal static string CoreType(int vectorBits, string processor) =>
        vectorBits >= 512 ? "SkylakeX"
        : processor.Contains("AMD", StringComparison.Ordinal) ? "Zen"
        : "Haswell";

    /// <summary>Whether kernels use what a processor of the last ten years has.</summary>
    internal static bool IsFast(string core) => s_fast.Any(name => core.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
