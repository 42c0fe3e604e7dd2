// Characters to tokens and back.

namespace Nudge.Tests.Data;

public sealed class TokenizerTests
{
    [Fact]
    public void Tokens_are_the_characters_by_their_code_points_after_the_boundary()
    {
        var tokenizer = new Tokenizer("cabbage");
        Assert.Equal("abceg", tokenizer.Characters);
        Assert.Equal(6, tokenizer.Count);
        Assert.Equal([3, 1, 2], tokenizer.Encode("cab"));
        Assert.Equal("bag", tokenizer.Decode(2, 1, 5));
        Assert.Equal("bag", tokenizer.Decode(Tokenizer.Boundary, 2, 1, 5, Tokenizer.Boundary));
    }

    [Fact]
    public void A_character_outside_the_basic_plane_is_one_token()
    {
        var tokenizer = new Tokenizer("a😀é");
        Assert.Equal(4, tokenizer.Count);
        Assert.Equal([3, 1, 2], tokenizer.Encode("😀aé"));
        Assert.Equal("😀aé", tokenizer.Decode(3, 1, 2));
    }

    [Theory]
    [InlineData("baß", "character 3 is 'ß' (U+00DF)")]
    [InlineData("b b", "character 2 is U+0020")]
    [InlineData("Ab", "character 1 is 'A' (U+0041)")]
    public void An_unknown_character_is_named_with_its_place(string text, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Tokenizer("abc").Encode(text));
        Assert.Contains(expected, error.Message);
        Assert.Contains("the 3 characters known (abc)", error.Message);
    }

    [Fact]
    public void Tokens_that_do_not_exist_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Tokenizer("abc").Decode(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Tokenizer("abc").Decode(-1));
    }

    [Fact]
    public void No_character_and_too_many_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Tokenizer(""));
        string many = string.Concat(Enumerable.Range(0x4E00, Tokenizer.MaxCharacters + 1).Select(code => (char)code));
        Assert.Throws<ArgumentException>(() => new Tokenizer(many));
        Assert.Equal(Tokenizer.MaxCharacters + 1, new Tokenizer(many[1..]).Count);
    }
}
