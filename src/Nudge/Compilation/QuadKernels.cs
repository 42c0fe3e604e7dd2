// Small products of four lanes in float32: four rows of four lanes fill one vector of 512 bits.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nudge;

/// <summary>
/// y = f(A·b) for four examples, four rows of A at a time, and what it adds to the gradients. A quad is four rows of four
/// numbers in one vector, in its quarters.
/// </summary>
internal static unsafe class QuadKernels
{
    /// <summary>How many rows of lanes there are in a quad, and how many lanes.</summary>
    private const int Size = 4;

    /// <summary>Whether a product is made of quads.</summary>
    internal static bool Fits<T>(in Step<T> step)
        where T : unmanaged =>
        typeof(T) == typeof(float) && Avx512F.IsSupported && step.Width == Size && step.Rows % Size == 0 && step.Shape.ColumnStride == 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward<T, TFunction>(ref Step<T> step)
        where T : unmanaged
        where TFunction : struct, IUnaryOperation
    {
        nint stride = step.Shape.RowStride;
        int depth = step.Shape.Depth;
        float* a = (float*)step.A.Number, result = (float*)step.Result.Number;
        for (int row = 0; row < step.Rows; row += Size, a += Size * stride, result += Size * Size)
        {
            Vector512<float> sums = step.Bias.Number != null ? SpreadEach((float*)step.Bias.Number + row * step.Shape.BiasStride, step.Shape.BiasStride)
                : step.Shape.Accumulate ? Vector512.Load(result)
                : default;
            float* b = (float*)step.B.Number, at = a;
            for (int k = depth; k > 0; k -= Size, at += Size, b += Size * Size)
            {
                Vector512<float> rows = Rows(at, stride);
                sums = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b00_00_00_00), InAllQuarters(b), sums);
                if (k == 1)
                    break;
                // Two sums, since one would wait for itself.
                Vector512<float> others = Avx512F.Permute4x32(rows, 0b01_01_01_01) * InAllQuarters(b + Size);
                if (k > 2)
                    sums = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b10_10_10_10), InAllQuarters(b + 2 * Size), sums);
                if (k > 3)
                    others = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b11_11_11_11), InAllQuarters(b + 3 * Size), others);
                sums += others;
            }
            Wide512<float>.Store(TFunction.Apply<Wide512<float>, float>(new(sums)), result);
        }
    }

    /// <summary>Whether a product is one row, whose factors make quads.</summary>
    internal static bool FitsRow<T>(in Step<T> step)
        where T : unmanaged =>
        typeof(T) == typeof(float) && Avx512F.IsSupported && step.Width == Size && step.Rows == 1 && step.Shape.Depth % Size == 0 && step.Shape.ColumnStride == 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ForwardRow<T, TFunction>(ref Step<T> step)
        where T : unmanaged
        where TFunction : struct, IUnaryOperation
    {
        int depth = step.Shape.Depth;
        float* a = (float*)step.A.Number, b = (float*)step.B.Number, result = (float*)step.Result.Number;
        Vector512<float> quads = SpreadAlong(a) * Vector512.Load(b);
        for (int k = Size; k < depth; k += Size)
            quads = Avx512F.FusedMultiplyAdd(SpreadAlong(a + k), Vector512.Load(b + k * Size), quads);
        Vector256<float> pairs = quads.GetLower() + quads.GetUpper();
        Vector128<float> sums = pairs.GetLower() + pairs.GetUpper();
        if (step.Bias.Number != null)
            sums += Vector128.Create(*(float*)step.Bias.Number);
        else if (step.Shape.Accumulate)
            sums += Vector128.Load(result);
        Wide128<float>.Store(TFunction.Apply<Wide128<float>, float>(new(sums)), result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardRow<T, TFunction>(ref Step<T> step)
        where T : unmanaged
        where TFunction : struct, IUnaryOperation
    {
        float* gradient = (float*)step.Result.Gradient;
        Vector128<float> gradients = Vector128.Load(gradient);
        if (typeof(TFunction) != typeof(DetachOperation))
        {
            Wide128<float> y = Wide128<float>.Load((float*)step.Result.Number);
            gradients *= Unsafe.BitCast<Wide128<float>, Vector128<float>>(TFunction.Derivative<Wide128<float>, float>(y, y));
            gradients.Store(gradient);
        }
        Vector512<float> quad = InAllQuarters(gradients);
        if (step.B.Slope != Slope.None)
            AddToFactors(ref step, quad);
        if (step.A.Slope != Slope.None)
            AddToRow(ref step, quad);
        if (step.Bias.Slope != Slope.None)
            *(float*)step.Bias.Gradient += Vector128.Sum(gradients);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFactors<T>(ref Step<T> step, Vector512<float> gradients)
        where T : unmanaged
    {
        float* a = (float*)step.A.Number, slope = (float*)step.B.Gradient;
        bool add = step.B.Slope == Slope.Add;
        for (int k = 0; k < step.Shape.Depth; k += Size, slope += Size * Size)
        {
            Vector512<float> slopes = gradients * SpreadAlong(a + k);
            (add ? Vector512.Load(slope) + slopes : slopes).Store(slope);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToRow<T>(ref Step<T> step, Vector512<float> gradients)
        where T : unmanaged
    {
        float* b = (float*)step.B.Number, slope = (float*)step.A.Gradient;
        for (int k = 0; k < step.Shape.Depth; k += Size, b += Size * Size, slope += Size)
        {
            Vector512<float> totals = TotalsOfQuarters(gradients * Vector512.Load(b));
            Vector512<float> row = Avx512F.PermuteVar16x32(totals, Vector512.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12));
            (Vector128.Load(slope) + Quarter(row, 0)).Store(slope);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward<T, TFunction>(ref Step<T> step)
        where T : unmanaged
        where TFunction : struct, IUnaryOperation
    {
        float* result = (float*)step.Result.Number, gradient = (float*)step.Result.Gradient;
        for (int row = 0; row < step.Rows; row += Size, result += Size * Size, gradient += Size * Size)
        {
            Vector512<float> gradients = Vector512.Load(gradient);
            if (typeof(TFunction) != typeof(DetachOperation))
            {
                Wide512<float> y = Wide512<float>.Load(result);
                gradients *= Unsafe.BitCast<Wide512<float>, Vector512<float>>(TFunction.Derivative<Wide512<float>, float>(y, y));
                // Whatever the product was added to needs them, too.
                gradients.Store(gradient);
            }
            if (step.B.Slope != Slope.None)
                AddToFactors(ref step, row, gradients);
            AddToMatrix(ref step, row, gradients);
        }
    }

    // ∂/∂b = Aᵀ · ∂/∂y.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFactors<T>(ref Step<T> step, int row, Vector512<float> gradients)
        where T : unmanaged
    {
        Vector512<float> first = Avx512F.Shuffle4x128(gradients, gradients, 0b00_00_00_00), second = Avx512F.Shuffle4x128(gradients, gradients, 0b01_01_01_01);
        Vector512<float> third = Avx512F.Shuffle4x128(gradients, gradients, 0b10_10_10_10), fourth = Avx512F.Shuffle4x128(gradients, gradients, 0b11_11_11_11);
        nint stride = step.Shape.RowStride;
        float* a = (float*)step.A.Number + row * stride, slope = (float*)step.B.Gradient;
        bool add = row > 0 || step.B.Slope == Slope.Add;
        for (int k = step.Shape.Depth; k > 0; k -= Size, a += Size, slope += Size * Size)
        {
            Vector512<float> sums = first * SpreadAlong(a), others = second * SpreadAlong(a + stride);
            sums = Avx512F.FusedMultiplyAdd(third, SpreadAlong(a + 2 * stride), sums);
            others = Avx512F.FusedMultiplyAdd(fourth, SpreadAlong(a + 3 * stride), others);
            sums += others;
            if (k < Size)
            {
                StoreRows(add, sums, slope, k);
                return;
            }
            (add ? Vector512.Load(slope) + sums : sums).Store(slope);
        }
    }

    // The last rows, with none behind them.
    private static void StoreRows(bool add, Vector512<float> sums, float* slope, int rows)
    {
        for (int i = 0; i < rows; i++, slope += Size)
        {
            Vector128<float> sum = Quarter(sums, i);
            (add ? Vector128.Load(slope) + sum : sum).Store(slope);
        }
    }

    // ∂/∂A = ∂/∂y · bᵀ, and the sums over the lanes for the bias. A bias that follows upon its row, as in a neuron, is one more
    // number of it, with the factor 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToMatrix<T>(ref Step<T> step, int row, Vector512<float> gradients)
        where T : unmanaged
    {
        int depth = step.Shape.Depth;
        bool hasBias = step.Bias.Slope != Slope.None;
        if (step.A.Slope != Slope.None)
        {
            Vector512<float> lane0 = Avx512F.Permute4x32(gradients, 0b00_00_00_00), lane1 = Avx512F.Permute4x32(gradients, 0b01_01_01_01);
            Vector512<float> lane2 = Avx512F.Permute4x32(gradients, 0b10_10_10_10), lane3 = Avx512F.Permute4x32(gradients, 0b11_11_11_11);
            nint stride = step.Shape.RowStride;
            float* b = (float*)step.B.Number, slope = (float*)step.A.Gradient + row * stride;
            for (int k = depth; k > 0; k -= Size, b += Size * Size, slope += Size)
            {
                Vector512<float> columns = Vector512.Load(b);
                int count = Math.Min(k, Size);
                if (k == Size - 1 && hasBias && step.Bias.Gradient == step.A.Gradient + depth)
                {
                    columns = Vector512.Create(columns.GetLower(), Vector256.Create(columns.GetUpper().GetLower(), Vector128.Create(1f)));
                    (count, hasBias) = (Size, false);
                }
                columns = Avx512F.PermuteVar16x32(columns, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
                Vector512<float> sums = lane0 * Avx512F.Shuffle4x128(columns, columns, 0b00_00_00_00);
                Vector512<float> others = lane1 * Avx512F.Shuffle4x128(columns, columns, 0b01_01_01_01);
                sums = Avx512F.FusedMultiplyAdd(lane2, Avx512F.Shuffle4x128(columns, columns, 0b10_10_10_10), sums);
                others = Avx512F.FusedMultiplyAdd(lane3, Avx512F.Shuffle4x128(columns, columns, 0b11_11_11_11), others);
                sums += others;
                if (count == Size)
                    AddRows(sums, slope, stride);
                else
                    AddRows(sums, slope, stride, count);
            }
        }
        if (!hasBias)
            return;
        Vector512<float> totals = TotalsOfQuarters(gradients);
        nint biasStride = step.Shape.BiasStride;
        float* bias = (float*)step.Bias.Gradient + row * biasStride;
        bias[0] += Quarter(totals, 0).ToScalar();
        bias[biasStride] += Quarter(totals, 1).ToScalar();
        bias[2 * biasStride] += Quarter(totals, 2).ToScalar();
        bias[3 * biasStride] += Quarter(totals, 3).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRows(Vector512<float> sums, float* rows, nint stride)
    {
        if (stride == Size)
        {
            (Vector512.Load(rows) + sums).Store(rows);
            return;
        }
        (Vector128.Load(rows) + Quarter(sums, 0)).Store(rows);
        (Vector128.Load(rows + stride) + Quarter(sums, 1)).Store(rows + stride);
        rows += 2 * stride;
        (Vector128.Load(rows) + Quarter(sums, 2)).Store(rows);
        (Vector128.Load(rows + stride) + Quarter(sums, 3)).Store(rows + stride);
    }

    // The first numbers of each row.
    private static void AddRows(Vector512<float> sums, float* rows, nint stride, int count)
    {
        for (int i = 0; i < Size; i++, rows += stride)
        {
            Vector128<float> sum = Quarter(sums, i);
            for (int k = 0; k < count; k++)
                rows[k] += sum[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Vector512<float> quad, int i)
    {
        Vector256<float> half = i < 2 ? quad.GetLower() : quad.GetUpper();
        return i % 2 == 0 ? half.GetLower() : half.GetUpper();
    }

    /// <summary>In every place of a quarter, the sum of its numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TotalsOfQuarters(Vector512<float> quad)
    {
        Vector512<float> pairs = quad + Avx512F.Permute4x32(quad, 0b10_11_00_01);
        return pairs + Avx512F.Permute4x32(pairs, 0b01_00_11_10);
    }

    /// <summary>Four numbers of each of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rows(float* row, nint stride)
    {
        float* far = row + 2 * stride;
        return Vector512.Create(Vector256.Create(Vector128.Load(row), Vector128.Load(row + stride)), Vector256.Create(Vector128.Load(far), Vector128.Load(far + stride)));
    }

    /// <summary>Each of four numbers four times: one number for all lanes of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SpreadEach(float* number, nint stride)
    {
        float* far = number + 2 * stride;
        return Vector512.Create(
            Vector256.Create(Vector128.Create(number[0]), Vector128.Create(number[stride])),
            Vector256.Create(Vector128.Create(far[0]), Vector128.Create(far[stride])));
    }

    /// <summary>The same of four numbers side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SpreadAlong(float* numbers) => Avx512F.PermuteVar16x32(
        Vector128.Load(numbers).ToVector256Unsafe().ToVector512Unsafe(), Vector512.Create(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> InAllQuarters(Vector128<float> row)
    {
        Vector256<float> twice = Vector256.Create(row, row);
        return Vector512.Create(twice, twice);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> InAllQuarters(float* row) => Avx512F.BroadcastVector128ToVector512(row);
}
