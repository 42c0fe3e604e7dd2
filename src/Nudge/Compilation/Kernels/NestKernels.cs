// The forms in which nests are done: register tiles, lanes by themselves, dots, and plain rows.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Nests whose loops have their roles. Strides are in numbers.</summary>
internal static unsafe class NestKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of a single example, from so many vectors on a matrix is better transposed and multiplied by all of them at once.
    private const int SideBySideFrom = 4;

    /// <summary>The kernel for a nest.</summary>
    /// <param name="call">The call, with the roles of its loops.</param>
    /// <param name="hasB">Whether there are two factors.</param>
    /// <param name="linker">What knows the memory.</param>
    internal static nint Choose(ref Call<T> call, bool hasB, Linker<V, T> linker)
    {
        if (hasB && !call.Negative && !linker.HasLanes && HeadsOf(ref call) is var heads && heads != 0)
            return heads;
        // Rows of results that are done at once must not be the same row.
        bool isApart = call.Inner == 1 || call.Y.Inner != 0;
        bool isMatrix = hasB && !call.Negative && call.A.IsRow && call.B.IsRow && isApart;
        if (!call.Y.IsRow && call.Width > 1)
        {
            isMatrix &= call.A.Depth == 0 && call.B.Inner == 0 && (call.Depth == 1 || call.Y.Depth != 0);
            if (isMatrix && call.Adds && linker.HasLanes && call.Width % V.Count == 0)
            {
                call.Scratch = linker.ScratchFor(call.Width * Memory<T>.StrideOfTransposed(call.Depth));
                return Linker<V, T>.Pointer(&DotOfLanes);
            }
            if (isMatrix && call.Depth >= SideBySideFrom && call.Y.Inner == 1)
            {
                call.Scratch = linker.ScratchFor(call.Width * Memory<T>.StrideOfTransposed(call.Inner));
                return Linker<V, T>.Pointer(&SideBySide);
            }
            return Linker<V, T>.Pointer(hasB ? &Dots : &RowSums);
        }
        bool isSum = call.Depth == 1 || call.Y.Depth == 0;
        if (hasB && isSum && isApart && !call.Negative && !call.A.IsRow && call.B.IsRow)
            return Linker<V, T>.Pointer(&Tiles);
        if (isMatrix && call.Width % V.Count == 0 && call.B.Inner == 0)
        {
            if (isSum && call.Depth > 1)
                return Linker<V, T>.Pointer(&LaneTiles);
            if (!isSum && call.A.Depth == 0)
                return Linker<V, T>.Pointer(&LaneOuterProducts);
        }
        return Linker<V, T>.Pointer(hasB ? &Products : &Copies);
    }

    /// <summary>Whether a nest is a sum along its row in sixteen parts.</summary>
    internal static bool IsInParts(in Call<T> call) =>
        !call.Y.IsRow && call.Width > 1 && call.Kernel != Linker<V, T>.Pointer(&SideBySide);

    /// <summary>Whether a nest that is a sum over lanes adds them up in turn.</summary>
    internal static bool IsInTurn(in Call<T> call) =>
        call.Kernel == Linker<V, T>.Pointer(&DotOfLanes) && ProductKernels<V, T>.DepthInTurn(call.Inner, call.Depth, call.Width, call.Y.Depth) > 0;

    // Of a single example, the rows of all heads of an attention side by side.
    private static nint HeadsOf(ref Call<T> call)
    {
        int columns = call.Width;
        if (!HeadKernels<V, T>.Fits(columns, columns, 1 << 10))
            return 0;
        if (call is { A.IsRow: true, B.IsRow: true, Y.IsRow: false })
        {
            // y[head, row] (+)= Σ a[head] · b[head, row], or the other way round.
            if (call.Depth > 1 && call.Inner == 1)
            {
                (call.A, call.B) = (call.B, call.A);
                (call.Inner, call.Depth) = (call.Depth, call.Inner);
                (call.Y.Inner, call.A.Inner, call.B.Inner) = (call.Y.Depth, call.A.Depth, call.B.Depth);
            }
            return call.Depth == 1 && call.A.Outer == columns && call.B.Outer == columns && call.B.Inner == 0 && (call.Y.Inner == 1 || call.Inner == 1) && HeadKernels<V, T>.Fits(columns, columns, call.Outer)
                ? Linker<V, T>.Pointer(&HeadProducts)
                : 0;
        }
        if (call is not { A.IsRow: false, B.IsRow: true, Y.IsRow: true, Outer: 1 })
            return 0;
        bool isSum = call.Y.Depth == 0 && (call.A.Depth == 1 || call.Depth == 1) && call.Y.Inner == columns && call.B.Inner == columns && HeadKernels<V, T>.Fits(columns, columns, call.Inner);
        bool isOuter = call.Y.Depth == columns && call.B.Depth == columns && call.B.Inner == 0 && call.A.Inner == 1 && HeadKernels<V, T>.Fits(columns, columns, call.Depth);
        return isSum ? Linker<V, T>.Pointer(&TransposedHeadProducts) : isOuter ? Linker<V, T>.Pointer(&HeadOuterProducts) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HeadProducts(ref Call<T> call) =>
        HeadKernels<V, T>.Multiply(call.Outer, call.Inner, call.A.At, call.A.Inner, call.B.At, call.Y.At, call.Y.Outer, call.Adds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposedHeadProducts(ref Call<T> call) =>
        HeadKernels<V, T>.MultiplyTransposed(call.Inner, call.Depth, call.B.At, call.B.Depth, call.A.At, call.A.Inner, call.Y.At, call.Adds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HeadOuterProducts(ref Call<T> call) =>
        HeadKernels<V, T>.OuterProduct(call.Depth, call.Inner, call.A.At, call.A.Depth, call.B.At, call.Y.At, call.Y.Inner, call.Adds);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WholeVectors(int width) => (width + V.Count - 1) / V.Count * V.Count;

    // The start of a sum: a bias for each row of results, or what is there, or 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Adds(in Call<T> call, int outer) => call.Adds || (outer > 0 && call.Y.Outer == 0);

    // a is one number for a whole row of b and y; several rows of y share what is loaded of b.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(ref Call<T> call)
    {
        bool isWhole = call.IsPacked || call.Width % V.Count == 0, isShared = call.B.Inner == 0;
        int width = call.IsPacked ? WholeVectors(call.Width) : call.Width, rows = isShared ? call.Inner : 1, rounds = isShared ? 1 : call.Inner;
        for (int outer = 0; outer < call.Outer; outer++)
        {
            bool hasStarted = StartFromRows(call, outer);
            var shape = new ProductShape(call.A.Inner, call.A.Depth, call.B.Depth, call.Y.Inner, call.C.Inner, call.Depth, hasStarted || Adds(call, outer));
            for (int round = 0; round < rounds; round++)
            {
                T* y = call.Y.At + outer * call.Y.Outer + round * call.Y.Inner, a = call.A.At + outer * call.A.Outer + round * call.A.Inner;
                T* b = call.B.At + outer * call.B.Outer + round * call.B.Inner, bias = call.C.At == null || hasStarted ? null : call.C.At + outer * call.C.Outer + round * call.C.Inner;
                if (isWhole)
                    ProductKernels<V, T>.Multiply(rows, width, a, b, y, bias, shape);
                else
                    ProductKernels<V, T>.MultiplyAny(rows, width, a, b, y, bias, shape);
            }
        }
    }

    // Each lane has factors of its own.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LaneTiles(ref Call<T> call)
    {
        for (int outer = 0; outer < call.Outer; outer++)
        {
            LaneKernels<V, T>.Multiply(
                call.Inner, call.Width, call.A.At + outer * call.A.Outer, call.B.At + outer * call.B.Outer, call.Y.At + outer * call.Y.Outer,
                new(call.A.Inner, call.A.Depth, call.B.Depth, call.Y.Inner, 0, call.Depth, Adds(call, outer)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LaneOuterProducts(ref Call<T> call)
    {
        for (int outer = 0; outer < call.Outer; outer++)
        {
            LaneKernels<V, T>.OuterProduct(
                call.Inner, call.Width, call.A.At + outer * call.A.Outer, call.B.At + outer * call.B.Outer, call.Y.At + outer * call.Y.Outer,
                new(call.Y.Inner, call.Y.Depth, call.B.Depth, call.A.Inner, 0, call.Depth, Adds(call, outer)));
        }
    }

    // y[i, k] += Σ over the lanes of a[i] · b[k].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotOfLanes(ref Call<T> call)
    {
        for (int outer = 0; outer < call.Outer; outer++)
        {
            T* a = call.A.At + outer * call.A.Outer, b = call.B.At + outer * call.B.Outer;
            if (call.IsPacked)
            {
                // What stands behind the end of packed rows must not count.
                ClearEnds(call.Inner, call.Width, a, call.A.Inner);
                ClearEnds(call.Depth, call.Width, b, call.B.Depth);
            }
            ProductKernels<V, T>.AddByTransposed(
                call.Inner, call.Width, call.Y.At + outer * call.Y.Outer, b, a, new(call.Y.Inner, call.Y.Depth, call.B.Depth, call.A.Inner, 0, call.Depth, true), call.Scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearEnds(int rows, int width, T* numbers, nint stride)
    {
        int whole = width / V.Count * V.Count;
        if (whole == width)
            return;
        numbers += whole;
        for (int row = 0; row < rows; row++, numbers += stride)
            V.Store(VectorTail<V, T>.First(V.Load(numbers), width - whole), numbers);
    }

    // y[k, i] (+)= Σ over the row of a[i] · b[k], with a transposed first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SideBySide(ref Call<T> call)
    {
        nint stride = Memory<T>.StrideOfTransposed(call.Inner);
        for (int outer = 0; outer < call.Outer; outer++)
        {
            bool adds = Adds(call, outer);
            T* y = call.Y.At + outer * call.Y.Outer;
            Transposition.Transpose(call.Inner, call.Width, call.A.At + outer * call.A.Outer, call.A.Inner, call.Scratch, stride);
            if (call.C.At != null && !adds)
            {
                StartFromBias(call, y, call.C.At + outer * call.C.Outer);
                adds = true;
            }
            ProductKernels<V, T>.MultiplyAny(
                call.Depth, call.Inner, call.B.At + outer * call.B.Outer, call.Scratch, y, null, new(call.B.Depth, 1, stride, call.Y.Depth, 0, call.Width, adds));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StartFromBias(in Call<T> call, T* y, T* bias)
    {
        for (int depth = 0; depth < call.Depth; depth++)
        {
            for (int inner = 0; inner < call.Inner; inner++)
                y[depth * call.Y.Depth + inner] = bias[inner * call.C.Inner];
        }
    }

    // Where a row of results has a row of biases. Their stride is that of the row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool StartFromRows(in Call<T> call, int outer)
    {
        if (!call.C.IsRow)
            return false;
        for (int inner = 0; inner < call.Inner; inner++)
        {
            T* y = call.Y.At + outer * call.Y.Outer + inner * call.Y.Inner, bias = call.C.At + outer * call.C.Outer + inner * call.C.Inner;
            for (int i = 0; i < call.Width; i++)
                y[i] = bias[i * call.C.Depth];
        }
        return true;
    }

    // y[i, k] (+)= ± Σ over the row of a · b.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(ref Call<T> call)
    {
        bool isVector = call.Depth == 1 && (call.Y.Inner == 1 || call.Inner == 1) && call.B.Inner == 0 && !call.Negative && call.A.IsRow && call.B.IsRow;
        for (int outer = 0; outer < call.Outer; outer++)
        {
            bool adds = Adds(call, outer);
            T* y = call.Y.At + outer * call.Y.Outer, a = call.A.At + outer * call.A.Outer, b = call.B.At + outer * call.B.Outer;
            if (isVector)
            {
                if (call.C.At != null && !adds)
                {
                    StartFromBias(call, y, call.C.At + outer * call.C.Outer);
                    adds = true;
                }
                VectorKernels<V, T>.Multiply(call.Inner, call.Width, a, call.A.Inner, b, y, adds);
                continue;
            }
            for (int inner = 0; inner < call.Inner; inner++)
            {
                for (int depth = 0; depth < call.Depth; depth++)
                {
                    T* from = a + inner * call.A.Inner + depth * call.A.Depth, other = b + inner * call.B.Inner + depth * call.B.Depth;
                    T sum = call.A.IsRow && call.B.IsRow ? VectorSums<V, T>.Dot(from, other, call.Width)
                        : call.A.IsRow ? VectorSums<V, T>.Sum(from, call.Width) * *other
                        : VectorSums<V, T>.Sum(other, call.Width) * *from;
                    Put(call, y + inner * call.Y.Inner + depth * call.Y.Depth, outer, inner, sum, adds || (call.Y.Inner == 0 && inner > 0) || (call.Y.Depth == 0 && depth > 0));
                }
            }
        }
    }

    // y[i, k] (+)= ± Σ over the row of a.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowSums(ref Call<T> call)
    {
        for (int outer = 0; outer < call.Outer; outer++)
        {
            bool adds = Adds(call, outer);
            T* y = call.Y.At + outer * call.Y.Outer, a = call.A.At + outer * call.A.Outer;
            for (int inner = 0; inner < call.Inner; inner++)
            {
                for (int depth = 0; depth < call.Depth; depth++)
                {
                    T sum = VectorSums<V, T>.Sum(a + inner * call.A.Inner + depth * call.A.Depth, call.Width);
                    Put(call, y + inner * call.Y.Inner + depth * call.Y.Depth, outer, inner, sum, adds || (call.Y.Inner == 0 && inner > 0) || (call.Y.Depth == 0 && depth > 0));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(in Call<T> call, T* y, int outer, int inner, T sum, bool adds)
    {
        sum = call.Negative ? -sum : sum;
        *y = adds ? *y + sum : call.C.At != null ? call.C.At[outer * call.C.Outer + inner * call.C.Inner] + sum : sum;
    }

    // y[i, k] (+)= ± a · b, number by number along the row; or summed up over k.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products(ref Call<T> call)
    {
        for (int outer = 0; outer < call.Outer; outer++)
        {
            bool hasStarted = StartFromRows(call, outer);
            for (int inner = 0; inner < call.Inner; inner++)
            {
                bool adds = hasStarted || Adds(call, outer) || (inner > 0 && call.Y.Inner == 0);
                T* y = call.Y.At + outer * call.Y.Outer + inner * call.Y.Inner, a = call.A.At + outer * call.A.Outer + inner * call.A.Inner;
                T* b = call.B.At + outer * call.B.Outer + inner * call.B.Inner;
                T bias = call.C.At == null ? T.Zero : call.C.At[outer * call.C.Outer + inner * call.C.Inner];
                if (call.Y.Depth == 0)
                {
                    ProductRow(call, y, a, b, bias, call.Depth, adds);
                    continue;
                }
                for (int depth = 0; depth < call.Depth; depth++)
                    ProductRow(call, y + depth * call.Y.Depth, a + depth * call.A.Depth, b + depth * call.B.Depth, bias, 1, adds);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ProductRow(in Call<T> call, T* y, T* a, T* b, T bias, int depth, bool adds)
    {
        nint strideA = call.A.Depth, strideB = call.B.Depth;
        bool rowA = call.A.IsRow, rowB = call.B.IsRow, isRoomy = call.IsPacked;
        V sign = V.Create(call.Negative ? -T.One : T.One);
        for (int i = 0; i < call.Width; i += V.Count)
        {
            V sum = adds ? V.Load(y + i) : V.Create(bias);
            T* factor = a + (rowA ? i : 0), other = b + (rowB ? i : 0);
            for (int k = 0; k < depth; k++, factor += strideA, other += strideB)
            {
                V left = rowA ? V.Load(factor) : V.Create(*factor);
                sum = V.MultiplyAdd(call.Negative ? left * sign : left, rowB ? V.Load(other) : V.Create(*other), sum);
            }
            Store(sum, y + i, call.Width - i, isRoomy);
        }
    }

    // The same without b.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copies(ref Call<T> call)
    {
        for (int outer = 0; outer < call.Outer; outer++)
        {
            for (int inner = 0; inner < call.Inner; inner++)
            {
                bool adds = Adds(call, outer) || (inner > 0 && call.Y.Inner == 0);
                T* y = call.Y.At + outer * call.Y.Outer + inner * call.Y.Inner, a = call.A.At + outer * call.A.Outer + inner * call.A.Inner;
                if (call.Y.Depth == 0)
                {
                    CopyRow(call, y, a, call.Depth, adds);
                    continue;
                }
                for (int depth = 0; depth < call.Depth; depth++)
                    CopyRow(call, y + depth * call.Y.Depth, a + depth * call.A.Depth, 1, adds);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(in Call<T> call, T* y, T* a, int depth, bool adds)
    {
        for (int i = 0; i < call.Width; i += V.Count)
        {
            T* term = a + (call.A.IsRow ? i : 0);
            V sum = adds ? V.Load(y + i) : default;
            for (int k = 0; k < depth; k++, term += call.A.Depth)
            {
                V next = call.A.IsRow ? V.Load(term) : V.Create(*term);
                sum = k == 0 && !adds ? call.Negative ? -next : next : call.Negative ? sum - next : sum + next;
            }
            Store(sum, y + i, call.Width - i, call.IsPacked);
        }
    }

    // Packed rows have room up to the end of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V vector, T* to, int left, bool isRoomy)
    {
        if (left >= V.Count || isRoomy)
            V.Store(vector, to);
        else
            VectorTail<V, T>.Store(vector, to, left);
    }
}
