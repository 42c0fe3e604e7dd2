// A "vector" of one number: what remains at the end of a row, and the plain form that the others are tested against.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>One number.</summary>
internal readonly unsafe struct Wide1<T>(T value) : IVector<Wide1<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    internal T Number
    {
        [MethodImpl(Inline)]
        get => _value;
    }

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
    public static Wide1<T> operator &(Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new((InFirst(a) & InFirst(b)).ToScalar())
        : FromBits(Bits(a._value) & Bits(b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> operator |(Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new((InFirst(a) | InFirst(b)).ToScalar())
        : FromBits(Bits(a._value) | Bits(b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> operator ^(Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new((InFirst(a) ^ InFirst(b)).ToScalar())
        : FromBits(Bits(a._value) ^ Bits(b._value));

    [MethodImpl(Inline)]
    public static Wide1<T> operator ~(Wide1<T> a) => Vector128.IsHardwareAccelerated
        ? new((~InFirst(a)).ToScalar())
        : FromBits(~Bits(a._value));

    [MethodImpl(Inline)]
    public static Wide1<T> Load(T* source) => new(*source);

    [MethodImpl(Inline)]
    public static void Store(Wide1<T> vector, T* destination) => *destination = vector._value;

    [MethodImpl(Inline)]
    public static Wide1<T> Create(T number) => new(number);

    [MethodImpl(Inline)]
    public static Wide1<T> MultiplyAdd(Wide1<T> a, Wide1<T> b, Wide1<T> c)
    {
        if (!Fma.IsSupported)
            return new(T.MultiplyAddEstimate(a._value, b._value, c._value));
        return new(typeof(T) == typeof(float)
            ? Unsafe.BitCast<float, T>(Fma.MultiplyAddScalar(InFirst<float>(a), InFirst<float>(b), InFirst<float>(c)).ToScalar())
            : Unsafe.BitCast<double, T>(Fma.MultiplyAddScalar(InFirst<double>(a), InFirst<double>(b), InFirst<double>(c)).ToScalar()));
    }

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

    // Comparisons and choices stay among the numbers' registers where they can: a round trip costs more than all the rest.

    [MethodImpl(Inline)]
    public static Wide1<T> LessThan(Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new(Vector128.LessThan(InFirst(a), InFirst(b)).ToScalar())
        : FromBits(a._value < b._value ? -1 : 0);

    [MethodImpl(Inline)]
    public static Wide1<T> LessThanOrEqual(Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new(Vector128.LessThanOrEqual(InFirst(a), InFirst(b)).ToScalar())
        : FromBits(a._value <= b._value ? -1 : 0);

    [MethodImpl(Inline)]
    public static Wide1<T> Equals(Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new(Vector128.Equals(InFirst(a), InFirst(b)).ToScalar())
        : FromBits(a._value == b._value ? -1 : 0);

    [MethodImpl(Inline)]
    public static Wide1<T> Select(Wide1<T> mask, Wide1<T> a, Wide1<T> b) => Vector128.IsHardwareAccelerated
        ? new(Vector128.ConditionalSelect(InFirst(mask), InFirst(a), InFirst(b)).ToScalar())
        : (mask & a) | (~mask & b);

    [MethodImpl(Inline)]
    public static bool Any(Wide1<T> mask) => Bits(mask._value) != 0;

    [MethodImpl(Inline)]
    public static Wide1<T> PowerOfTwo(Wide1<T> n) => new(Wide128<T>.PowerOfTwo(new(InFirst(n))).First);

    [MethodImpl(Inline)]
    public static Wide1<T> Split(Wide1<T> x, out Wide1<T> exponent)
    {
        Wide128<T> mantissa = Wide128<T>.Split(new(InFirst(x)), out Wide128<T> power);
        exponent = new(power.First);
        return new(mantissa.First);
    }

    [MethodImpl(Inline)]
    public static T Sum(Wide1<T> a) => a._value;

    [MethodImpl(Inline)]
    private static Vector128<T> InFirst(Wide1<T> a) => Vector128.CreateScalarUnsafe(a._value);

    [MethodImpl(Inline)]
    private static Vector128<TNumber> InFirst<TNumber>(Wide1<T> a)
        where TNumber : unmanaged => Vector128.CreateScalarUnsafe(Unsafe.BitCast<T, TNumber>(a._value));

    [MethodImpl(Inline)]
    private static long Bits(T number) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<T, int>(number)
        : Unsafe.BitCast<T, long>(number);

    [MethodImpl(Inline)]
    private static Wide1<T> FromBits(long bits) => typeof(T) == typeof(float)
        ? new(Unsafe.BitCast<int, T>((int)bits))
        : new(Unsafe.BitCast<long, T>(bits));
}
