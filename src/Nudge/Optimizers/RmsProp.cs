// RMSProp: each parameter's step divided by the recent size of its gradient.

namespace Nudge;

/// <summary>
/// RMSProp (Hinton, lecture 6e of "Neural networks for machine learning", 2012), as PyTorch's <c>RMSprop</c>:
/// g ← g + λp; v ← αv + (1 − α)g²; d = g / (√v + ε); with momentum u ← μu + d and p ← p − η·u, without p ← p − η·d.
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly double _smoothing, _epsilon, _momentum, _weightDecay;
    private readonly double[] _square, _velocity;

    /// <summary>RMSProp.</summary>
    /// <param name="parameters">What it changes.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="smoothing">α, how slowly the mean of the squares moves, from 0 to below 1.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="momentum">μ, from 0 (none) to below 1.</param>
    /// <param name="weightDecay">λ, at least 0: adds λp to the gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public RmsProp(
        ParameterList parameters, double learningRate = 0.01, double smoothing = 0.99, double epsilon = 1e-8, double momentum = 0, double weightDecay = 0)
        : base(parameters, learningRate)
    {
        _smoothing = Require.BelowOne(smoothing);
        _epsilon = Require.NonNegative(epsilon);
        _momentum = Require.BelowOne(momentum);
        _weightDecay = Require.NonNegative(weightDecay);
        _square = new double[parameters.Count];
        _velocity = new double[momentum == 0 ? 0 : parameters.Count];
    }

    private protected override void Update(Span<double> data, ReadOnlySpan<double> gradients, int offset)
    {
        for (int i = 0; i < data.Length; i++)
        {
            double gradient = gradients[i] + _weightDecay * data[i];
            ref double square = ref _square[offset + i];
            square = _smoothing * square + (1 - _smoothing) * gradient * gradient;
            double direction = gradient / (Math.Sqrt(square) + _epsilon);
            if (_momentum != 0)
            {
                ref double velocity = ref _velocity[offset + i];
                velocity = _momentum * velocity + direction;
                direction = velocity;
            }
            data[i] -= LearningRate * direction;
        }
    }
}
