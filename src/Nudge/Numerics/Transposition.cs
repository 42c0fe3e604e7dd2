// Rows to columns, in blocks of registers.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Nudge;

internal static unsafe class Transposition
{
    /// <summary>to[j, i] = from[i, j].</summary>
    /// <param name="rows">How many rows <paramref name="from"/> has.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="from">What is read.</param>
    /// <param name="fromStride">From one row to the next.</param>
    /// <param name="to">What is written.</param>
    /// <param name="toStride">From one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transpose<T>(int rows, int columns, T* from, nint fromStride, T* to, nint toStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int wholeRows = 0, wholeColumns = 0;
        if (typeof(T) == typeof(float) && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            (wholeRows, wholeColumns) = (rows & ~3, columns & ~3);
            int inSixteens = Avx512F.IsSupported ? wholeRows & ~15 : 0, inEights = Avx.IsSupported ? wholeRows & ~7 : 0;
            for (int i = 0; i < inSixteens; i += 16)
            {
                for (int j = 0; j < wholeColumns; j += 4)
                    Transpose16((float*)from + i * fromStride + j, fromStride, (float*)to + j * toStride + i, toStride);
            }
            for (int i = inSixteens; i < inEights; i += 8)
            {
                for (int j = 0; j < wholeColumns; j += 4)
                    Transpose8((float*)from + i * fromStride + j, fromStride, (float*)to + j * toStride + i, toStride);
            }
            for (int i = inEights; i < wholeRows; i += 4)
            {
                for (int j = 0; j < wholeColumns; j += 4)
                {
                    float* source = (float*)from + i * fromStride + j, target = (float*)to + j * toStride + i;
                    Store4(
                        Vector128.Load(source),
                        Vector128.Load(source + fromStride),
                        Vector128.Load(source + 2 * fromStride),
                        Vector128.Load(source + 3 * fromStride),
                        target,
                        toStride);
                }
            }
        }
        OneByOne(0, rows, wholeColumns, columns, from, fromStride, to, toStride);
        OneByOne(wholeRows, rows, 0, wholeColumns, from, fromStride, to, toStride);
    }

    // Sixteen rows of four: a vector takes every fourth row, so that nothing crosses its quarters.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose16(float* from, nint stride, float* to, nint toStride)
    {
        Vector512<float> a = EveryFourth(from, stride), b = EveryFourth(from + stride, stride);
        Vector512<float> c = EveryFourth(from + 2 * stride, stride), d = EveryFourth(from + 3 * stride, stride);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> abHigh = Avx512F.UnpackHigh(a, b).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        Avx512F.UnpackLow(ab, cd).AsSingle().Store(to);
        Avx512F.UnpackHigh(ab, cd).AsSingle().Store(to + toStride);
        Avx512F.UnpackLow(abHigh, cdHigh).AsSingle().Store(to + 2 * toStride);
        Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle().Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> EveryFourth(float* from, nint stride) => Vector512.Create(
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + 4 * stride)),
        Vector256.Create(Vector128.Load(from + 8 * stride), Vector128.Load(from + 12 * stride)));

    // Eight rows of four, likewise.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* from, nint stride, float* to, nint toStride)
    {
        float* half = from + 4 * stride;
        Vector256<float> a = Vector256.Create(Vector128.Load(from), Vector128.Load(half));
        Vector256<float> b = Vector256.Create(Vector128.Load(from + stride), Vector128.Load(half + stride));
        Vector256<float> c = Vector256.Create(Vector128.Load(from + 2 * stride), Vector128.Load(half + 2 * stride));
        Vector256<float> d = Vector256.Create(Vector128.Load(from + 3 * stride), Vector128.Load(half + 3 * stride));
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
        Vector256<double> abHigh = Avx.UnpackHigh(a, b).AsDouble(), cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(ab, cd).AsSingle().Store(to);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(to + toStride);
        Avx.UnpackLow(abHigh, cdHigh).AsSingle().Store(to + 2 * toStride);
        Avx.UnpackHigh(abHigh, cdHigh).AsSingle().Store(to + 3 * toStride);
    }

    /// <summary>to[j, i] = from[i, j], from float64 to the precision of a program.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TransposeFrom<T>(int rows, int columns, double* from, nint fromStride, T* to, nint toStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            Transpose(rows, columns, from, fromStride, (double*)to, toStride);
            return;
        }
        if (columns == 0)
            return;
        int wholeRows = 0, wholeColumns = 0;
        if (rows == 1 && toStride == 1)
        {
            wholeColumns = Narrow(columns, from, (float*)to);
            wholeRows = 1;
        }
        else if (Avx.IsSupported)
        {
            // Up to three columns are read together with what follows upon them, so not of the last rows.
            int beyond = -columns & 3, without = beyond == 0 ? 0 : (int)((beyond + fromStride - 1) / fromStride);
            (wholeRows, wholeColumns) = (Math.Max(0, rows - without) & ~3, columns);
            for (int i = 0; i < wholeRows; i += 4)
            {
                double* source = from + i * fromStride;
                float* target = (float*)to + i;
                int j = 0;
                for (; j + 4 <= columns; j += 4, source += 4, target += 4 * toStride)
                    Store4(Narrow4(source), Narrow4(source + fromStride), Narrow4(source + 2 * fromStride), Narrow4(source + 3 * fromStride), target, toStride);
                if (j < columns)
                    StoreUpTo3(columns - j, Narrow4(source), Narrow4(source + fromStride), Narrow4(source + 2 * fromStride), Narrow4(source + 3 * fromStride), target, toStride);
            }
        }
        if (wholeRows == rows && wholeColumns == columns)
            return;
        for (int j = 0; j < columns; j++)
        {
            double* source = from + j;
            float* target = (float*)to + j * toStride;
            for (int i = j < wholeColumns ? wholeRows : 0; i < rows; i++)
                target[i] = (float)source[i * fromStride];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Narrow(int count, double* from, float* to)
    {
        int i = 0;
        for (; VectorWidth.Has256 && i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
            Vector256.Narrow(Vector256.Load(from + i), Vector256.Load(from + i + Vector256<double>.Count)).Store(to + i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Narrow4(double* from) => Avx.ConvertToVector128Single(Vector256.Load(from));

    // The first one, two or three columns of four rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreUpTo3(int columns, Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* to, nint stride)
    {
        Vector128<double> ab = ZipLow(a, b).AsDouble(), cd = ZipLow(c, d).AsDouble();
        ZipLow(ab, cd).AsSingle().Store(to);
        if (columns > 1)
            ZipHigh(ab, cd).AsSingle().Store(to + stride);
        if (columns > 2)
            ZipLow(ZipHigh(a, b).AsDouble(), ZipHigh(c, d).AsDouble()).AsSingle().Store(to + 2 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* to, nint stride)
    {
        Vector128<double> ab = ZipLow(a, b).AsDouble(), cd = ZipLow(c, d).AsDouble(), abHigh = ZipHigh(a, b).AsDouble(), cdHigh = ZipHigh(c, d).AsDouble();
        ZipLow(ab, cd).AsSingle().Store(to);
        ZipHigh(ab, cd).AsSingle().Store(to + stride);
        ZipLow(abHigh, cdHigh).AsSingle().Store(to + 2 * stride);
        ZipHigh(abHigh, cdHigh).AsSingle().Store(to + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipLow(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipHigh(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne<T>(int firstRow, int lastRow, int firstColumn, int lastColumn, T* from, nint fromStride, T* to, nint toStride)
        where T : unmanaged
    {
        for (int i = firstRow; i < lastRow; i++)
        {
            for (int j = firstColumn; j < lastColumn; j++)
                to[j * toStride + i] = from[i * fromStride + j];
        }
    }
}
