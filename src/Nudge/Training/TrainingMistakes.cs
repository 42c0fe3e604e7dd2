// The two classic ways to break the loop, for those who want to see what happens.

namespace Nudge.Pitfalls;

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

/// <summary>Makes a trainer do what it should not.</summary>
public static class TrainerPitfalls
{
    /// <summary>From the next step on, a trainer makes mistakes on purpose, to see what they do.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="mistakes">Which; none to go on as it should.</param>
    public static void Make(this Trainer trainer, TrainingMistakes mistakes)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        trainer.Mistakes = mistakes;
    }

    /// <summary>The mistakes that a trainer makes on purpose.</summary>
    /// <param name="trainer">The trainer.</param>
    public static TrainingMistakes MistakesMade(this Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return trainer.Mistakes;
    }
}
