// Where trained numbers live: side by side, for engines of either precision.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// The data of the parameters of one owner, contiguous, with their gradients and what these stand for. The data are the
/// block's own numbers and not an object beside it: every operation of the expressions that people write reads them here.
/// </summary>
internal sealed unsafe class ParameterBlock(ParameterList owner, int count) : SharedNumbers(count, Precision.Double)
{
    internal SharedNumbers Gradients { get; } = new(count, Precision.Double);

    /// <summary>What each gradient stands for.</summary>
    internal GradientStates States { get; } = new(count);

    internal string? NameOf(int index) => owner.NameInBlock(this, index);

    /// <summary>Sets one parameter's number.</summary>
    internal void WriteData(int index, double value)
    {
        this[index] = value;
        if (States[index] == GradientState.Current)
            States[index] = GradientState.Stale;
    }

    /// <summary>Sets one parameter's gradient.</summary>
    internal void WriteGradient(int index, double value, GradientState state)
    {
        Gradients[index] = value;
        States[index] = state;
    }

    /// <summary>Adds to a gradient, which is 0 as long as it has not been computed. Returns true where it was stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Accumulate(int index, double gradient)
    {
        bool stale = States[index] == GradientState.Stale;
        Gradients.Read<double>()[index] += gradient;
        Gradients.Wrote<double>(index, 1);
        States[index] = GradientState.Current;
        return stale;
    }
}
