// What a run reports while it goes and when it ends.

namespace Nudge;

/// <summary>One step of a run: forward, zero, backward, update.</summary>
/// <param name="Step">How many steps were made before it.</param>
/// <param name="Epoch">How many epochs were finished before it.</param>
/// <param name="Loss">The loss of its batch before the update, with the L2 penalty where there is one.</param>
/// <param name="LearningRate">The learning rate of its update.</param>
/// <param name="GradientNorm">The norm of all gradients, before clipping.</param>
/// <param name="PredictedChange">
/// The change of the batch's loss that the gradient predicts for the update that was made: g · Δp.
/// </param>
/// <param name="Monitored">
/// At the end of an epoch, or when <see cref="TrainerOptions.MeasureEvery"/> says, the metrics on the validation set, or
/// on the training set where there is none and the run keeps its best; otherwise null.
/// </param>
public sealed record TrainingStep(
    int Step, int Epoch, double Loss, double LearningRate, double GradientNorm, double PredictedChange, Metrics? Monitored);

/// <summary>Why a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>It went through all its epochs, or made all its steps.</summary>
    Finished,

    /// <summary>The loss did not get better for as many epochs, or looks, as its patience.</summary>
    EarlyStopped,

    /// <summary>It was cancelled; the step it was in was finished.</summary>
    Cancelled,

    /// <summary>The loss or a gradient became infinite or NaN; the update was not made.</summary>
    Diverged,
}

/// <summary>How a run ended.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Steps">How many updates were made.</param>
/// <param name="Epochs">How many epochs were finished.</param>
/// <param name="BestEpoch">The epoch, counted from 1, whose parameters the model has, or 0 for the start; null if it has the last step's.</param>
/// <param name="BestStep">After how many updates the model had the parameters that it has; null if they are the last step's.</param>
/// <param name="Training">
/// The metrics on the training set, with the parameters that the model has now; of many documents, on an even sample.
/// </param>
/// <param name="Validation">The metrics on the validation set; null if there is none.</param>
public sealed record TrainingResult(
    TrainingEnd End, int Steps, int Epochs, int? BestEpoch, int? BestStep, Metrics Training, Metrics? Validation);
