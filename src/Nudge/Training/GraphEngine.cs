// Which way an expression is computed.

namespace Nudge;

/// <summary>How the expressions of a network are computed. Both ways give the same numbers, up to rounding.</summary>
public enum GraphEngine
{
    /// <summary>Recorded once and run for many examples at a time, see <see cref="CompiledLoss"/>.</summary>
    Compiled,

    /// <summary>Value by value, as it is written: far slower, and free to branch on its numbers.</summary>
    Eager,
}
