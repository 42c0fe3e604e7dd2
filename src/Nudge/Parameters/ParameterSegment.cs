// Parameters that lie side by side.

using System.Numerics;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>A run of parameters in one block.</summary>
internal readonly record struct ParameterSegment(ParameterBlock Block, int Start, int Length)
{
    internal Precision Precision => Block.Precision;

    /// <summary>Whether they are all that the block has: nobody else's numbers follow in the room behind them.</summary>
    internal bool IsWholeBlock => Length == Block.States.Count;

    /// <summary>Their numbers, in a precision.</summary>
    internal unsafe T* Data<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Block.Data<T>() + Start;

    /// <summary>Their gradients, in a precision.</summary>
    internal unsafe T* Gradients<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Block.Gradients<T>() + Start;

    /// <summary>Their numbers, in the precision that they have.</summary>
    internal unsafe Span<byte> DataBytes => Precision == Precision.Double
        ? MemoryMarshal.AsBytes(new Span<double>(Data<double>(), Length))
        : MemoryMarshal.AsBytes(new Span<float>(Data<float>(), Length));

    /// <summary>Their gradients, in the precision that they have.</summary>
    internal unsafe Span<byte> GradientBytes => Precision == Precision.Double
        ? MemoryMarshal.AsBytes(new Span<double>(Gradients<double>(), Length))
        : MemoryMarshal.AsBytes(new Span<float>(Gradients<float>(), Length));

    /// <summary>The sum of the squares of their gradients.</summary>
    internal unsafe double SumOfSquaredGradients => Precision == Precision.Double
        ? ParameterSums.OfSquares(new ReadOnlySpan<double>(Gradients<double>(), Length))
        : ParameterSums.OfSquares(new ReadOnlySpan<float>(Gradients<float>(), Length));

    internal double GradientAt(int i) => Block.ReadGradient(Start + i);

    /// <summary>Multiplies each gradient, and does not change what it stands for.</summary>
    internal unsafe void ScaleGradients(double factor)
    {
        if (Precision == Precision.Double)
        {
            foreach (ref double gradient in new Span<double>(Gradients<double>(), Length))
                gradient *= factor;
        }
        else
        {
            foreach (ref float gradient in new Span<float>(Gradients<float>(), Length))
                gradient = (float)(gradient * factor);
        }
    }

    /// <summary>Changes each gradient, and not what it stands for.</summary>
    internal void MapGradients(Func<double, double> map)
    {
        for (int i = 0; i < Length; i++)
            Block.WriteGradient(Start + i, map(GradientAt(i)), Block.States[Start + i]);
    }

    /// <summary>Copies the numbers.</summary>
    internal void CopyDataTo(Span<double> numbers)
    {
        for (int i = 0; i < Length; i++)
            numbers[i] = Block.ReadData(Start + i);
    }

    /// <summary>Copies the gradients.</summary>
    internal void CopyGradientsTo(Span<double> gradients)
    {
        for (int i = 0; i < Length; i++)
            gradients[i] = GradientAt(i);
    }

    /// <summary>Sets the numbers.</summary>
    internal unsafe void Load(ReadOnlySpan<double> numbers)
    {
        if (Precision == Precision.Double)
        {
            numbers[..Length].CopyTo(new Span<double>(Data<double>(), Length));
        }
        else
        {
            float* data = Data<float>();
            for (int i = 0; i < Length; i++)
                data[i] = (float)numbers[i];
        }
        DataChanged();
    }

    internal unsafe void ZeroGradients()
    {
        if (Precision == Precision.Double)
            new Span<double>(Gradients<double>(), Length).Clear();
        else
            new Span<float>(Gradients<float>(), Length).Clear();
        Block.States.Fill(Start, Length, GradientState.Zero);
    }

    /// <summary>Notes that the data has changed: gradients computed before no longer belong to it.</summary>
    internal void DataChanged() => Block.States.Replace(Start, Length, GradientState.Current, GradientState.Stale);

    /// <summary>Makes the gradients ready to be added to. Returns true where one was stale.</summary>
    internal bool BeginAccumulating()
    {
        // A gradient that has not been computed is 0 in storage already.
        bool stale = Block.States.Contains(Start, Length, GradientState.Stale);
        Block.States.Fill(Start, Length, GradientState.Current);
        return stale;
    }

    internal void CopyStatesTo(Span<GradientState> states) => Block.States.CopyTo(Start, states[..Length]);

    internal void SetStates(ReadOnlySpan<GradientState> states) => Block.States.Load(Start, states);
}
