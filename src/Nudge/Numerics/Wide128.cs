// Vectors of 128 bits.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>128 bits of numbers.</summary>
internal readonly unsafe struct Wide128<T>(Vector128<T> value) : IVector<Wide128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value = value;

    internal T First
    {
        [MethodImpl(Inline)]
        get => _value.ToScalar();
    }

    public static int Count => Vector128<T>.Count;

    [MethodImpl(Inline)]
    public static Wide128<T> operator +(Wide128<T> a, Wide128<T> b) => new(a._value + b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator -(Wide128<T> a, Wide128<T> b) => new(a._value - b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator *(Wide128<T> a, Wide128<T> b) => new(a._value * b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator /(Wide128<T> a, Wide128<T> b) => new(a._value / b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator -(Wide128<T> a) => new(-a._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator &(Wide128<T> a, Wide128<T> b) => new(a._value & b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator |(Wide128<T> a, Wide128<T> b) => new(a._value | b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator ^(Wide128<T> a, Wide128<T> b) => new(a._value ^ b._value);

    [MethodImpl(Inline)]
    public static Wide128<T> operator ~(Wide128<T> a) => new(~a._value);

    [MethodImpl(Inline)]
    public static Wide128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(Inline)]
    public static void Store(Wide128<T> vector, T* destination) => vector._value.Store(destination);

    [MethodImpl(Inline)]
    public static Wide128<T> Create(T number) => new(Vector128.Create(number));

    // A program that was compiled ahead of time asks the processor here; an estimate would be what all processors have.
    [MethodImpl(Inline)]
    public static Wide128<T> MultiplyAdd(Wide128<T> a, Wide128<T> b, Wide128<T> c)
    {
        if (Fma.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Fma.MultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
                : new(Fma.MultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
        }
        return typeof(T) == typeof(float)
            ? new(Vector128.MultiplyAddEstimate(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
            : new(Vector128.MultiplyAddEstimate(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
    }

    [MethodImpl(Inline)]
    public static Wide128<T> Sqrt(Wide128<T> a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(Inline)]
    public static Wide128<T> Abs(Wide128<T> a) => new(Vector128.Abs(a._value));

    [MethodImpl(Inline)]
    public static Wide128<T> Max(Wide128<T> a, Wide128<T> b) => new(Vector128.Max(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide128<T> Min(Wide128<T> a, Wide128<T> b) => new(Vector128.Min(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide128<T> Round(Wide128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Round(a._value.AsSingle()).As<float, T>())
        : new(Vector128.Round(a._value.AsDouble()).As<double, T>());

    [MethodImpl(Inline)]
    public static Wide128<T> LessThan(Wide128<T> a, Wide128<T> b) => new(Vector128.LessThan(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide128<T> LessThanOrEqual(Wide128<T> a, Wide128<T> b) => new(Vector128.LessThanOrEqual(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide128<T> Equals(Wide128<T> a, Wide128<T> b) => new(Vector128.Equals(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide128<T> Select(Wide128<T> mask, Wide128<T> a, Wide128<T> b) => new(Vector128.ConditionalSelect(mask._value, a._value, b._value));

    [MethodImpl(Inline)]
    public static bool Any(Wide128<T> mask) => !Vector128.EqualsAll(mask._value.AsByte(), Vector128<byte>.Zero);

    [MethodImpl(Inline)]
    public static Wide128<T> PowerOfTwo(Wide128<T> n) => typeof(T) == typeof(float)
        ? new(Vector128.ShiftLeft((n._value.AsSingle() + Vector128.Create(FloatInLastBits + FloatBias)).AsInt32(), 23).As<int, T>())
        : new(Vector128.ShiftLeft((n._value.AsDouble() + Vector128.Create(DoubleInLastBits + DoubleBias)).AsInt64(), 52).As<long, T>());

    [MethodImpl(Inline)]
    public static Wide128<T> Split(Wide128<T> x, out Wide128<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<int> bits = x._value.AsInt32();
            Vector128<int> power = Vector128.ShiftRightLogical(bits - Vector128.Create(FloatSqrtHalf & 0x7fffff), 23); // of two, and 126 more
            exponent = new(((power | Vector128.Create(FloatInLastBits).AsInt32()).AsSingle() - Vector128.Create(FloatInLastBits + 126)).As<float, T>());
            return new((bits - Vector128.ShiftLeft(power, 23) + Vector128.Create(126 << 23)).As<int, T>());
        }
        else
        {
            Vector128<long> bits = x._value.AsInt64();
            Vector128<long> power = Vector128.ShiftRightLogical(bits - Vector128.Create(DoubleSqrtHalf & 0xfffffffffffff), 52);
            exponent = new(((power | Vector128.Create(DoubleInLastBits).AsInt64()).AsDouble() - Vector128.Create(DoubleInLastBits + 1022)).As<double, T>());
            return new((bits - Vector128.ShiftLeft(power, 52) + Vector128.Create(1022L << 52)).As<long, T>());
        }
    }

    [MethodImpl(Inline)]
    public static T Sum(Wide128<T> a) => Vector128.Sum(a._value);
}
