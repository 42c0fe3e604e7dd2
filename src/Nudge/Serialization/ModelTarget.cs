// One of the targets of a trained model.

namespace Nudge;

/// <summary>One of the targets that a <see cref="TrainedModel"/> predicts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Classes">The names of its classes; null for a number.</param>
/// <param name="Objective">What the network was trained for with it.</param>
/// <param name="Outputs">Which of the network's outputs are its.</param>
/// <param name="Results">Which of the numbers of a prediction are its: the probabilities of its classes, or the number.</param>
public sealed record ModelTarget(string Name, IReadOnlyList<string>? Classes, Objective Objective, Range Outputs, Range Results)
{
    /// <summary>The class that a prediction stands for, as its place in <see cref="Classes"/>.</summary>
    /// <param name="prediction">What <see cref="TrainedModel.Predict(ReadOnlySpan{double})"/> gives: the numbers of all targets.</param>
    /// <exception cref="InvalidOperationException">It is a number.</exception>
    public int ClassOf(ReadOnlySpan<double> prediction) => Classes is null
        ? throw new InvalidOperationException($"'{Name}' is a number, and no class.")
        : Objective.ClassOfProbabilities(prediction[Results]);
}
