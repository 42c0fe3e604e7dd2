// The classic mistake, caught exactly: backward, update, backward again with no zeroing between.

using System.Diagnostics;

namespace Nudge;

/// <summary>
/// Says what happens when a backward pass adds to a gradient that belongs to numbers that have changed since:
/// backward → update → backward with no zeroing between. Adding several backward passes up on purpose, before one
/// update, is not stale and never reported.
/// </summary>
public static class StaleGradients
{
    /// <summary>
    /// Whether <see cref="Value.Backward"/> throws an <see cref="InvalidOperationException"/> on a stale gradient
    /// (strict mode). False by default: then <see cref="Detected"/> is raised, and where nobody listens a warning is
    /// written with <see cref="Trace"/>.
    /// </summary>
    public static bool Throw { get; set; }

    /// <summary>Raised once for each backward pass that met stale gradients, with one of the leaves concerned.</summary>
    public static event Action<Value>? Detected;

    internal static void Report(Value leaf)
    {
        string what = leaf.Label is { } label ? $"'{label}'" : "a leaf";
        string message =
            $"Stale gradient: backward added to the gradient of {what}, whose data changed after that gradient was computed. " +
            "Zero the gradients between an update and the next backward: call ZeroGradients(), or set Grad = 0 on each parameter.";
        if (Throw)
            throw new InvalidOperationException(message);
        if (Detected is { } detected)
            detected(leaf);
        else
            Trace.TraceWarning(message);
    }
}
