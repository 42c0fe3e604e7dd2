// Gradient descent: the lesson's update, with momentum where it is wanted.

namespace Nudge;

/// <summary>
/// Gradient descent, p ← p − η·g, with momentum, Nesterov momentum and weight decay as in PyTorch's <c>SGD</c>:
/// g ← g + λp; v ← μv + g (v = g at the first step); p ← p − η·v, or p ← p − η·(g + μv) with Nesterov.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum, _weightDecay;
    private readonly bool _nesterov;
    private readonly double[] _velocity;

    /// <summary>Gradient descent.</summary>
    /// <param name="parameters">What it changes.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="momentum">μ, from 0 (none) to below 1.</param>
    /// <param name="nesterov">Whether to look ahead along the momentum; needs momentum above 0.</param>
    /// <param name="weightDecay">λ, at least 0: adds λp to the gradient, as an L2 penalty of λ/2 Σp² would.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    /// <exception cref="ArgumentException">Nesterov without momentum.</exception>
    public Sgd(ParameterList parameters, double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(parameters, learningRate)
    {
        _momentum = Require.BelowOne(momentum);
        _weightDecay = Require.NonNegative(weightDecay);
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov momentum needs a momentum above 0, such as 0.9.", nameof(nesterov));
        _nesterov = nesterov;
        _velocity = new double[momentum == 0 ? 0 : parameters.Count];
    }

    private protected override void Update(Span<double> data, ReadOnlySpan<double> gradients, int offset)
    {
        for (int i = 0; i < data.Length; i++)
        {
            double gradient = gradients[i] + _weightDecay * data[i];
            if (_momentum != 0)
            {
                ref double velocity = ref _velocity[offset + i];
                velocity = _momentum * velocity + gradient;
                gradient = _nesterov ? gradient + _momentum * velocity : velocity;
            }
            data[i] -= LearningRate * gradient;
        }
    }
}
