// The two classic ways to break the loop, for those who want to see what happens.

namespace Nudge;

/// <summary>Mistakes that a training loop can make on purpose.</summary>
[Flags]
public enum TrainingMistakes
{
    /// <summary>None: the loop as it should be.</summary>
    None = 0,

    /// <summary>The gradients of the step before are not zeroed, so that those of all steps add up.</summary>
    SkipZeroing = 1,

    /// <summary>The update goes with the gradient, uphill, and not against it.</summary>
    FlipSign = 2,
}
