// What a trainer makes small: the loss of a model on examples, whatever model and examples are.

namespace Nudge;

/// <summary>
/// A model, examples to train it on, and what its loss on them is. There are three forms:
/// <see cref="SupervisedProblem"/>, a network and rows of inputs and targets; <see cref="LanguageProblem"/>, a
/// language model and documents; and <see cref="CustomProblem"/>, to derive one of your own from.
/// </summary>
public abstract class TrainingProblem
{
    private protected TrainingProblem()
    {
    }

    /// <summary>What is trained.</summary>
    public abstract Module Model { get; }

    /// <summary>How many examples there are to learn from.</summary>
    public abstract int Count { get; }

    /// <summary>Whether there are examples that are only looked at.</summary>
    public abstract bool HasValidation { get; }

    /// <summary>The loss of the examples at given places, as an expression.</summary>
    internal abstract Value LossOf(ReadOnlySpan<int> batch);

    /// <summary>The same compiled, with an L2 penalty.</summary>
    internal abstract BatchLoss Compile(ParameterList parameters, double l2Penalty, Precision precision);

    /// <summary>How good the model is on the examples to learn from.</summary>
    internal abstract Metrics MeasureTraining(GraphEngine engine, Precision precision);

    /// <summary>How good the model is on the examples that are only looked at.</summary>
    internal abstract Metrics MeasureValidation(GraphEngine engine, Precision precision);

    /// <summary>A number that tells whether examples are the same as those of another problem.</summary>
    internal abstract ulong Fingerprint();
}
