// Documents to learn from, as tokens.

using System.Text;

namespace Nudge;

/// <summary>
/// Documents as the tokens of their characters, each between two boundaries. The rules for files are in
/// docs/data-files.md.
/// </summary>
public sealed class TextDataset
{
    /// <summary>How many bytes a file may have, unpacked.</summary>
    public const int MaxLength = 64 << 20;

    private readonly int[][] _documents;

    internal TextDataset(Tokenizer tokenizer, int[][] documents)
    {
        Tokenizer = tokenizer;
        _documents = documents;
        Longest = documents.Max(document => document.Length);
        PredictionCount = documents.Sum(document => (long)document.Length - 1);
    }

    /// <summary>The characters.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The tokens of each document, of which there are at least 2.</summary>
    public IReadOnlyList<int[]> Documents => _documents;

    /// <summary>How many documents there are.</summary>
    public int Count => _documents.Length;

    /// <summary>How many tokens the longest document has.</summary>
    public int Longest { get; }

    /// <summary>How many tokens are predicted: all but the first of each document.</summary>
    public long PredictionCount { get; }

    /// <summary>Reads a file: a document a line, or all of it as one.</summary>
    /// <param name="path">A text file in UTF-8, plain or packed with gzip.</param>
    /// <param name="byCharacter">Whether the file is running text, and one document; otherwise each line is one.</param>
    /// <param name="tokenizer">The characters that may be in it; left out, those that are in it.</param>
    /// <exception cref="DataFormatException">
    /// The file is empty, too long, not UTF-8, or has a character that the tokenizer does not know.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TextDataset Read(string path, bool byCharacter = false, Tokenizer? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Read(path, stream, byCharacter, tokenizer, MaxLength);
    }

    /// <summary>Reads text that is no file: a document a line, or all of it as one.</summary>
    /// <param name="reader">The text; it is read to its end.</param>
    /// <param name="byCharacter">Whether it is running text, and one document; otherwise each line is one.</param>
    /// <param name="tokenizer">The characters that may be in it; left out, those that are in it.</param>
    /// <exception cref="DataFormatException">The text is empty, too long, or has a character that the tokenizer does not know.</exception>
    public static TextDataset Read(TextReader reader, bool byCharacter = false, Tokenizer? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(reader.ReadToEnd()));
        return Read("the text", stream, byCharacter, tokenizer, MaxLength);
    }

    /// <summary>Reads a stream to its end: a document a line, or all of it as one.</summary>
    /// <param name="stream">Text in UTF-8, plain or packed with gzip.</param>
    /// <param name="byCharacter">Whether it is running text, and one document; otherwise each line is one.</param>
    /// <param name="tokenizer">The characters that may be in it; left out, those that are in it.</param>
    /// <exception cref="DataFormatException">The text is empty, too long, not UTF-8, or has a character that the tokenizer does not know.</exception>
    public static TextDataset Read(Stream stream, bool byCharacter = false, Tokenizer? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read("the text", stream, byCharacter, tokenizer, MaxLength);
    }

    /// <summary>Reads text that lies in memory: a document a line, or all of it as one.</summary>
    /// <param name="bytes">Text in UTF-8, plain or packed with gzip.</param>
    /// <param name="byCharacter">Whether it is running text, and one document; otherwise each line is one.</param>
    /// <param name="tokenizer">The characters that may be in it; left out, those that are in it.</param>
    /// <exception cref="DataFormatException">The text is empty, too long, not UTF-8, or has a character that the tokenizer does not know.</exception>
    public static TextDataset Read(ReadOnlyMemory<byte> bytes, bool byCharacter = false, Tokenizer? tokenizer = null)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        return Read("the text", stream, byCharacter, tokenizer, MaxLength);
    }

    /// <summary>Documents that are there as strings. Empty ones do not count.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="tokenizer">The characters that may be in them; left out, those that are in them.</param>
    /// <exception cref="ArgumentException">There is no text, or a character that the tokenizer does not know.</exception>
    public static TextDataset Of(IEnumerable<string> documents, Tokenizer? tokenizer = null)
    {
        string[] texts = [.. documents.Where(document => document.Length > 0)];
        Tokenizer characters = tokenizer ?? new Tokenizer(texts.SelectMany(text => text.EnumerateRunes()).ToHashSet());
        if (texts.Length == 0)
            throw new ArgumentException("Expected at least one document that is not empty, got none.", nameof(documents));
        return new TextDataset(characters, [.. texts.Select(text => Bounded(characters.Encode(text)))]);
    }

    /// <summary>
    /// English first names in lower case, a to z: 8,403 of them, each once, in alphabetical order. From the lists of
    /// first names of Grady Ward's Moby word lists, which are in the public domain.
    /// </summary>
    public static TextDataset Names()
    {
        using Stream stream = typeof(TextDataset).Assembly.GetManifestResourceStream("names.txt")!;
        return Read("names.txt", stream, byCharacter: false, tokenizer: null, MaxLength);
    }

    /// <summary>
    /// The same documents, those too long for a model cut into windows. Each window but the first of a document begins
    /// with the last token of the one before it, so that every token is predicted once and none is lost.
    /// </summary>
    /// <param name="context">How many tokens are read at most: a window has one more, the last to be predicted.</param>
    public TextDataset Windows(int context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        return Longest <= context + 1 ? this : new TextDataset(Tokenizer, [.. _documents.SelectMany(document => WindowsOf(document, context))]);
    }

    /// <summary>Two parts at random: the second gets the fraction of the documents, the first the rest.</summary>
    /// <param name="fraction">The second part's share, above 0 and below 1.</param>
    /// <param name="rng">Which documents go where.</param>
    /// <exception cref="ArgumentException">A part would have no document.</exception>
    public (TextDataset First, TextDataset Second) Split(double fraction, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (fraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected a number above 0 and below 1.");
        int[] order = [.. Enumerable.Range(0, Count)];
        rng.Shuffle<int>(order);
        int cut = (int)Math.Round(Count * fraction, MidpointRounding.AwayFromZero);
        if (cut == 0 || cut == Count)
            throw new ArgumentException($"{Count} {(Count == 1 ? "document is" : "documents are")} too few to split off {fraction:P0}.", nameof(fraction));
        return (Subset(order[cut..]), Subset(order[..cut]));
    }

    /// <summary>The text of a document.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public string TextOf(int index) => Tokenizer.Decode(_documents[index]);

    /// <summary>The documents at given indices.</summary>
    internal int[][] At(ReadOnlySpan<int> indices)
    {
        var documents = new int[indices.Length][];
        for (int i = 0; i < documents.Length; i++)
            documents[i] = _documents[indices[i]];
        return documents;
    }

    /// <summary>At most so many documents, spread evenly.</summary>
    internal TextDataset Sample(int most) => Count <= most
        ? this
        : Subset([.. Enumerable.Range(0, most).Select(i => (int)((long)i * Count / most))]);

    internal static TextDataset Read(string path, Stream stream, bool byCharacter, Tokenizer? tokenizer, int maxLength)
    {
        CheckedText text = CheckedText.Read(path, stream, maxLength, "text");
        (int Start, int End)[] ranges = [.. byCharacter ? [(text.Start, text.Length)] : Lines(text)];
        if (!Array.Exists(ranges, range => !IsBlank(text, range)))
            throw text.Error(text.Start, "there is nothing but blank lines; expected text");
        tokenizer ??= TokenizerOf(text, ranges);
        var tokens = new List<int>();
        return new TextDataset(tokenizer, [.. ranges.Where(range => !IsBlank(text, range)).Select(Document)]);

        int[] Document((int Start, int End) range)
        {
            tokens.Clear();
            while (range.Start < range.End)
            {
                int start = range.Start;
                Rune character = Next(text, ref range);
                tokens.Add(tokenizer.TryEncode(character, out int token) ? token : throw text.Error(start, $"here is {tokenizer.Unknown(character)}"));
            }
            return Bounded([.. tokens]);
        }
    }

    private static Tokenizer TokenizerOf(CheckedText text, (int Start, int End)[] ranges)
    {
        var characters = new HashSet<Rune>();
        foreach ((int Start, int End) range in ranges.Where(range => !IsBlank(text, range)))
        {
            for ((int Start, int End) rest = range; rest.Start < rest.End;)
            {
                int start = rest.Start;
                if (characters.Add(Next(text, ref rest)) && characters.Count > Tokenizer.MaxCharacters)
                    throw text.Error(start, $"here is one more than {Tokenizer.MaxCharacters} different characters; expected no more than that");
            }
        }
        return new Tokenizer(characters);
    }

    private static IEnumerable<(int Start, int End)> Lines(CheckedText text)
    {
        for (int start = text.Start; start < text.Length;)
        {
            int length = text.Bytes[start..].IndexOf((byte)'\n');
            int end = length < 0 ? text.Length : start + length;
            bool isDosLine = end > start && text.Bytes[end - 1] == '\r';
            yield return (start, isDosLine ? end - 1 : end);
            start = end + 1;
        }
    }

    private static bool IsBlank(CheckedText text, (int Start, int End) range)
    {
        while (range.Start < range.End)
        {
            if (!Rune.IsWhiteSpace(Next(text, ref range)))
                return false;
        }
        return true;
    }

    // The end of a line is one character, whichever way it is written.
    private static Rune Next(CheckedText text, ref (int Start, int End) rest)
    {
        Rune.DecodeFromUtf8(text.Bytes[rest.Start..rest.End], out Rune character, out int consumed);
        rest.Start += consumed;
        bool isDosLineEnd = character.Value == '\r' && rest.Start < rest.End && text.Bytes[rest.Start] == '\n';
        return isDosLineEnd ? Next(text, ref rest) : character;
    }

    private static int[] Bounded(int[] tokens) => [Tokenizer.Boundary, .. tokens, Tokenizer.Boundary];

    private static IEnumerable<int[]> WindowsOf(int[] document, int context)
    {
        for (int start = 0; start < document.Length - 1; start += context)
            yield return document[start..Math.Min(start + context + 1, document.Length)];
    }

    private TextDataset Subset(int[] indices)
    {
        // In the order of the whole, so that a part does not depend on the order of drawing.
        Array.Sort(indices);
        return new TextDataset(Tokenizer, Array.ConvertAll(indices, i => _documents[i]));
    }
}
