// Gradient descent: the lesson's update, with momentum where it is wanted.

using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorMath;

namespace Nudge;

/// <summary>
/// Gradient descent, p ← p − η·g, with momentum, Nesterov momentum and weight decay as in PyTorch's <c>SGD</c>:
/// g ← g + λp; v ← μv + g (v = g at the first step); p ← p − η·v, or p ← p − η·(g + μv) with Nesterov.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum, _weightDecay;
    private readonly bool _nesterov, _remembers;

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
        _remembers = momentum != 0 || weightDecay != 0;
    }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"Sgd of momentum {_momentum}{(_nesterov ? " (Nesterov)" : "")} and weight decay {_weightDecay}");

    private protected override void Update(int segment) =>
        State.Update(new Rule(LearningRate, _momentum, _nesterov, _weightDecay, _remembers), segment);

    private readonly unsafe struct Rule(double learningRate, double momentum, bool nesterov, double weightDecay, bool remembers) : IUpdateRule
    {
        public bool Remembers => remembers;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Apply<V, T>(T* data, T* gradients, T* firsts, T* seconds, int length)
            where V : unmanaged, IVector<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            V step = Number<V, T>(learningRate);
            if (!remembers)
            {
                for (int i = 0; i < length; i += V.Count)
                    V.Store(V.Load(data + i) - step * V.Load(gradients + i), data + i);
                return;
            }
            V inertia = Number<V, T>(momentum), decay = Number<V, T>(weightDecay);
            for (int i = 0; i < length; i += V.Count)
            {
                V number = V.Load(data + i), gradient = V.Load(gradients + i) + decay * number;
                V first = inertia * V.Load(firsts + i) + gradient;
                V.Store(first, firsts + i);
                V.Store(number - step * (nesterov ? gradient + inertia * first : first), data + i);
            }
        }
    }
}
