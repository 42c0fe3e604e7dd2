// Vectors of 512 bits.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>512 bits of numbers.</summary>
internal readonly unsafe struct Wide512<T>(Vector512<T> value) : IVector<Wide512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    [MethodImpl(Inline)]
    public static Wide512<T> operator +(Wide512<T> a, Wide512<T> b) => new(a._value + b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator -(Wide512<T> a, Wide512<T> b) => new(a._value - b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator *(Wide512<T> a, Wide512<T> b) => new(a._value * b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator /(Wide512<T> a, Wide512<T> b) => new(a._value / b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator -(Wide512<T> a) => new(-a._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator &(Wide512<T> a, Wide512<T> b) => new(a._value & b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator |(Wide512<T> a, Wide512<T> b) => new(a._value | b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator ^(Wide512<T> a, Wide512<T> b) => new(a._value ^ b._value);

    [MethodImpl(Inline)]
    public static Wide512<T> operator ~(Wide512<T> a) => new(~a._value);

    [MethodImpl(Inline)]
    public static Wide512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(Inline)]
    public static void Store(Wide512<T> vector, T* destination) => vector._value.Store(destination);

    [MethodImpl(Inline)]
    public static Wide512<T> Create(T number) => new(Vector512.Create(number));

    [MethodImpl(Inline)]
    public static Wide512<T> MultiplyAdd(Wide512<T> a, Wide512<T> b, Wide512<T> c)
    {
        if (!Avx512F.IsSupported)
            return Join(Wide256<T>.MultiplyAdd(a.Low, b.Low, c.Low), Wide256<T>.MultiplyAdd(a.High, b.High, c.High));
        return typeof(T) == typeof(float)
            ? new(Avx512F.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
            : new(Avx512F.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
    }

    private Wide256<T> Low
    {
        [MethodImpl(Inline)]
        get => new(_value.GetLower());
    }

    private Wide256<T> High
    {
        [MethodImpl(Inline)]
        get => new(_value.GetUpper());
    }

    [MethodImpl(Inline)]
    private static Wide512<T> Join(Wide256<T> low, Wide256<T> high) =>
        new(Vector512.Create(Unsafe.BitCast<Wide256<T>, Vector256<T>>(low), Unsafe.BitCast<Wide256<T>, Vector256<T>>(high)));

    [MethodImpl(Inline)]
    public static Wide512<T> Sqrt(Wide512<T> a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(Inline)]
    public static Wide512<T> Abs(Wide512<T> a) => new(Vector512.Abs(a._value));

    [MethodImpl(Inline)]
    public static Wide512<T> Max(Wide512<T> a, Wide512<T> b) => new(Vector512.Max(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide512<T> Min(Wide512<T> a, Wide512<T> b) => new(Vector512.Min(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide512<T> Round(Wide512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Round(a._value.AsSingle()).As<float, T>())
        : new(Vector512.Round(a._value.AsDouble()).As<double, T>());

    [MethodImpl(Inline)]
    public static Wide512<T> LessThan(Wide512<T> a, Wide512<T> b) => new(Vector512.LessThan(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide512<T> LessThanOrEqual(Wide512<T> a, Wide512<T> b) => new(Vector512.LessThanOrEqual(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide512<T> Equals(Wide512<T> a, Wide512<T> b) => new(Vector512.Equals(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide512<T> Select(Wide512<T> mask, Wide512<T> a, Wide512<T> b) => new(Vector512.ConditionalSelect(mask._value, a._value, b._value));

    [MethodImpl(Inline)]
    public static bool Any(Wide512<T> mask) => !Vector512.EqualsAll(mask._value.AsByte(), Vector512<byte>.Zero);

    [MethodImpl(Inline)]
    public static Wide512<T> PowerOfTwo(Wide512<T> n) => typeof(T) == typeof(float)
        ? new(Vector512.ShiftLeft((n._value.AsSingle() + Vector512.Create(FloatInLastBits + FloatBias)).AsInt32(), 23).As<int, T>())
        : new(Vector512.ShiftLeft((n._value.AsDouble() + Vector512.Create(DoubleInLastBits + DoubleBias)).AsInt64(), 52).As<long, T>());

    [MethodImpl(Inline)]
    public static Wide512<T> Split(Wide512<T> x, out Wide512<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<int> bits = x._value.AsInt32();
            Vector512<int> power = Vector512.ShiftRightLogical(bits - Vector512.Create(FloatSqrtHalf & 0x7fffff), 23); // of two, and 126 more
            exponent = new(((power | Vector512.Create(FloatInLastBits).AsInt32()).AsSingle() - Vector512.Create(FloatInLastBits + 126)).As<float, T>());
            return new((bits - Vector512.ShiftLeft(power, 23) + Vector512.Create(126 << 23)).As<int, T>());
        }
        else
        {
            Vector512<long> bits = x._value.AsInt64();
            Vector512<long> power = Vector512.ShiftRightLogical(bits - Vector512.Create(DoubleSqrtHalf & 0xfffffffffffff), 52);
            exponent = new(((power | Vector512.Create(DoubleInLastBits).AsInt64()).AsDouble() - Vector512.Create(DoubleInLastBits + 1022)).As<double, T>());
            return new((bits - Vector512.ShiftLeft(power, 52) + Vector512.Create(1022L << 52)).As<long, T>());
        }
    }

    [MethodImpl(Inline)]
    public static T Sum(Wide512<T> a) => Vector512.Sum(a._value);
}
