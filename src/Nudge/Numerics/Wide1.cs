// A "vector" of one number: what remains at the end of a row, and the plain form that the others are tested against.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>One number.</summary>
internal readonly unsafe struct Wide1<T>(T value) : IVector<Wide1<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    public static int Count => 1;

    [MethodImpl(Inline)]
    public static Wide1<T> operator +(Wide1<T> a, Wide1<T> b) => new(a._value + b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> operator -(Wide1<T> a, Wide1<T> b) => new(a._value - b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> operator *(Wide1<T> a, Wide1<T> b) => new(a._value * b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> operator /(Wide1<T> a, Wide1<T> b) => new(a._value / b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> operator -(Wide1<T> a) => new(-a._value);

    [MethodImpl(Inline)]
    public static Wide1<T> operator &(Wide1<T> a, Wide1<T> b) => FromBits(Bits(a._value) & Bits(b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> operator |(Wide1<T> a, Wide1<T> b) => FromBits(Bits(a._value) | Bits(b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> operator ^(Wide1<T> a, Wide1<T> b) => FromBits(Bits(a._value) ^ Bits(b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> operator ~(Wide1<T> a) => FromBits(~Bits(a._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Load(T* source) => new(*source);

    [MethodImpl(Inline)]
    public static void Store(Wide1<T> vector, T* destination) => *destination = vector._value;

    [MethodImpl(Inline)]
    public static Wide1<T> Create(T number) => new(number);

    [MethodImpl(Inline)]
    public static Wide1<T> MultiplyAdd(Wide1<T> a, Wide1<T> b, Wide1<T> c) => new(T.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Sqrt(Wide1<T> a) => new(T.Sqrt(a._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Abs(Wide1<T> a) => new(T.Abs(a._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Max(Wide1<T> a, Wide1<T> b) => new(T.Max(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Min(Wide1<T> a, Wide1<T> b) => new(T.Min(a._value, b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Round(Wide1<T> a) => new(T.Round(a._value));

    [MethodImpl(Inline)]
    public static Wide1<T> LessThan(Wide1<T> a, Wide1<T> b) => Mask(a._value < b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> LessThanOrEqual(Wide1<T> a, Wide1<T> b) => Mask(a._value <= b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> Equals(Wide1<T> a, Wide1<T> b) => Mask(a._value == b._value);

    [MethodImpl(Inline)]
    public static Wide1<T> Select(Wide1<T> mask, Wide1<T> a, Wide1<T> b) => Bits(mask._value) != 0 ? a : b;

    [MethodImpl(Inline)]
    public static Wide1<T> PowerOfTwo(Wide1<T> n) => typeof(T) == typeof(float)
        ? FromBits((long)(int.CreateTruncating(n._value) + 127) << 23)
        : FromBits((long.CreateTruncating(n._value) + 1023) << 52);

    [MethodImpl(Inline)]
    public static Wide1<T> Split(Wide1<T> x, out Wide1<T> exponent)
    {
        long bits = Bits(x._value);
        long power = typeof(T) == typeof(float) ? (bits - FloatSqrtHalf) >> 23 : (bits - DoubleSqrtHalf) >> 52;
        exponent = new(T.CreateTruncating(power));
        return FromBits(typeof(T) == typeof(float) ? bits - (power << 23) : bits - (power << 52));
    }

    [MethodImpl(Inline)]
    public static T Sum(Wide1<T> a) => a._value;

    [MethodImpl(Inline)]
    private static Wide1<T> Mask(bool set) => FromBits(set ? -1 : 0);

    [MethodImpl(Inline)]
    private static long Bits(T number) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<T, int>(number)
        : Unsafe.BitCast<T, long>(number);

    [MethodImpl(Inline)]
    private static Wide1<T> FromBits(long bits) => typeof(T) == typeof(float)
        ? new(Unsafe.BitCast<int, T>((int)bits))
        : new(Unsafe.BitCast<long, T>(bits));
}
