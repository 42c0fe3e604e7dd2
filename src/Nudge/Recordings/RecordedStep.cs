// A step of a run as a recording keeps it.

using Nudge.Pitfalls;

namespace Nudge.Recordings;

/// <summary>One step of a recorded run.</summary>
public sealed record RecordedStep
{
    /// <summary>How many steps were made before it.</summary>
    public required int Step { get; init; }

    /// <summary>The loss before the update.</summary>
    public required double Loss { get; init; }

    /// <summary>Whether everything was kept. If not, only <see cref="Step"/> and <see cref="Loss"/> mean anything.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How many epochs were finished before it.</summary>
    public int Epoch { get; init; }

    /// <summary>The learning rate of its update.</summary>
    public double LearningRate { get; init; }

    /// <summary>The norm of all gradients.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The change of the loss that the gradient predicts for the update that was made: g · Δp.</summary>
    public double PredictedChange { get; init; }

    /// <summary>The change of the same loss by the update, where it was measured; otherwise NaN.</summary>
    public double ActualChange { get; init; }

    /// <summary>The mistakes that were made on purpose.</summary>
    public TrainingMistakes Mistakes { get; init; }

    /// <summary>The examples it was made on, by their places in the data.</summary>
    public IReadOnlyList<int> Batch { get; init; } = [];

    /// <summary>The parameters before the update.</summary>
    public IReadOnlyList<double> Parameters { get; init; } = [];

    /// <summary>Their gradients, as the backward pass left them.</summary>
    public IReadOnlyList<double> Gradients { get; init; } = [];

    /// <summary>The expression of the loss; null where it was too large to keep.</summary>
    public RecordedGraph? Graph { get; init; }

    /// <summary>The number of each node of <see cref="Graph"/>.</summary>
    public IReadOnlyList<double> NodeData { get; init; } = [];

    /// <summary>The gradient of each node of <see cref="Graph"/>; NaN for one that has none, as constants.</summary>
    public IReadOnlyList<double> NodeGradients { get; init; } = [];
}

/// <summary>How a recorded run ended.</summary>
/// <param name="Reason">Why, in lower case: finished, early-stopped, interrupted, diverged.</param>
/// <param name="Parameters">The parameters after the last update.</param>
public sealed record RecordedEnd(string Reason, IReadOnlyList<double> Parameters);
