// Which cells stand for a value that is missing.

using System.Runtime.CompilerServices;
using System.Text;

namespace Nudge;

/// <summary>Texts and numbers that stand for a missing value.</summary>
internal sealed class MissingMarks
{
    private const int LongestUsual = 5;

    private static readonly string[] s_usual = ["NA", "N/A", "#N/A", "n.a.", "NaN", "null", "none", "nil", "?", "-", "--", ".", "\\N"];

    private static readonly byte[][] s_usualBytes = [.. s_usual.Select(Encoding.UTF8.GetBytes)];

    private static ReadOnlySpan<byte> UsualBeginnings => "Nn#?-.\\"u8;

    private readonly byte[][] _texts;
    private readonly double[] _numbers;

    /// <param name="more">Marks besides the usual ones: texts, or numbers in any spelling.</param>
    internal MissingMarks(IReadOnlyList<string> more)
    {
        More = more;
        _texts = [.. more.Select(Encoding.UTF8.GetBytes)];
        _numbers = [.. _texts.Where(text => NumberText.TryParse(text, out _)).Select(text => NumberText.TryParse(text, out double number) ? number : 0)];
    }

    /// <summary>The usual ones: an empty cell and these, in upper or lower case.</summary>
    internal static IReadOnlyList<string> Usual => s_usual;

    /// <summary>Those besides the usual ones.</summary>
    internal IReadOnlyList<string> More { get; }

    /// <summary>Whether a text that is no number stands for a missing value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool Has(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
            return true;
        foreach (byte[] text in _texts)
        {
            if (cell.SequenceEqual(text))
                return true;
        }
        if (cell.Length > LongestUsual || !UsualBeginnings.Contains(cell[0]))
            return false;
        foreach (byte[] usual in s_usualBytes)
        {
            if (usual.Length == cell.Length && Ascii.EqualsIgnoreCase(usual, cell))
                return true;
        }
        return false;
    }

    /// <summary>Whether a number stands for a missing value.</summary>
    internal bool Has(double number) => _numbers.Length > 0 && Array.IndexOf(_numbers, number) >= 0;
}
