// The fourth beat: from gradients to new numbers.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// Changes parameters by their gradients. It works on the blocks that the parameters are views of, so that what it
/// changed is what <see cref="Value.Data"/> reads. One of your own derives from it and writes
/// <see cref="Update(Span{double}, ReadOnlySpan{double}, Span{double}, Span{double})"/>.
/// </summary>
public abstract class Optimizer
{
    private double _learningRate;

    /// <summary>An optimizer.</summary>
    /// <param name="parameters">What it changes.</param>
    /// <param name="learningRate">The size of a step, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative, infinite or NaN.</exception>
    protected Optimizer(ParameterList parameters, double learningRate)
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

    /// <summary>
    /// Its name and its settings, but for the learning rate: a checkpoint goes on only with an optimizer that has the same. If not
    /// overridden, the name of its type.
    /// </summary>
    public virtual string Description => GetType().Name;

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
        while (StepCount < steps)
        {
            StepCount++;
            BeginStep();
        }
    }

    /// <summary>Prepares what is the same for all parameters of a step, from <see cref="StepCount"/>, which counts this one already, or from the step before.</summary>
    protected virtual void BeginStep()
    {
    }

    /// <summary>
    /// Changes parameters that lie side by side; it is called for each run of such in a step. Of each parameter two numbers are kept
    /// from step to step, which start at 0 and which a <see cref="Checkpoint"/> holds as well.
    /// </summary>
    /// <param name="data">The parameters.</param>
    /// <param name="gradients">Their gradients; 0 where none has been computed.</param>
    /// <param name="firsts">The first number that is kept for each.</param>
    /// <param name="seconds">The second.</param>
    protected virtual void Update(Span<double> data, ReadOnlySpan<double> gradients, Span<double> firsts, Span<double> seconds) =>
        throw new NotImplementedException($"{GetType().Name} does not say how parameters change; expected it to override Update.");

    /// <summary>Changes a segment of <see cref="Parameters"/>.</summary>
    private protected virtual void Update(int segment) => State.Update(Update, segment);
}
