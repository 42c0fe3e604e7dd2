// What is wrong with a typed expression, and where.

namespace Nudge.Cli;

/// <summary>An expression that cannot be read.</summary>
/// <param name="message">What was expected, and what stands there.</param>
/// <param name="text">The expression.</param>
/// <param name="position">The place of the character that is wrong, from 0 to the length of the text.</param>
internal sealed class ExpressionException(string message, string text, int position) : Exception(message)
{
    private const int WidestExcerpt = 70;

    internal int Position { get; } = position;

    /// <summary>The expression, or the part of it around the place, with a caret below the character.</summary>
    internal string Excerpt()
    {
        int start = Math.Clamp(Position - WidestExcerpt / 2, 0, Math.Max(0, text.Length - WidestExcerpt));
        int length = Math.Min(WidestExcerpt, text.Length - start);
        string part = string.Concat(text.Substring(start, length).Select(c => char.IsControl(c) ? ' ' : c));
        string before = start > 0 ? "…" : "", after = start + length < text.Length ? "…" : "";
        return $"  {before}{part}{after}\n  {new string(' ', before.Length + Position - start)}^";
    }
}
