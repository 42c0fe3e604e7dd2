// How a run goes.

namespace Nudge;

/// <summary>How a <see cref="Trainer"/> runs. The defaults suit small data sets.</summary>
public sealed record TrainerOptions
{
    /// <summary>
    /// How the loss and its gradients are computed. Default compiled: the model is recorded when the run starts, and what
    /// the optimizer does not train is taken as it is then. Metrics are computed the same way.
    /// </summary>
    public GraphEngine Engine { get; init; }

    /// <summary>
    /// The numbers that a compiled run computes with. Default float32, to which the model's parameters are rounded when
    /// the run starts; with <see cref="Precision.Double"/> a run agrees with an eager one to about twelve digits.
    /// </summary>
    public Precision Precision { get; init; }

    /// <summary>How often the whole training set is gone through, at least 1. Default 100.</summary>
    public int Epochs { get; init => field = Require.AtLeast(1, value); } = 100;

    /// <summary>
    /// How many updates the run makes, at least 0, and <see cref="Epochs"/> does not count. Default 0: Epochs says how
    /// long it is.
    /// </summary>
    public int Steps { get; init => field = Require.AtLeast(0, value); }

    /// <summary>
    /// How many steps lie between two looks at the validation set, or at the training set where there is none, at least 0.
    /// Default 0: one epoch.
    /// </summary>
    public int MeasureEvery { get; init => field = Require.AtLeast(0, value); }

    /// <summary>How many examples share one update, at least 1; 0 takes the whole training set. Default 32.</summary>
    public int BatchSize { get; init => field = Require.AtLeast(0, value); } = 32;

    /// <summary>How the learning rate changes from step to step. Default constant.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>The strength of the <see cref="Loss.L2Penalty"/>, at least 0. Default 0: none.</summary>
    public double L2Penalty { get; init => field = Require.NonNegative(value); }

    /// <summary>The greatest norm of the gradients, see <see cref="GradientClipping.ClipByNorm"/>. Default 0: no limit.</summary>
    public double ClipNorm { get; init => field = Require.NonNegative(value); }

    /// <summary>The greatest size of one gradient, see <see cref="GradientClipping.ClipByValue"/>. Default 0: no limit.</summary>
    public double ClipValue { get; init => field = Require.NonNegative(value); }

    /// <summary>
    /// Early stopping: the run ends after so many epochs, or looks where <see cref="MeasureEvery"/> says when, without a
    /// better loss on the validation set, or on the training set where there is no validation set. Default 0: it does not.
    /// </summary>
    public int Patience { get; init => field = Require.AtLeast(0, value); }

    /// <summary>
    /// Whether the model ends with the parameters of its best epoch or look, by the same loss, and not of its last. Without
    /// a validation set this costs one more pass over the training set each time. Default true.
    /// </summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>
    /// Whether the model as it is before the first step counts when the best is kept: on for one that has been trained
    /// before, so that it ends no worse than it began. Default false.
    /// </summary>
    public bool MeasureStart { get; init; }

    /// <summary>The seed of the order in which examples come. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
