// Vectors of 256 bits.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>256 bits of numbers.</summary>
internal readonly unsafe struct Wide256<T>(Vector256<T> value) : IVector<Wide256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value = value;

    public static int Count => Vector256<T>.Count;

    [MethodImpl(Inline)]
    public static Wide256<T> operator +(Wide256<T> a, Wide256<T> b) => new(a._value + b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator -(Wide256<T> a, Wide256<T> b) => new(a._value - b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator *(Wide256<T> a, Wide256<T> b) => new(a._value * b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator /(Wide256<T> a, Wide256<T> b) => new(a._value / b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator -(Wide256<T> a) => new(-a._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator &(Wide256<T> a, Wide256<T> b) => new(a._value & b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator |(Wide256<T> a, Wide256<T> b) => new(a._value | b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator ^(Wide256<T> a, Wide256<T> b) => new(a._value ^ b._value);

    [MethodImpl(Inline)]
    public static Wide256<T> operator ~(Wide256<T> a) => new(~a._value);

    [MethodImpl(Inline)]
    public static Wide256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(Inline)]
    public static void Store(Wide256<T> vector, T* destination) => vector._value.Store(destination);

    [MethodImpl(Inline)]
    public static Wide256<T> Create(T number) => new(Vector256.Create(number));

    // A program that was compiled ahead of time asks the processor here; an estimate would be what all processors have.
    [MethodImpl(Inline)]
    public static Wide256<T> MultiplyAdd(Wide256<T> a, Wide256<T> b, Wide256<T> c)
    {
        if (Fma.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Fma.MultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
                : new(Fma.MultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
        }
        return typeof(T) == typeof(float)
            ? new(Vector256.MultiplyAddEstimate(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
            : new(Vector256.MultiplyAddEstimate(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
    }

    [MethodImpl(Inline)]
    public static Wide256<T> Sqrt(Wide256<T> a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(Inline)]
    public static Wide256<T> Abs(Wide256<T> a) => new(Vector256.Abs(a._value));

    [MethodImpl(Inline)]
    public static Wide256<T> Max(Wide256<T> a, Wide256<T> b) => new(Vector256.Max(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide256<T> Min(Wide256<T> a, Wide256<T> b) => new(Vector256.Min(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide256<T> Round(Wide256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Round(a._value.AsSingle()).As<float, T>())
        : new(Vector256.Round(a._value.AsDouble()).As<double, T>());

    [MethodImpl(Inline)]
    public static Wide256<T> LessThan(Wide256<T> a, Wide256<T> b) => new(Vector256.LessThan(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide256<T> LessThanOrEqual(Wide256<T> a, Wide256<T> b) => new(Vector256.LessThanOrEqual(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide256<T> Equals(Wide256<T> a, Wide256<T> b) => new(Vector256.Equals(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide256<T> Select(Wide256<T> mask, Wide256<T> a, Wide256<T> b) => new(Vector256.ConditionalSelect(mask._value, a._value, b._value));

    [MethodImpl(Inline)]
    public static bool Any(Wide256<T> mask) => !Vector256.EqualsAll(mask._value.AsByte(), Vector256<byte>.Zero);

    [MethodImpl(Inline)]
    public static Wide256<T> PowerOfTwo(Wide256<T> n) => typeof(T) == typeof(float)
        ? new(Vector256.ShiftLeft((n._value.AsSingle() + Vector256.Create(FloatInLastBits + FloatBias)).AsInt32(), 23).As<int, T>())
        : new(Vector256.ShiftLeft((n._value.AsDouble() + Vector256.Create(DoubleInLastBits + DoubleBias)).AsInt64(), 52).As<long, T>());

    [MethodImpl(Inline)]
    public static Wide256<T> Split(Wide256<T> x, out Wide256<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<int> bits = x._value.AsInt32();
            Vector256<int> power = Vector256.ShiftRightLogical(bits - Vector256.Create(FloatSqrtHalf & 0x7fffff), 23); // of two, and 126 more
            exponent = new(((power | Vector256.Create(FloatInLastBits).AsInt32()).AsSingle() - Vector256.Create(FloatInLastBits + 126)).As<float, T>());
            return new((bits - Vector256.ShiftLeft(power, 23) + Vector256.Create(126 << 23)).As<int, T>());
        }
        else
        {
            Vector256<long> bits = x._value.AsInt64();
            Vector256<long> power = Vector256.ShiftRightLogical(bits - Vector256.Create(DoubleSqrtHalf & 0xfffffffffffff), 52);
            exponent = new(((power | Vector256.Create(DoubleInLastBits).AsInt64()).AsDouble() - Vector256.Create(DoubleInLastBits + 1022)).As<double, T>());
            return new((bits - Vector256.ShiftLeft(power, 52) + Vector256.Create(1022L << 52)).As<long, T>());
        }
    }

    [MethodImpl(Inline)]
    public static T Sum(Wide256<T> a) => Vector256.Sum(a._value);
}
