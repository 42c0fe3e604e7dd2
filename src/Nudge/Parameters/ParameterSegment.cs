// Parameters that lie side by side.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>A run of parameters in one block.</summary>
internal readonly record struct ParameterSegment(ParameterBlock Block, int Start, int Length)
{
    /// <summary>Whether they are all that the block has: nobody else's numbers follow in the room behind them.</summary>
    internal bool IsWholeBlock => Length == Block.States.Count;

    /// <summary>The precision of the engine that wrote their gradients last: an update computes in it.</summary>
    internal Precision GradientPrecision => Block.Gradients.LastWriter;

    /// <summary>Their numbers, in a precision. Who changes some calls <see cref="DataChanged{T}"/> afterwards.</summary>
    internal unsafe T* Data<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Block.Read<T>() + Start;

    /// <summary>Their gradients, in a precision. Who changes some calls <see cref="GradientsChanged{T}"/> afterwards.</summary>
    internal unsafe T* Gradients<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Block.Gradients.Read<T>() + Start;

    /// <summary>Notes that the data has changed: gradients computed before no longer belong to it.</summary>
    internal void DataChanged<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Block.Wrote<T>(Start, Length);
        Block.States.Replace(Start, Length, GradientState.Current, GradientState.Stale);
    }

    /// <summary>Notes that the gradients have changed, and not what they stand for.</summary>
    internal void GradientsChanged<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Block.Gradients.Wrote<T>(Start, Length);

    /// <summary>Their numbers, in a precision, as they lie there. Who reads them keeps the block alive.</summary>
    internal unsafe ReadOnlySpan<byte> DataBytes(Precision precision) => precision == Precision.Double
        ? MemoryMarshal.AsBytes(new ReadOnlySpan<double>(Data<double>(), Length))
        : MemoryMarshal.AsBytes(new ReadOnlySpan<float>(Data<float>(), Length));

    /// <summary>The same of their gradients, which may be changed.</summary>
    internal unsafe Span<byte> GradientBytes(Precision precision) => precision == Precision.Double
        ? MemoryMarshal.AsBytes(new Span<double>(Gradients<double>(), Length))
        : MemoryMarshal.AsBytes(new Span<float>(Gradients<float>(), Length));

    internal double GradientAt(int i) => Block.Gradients[Start + i];

    /// <summary>The sum of the squares of their gradients.</summary>
    internal unsafe double SumOfSquaredGradients()
    {
        double sum = GradientPrecision == Precision.Double
            ? ParameterSums.OfSquares(new ReadOnlySpan<double>(Gradients<double>(), Length))
            : ParameterSums.OfSquares(new ReadOnlySpan<float>(Gradients<float>(), Length));
        GC.KeepAlive(Block);
        return sum;
    }

    /// <summary>Multiplies each gradient, and does not change what it stands for.</summary>
    internal unsafe void ScaleGradients(double factor)
    {
        if (GradientPrecision == Precision.Double)
        {
            foreach (ref double gradient in new Span<double>(Gradients<double>(), Length))
                gradient *= factor;
            GradientsChanged<double>();
        }
        else
        {
            foreach (ref float gradient in new Span<float>(Gradients<float>(), Length))
                gradient = (float)(gradient * factor);
            GradientsChanged<float>();
        }
    }

    /// <summary>Limits each gradient to ±maximum, and does not change what it stands for.</summary>
    internal unsafe void ClampGradients(double maximum)
    {
        if (GradientPrecision == Precision.Double)
        {
            foreach (ref double gradient in new Span<double>(Gradients<double>(), Length))
                gradient = Math.Clamp(gradient, -maximum, maximum);
            GradientsChanged<double>();
        }
        else
        {
            foreach (ref float gradient in new Span<float>(Gradients<float>(), Length))
                gradient = (float)Math.Clamp(gradient, -maximum, maximum);
            GradientsChanged<float>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe void ZeroGradients()
    {
        if (GradientPrecision == Precision.Double)
        {
            new Span<double>(Gradients<double>(), Length).Clear();
            GradientsChanged<double>();
        }
        else
        {
            new Span<float>(Gradients<float>(), Length).Clear();
            GradientsChanged<float>();
        }
        Block.States.Fill(Start, Length, GradientState.Zero);
    }

    /// <summary>Copies the numbers.</summary>
    internal void CopyDataTo(Span<double> numbers)
    {
        for (int i = 0; i < Length; i++)
            numbers[i] = Block[Start + i];
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
        numbers[..Length].CopyTo(new Span<double>(Data<double>(), Length));
        DataChanged<double>();
    }

    /// <summary>Makes the gradients ready to be added to. Returns the place of one that was stale, or −1.</summary>
    internal int BeginAccumulating()
    {
        // A gradient that has not been computed is 0 in storage already.
        int stale = Block.States.IndexOf(Start, Length, GradientState.Stale);
        Block.States.Fill(Start, Length, GradientState.Current);
        return stale;
    }

    internal void CopyStatesTo(Span<GradientState> states) => Block.States.CopyTo(Start, states[..Length]);

    internal void SetStates(ReadOnlySpan<GradientState> states) => Block.States.Load(Start, states);
}
