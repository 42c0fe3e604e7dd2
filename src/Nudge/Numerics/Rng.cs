// Random numbers that are the same on every machine: integer arithmetic, and of the rest only what IEEE 754 fixes.

using System.Numerics;

namespace Nudge;

/// <summary>
/// A seeded random number generator: xoshiro256** by Blackman and Vigna ("Scrambled linear pseudorandom number
/// generators", 2021), seeded with SplitMix64. The same seed gives the same numbers on every machine.
/// </summary>
public sealed class Rng
{
    private ulong _a, _b, _c, _d;

    /// <summary>A generator.</summary>
    /// <param name="seed">Any number; each gives a sequence of its own.</param>
    public Rng(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), in steps of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    /// <param name="low">The least number.</param>
    /// <param name="high">The number that all lie below.</param>
    public double Uniform(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Normally distributed, by Marsaglia's polar method.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation.</param>
    public double Normal(double mean = 0, double deviation = 1)
    {
        while (true)
        {
            double u = Uniform(-1, 1), v = Uniform(-1, 1);
            double square = u * u + v * v;
            if (square is > 0 and < 1)
                return mean + deviation * u * Math.Sqrt(-2 * PortableLog(square) / square);
        }
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1, each equally likely.</summary>
    /// <param name="count">How many there are to choose from, at least 1.</param>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        // Lemire, "Fast random integer generation in an interval", 2019: multiply and reject the uneven rest.
        uint bound = (uint)count;
        ulong product = (uint)(NextBits() >> 32) * (ulong)bound;
        if ((uint)product < bound)
        {
            uint uneven = (uint)(0 - bound) % bound;
            while ((uint)product < uneven)
                product = (uint)(NextBits() >> 32) * (ulong)bound;
        }
        return (int)(product >> 32);
    }

    /// <summary>Puts the items into a random order, each order equally likely (Fisher and Yates).</summary>
    /// <param name="items">The items.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>
    /// ln x for 0 &lt; x &lt; 1 in plain arithmetic: Math.Log comes from the platform's C library and may differ in its
    /// last bit from one to the next. ln x = e·ln 2 + 2·artanh((m − 1) / (m + 1)) with x = m·2ᵉ and m in [1/√2, √2).
    /// </summary>
    private static double PortableLog(double x)
    {
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }
        double ratio = (mantissa - 1) / (mantissa + 1), square = ratio * ratio;
        double sum = 0;
        for (int odd = 25; odd >= 1; odd -= 2)
            sum = sum * square + 1.0 / odd;
        return exponent * 0.6931471805599453 + 2 * ratio * sum;
    }
}
