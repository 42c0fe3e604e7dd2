// The fourth beat: from gradients to new numbers.

namespace Nudge;

/// <summary>
/// Changes parameters by their gradients. It works on the blocks that the parameters are views of, so that what it
/// changed is what <see cref="Value.Data"/> reads.
/// </summary>
public abstract class Optimizer
{
    private double _learningRate;

    private protected Optimizer(ParameterList parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        LearningRate = learningRate;
    }

    /// <summary>What it changes.</summary>
    public ParameterList Parameters { get; }

    /// <summary>The size of a step. It may be set between steps; a <see cref="Schedule"/> says to what.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = Require.NonNegative(value);
    }

    /// <summary>How many steps it has made.</summary>
    public int StepCount { get; private set; }

    /// <summary>
    /// Changes every parameter once. A gradient that has not been computed counts as 0.
    /// </summary>
    public void Step()
    {
        StepCount++;
        BeginStep();
        int offset = 0;
        foreach (ParameterSegment segment in Parameters.Segments)
        {
            Update(segment, offset);
            segment.DataChanged();
            offset += segment.Length;
        }
    }

    /// <summary>Sets the gradient of every parameter to 0.</summary>
    public void ZeroGradients() => Parameters.ZeroGradients();

    /// <summary>Prepares what is the same for all parameters of a step.</summary>
    private protected virtual void BeginStep()
    {
    }

    /// <summary>Changes parameters that lie side by side.</summary>
    /// <param name="segment">The parameters; a gradient that has not been computed is 0.</param>
    /// <param name="offset">The place of the first in <see cref="Parameters"/>, for the optimizer's own numbers.</param>
    private protected abstract void Update(ParameterSegment segment, int offset);
}
