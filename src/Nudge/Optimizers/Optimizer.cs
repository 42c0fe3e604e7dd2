// The fourth beat: from gradients to new numbers.

using System.Runtime.CompilerServices;

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
        State = new OptimizerState(parameters);
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

    /// <summary>Its name and its settings, but for the learning rate.</summary>
    internal abstract string Description { get; }

    /// <summary>What it remembers of the gradients.</summary>
    private protected OptimizerState State { get; }

    /// <summary>
    /// Changes every parameter once. A gradient that has not been computed counts as 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step()
    {
        StepCount++;
        BeginStep();
        for (int i = 0; i < Parameters.Segments.Length; i++)
            Update(i);
    }

    /// <summary>Sets the gradient of every parameter to 0.</summary>
    public void ZeroGradients() => Parameters.ZeroGradients();

    /// <summary>Copies what it remembers: two numbers for each parameter, all of the first and then all of the second.</summary>
    internal void CopyMemoryTo(Span<double> memory) => State.CopyTo(memory);

    /// <summary>Makes it as it was after so many steps.</summary>
    internal void Restore(int steps, ReadOnlySpan<double> memory)
    {
        State.Load(memory);
        // Going through the steps gives what they share to the last bit.
        for (; StepCount < steps; StepCount++)
            BeginStep();
    }

    /// <summary>Prepares what is the same for all parameters of a step.</summary>
    private protected virtual void BeginStep()
    {
    }

    /// <summary>Changes parameters that lie side by side.</summary>
    /// <param name="segment">Which segment of <see cref="Parameters"/>; a gradient that has not been computed is 0.</param>
    private protected abstract void Update(int segment);
}
