// RMSProp: each parameter's step divided by the recent size of its gradient.

using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorMath;

namespace Nudge;

/// <summary>
/// RMSProp (Hinton, lecture 6e of "Neural networks for machine learning", 2012), as PyTorch's <c>RMSprop</c>:
/// g ← g + λp; v ← αv + (1 − α)g²; d = g / (√v + ε); with momentum u ← μu + d and p ← p − η·u, without p ← p − η·d.
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly double _smoothing, _epsilon, _momentum, _weightDecay;

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
    }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"RmsProp of {_smoothing}, {_epsilon}, momentum {_momentum} and weight decay {_weightDecay}");

    private protected override void Update(int segment) =>
        State.Update(new Rule(LearningRate, _smoothing, _epsilon, _momentum, _weightDecay), segment);

    private readonly unsafe struct Rule(double learningRate, double smoothing, double epsilon, double momentum, double weightDecay) : IUpdateRule
    {
        public bool Remembers => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Apply<V, T>(T* data, T* gradients, T* firsts, T* seconds, int length)
            where V : unmanaged, IVector<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            V step = Number<V, T>(learningRate), least = Number<V, T>(epsilon), decay = Number<V, T>(weightDecay), inertia = Number<V, T>(momentum);
            V keep = Number<V, T>(smoothing), add = Number<V, T>(1 - smoothing);
            for (int i = 0; i < length; i += V.Count)
            {
                V number = V.Load(data + i), gradient = V.Load(gradients + i) + decay * number;
                V first = keep * V.Load(firsts + i) + add * gradient * gradient;
                V second = inertia * V.Load(seconds + i) + gradient / (V.Sqrt(first) + least);
                V.Store(first, firsts + i);
                V.Store(second, seconds + i);
                V.Store(number - step * second, data + i);
            }
        }
    }
}
