// What an engine sees of the parameters: their numbers to read, and a place to add gradients to, side by side in its precision.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>
/// The parameters of a list for an engine of one precision. Addresses are always the same, wherever the parameters lie:
/// those of one block are where the block has them, those of several are brought together here and distributed again.
/// Any number of threads may read. Who uses an address keeps this object alive until then.
/// </summary>
internal sealed unsafe class ParameterView<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterList _parameters;
    private readonly AlignedArray<T>? _numbers, _gradients; // of several segments
    private readonly int[] _seen; // the version of each segment's block that is in them
    private readonly Lock _lock = new();

    internal ParameterView(ParameterList parameters)
    {
        _parameters = parameters;
        _seen = new int[parameters.Segments.Length];
        Array.Fill(_seen, -1);
        if (_seen.Length != 1)
            (_numbers, _gradients) = (new AlignedArray<T>(parameters.Count), new AlignedArray<T>(parameters.Count));
    }

    /// <summary>The present numbers, in the order of the list. Reading changes nothing for anybody else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T* Read()
    {
        ReadOnlySpan<ParameterSegment> segments = _parameters.Segments;
        if (_numbers is null)
            return segments[0].Data<T>();
        for (int i = 0; i < segments.Length; i++)
        {
            if (Volatile.Read(ref _seen[i]) != segments[i].Block.Version)
            {
                Gather();
                break;
            }
        }
        return _numbers.Pointer;
    }

    /// <summary>
    /// Where a run adds gradients, in the order of the list. From here on they count as those of the present numbers.
    /// </summary>
    /// <param name="stale">A parameter that has the gradient of numbers it had before, if there is one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal T* BeginGradients(out Value? stale)
    {
        stale = null;
        int offset = 0;
        foreach (ref readonly ParameterSegment segment in _parameters.Segments)
        {
            int place = segment.BeginAccumulating();
            if (place >= 0)
                stale ??= _parameters[offset + place];
            offset += segment.Length;
        }
        if (_gradients is null)
            return _parameters.Segments[0].Gradients<T>();
        _gradients.Span.Clear();
        return _gradients.Pointer;
    }

    /// <summary>The gradients have been added: now the parameters have them.</summary>
    /// <param name="stale">What <see cref="BeginGradients"/> said.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void EndGradients(Value? stale)
    {
        int offset = 0;
        foreach (ref readonly ParameterSegment segment in _parameters.Segments)
        {
            if (_gradients is not null)
                Add(segment.Length, _gradients.Pointer + offset, segment.Gradients<T>());
            segment.GradientsChanged<T>();
            offset += segment.Length;
        }
        if (stale is not null)
            StaleGradients.Report(stale);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Gather()
    {
        lock (_lock)
        {
            int offset = 0;
            for (int i = 0; i < _seen.Length; i++)
            {
                ParameterSegment segment = _parameters.Segments[i];
                int version = segment.Block.Version;
                if (_seen[i] != version)
                    new ReadOnlySpan<T>(segment.Data<T>(), segment.Length).CopyTo(_numbers!.Span[offset..]);
                Volatile.Write(ref _seen[i], version);
                offset += segment.Length;
            }
        }
    }

    /// <summary>Adds numbers to others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(int count, T* from, T* to)
    {
        int i = 0;
        for (; i + Vector256<T>.Count <= count; i += Vector256<T>.Count)
            (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
        for (; i < count; i++)
            to[i] += from[i];
    }
}
