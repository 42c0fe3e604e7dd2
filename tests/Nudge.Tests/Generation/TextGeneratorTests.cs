// Generating: against reading the model by hand, one document or many, within what it reads and beyond.

namespace Nudge.Tests.Generation;

public sealed class TextGeneratorTests
{
    private static readonly Tokenizer s_letters = new("abcdefgh");

    [Fact]
    public void Greedy_text_is_what_the_model_itself_finds_likeliest()
    {
        TrainedLanguageModel model = Model(LanguageModelKind.Gru, context: 6);
        var generator = new TextGenerator(model, Precision.Double) { Sampler = new Sampler { Temperature = 0 }, MaxLength = 17 };
        string text = Assert.Single(generator.Generate(1, new Rng(1), "ba"));
        Assert.StartsWith("ba", text);
        Assert.Equal(ByHand(model.Model, "ba", 17), text);
        // Nothing is tested where a document never outgrows the model.
        Assert.True(text.Length > 7, text);
    }

    [Fact]
    public void Documents_do_not_depend_on_how_many_there_are()
    {
        var generator = new TextGenerator(Model(LanguageModelKind.Mlp, context: 8), Precision.Double) { MaxLength = 20 };
        string[] many = [.. generator.Generate(70, new Rng(3))];
        Assert.Equal(70, many.Length);
        Assert.Equal(many[..5], generator.Generate(5, new Rng(3)));
        Assert.NotEqual(many[..5], generator.Generate(5, new Rng(4)));
        Assert.All(many, text => Assert.InRange(text.Length, 0, 20));
        Assert.True(many.Distinct().Count() > 20);
    }

    [Fact]
    public void One_document_written_piece_by_piece_is_the_first_of_many()
    {
        var generator = new TextGenerator(Model(LanguageModelKind.Gpt, context: 5), Precision.Double) { MaxLength = 30 };
        var pieces = new List<string>();
        generator.Write(new Rng(5), "he", pieces.Add);
        Assert.Equal("he", pieces[0]);
        Assert.Equal(generator.Generate(3, new Rng(5), "he").First(), string.Concat(pieces));
    }

    [Fact]
    public void A_prompt_longer_than_the_model_reads_is_read_from_its_end()
    {
        var generator = new TextGenerator(Model(LanguageModelKind.Gpt, context: 4), Precision.Double) { Sampler = new Sampler { Temperature = 0 }, MaxLength = 12 };
        // Of a context of 4 the last 2 are read.
        string longer = generator.Generate(1, new Rng(1), "abcdefgh").Single(), other = generator.Generate(1, new Rng(1), "hhhhhhgh").Single();
        Assert.StartsWith("abcdefgh", longer);
        Assert.Equal(longer[8..], other[8..]);
    }

    [Fact]
    public void A_prompt_with_an_unknown_character_is_refused_at_once()
    {
        var generator = new TextGenerator(Model(LanguageModelKind.Mlp, context: 8));
        Assert.Contains("character 2 is 'z'", Assert.Throws<ArgumentException>(() => generator.Generate(1, new Rng(1), "az")).Message);
    }

    [Fact]
    public void A_prompt_that_is_long_enough_is_left_as_it_is()
    {
        var generator = new TextGenerator(Model(LanguageModelKind.Mlp, context: 8)) { MaxLength = 3 };
        Assert.Equal(["abcd"], generator.Generate(1, new Rng(1), "abcd"));
    }

    internal static TrainedLanguageModel Model(LanguageModelKind kind, int context)
    {
        var settings = new LanguageModelSettings { Kind = kind, VocabularySize = s_letters.Count, ContextLength = context, Hidden = 12, Width = 8, Heads = 2 };
        LanguageModel model = settings.Create(new Rng(2));
        // Far from even, so that draws and likeliest tokens are not a matter of the last digit; and seldom an end.
        foreach (Value parameter in model.Parameters)
            parameter.Data *= 3;
        return new TrainedLanguageModel(model, s_letters);
    }

    // As the rule says it, with nothing kept: all that can be read is read anew for each character.
    private static string ByHand(LanguageModel model, string prompt, int maxLength)
    {
        List<int> tokens = [Tokenizer.Boundary, .. s_letters.Encode(prompt)];
        int start = 0;
        while (tokens.Count <= maxLength)
        {
            if (tokens.Count - start > model.ContextLength)
                start = tokens.Count - (model.ContextLength + 1) / 2;
            Func<IndexValue, Value[]> read = model.Begin();
            Value[] logits = [];
            foreach (int token in tokens[start..])
                logits = read(token);
            int best = Enumerable.Range(0, logits.Length).MaxBy(i => logits[i].Data);
            if (best == Tokenizer.Boundary)
                break;
            tokens.Add(best);
        }
        return s_letters.Decode([.. tokens]);
    }
}
