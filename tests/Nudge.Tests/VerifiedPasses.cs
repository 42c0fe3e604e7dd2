using System.Runtime.CompilerServices;

namespace Nudge.Tests;

internal static class VerifiedPasses
{
    [ModuleInitializer]
    internal static void Enable() => Verifier.IsEnabled = true;
}
