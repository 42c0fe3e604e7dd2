// Long runs on request: set NUDGE_SOAK=1.

namespace Nudge.Tests;

internal static class Soak
{
    internal static bool Wanted { get; } = Environment.GetEnvironmentVariable("NUDGE_SOAK") == "1";
}
