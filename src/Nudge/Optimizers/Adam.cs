// Adam, and AdamW, which differs in where the weight decay goes.

using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorMath;

namespace Nudge;

/// <summary>
/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), as PyTorch's <c>Adam</c>: g ← g + λp;
/// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← p − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε).
/// </summary>
public class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _epsilon, _weightDecay;
    private double _beta1Power = 1, _beta2Power = 1;

    /// <summary>Adam.</summary>
    /// <param name="parameters">What it changes.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="beta1">β₁, how slowly the mean of the gradients moves, from 0 to below 1.</param>
    /// <param name="beta2">β₂, how slowly the mean of their squares moves, from 0 to below 1.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="weightDecay">λ, at least 0: adds λp to the gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public Adam(
        ParameterList parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : base(parameters, learningRate)
    {
        _beta1 = Require.BelowOne(beta1);
        _beta2 = Require.BelowOne(beta2);
        _epsilon = Require.NonNegative(epsilon);
        _weightDecay = Require.NonNegative(weightDecay);
    }

    /// <summary>Whether the decay shrinks the parameters directly instead of adding to their gradients.</summary>
    private protected virtual bool DecoupledDecay => false;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"{GetType().Name} of {_beta1}, {_beta2}, {_epsilon} and weight decay {_weightDecay}");

    /// <inheritdoc/>
    protected override void BeginStep()
    {
        _beta1Power *= _beta1;
        _beta2Power *= _beta2;
    }

    private protected override void Update(int segment)
    {
        double shrink = DecoupledDecay ? 1 - LearningRate * _weightDecay : 1, coupledDecay = DecoupledDecay ? 0 : _weightDecay;
        double rate = LearningRate / (1 - _beta1Power), squareScale = 1 / Math.Sqrt(1 - _beta2Power);
        State.Update(new Rule(rate, squareScale, _beta1, _beta2, _epsilon, shrink, coupledDecay), segment);
    }

    private readonly unsafe struct Rule(
        double rate, double squareScale, double beta1, double beta2, double epsilon, double shrink, double coupledDecay) : IUpdateRule
    {
        public bool Remembers => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Apply<V, T>(T* data, T* gradients, T* firsts, T* seconds, int length)
            where V : unmanaged, IVector<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            V step = Number<V, T>(rate), scale = Number<V, T>(squareScale), least = Number<V, T>(epsilon);
            V keepFirst = Number<V, T>(beta1), addFirst = Number<V, T>(1 - beta1), keepSecond = Number<V, T>(beta2), addSecond = Number<V, T>(1 - beta2);
            V keep = Number<V, T>(shrink), decay = Number<V, T>(coupledDecay);
            for (int i = 0; i < length; i += V.Count)
            {
                V number = V.Load(data + i) * keep, gradient = V.Load(gradients + i) + decay * number;
                V first = keepFirst * V.Load(firsts + i) + addFirst * gradient;
                V second = keepSecond * V.Load(seconds + i) + addSecond * gradient * gradient;
                V.Store(first, firsts + i);
                V.Store(second, seconds + i);
                V.Store(number - step * first / (V.Sqrt(second) * scale + least), data + i);
            }
        }
    }
}

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch's <c>AdamW</c>: p ← (1 − ηλ)·p before
/// Adam's own update, with no decay in the gradient.
/// </summary>
/// <param name="parameters">What it changes.</param>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="beta1">β₁, how slowly the mean of the gradients moves, from 0 to below 1.</param>
/// <param name="beta2">β₂, how slowly the mean of their squares moves, from 0 to below 1.</param>
/// <param name="epsilon">ε, at least 0.</param>
/// <param name="weightDecay">λ, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
public sealed class AdamW(
    ParameterList parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01)
    : Adam(parameters, learningRate, beta1, beta2, epsilon, weightDecay)
{
    private protected override bool DecoupledDecay => true;
}
