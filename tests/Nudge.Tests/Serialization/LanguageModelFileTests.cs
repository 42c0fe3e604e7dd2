// Language models in files: the same bits come back, and what is no such file is refused.

using System.Text;
using Nudge.Tests.Generation;

namespace Nudge.Tests.Serialization;

public sealed class LanguageModelFileTests
{
    public static TheoryData<LanguageModelKind> Kinds => [.. Enum.GetValues<LanguageModelKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_comes_back_with_the_same_bits(LanguageModelKind kind)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        var settings = new LanguageModelSettings
        {
            Kind = kind,
            VocabularySize = 5,
            ContextLength = 7,
            Window = 4,
            Embedding = 3,
            Hidden = 6,
            Layers = 2,
            Width = 6,
            Heads = 3,
            Norm = Norm.Layer,
            Activation = Activation.Tanh,
            Biases = true,
        };
        var model = new TrainedLanguageModel(settings.Create(new Rng(4)), new Tokenizer("ab\n😀"), byCharacter: true);
        model.Save(path);
        Assert.True(TrainedLanguageModel.IsIn(path));
        TrainedLanguageModel loaded = TrainedLanguageModel.Load(path);
        Assert.Equal(model.Settings, loaded.Settings);
        Assert.Equal(model.Model.Parameters.ToArray(), loaded.Model.Parameters.ToArray());
        Assert.Equal("\nab😀", loaded.Tokenizer.Characters);
        Assert.True(loaded.ByCharacter);
    }

    [Fact]
    public void The_number_of_parameters_is_known_before_a_model_is_made()
    {
        foreach (LanguageModelKind kind in Enum.GetValues<LanguageModelKind>())
        {
            foreach (Norm norm in Enum.GetValues<Norm>())
            {
                foreach (bool biases in new[] { false, true })
                {
                    var settings = new LanguageModelSettings
                    {
                        Kind = kind,
                        VocabularySize = 5,
                        ContextLength = 7,
                        Window = 4,
                        Embedding = 3,
                        Hidden = 6,
                        Layers = 2,
                        Width = 6,
                        Heads = 3,
                        Norm = norm,
                        Biases = biases,
                    };
                    Assert.Equal(settings.Create(new Rng(1)).Parameters.Count, settings.ParameterCount);
                }
            }
        }
    }

    [Fact]
    public void A_model_that_no_file_can_describe_is_refused_and_so_are_other_characters()
    {
        Assert.Contains("has no settings", Assert.Throws<ArgumentException>(() => new TrainedLanguageModel(new Own(), new Tokenizer("ab"))).Message);
        Assert.Contains("knows 3 tokens", Assert.Throws<ArgumentException>(() => new TrainedLanguageModel(new Bigram(3, 4), new Tokenizer("abc"))).Message);
    }

    [Fact]
    public void A_model_that_has_diverged_is_not_saved()
    {
        using var folder = new TemporaryFolder();
        var model = new Bigram(3, 4);
        model.Parameters[2].Data = double.NaN;
        Assert.Contains("scores[2]", Assert.Throws<InvalidOperationException>(
            () => new TrainedLanguageModel(model, new Tokenizer("ab")).Save(folder.File("m"))).Message);
        Assert.Empty(folder.Files);
    }

    [Theory]
    [InlineData("\\\"width\\\":8", "\\\"width\\\":9", "numbers; expected")]
    [InlineData("\\\"width\\\":8", "\\\"width\\\":800000000", "numbers; expected")]
    [InlineData("\\\"heads\\\":2", "\\\"heads\\\":3", "3 heads cannot share")]
    [InlineData("\\\"heads\\\":2", "\\\"heads\\\":0", "Heads of at least 1")]
    [InlineData("\\\"context\\\":5", "\\\"context\\\":6", "numbers; expected")]
    [InlineData("\\\"context\\\":5", "\\\"context\\\":2000000000", "expected at most 65536")]
    [InlineData("\\\"kind\\\":\\\"gpt\\\"", "\\\"kind\\\":\\\"gpq\\\"", "no kind of language model 'gpq'")]
    [InlineData("\\\"kind\\\":\\\"gpt\\\"", "\\\"kind\\\":\\\"mlp\\\"", "has no 'window'")]
    [InlineData("\\\"biases\\\":false", "\\\"biases\\\":0", "expected true or false")]
    [InlineData("\\\"norm\\\":\\\"rms\\\"", "\\\"norm\\\":\\\"rum\\\"", "no norm 'rum'")]
    [InlineData("\"characters\":\"abc", "\"characters\":\"bac", "another order")]
    [InlineData("\"characters\":\"abc", "\"characters\":\"aac", "another order")]
    [InlineData("\"characters\":\"abc", "\"characters\":\"ac", "knows 9 tokens")]
    [InlineData("\"characters\":\"abcdefgh\"", "\"characters\":\"\"", "from 1 to 10000")]
    [InlineData("\"characters\":", "\"charactres\":", "a model for rows of numbers")]
    [InlineData("\"documents\":\"lines\"", "\"documents\":\"verse\"", "expected 'lines' or 'text'")]
    [InlineData("positions.weight", "pasitions.weight", "no tensor 'positions.weight'")]
    [InlineData("\"version\":\"1\"", "\"version\":\"2\"", "version '2'")]
    public void A_claim_that_does_not_hold_is_refused(string claim, string other, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        TextGeneratorTests.Model(LanguageModelKind.Gpt, context: 5).Save(path);
        byte[] whole = File.ReadAllBytes(path);
        string text = Encoding.Latin1.GetString(whole);
        Assert.Contains(claim, text);
        byte[] changed = Encoding.Latin1.GetBytes(text.Replace(claim, other, StringComparison.Ordinal));
        BitConverter.TryWriteBytes(changed, BitConverter.ToInt64(whole) + changed.Length - whole.Length);
        File.WriteAllBytes(path, changed);
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => TrainedLanguageModel.Load(path)).Message);
    }

    [Fact]
    public void Each_kind_of_model_file_is_told_from_the_other()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.safetensors"), rows = folder.File("rows.safetensors");
        TextGeneratorTests.Model(LanguageModelKind.Mlp, context: 5).Save(text);
        var scales = new Standardizer([0, 0], [1, 1]);
        new TrainedModel(new Mlp(2, [1], new Rng(1)), Objective.MeanSquaredError, ["a", "b"], "y", null, scales).Save(rows);
        Assert.False(TrainedLanguageModel.IsIn(rows));
        Assert.Contains("a model for rows of numbers", Assert.Throws<ModelFormatException>(() => TrainedLanguageModel.Load(rows)).Message);
        Assert.Contains("a language model", Assert.Throws<ModelFormatException>(() => TrainedModel.Load(text)).Message);
    }

    private sealed class Own() : LanguageModel(3, 4)
    {
        public override Func<IndexValue, Value[]> Begin() => _ => [new Value(0), new Value(0), new Value(0)];
    }
}
