// Text files as documents of tokens, and what is refused.

using System.IO.Compression;
using System.Text;

namespace Nudge.Tests.Data;

public sealed class TextDatasetTests
{
    [Fact]
    public void Each_line_is_a_document_between_boundaries()
    {
        TextDataset data = Lines("ab\nb\n");
        Assert.Equal([[0, 1, 2, 0], [0, 2, 0]], data.Documents);
        Assert.Equal((2, 4, 5L), (data.Count, data.Longest, data.PredictionCount));
        Assert.Equal("ab", data.TextOf(0));
    }

    [Theory]
    [InlineData("ab\r\nb\r\n")]
    [InlineData("\uFEFFab\nb")]
    [InlineData("\n\nab\n   \n\t\nb\n\n")]
    [InlineData("\u00A0\nab\nb")]
    public void Line_ends_marks_and_blank_lines_make_no_difference(string text)
    {
        TextDataset data = Lines(text);
        Assert.Equal([[0, 1, 2, 0], [0, 2, 0]], data.Documents);
        Assert.Equal("ab", data.Tokenizer.Characters);
    }

    [Fact]
    public void Running_text_is_one_document_with_its_line_ends()
    {
        TextDataset data = Parse("ab\r\n\nb"u8.ToArray(), byCharacter: true);
        Assert.Equal("\nab", data.Tokenizer.Characters);
        Assert.Equal([[0, 2, 3, 1, 1, 3, 0]], data.Documents);
    }

    [Fact]
    public void A_packed_file_is_read_as_its_text()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("ab\nb\n"u8);
        Assert.Equal(Lines("ab\nb\n").Documents, Parse(packed.ToArray(), byCharacter: false).Documents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\n")]
    [InlineData(" \n\t")]
    public void A_file_without_text_is_refused(string text)
    {
        Assert.Contains("expected text", Assert.Throws<DataFormatException>(() => Lines(text)).Message);
        Assert.Contains("expected text", Assert.Throws<DataFormatException>(() => Parse(Encoding.UTF8.GetBytes(text), byCharacter: true)).Message);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_with_their_place()
    {
        byte[] bytes = [.. "ab\nbc"u8, 0xC3, .. "d\n"u8];
        DataFormatException error = Assert.Throws<DataFormatException>(() => Parse(bytes, byCharacter: false));
        Assert.Equal((2, 3), (error.Line, error.Column));
        Assert.Contains("the byte 0xC3 is not UTF-8", error.Message);
        Assert.Contains("UTF-16", Assert.Throws<DataFormatException>(() => Parse([0xFF, 0xFE, 97], byCharacter: false)).Message);
        Assert.Contains("no text file", Assert.Throws<DataFormatException>(() => Parse([97, 0, 98], byCharacter: false)).Message);
    }

    [Fact]
    public void A_character_that_a_given_tokenizer_does_not_know_is_refused_with_its_place()
    {
        DataFormatException error = Assert.Throws<DataFormatException>(() => Parse("ab\nabxb"u8.ToArray(), false, new Tokenizer("ab")));
        Assert.Equal((2, 3), (error.Line, error.Column));
        Assert.Contains("'x' (U+0078)", error.Message);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused()
    {
        Assert.Contains("longer than 5 bytes", Assert.Throws<DataFormatException>(
            () => TextDataset.Read("t.txt", new MemoryStream("abcdef"u8.ToArray()), false, null, maxLength: 5)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(10)]
    public void Windows_predict_every_token_once(int context)
    {
        TextDataset whole = TextDataset.Of(["abcdefgh", "ab"]), windows = whole.Windows(context);
        Assert.Equal(whole.PredictionCount, windows.PredictionCount);
        Assert.All(windows.Documents, window => Assert.InRange(window.Length, 2, context + 1));
        Assert.Equal(
            whole.Documents.SelectMany(document => document[1..]), windows.Documents.SelectMany(document => document[1..]));
        // Each window begins with the token that the one before it ended with.
        int[] starts = [.. windows.Documents.Select(window => window[0])], ends = [.. windows.Documents.Select(window => window[^1])];
        Assert.Equal(ends[..^1], starts[1..]);
    }

    [Fact]
    public void A_split_has_every_document_once_and_follows_the_seed()
    {
        TextDataset data = TextDataset.Names();
        (TextDataset first, TextDataset second) = data.Split(0.1, new Rng(3));
        Assert.Equal((7563, 840), (first.Count, second.Count));
        string[] all = [.. Texts(first), .. Texts(second)];
        Assert.Equal(Texts(data), all.Order(StringComparer.Ordinal));
        Assert.Equal(Texts(second), Texts(data.Split(0.1, new Rng(3)).Second));
        Assert.NotEqual(Texts(second), Texts(data.Split(0.1, new Rng(4)).Second));
        Assert.Same(data.Tokenizer, second.Tokenizer);
        Assert.Throws<ArgumentException>(() => TextDataset.Of(["ab"]).Split(0.5, new Rng(1)));
    }

    [Fact]
    public void The_names_that_come_along_are_sorted_different_and_of_small_letters()
    {
        TextDataset names = TextDataset.Names();
        Assert.Equal("abcdefghijklmnopqrstuvwxyz", names.Tokenizer.Characters);
        Assert.Equal(8403, names.Count);
        Assert.Equal(15, names.Longest);
        string[] texts = [.. Texts(names)];
        Assert.Equal(texts.Distinct().Order(StringComparer.Ordinal), texts);
    }

    private static IEnumerable<string> Texts(TextDataset data) => Enumerable.Range(0, data.Count).Select(data.TextOf);

    private static TextDataset Lines(string text) => Parse(Encoding.UTF8.GetBytes(text), byCharacter: false);

    private static TextDataset Parse(byte[] bytes, bool byCharacter, Tokenizer? tokenizer = null) =>
        TextDataset.Read("t.txt", new MemoryStream(bytes), byCharacter, tokenizer, TextDataset.MaxLength);
}
