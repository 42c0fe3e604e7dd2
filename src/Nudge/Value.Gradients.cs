// The two ways to differentiate: Backward fills in Grad, Gradients returns the numbers and touches nothing.

namespace Nudge;

public sealed partial class Value
{
    /// <summary>
    /// Computes ∂(this)/∂v for every value v that this one was computed from, by the chain rule from here back to the
    /// leaves. Results of operations get a fresh <see cref="Grad"/> each time; <b>leaves accumulate</b>, so that the
    /// gradients of several expressions add up. Zero the leaves between one update and the next backward pass.
    /// </summary>
    /// <remarks>Nothing recurses: an expression may be millions of operations deep.</remarks>
    /// <exception cref="InvalidOperationException">
    /// A gradient was stale and <see cref="StaleGradients.Throw"/> is on.
    /// </exception>
    public void Backward()
    {
        var sink = new AccumulatingSink();
        BackwardSweep.Run(this, ref sink);
        if (sink.StaleLeaf is { } leaf)
            StaleGradients.Report(leaf);
    }

    /// <summary>
    /// The gradients of this value with respect to the given ones, in their order: 0 for one that it does not depend
    /// on. No <see cref="Grad"/> is read or written, so there is nothing to zero, and several threads may do it at once
    /// with the same parameters.
    /// </summary>
    /// <param name="parameters">The values to differentiate by: leaves or results, none twice.</param>
    /// <exception cref="ArgumentException">A value stands in the list twice.</exception>
    public double[] Gradients(params IReadOnlyList<Value> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var sink = new CollectingSink(parameters);
        BackwardSweep.Run(this, ref sink);
        return sink.Gradients;
    }

    /// <summary>The same for a list of parameters, without a table of its own.</summary>
    internal double[] GradientsOf(ParameterList parameters)
    {
        var sink = new ParameterSink(parameters);
        BackwardSweep.Run(this, ref sink);
        return sink.Gradients;
    }

    private readonly struct ParameterSink(ParameterList parameters) : IGradientSink
    {
        internal double[] Gradients { get; } = new double[parameters.Count];

        public void Node(Value node, double gradient)
        {
        }

        public void Leaf(Value leaf, double gradient)
        {
            int index = parameters.PlaceOf(leaf);
            if (index >= 0)
                Gradients[index] += gradient;
        }
    }

    private struct AccumulatingSink : IGradientSink
    {
        internal Value? StaleLeaf;

        public readonly void Node(Value node, double gradient) => node.SetComputedGradient(gradient);

        public void Leaf(Value leaf, double gradient)
        {
            if (leaf.AccumulateGradient(gradient))
                StaleLeaf ??= leaf;
        }
    }

    private readonly struct CollectingSink : IGradientSink
    {
        internal readonly double[] Gradients;
        private readonly Dictionary<Value, int> _indices;
        private readonly bool _wantsNodes;

        internal CollectingSink(IReadOnlyList<Value> parameters)
        {
            Gradients = new double[parameters.Count];
            _indices = new Dictionary<Value, int>(parameters.Count);
            for (int i = 0; i < parameters.Count; i++)
            {
                if (!_indices.TryAdd(parameters[i], i))
                    throw new ArgumentException($"{parameters[i].Describe()} stands in the list twice.", nameof(parameters));
                _wantsNodes |= !parameters[i].IsLeaf;
            }
        }

        public void Node(Value node, double gradient)
        {
            if (_wantsNodes)
                Leaf(node, gradient);
        }

        public void Leaf(Value leaf, double gradient)
        {
            if (_indices.TryGetValue(leaf, out int index))
                Gradients[index] += gradient;
        }
    }
}
