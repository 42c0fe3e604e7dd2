// What parameters and gradients were before an update, kept in the precision that the update computes in.

using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>What parameters and their gradients were at a moment, to compare with what becomes of them.</summary>
internal sealed class ParameterSnapshot(ParameterList parameters)
{
    private readonly byte[] _numbers = new byte[parameters.Count * sizeof(double)], _gradients = new byte[parameters.Count * sizeof(double)];
    private readonly Precision[] _precisions = new Precision[parameters.Segments.Length];

    /// <summary>Notes the gradients.</summary>
    internal void TakeGradients()
    {
        int place = 0;
        for (int i = 0; i < _precisions.Length; i++)
        {
            ParameterSegment segment = parameters.Segments[i];
            _precisions[i] = segment.GradientPrecision;
            segment.GradientBytes(_precisions[i]).CopyTo(_gradients.AsSpan(place));
            place += segment.Length * sizeof(double);
        }
        GC.KeepAlive(parameters);
    }

    /// <summary>Gives the parameters the gradients that have been noted, in the precision that they had.</summary>
    internal void RestoreGradients()
    {
        int place = 0;
        for (int i = 0; i < _precisions.Length; i++)
        {
            ParameterSegment segment = parameters.Segments[i];
            Span<byte> gradients = segment.GradientBytes(_precisions[i]);
            _gradients.AsSpan(place, gradients.Length).CopyTo(gradients);
            if (_precisions[i] == Precision.Double)
                segment.GradientsChanged<double>();
            else
                segment.GradientsChanged<float>();
            place += segment.Length * sizeof(double);
        }
        GC.KeepAlive(parameters);
    }

    /// <summary>Notes the numbers; the gradients have been noted.</summary>
    internal void TakeNumbers()
    {
        int place = 0;
        for (int i = 0; i < _precisions.Length; i++)
        {
            ParameterSegment segment = parameters.Segments[i];
            segment.DataBytes(_precisions[i]).CopyTo(_numbers.AsSpan(place));
            place += segment.Length * sizeof(double);
        }
        GC.KeepAlive(parameters);
    }

    /// <summary>By how much the gradients noted say that the changes of the numbers since change the result: Σ g·Δp.</summary>
    internal double PredictedChange()
    {
        double sum = 0;
        int place = 0;
        for (int i = 0; i < _precisions.Length; i++)
        {
            ParameterSegment segment = parameters.Segments[i];
            ReadOnlySpan<byte> now = segment.DataBytes(_precisions[i]);
            ReadOnlySpan<byte> before = _numbers.AsSpan(place, now.Length), gradients = _gradients.AsSpan(place, now.Length);
            sum += _precisions[i] == Precision.Double
                ? ParameterSums.OfChanges(Numbers<double>(gradients), Numbers<double>(now), Numbers<double>(before))
                : ParameterSums.OfChanges(Numbers<float>(gradients), Numbers<float>(now), Numbers<float>(before));
            place += segment.Length * sizeof(double);
        }
        GC.KeepAlive(parameters);
        return sum;

        static ReadOnlySpan<T> Numbers<T>(ReadOnlySpan<byte> bytes)
            where T : struct => MemoryMarshal.Cast<byte, T>(bytes);
    }
}
