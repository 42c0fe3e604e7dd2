// What can be wrong with a training run, and how that is said.

using System.Globalization;

namespace Nudge;

/// <summary>A fault of a training run that a <see cref="Doctor"/> finds.</summary>
public enum TrainingFault
{
    /// <summary>Gradients of an earlier step are still in those of this one.</summary>
    GradientsNotZeroed,

    /// <summary>The update goes along the gradient, and so the loss grows.</summary>
    SteppingUphill,

    /// <summary>Steps are so long that the gradient says nothing about where they end.</summary>
    LearningRateTooLarge,

    /// <summary>Steps are so short that hardly anything happens, and far longer ones would do.</summary>
    LearningRateTooSmall,

    /// <summary>Most units of tanh or sigmoid lie in their flat parts, where no gradient passes.</summary>
    SaturatedUnits,

    /// <summary>Many units of ReLU give 0 for every example, and so never learn again.</summary>
    DeadUnits,

    /// <summary>A number became NaN or infinite.</summary>
    NotFinite,

    /// <summary>A cross-entropy has logits that lie within bounds, as tanh gives them, and so cannot become small.</summary>
    BoundedLogits,
}

/// <summary>A fault that was found, with what shows it and how to mend it.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Step">The step in which it was found, from 0.</param>
/// <param name="Evidence">What shows it, in a sentence with its numbers.</param>
/// <param name="Numbers">The same numbers by name, for programs.</param>
/// <param name="LikelyLine">The line of code that is likely wrong or missing.</param>
/// <param name="Mend">What to do.</param>
public sealed record Diagnosis(
    TrainingFault Fault, int Step, string Evidence, IReadOnlyDictionary<string, double> Numbers, string LikelyLine, string Mend)
{
    /// <summary>The fault in words: "gradients not zeroed".</summary>
    public string Title => Fault switch
    {
        TrainingFault.GradientsNotZeroed => "gradients not zeroed",
        TrainingFault.SteppingUphill => "stepping uphill",
        TrainingFault.LearningRateTooLarge => "learning rate too large",
        TrainingFault.LearningRateTooSmall => "learning rate too small",
        TrainingFault.SaturatedUnits => "saturated units",
        TrainingFault.DeadUnits => "dead units",
        TrainingFault.BoundedLogits => "bounded logits",
        _ => "not a finite number",
    };

    /// <summary>Everything in two lines.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"step {Step}: {Title}: {Evidence}\n  {LikelyLine} — {Mend}");
}
