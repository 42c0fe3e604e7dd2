// Where trained numbers live: three arrays side by side, which optimizers and files work on without copying.

namespace Nudge;

/// <summary>The data, gradients and gradient states of the parameters of one owner, contiguous.</summary>
internal sealed class ParameterBlock
{
    private readonly ParameterList _owner;

    internal ParameterBlock(ParameterList owner, int count)
    {
        _owner = owner;
        Data = new double[count];
        Gradients = new double[count];
        States = new GradientState[count];
    }

    internal double[] Data { get; }

    internal double[] Gradients { get; }

    internal GradientState[] States { get; }

    internal string? NameOf(int index) => _owner.NameInBlock(this, index);

    internal void SetData(int index, double value)
    {
        Data[index] = value;
        if (States[index] == GradientState.Current)
            States[index] = GradientState.Stale;
    }

    /// <summary>Adds to a gradient. Returns true where it was stale.</summary>
    internal bool Accumulate(int index, double gradient)
    {
        ref GradientState state = ref States[index];
        ref double sum = ref Gradients[index];
        bool stale = state == GradientState.Stale;
        sum = state == GradientState.NotComputed ? gradient : sum + gradient;
        state = GradientState.Current;
        return stale;
    }
}

/// <summary>A run of parameters that lie side by side in one block.</summary>
internal readonly record struct ParameterSegment(ParameterBlock Block, int Start, int Length)
{
    internal Span<double> Data => Block.Data.AsSpan(Start, Length);

    internal Span<double> Gradients => Block.Gradients.AsSpan(Start, Length);

    internal Span<GradientState> States => Block.States.AsSpan(Start, Length);

    internal void ZeroGradients()
    {
        Gradients.Clear();
        States.Fill(GradientState.Zero);
    }

    /// <summary>Notes that the data has changed: gradients computed before no longer belong to it.</summary>
    internal void DataChanged() => States.Replace(GradientState.Current, GradientState.Stale);
}
