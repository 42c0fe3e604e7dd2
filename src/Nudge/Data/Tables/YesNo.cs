// Words for yes and for no.

using System.Text;

namespace Nudge;

internal static class YesNo
{
    private static readonly byte[][] s_yes = Bytes("true", "t", "yes", "y", "on", "1", "ja", "oui", "si", "sí");
    private static readonly byte[][] s_no = Bytes("false", "f", "no", "n", "off", "0", "nein", "non");

    /// <summary>Whether a cell says yes or no; null where it says neither.</summary>
    internal static bool? Read(ReadOnlySpan<byte> cell) => IsOneOf(s_yes, cell) ? true : IsOneOf(s_no, cell) ? false : null;

    private static bool IsOneOf(byte[][] words, ReadOnlySpan<byte> cell)
    {
        foreach (byte[] word in words)
        {
            if (word.Length == cell.Length && (word.Length > 3 || word[^1] < 128 ? Ascii.EqualsIgnoreCase(word, cell) : cell.SequenceEqual(word)))
                return true;
        }
        return false;
    }

    private static byte[][] Bytes(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
