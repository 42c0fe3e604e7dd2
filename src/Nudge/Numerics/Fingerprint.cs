// Tells whether two lists of numbers are the same without keeping them.

namespace Nudge;

/// <summary>FNV-1a (Fowler, Noll and Vo) over whole numbers: a check against mistakes, not against malice.</summary>
internal sealed class Fingerprint
{
    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;

    internal ulong Result { get; private set; } = Offset;

    internal void Add(long number)
    {
        for (int shift = 0; shift < 64; shift += 8)
            Result = (Result ^ (byte)(number >> shift)) * Prime;
    }

    internal void Add(string text)
    {
        Add(text.Length);
        foreach (char character in text)
            Add((long)character);
    }
}
