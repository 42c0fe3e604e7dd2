// Small layers of four lanes in float32: four rows of four lanes fill one vector of 512 bits.

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

    /// <summary>Whether a layer is made of quads.</summary>
    internal static bool Fits<T>(Layer<T> layer, int lanes)
        where T : unmanaged =>
        typeof(T) == typeof(float) && Avx512F.IsSupported && lanes == Size && layer.Rows % Size == 0 && layer.ColumnStride == 1;

    // Each sum in turn, as everywhere.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward<T, TFunction>(ref Call<T> call)
        where T : unmanaged
        where TFunction : struct, IUnaryOperation
    {
        Layer<T> layer = Unsafe.As<Layer<T>>(call.Parts!);
        nint stride = layer.RowStride;
        int depth = layer.Depth;
        float* a = (float*)layer.A, result = (float*)layer.Y;
        for (int row = 0; row < layer.Rows; row += Size, a += Size * stride, result += Size * Size)
        {
            Vector512<float> sums = layer.Bias != null ? SpreadEach((float*)layer.Bias + row * layer.BiasStride, layer.BiasStride)
                : layer.Adds ? Vector512.Load(result)
                : default;
            float* b = (float*)layer.B, at = a;
            for (int k = depth; k > 0; k -= Size, at += Size, b += Size * Size)
            {
                Vector512<float> rows = Rows(at, stride);
                sums = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b00_00_00_00), InAllQuarters(b), sums);
                if (k == 1)
                    break;
                sums = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b01_01_01_01), InAllQuarters(b + Size), sums);
                if (k > 2)
                    sums = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b10_10_10_10), InAllQuarters(b + 2 * Size), sums);
                if (k > 3)
                    sums = Avx512F.FusedMultiplyAdd(Avx512F.Permute4x32(rows, 0b11_11_11_11), InAllQuarters(b + 3 * Size), sums);
            }
            Wide512<float>.Store(TFunction.Apply<Wide512<float>, float>(new(sums)), result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward<T, TFunction>(ref Call<T> call)
        where T : unmanaged
        where TFunction : struct, IUnaryOperation
    {
        Layer<T> layer = Unsafe.As<Layer<T>>(call.Parts!);
        float* result = (float*)layer.Y, gradient = (float*)layer.GradientOfY;
        for (int row = 0; row < layer.Rows; row += Size, result += Size * Size, gradient += Size * Size)
        {
            Vector512<float> gradients = Vector512.Load(gradient);
            if (typeof(TFunction) != typeof(DetachOperation))
            {
                Wide512<float> y = Wide512<float>.Load(result);
                gradients *= Unsafe.BitCast<Wide512<float>, Vector512<float>>(TFunction.Derivative<Wide512<float>, float>(y, y));
                // Whatever the product was added to needs them, too.
                gradients.Store(gradient);
            }
            if (layer.GradientOfB != null)
                AddToFactors(layer, row, gradients);
            AddToMatrix(layer, row, gradients);
        }
    }

    // ∂/∂b = Aᵀ · ∂/∂y.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFactors<T>(Layer<T> layer, int row, Vector512<float> gradients)
        where T : unmanaged
    {
        Vector512<float> first = Avx512F.Shuffle4x128(gradients, gradients, 0b00_00_00_00), second = Avx512F.Shuffle4x128(gradients, gradients, 0b01_01_01_01);
        Vector512<float> third = Avx512F.Shuffle4x128(gradients, gradients, 0b10_10_10_10), fourth = Avx512F.Shuffle4x128(gradients, gradients, 0b11_11_11_11);
        nint stride = layer.RowStride;
        float* a = (float*)layer.A + row * stride, slope = (float*)layer.GradientOfB;
        bool add = row > 0 || layer.Adds;
        for (int k = layer.Depth; k > 0; k -= Size, a += Size, slope += Size * Size)
        {
            Vector512<float> sums = Avx512F.FusedMultiplyAdd(first, SpreadAlong(a), !add ? default : k < Size ? Rows(slope, k) : Vector512.Load(slope));
            sums = Avx512F.FusedMultiplyAdd(second, SpreadAlong(a + stride), sums);
            sums = Avx512F.FusedMultiplyAdd(third, SpreadAlong(a + 2 * stride), sums);
            sums = Avx512F.FusedMultiplyAdd(fourth, SpreadAlong(a + 3 * stride), sums);
            if (k < Size)
            {
                StoreRows(sums, slope, k);
                return;
            }
            sums.Store(slope);
        }
    }

    // The last rows, with none behind them.
    private static void StoreRows(Vector512<float> sums, float* slope, int rows)
    {
        for (int i = 0; i < rows; i++, slope += Size)
            Quarter(sums, i).Store(slope);
    }

    private static Vector512<float> Rows(float* slope, int rows)
    {
        float* quad = stackalloc float[Size * Size];
        for (int i = 0; i < rows; i++)
            Vector128.Load(slope + i * Size).Store(quad + i * Size);
        return Vector512.Load(quad);
    }

    // ∂/∂A = ∂/∂y · bᵀ, and the sums over the lanes for the bias. A bias that follows upon its row, as in a neuron, is one more
    // number of it, with the factor 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToMatrix<T>(Layer<T> layer, int row, Vector512<float> gradients)
        where T : unmanaged
    {
        int depth = layer.Depth;
        bool hasBias = layer.GradientOfBias != null;
        if (layer.GradientOfA != null)
        {
            Vector512<float> lane0 = Avx512F.Permute4x32(gradients, 0b00_00_00_00), lane1 = Avx512F.Permute4x32(gradients, 0b01_01_01_01);
            Vector512<float> lane2 = Avx512F.Permute4x32(gradients, 0b10_10_10_10), lane3 = Avx512F.Permute4x32(gradients, 0b11_11_11_11);
            nint stride = layer.RowStride;
            float* b = (float*)layer.B, slope = (float*)layer.GradientOfA + row * stride;
            for (int k = depth; k > 0; k -= Size, b += Size * Size, slope += Size)
            {
                Vector512<float> columns = Vector512.Load(b);
                int count = Math.Min(k, Size);
                if (k == Size - 1 && hasBias && layer.HasBiasInRows)
                {
                    columns = Vector512.Create(columns.GetLower(), Vector256.Create(columns.GetUpper().GetLower(), Vector128.Create(1f)));
                    (count, hasBias) = (Size, false);
                }
                columns = Avx512F.PermuteVar16x32(columns, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
                Vector512<float> sums = lane0 * Avx512F.Shuffle4x128(columns, columns, 0b00_00_00_00);
                Vector512<float> others = lane1 * Avx512F.Shuffle4x128(columns, columns, 0b01_01_01_01);
                // Each product by itself, and the lanes in the order of every sum over lanes.
                sums += lane2 * Avx512F.Shuffle4x128(columns, columns, 0b10_10_10_10);
                others += lane3 * Avx512F.Shuffle4x128(columns, columns, 0b11_11_11_11);
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
        nint biasStride = layer.BiasStride;
        float* bias = (float*)layer.GradientOfBias + row * biasStride;
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
        Vector512<float> pairs = quad + Avx512F.Permute4x32(quad, 0b01_00_11_10);
        return pairs + Avx512F.Permute4x32(pairs, 0b10_11_00_01);
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
