// All operations at many points in one number for each width of vectors: where there is fused multiply-add it is the same everywhere.

using System.Numerics;

namespace Nudge.AotTests;

internal static unsafe class FunctionBits
{
    /// <summary>What each width gives in float32 and in float64, compiled just in time or ahead of time.</summary>
    internal const ulong Single = 7233457908692235644, Double = 16512579329083056020;

    private const int Points = 1024;

    /// <summary>The bits of all values and slopes, at widths of 1 number, 128, 256 and 512 bits.</summary>
    internal static ulong[] Of<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [Of<Wide1<T>, T>(), Of<Wide128<T>, T>(), Of<Wide256<T>, T>(), Of<Wide512<T>, T>()];

    private static ulong Of<V, T>()
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rng = new Rng(7);
        T[] a = new T[Points], b = new T[Points];
        T[] edges = [T.Zero, T.NegativeZero, T.One, T.NegativeInfinity, T.PositiveInfinity, T.NaN, T.Epsilon, T.CreateTruncating(3e38), T.CreateTruncating(1e5)];
        for (int i = 0; i < Points; i++)
        {
            double scale = Math.ScaleB(1, rng.Next(24) - 8);
            a[i] = i < edges.Length ? edges[i] : T.CreateTruncating(rng.Uniform(-1, 1) * scale);
            b[i] = T.CreateTruncating(i % 3 == 0 ? rng.Next(9) - 4 : rng.Uniform(-5, 5));
        }
        var bits = new Bits<V, T> { A = a, B = b, Hash = 14695981039346656037 };
        foreach (OperationRow row in OperationTable.Rows)
        {
            if (row is UnaryRow unary)
                unary.Accept(ref bits);
            else if (row is BinaryRow binary)
                binary.Accept(ref bits);
        }
        return bits.Hash;
    }

    private struct Bits<V, T> : IUnaryVisitor, IBinaryVisitor
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        internal T[] A, B;
        internal ulong Hash;

        void IUnaryVisitor.Visit<TOperation>()
        {
            T[] y = new T[Points], slope = new T[Points];
            fixed (T* a = A, to = y, toSlope = slope)
            {
                for (int i = 0; i < Points; i += V.Count)
                {
                    V result = TOperation.Apply<V, T>(V.Load(a + i));
                    V.Store(result, to + i);
                    V.Store(TOperation.Derivative<V, T>(V.Load(a + i), result), toSlope + i);
                }
            }
            Add(y);
            Add(slope);
        }

        void IBinaryVisitor.Visit<TOperation>()
        {
            T[] y = new T[Points], slopeA = new T[Points], slopeB = new T[Points];
            fixed (T* a = A, b = B, to = y, toA = slopeA, toB = slopeB)
            {
                for (int i = 0; i < Points; i += V.Count)
                {
                    V result = TOperation.Apply<V, T>(V.Load(a + i), V.Load(b + i));
                    V.Store(result, to + i);
                    TOperation.Derivatives<V, T>(V.Load(a + i), V.Load(b + i), result, out V first, out V second);
                    V.Store(first, toA + i);
                    V.Store(second, toB + i);
                }
            }
            Add(y);
            Add(slopeA);
            Add(slopeB);
        }

        // FNV-1a. Any NaN is as good as another.
        private void Add(T[] numbers)
        {
            foreach (T number in numbers)
            {
                ulong bits = T.IsNaN(number) ? 1 : typeof(T) == typeof(float)
                    ? BitConverter.SingleToUInt32Bits(float.CreateTruncating(number))
                    : BitConverter.DoubleToUInt64Bits(double.CreateTruncating(number));
                Hash = (Hash ^ bits) * 1099511628211;
            }
        }
    }
}
