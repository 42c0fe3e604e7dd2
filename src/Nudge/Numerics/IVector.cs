// What a kernel may do with numbers side by side, whatever their width: the kernels are written once over this.

using System.Numerics;

namespace Nudge;

/// <summary>A vector of <see cref="Count"/> numbers. Comparisons give masks: all bits of a number set, or none.</summary>
internal unsafe interface IVector<TSelf, T> :
    IAdditionOperators<TSelf, TSelf, TSelf>,
    ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>,
    IUnaryNegationOperators<TSelf, TSelf>,
    IBitwiseOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, IVector<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract int Count { get; }

    static abstract TSelf Load(T* source);

    static abstract void Store(TSelf vector, T* destination);

    static abstract TSelf Create(T number);

    /// <summary>a · b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf a);

    static abstract TSelf Abs(TSelf a);

    /// <summary>The greater of two numbers; NaN where one of them is, and +0 of zeros.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller of two numbers; NaN where one of them is, and −0 of zeros.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf a);

    static abstract TSelf LessThan(TSelf a, TSelf b);

    static abstract TSelf LessThanOrEqual(TSelf a, TSelf b);

    static abstract TSelf Equals(TSelf a, TSelf b);

    /// <summary>a where the mask is set, b elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Whether a mask is set for one of the numbers at least.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>2ⁿ for whole numbers n within the range of normal exponents.</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>x = mantissa · 2^exponent with the mantissa in [1/√2, √2), for positive normal x.</summary>
    static abstract TSelf Split(TSelf x, out TSelf exponent);

    static abstract T Sum(TSelf a);
}
