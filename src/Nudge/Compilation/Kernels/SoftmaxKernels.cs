// Softmaxes of lists that lie one after the other.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Softmaxes and their slopes.</summary>
internal static unsafe class SoftmaxKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Softmax(ref Call<T> call)
    {
        T* source = call.A.At, result = call.Y.At;
        nint advance = call.Y.Inner;
        int start = 0;
        foreach (int end in call.Ends!)
        {
            int count = end - start;
            for (int i = 0; i < call.Width; i += V.Count)
            {
                T* from = source + i, to = result + i;
                V greatest = V.Load(from);
                for (int row = 1; row < count; row++)
                    greatest = V.Max(greatest, V.Load(from + row * advance));
                V sum = default;
                for (int row = 0; row < count; row++)
                {
                    V power = VectorMath.Exp<V, T>(V.Load(from + row * advance) - greatest);
                    V.Store(power, to + row * advance);
                    sum += power;
                }
                V inverse = V.Create(T.One) / sum;
                for (int row = 0; row < count; row++)
                    V.Store(V.Load(to + row * advance) * inverse, to + row * advance);
            }
            source += count * advance;
            result += count * advance;
            start = end;
        }
    }

    // s[i] (+)= y[i] · (g[i] − Σⱼ g[j] · y[j]), with g in A and y in B.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Slope(ref Call<T> call)
    {
        bool adds = call.Adds;
        T* result = call.B.At, gradient = call.A.At, slope = call.Y.At;
        nint advance = call.Y.Inner;
        int start = 0;
        foreach (int end in call.Ends!)
        {
            nint size = (end - start) * advance;
            for (int i = 0; i < call.Width; i += V.Count)
            {
                V mean = default;
                for (nint at = i; at < size; at += advance)
                    mean = V.MultiplyAdd(V.Load(gradient + at), V.Load(result + at), mean);
                for (nint at = i; at < size; at += advance)
                {
                    V part = V.Load(result + at) * (V.Load(gradient + at) - mean);
                    V.Store(adds ? V.Load(slope + at) + part : part, slope + at);
                }
            }
            result += size;
            gradient += size;
            slope += size;
            start = end;
        }
    }

    // Of one number each, the rows of a list lie side by side: four short lists at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SoftmaxAlong(ref Call<T> call)
    {
        T* source = call.A.At, result = call.Y.At;
        T* four = stackalloc T[4];
        V* lists = stackalloc V[4];
        int[] ends = call.Ends!;
        int list = 0, start = 0;
        for (; AreFourShort(ends, list, start); start = ends[list + 3], list += 4)
        {
            for (int i = 0, from = start; i < 4; from = ends[list + i++])
                lists[i] = List(source + from, ends[list + i] - from);
            VectorFolding<V, T, MaxFold>.Store(lists[0], lists[1], lists[2], lists[3], four);
            // One after the other in a loop, which is short enough for its functions to be made part of it.
            for (int i = 0, from = start; i < 4; from = ends[list + i++])
                lists[i] = Powers(lists[i], four[i], ends[list + i] - from);
            Wide128<T>.Store(Wide128<T>.Create(T.One) / VectorFolding<V, T, SumFold>.Of(lists[0], lists[1], lists[2], lists[3]), four);
            for (int i = 0, from = start; i < 4; from = ends[list + i++])
                VectorTail<V, T>.Store(lists[i] * V.Create(four[i]), result + from, ends[list + i] - from);
        }
        for (; list < ends.Length; start = ends[list++])
            SoftmaxOf(source + start, result + start, ends[list] - start);
    }

    // Whether the next four lists fill no more than a vector each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreFourShort(int[] ends, int list, int start) =>
        VectorFolding<V, T, SumFold>.IsSupported && list + 4 <= ends.Length
        && ends[list] - start <= V.Count && ends[list + 1] - ends[list] <= V.Count && ends[list + 2] - ends[list + 1] <= V.Count && ends[list + 3] - ends[list + 2] <= V.Count;

    // A list in one vector: what lies behind its end repeats its first number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V List(T* numbers, int count) => VectorTail<V, T>.First(V.Load(numbers), count, V.Create(*numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Powers(V list, T greatest, int count) => VectorTail<V, T>.First(VectorMath.Exp<V, T>(list - V.Create(greatest)), count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxOf(T* from, T* to, int count)
    {
        V most = V.Create(*from);
        for (int i = 0; i < count; i += V.Count)
            most = V.Max(most, List(from + i, Math.Min(count - i, V.Count)));
        T greatest = MaxFold.One<V, T>(most);
        for (int i = 0; i < count; i += V.Count)
        {
            int next = Math.Min(count - i, V.Count);
            VectorTail<V, T>.Store(Powers(List(from + i, next), greatest, next), to + i, next);
        }
        V inverse = V.Create(T.One / VectorSums<V, T>.Sum(to, count));
        for (int i = 0; i < count; i += V.Count)
            VectorTail<V, T>.Store(V.Load(to + i) * inverse, to + i, Math.Min(count - i, V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SlopeAlong(ref Call<T> call)
    {
        bool adds = call.Adds;
        T* result = call.B.At, gradient = call.A.At, slope = call.Y.At;
        T* means = stackalloc T[4];
        int[] ends = call.Ends!;
        int list = 0, start = 0;
        for (; AreFourShort(ends, list, start); list += 4)
        {
            int end0 = ends[list], end1 = ends[list + 1], end2 = ends[list + 2], end3 = ends[list + 3];
            V a = V.Load(gradient + start), b = V.Load(gradient + end0), c = V.Load(gradient + end1), d = V.Load(gradient + end2);
            V ya = V.Load(result + start), yb = V.Load(result + end0), yc = V.Load(result + end1), yd = V.Load(result + end2);
            VectorFolding<V, T, SumFold>.Store(
                VectorTail<V, T>.First(a * ya, end0 - start),
                VectorTail<V, T>.First(b * yb, end1 - end0),
                VectorTail<V, T>.First(c * yc, end2 - end1),
                VectorTail<V, T>.First(d * yd, end3 - end2),
                means);
            Put(ya * (a - V.Create(means[0])), slope + start, end0 - start, adds);
            Put(yb * (b - V.Create(means[1])), slope + end0, end1 - end0, adds);
            Put(yc * (c - V.Create(means[2])), slope + end1, end2 - end1, adds);
            Put(yd * (d - V.Create(means[3])), slope + end2, end3 - end2, adds);
            start = end3;
        }
        for (; list < ends.Length; start = ends[list++])
        {
            int count = ends[list] - start;
            V mean = V.Create(VectorSums<V, T>.Dot(gradient + start, result + start, count));
            for (int i = start; i < start + count; i += V.Count)
                Put(V.Load(result + i) * (V.Load(gradient + i) - mean), slope + i, Math.Min(start + count - i, V.Count), adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V part, T* to, int count, bool adds) => VectorTail<V, T>.Store(adds ? V.Load(to) + part : part, to, count);
}
