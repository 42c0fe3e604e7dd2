// Text as whole numbers, one for each character, and back.

using System.Globalization;
using System.Text;

namespace Nudge;

/// <summary>
/// The characters of a text in a fixed order: token 0 is the boundary, which stands before and after each document, and
/// the others are the characters by their code points. A character is a Unicode scalar value: a letter with a separate
/// accent is two of them, an emoji outside the basic plane is one.
/// </summary>
public sealed class Tokenizer
{
    /// <summary>The token before and after each document.</summary>
    public const int Boundary = 0;

    /// <summary>How many different characters there may be.</summary>
    public const int MaxCharacters = 10_000;

    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, int> _tokens = [];

    /// <summary>A tokenizer.</summary>
    /// <param name="characters">The characters of the text, in any order and as often as they come.</param>
    /// <exception cref="ArgumentException">There is no character, or there are more than <see cref="MaxCharacters"/>.</exception>
    public Tokenizer(string characters)
        : this((characters ?? throw new ArgumentNullException(nameof(characters))).EnumerateRunes().ToHashSet())
    {
    }

    internal Tokenizer(IReadOnlySet<Rune> characters)
    {
        if (characters.Count is 0 or > MaxCharacters)
            throw new ArgumentException($"Expected from 1 to {MaxCharacters} different characters, got {characters.Count}.", nameof(characters));
        _characters = [.. characters.Order()];
        for (int i = 0; i < _characters.Length; i++)
            _tokens.Add(_characters[i], i + 1);
    }

    /// <summary>V: how many tokens there are, the boundary included.</summary>
    public int Count => _characters.Length + 1;

    /// <summary>All characters, in the order of their tokens from 1.</summary>
    public string Characters => string.Concat(_characters);

    /// <summary>The tokens of a text, without boundaries.</summary>
    /// <param name="text">Characters that the tokenizer knows.</param>
    /// <exception cref="ArgumentException">It does not know one; the message names it and its place.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>(text.Length);
        foreach (Rune character in text.EnumerateRunes())
        {
            tokens.Add(TryEncode(character, out int token)
                ? token
                : throw new ArgumentException($"character {tokens.Count + 1} is {Unknown(character)}", nameof(text)));
        }
        return [.. tokens];
    }

    /// <summary>The text of some tokens. Boundaries stand for nothing in it.</summary>
    /// <param name="tokens">Tokens from 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public string Decode(params ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (int token in tokens)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(token, nameof(tokens));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Count, nameof(tokens));
            if (token != Boundary)
                text.Append(_characters[token - 1]);
        }
        return text.ToString();
    }

    /// <summary>The token of one character; false where it has none.</summary>
    internal bool TryEncode(Rune character, out int token) => _tokens.TryGetValue(character, out token);

    /// <summary>What is wrong with a character that has no token, and what was expected.</summary>
    internal string Unknown(Rune character) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name(character)}, which is not among the {_characters.Length} characters known ({Listed()}); expected only these");

    // Control characters and the like would not show.
    private static string Name(Rune character) => Rune.IsControl(character) || Rune.IsWhiteSpace(character)
        ? $"U+{character.Value:X4}"
        : $"'{character}' (U+{character.Value:X4})";

    private string Listed()
    {
        const int most = 40;
        IEnumerable<Rune> visible = _characters.Where(character => !Rune.IsControl(character) && !Rune.IsWhiteSpace(character));
        return string.Concat(visible.Take(most)) + (_characters.Length > most ? "…" : "");
    }
}
