// What parameters and gradients were before an update, kept in the precision that they have.

using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>What parameters and their gradients were at a moment, to compare with what becomes of them.</summary>
internal sealed class ParameterSnapshot(ParameterList parameters)
{
    private readonly byte[] _numbers = new byte[parameters.Count * sizeof(double)], _gradients = new byte[parameters.Count * sizeof(double)];

    /// <summary>Notes the gradients.</summary>
    internal void TakeGradients()
    {
        int start = 0;
        foreach (ParameterSegment segment in parameters.Segments)
            segment.GradientBytes.CopyTo(_gradients.AsSpan(sizeof(double) * Advance(ref start, segment)));
    }

    /// <summary>Notes the numbers.</summary>
    internal void TakeNumbers()
    {
        int start = 0;
        foreach (ParameterSegment segment in parameters.Segments)
            segment.DataBytes.CopyTo(_numbers.AsSpan(sizeof(double) * Advance(ref start, segment)));
    }

    /// <summary>By how much the gradients noted say that the changes of the numbers since change the result: Σ g·Δp.</summary>
    internal double PredictedChange()
    {
        double sum = 0;
        int start = 0;
        foreach (ParameterSegment segment in parameters.Segments)
        {
            int place = sizeof(double) * Advance(ref start, segment);
            Span<byte> now = segment.DataBytes, before = _numbers.AsSpan(place, now.Length), gradients = _gradients.AsSpan(place, now.Length);
            sum += segment.Precision == Precision.Double
                ? ParameterSums.OfChanges(Numbers<double>(gradients), Numbers<double>(now), Numbers<double>(before))
                : ParameterSums.OfChanges(Numbers<float>(gradients), Numbers<float>(now), Numbers<float>(before));
        }
        return sum;

        static ReadOnlySpan<T> Numbers<T>(Span<byte> bytes)
            where T : struct => MemoryMarshal.Cast<byte, T>(bytes);
    }

    private static int Advance(ref int start, ParameterSegment segment)
    {
        int place = start;
        start += segment.Length;
        return place;
    }
}
