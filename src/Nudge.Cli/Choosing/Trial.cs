// A network that a search tries: what of its settings was drawn.

namespace Nudge.Cli;

/// <param name="Number">Which, from 0: the first is the run as it was asked for.</param>
/// <param name="Settings">The run; once it has been made, with all that its rows decided.</param>
/// <param name="Options">What it differs in from the run that was asked for, as it is typed.</param>
internal sealed record Trial(int Number, TrainSettings Settings, string Options)
{
    /// <summary>The network in words.</summary>
    internal string Network => $"{(Settings.Layers.Count == 0 ? "none" : $"{string.Join(',', Settings.Layers)} {Settings.Activation.Name}")}";

    /// <summary>The penalty in words.</summary>
    internal string Penalty => Settings.L2Penalty > 0 ? $"l2 {Text.Brief(Settings.L2Penalty)}"
        : Settings.WeightDecay is > 0 and { } decay ? $"decay {Text.Brief(decay)}"
        : Settings.Optimizer == "adamw" && Settings.WeightDecay is null ? "decay 0.01" : "none";
}

/// <summary>A trial that has been made.</summary>
/// <param name="Trial">Which.</param>
/// <param name="Loss">By what it is chosen: the loss on the validation part, or the mean of the folds; infinite where it diverged.</param>
/// <param name="Quality">The accuracy or R² there.</param>
/// <param name="Deviation">How much the loss differs between folds; NaN without them.</param>
/// <param name="Epochs">After how many epochs it was best; of folds the mean.</param>
/// <param name="Run">Its run; null with folds.</param>
internal sealed record TriedOut(Trial Trial, double Loss, double Quality, double Deviation, double Epochs, RunOutcome? Run);
