// What must hold for every language model, whatever its numbers, and how settings make one again.

using System.Globalization;
using Nudge.Tests.Lessons;

namespace Nudge.Tests.Language;

public class LanguageModelTests
{
    private const int Vocabulary = 6, Context = 8;

    public static TheoryData<string> Ladder => [.. Settings.Keys];

    private static Dictionary<string, LanguageModelSettings> Settings { get; } = new()
    {
        ["bigram"] = Of(LanguageModelKind.Bigram),
        ["mlp"] = Of(LanguageModelKind.Mlp) with { Window = 2, Embedding = 3, Hidden = 5 },
        ["rnn"] = Of(LanguageModelKind.Rnn) with { Embedding = 3, Hidden = 5 },
        ["gru"] = Of(LanguageModelKind.Gru) with { Embedding = 3, Hidden = 5 },
        ["gpt"] = Of(LanguageModelKind.Gpt) with { Width = 8, Heads = 2 },
        ["gpt of the other kind"] = Of(LanguageModelKind.Gpt) with
        {
            Width = 6,
            Heads = 3,
            Layers = 2,
            Norm = Norm.Layer,
            Activation = Activation.Gelu,
            Biases = true,
        },
    };

    [Theory]
    [MemberData(nameof(Ladder))]
    public void Logits_depend_on_what_was_read_and_on_nothing_that_comes_later(string name)
    {
        LanguageModel model = Make(name);
        double[][] first = Read(model, [0, 3, 1, 4, 2]), second = Read(model, [0, 3, 1, 5, 2]);
        for (int position = 0; position < 3; position++)
            Assert.Equal(first[position], second[position]);
        Assert.NotEqual(first[3], second[3]);
    }

    [Theory]
    [MemberData(nameof(Ladder))]
    public void Two_documents_read_in_turns_do_not_mix(string name)
    {
        LanguageModel model = Make(name);
        int[] one = [0, 3, 1, 4], other = [0, 5, 5, 2];
        Func<IndexValue, Value[]> readOne = model.Begin(), readOther = model.Begin();
        for (int i = 0; i < one.Length; i++)
        {
            Assert.Equal(Read(model, one)[i], Data(readOne(one[i])));
            Assert.Equal(Read(model, other)[i], Data(readOther(other[i])));
        }
    }

    [Theory]
    [MemberData(nameof(Ladder))]
    public void What_was_read_before_matters_where_there_is_a_memory(string name)
    {
        LanguageModel model = Make(name);
        double[] after = Read(model, [0, 1, 2, 3])[3];
        // The bigram sees the last token, this MLP the last two, and the others all of them.
        Assert.Equal(name is "bigram", Same(after, [0, 1, 4, 3]));
        Assert.Equal(name is "bigram" or "mlp", Same(after, [0, 4, 2, 3]));
        Assert.Equal(name is "bigram" or "mlp", Same(after, [5, 1, 2, 3]));

        bool Same(double[] logits, int[] tokens) => logits.SequenceEqual(Read(model, tokens)[^1]);
    }

    [Theory]
    [MemberData(nameof(Ladder))]
    public void Settings_and_a_seed_make_the_same_model_again(string name)
    {
        LanguageModel model = Settings[name].Create(new Rng(7)), again = model.Settings!.Create(new Rng(7));
        Assert.Equal(Settings[name], model.Settings);
        Assert.IsType(model.GetType(), again);
        Assert.Equal(model.Parameters.ToArray(), again.Parameters.ToArray());
        Assert.Equal(
            Enumerable.Range(0, model.Parameters.Count).Select(model.Parameters.NameAt),
            Enumerable.Range(0, again.Parameters.Count).Select(again.Parameters.NameAt));
    }

    [Theory]
    [MemberData(nameof(Ladder))]
    public void At_first_every_token_is_about_as_likely(string name)
    {
        double loss = Make(name).Loss(0, 1, 2, 3, 4, 5, 0).Data;
        Assert.Equal(Math.Log(Vocabulary), loss, 0.15);
    }

    [Fact]
    public void Before_a_document_the_MLP_sees_the_boundary()
    {
        var model = new CharacterMlp(Vocabulary, Context, new Rng(1), window: 3, embedding: 2, hidden: 4);
        Assert.Equal(Data(model.Forward(0, 0, 4)), Read(model, [4])[0]);
        Assert.Equal(Data(model.Forward(0, 4, 2)), Read(model, [4, 2])[1]);
        Assert.Equal(Data(model.Forward(4, 2, 1)), Read(model, [4, 2, 1])[2]);
        Assert.Contains("Expected 3 tokens, got 2", Assert.Throws<ArgumentException>(() => model.Forward(1, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bigram_row_learns_how_often_tokens_follow()
    {
        var model = new Bigram(3, 4);
        var adam = new Adam(model.Parameters, 0.1);
        for (int step = 0; step < 300; step++)
        {
            adam.ZeroGradients();
            // After 0 stands 1 twice and 2 once.
            Value.Mean(model.Loss(0, 1), model.Loss(0, 1), model.Loss(0, 2)).Backward();
            adam.Step();
        }
        Value[] row = Softmax.Of(model.Begin()(0));
        Assert.Equal(2 / 3.0, row[1].Data, 1e-2);
        Assert.Equal(1 / 3.0, row[2].Data, 1e-2);
    }

    [Fact]
    public void The_GPT_of_the_default_options_has_its_parameters_in_the_order_it_says()
    {
        var model = new Gpt(27, 16, new Rng(1));
        string[] names = [.. Enumerable.Range(0, model.Parameters.Count).Select(model.Parameters.NameAt)];
        (int Place, string Name)[] expected =
        [
            (0, "tokens.table[0]"), (27 * 16, "positions.table[0]"), (43 * 16, "blocks.0.attention.query.neurons.0.w[0]"),
            (43 * 16 + 256, "blocks.0.attention.key.neurons.0.w[0]"), (43 * 16 + 512, "blocks.0.attention.value.neurons.0.w[0]"),
            (43 * 16 + 768, "blocks.0.attention.output.neurons.0.w[0]"), (43 * 16 + 1024 + 16, "blocks.0.expand.neurons.1.w[0]"),
            (43 * 16 + 2048, "blocks.0.contract.neurons.0.w[0]"), (43 * 16 + 3072, "output.neurons.0.w[0]"),
        ];
        Assert.All(expected, entry => Assert.Equal(entry.Name, names[entry.Place]));
    }

    [Theory]
    [InlineData(LanguageModelKind.Bigram, 729)]
    [InlineData(LanguageModelKind.Mlp, 11_897)]
    [InlineData(LanguageModelKind.Rnn, 6_825)]
    [InlineData(LanguageModelKind.Gru, 16_489)]
    [InlineData(LanguageModelKind.Gpt, 4_192)]
    [InlineData(LanguageModelKind.Gpt, 53_632, 64)]
    public void Over_27_tokens_the_ladder_has_as_many_parameters_as_its_page_says(LanguageModelKind kind, int count, int width = 16)
    {
        var settings = new LanguageModelSettings { Kind = kind, VocabularySize = 27, ContextLength = 16, Width = width };
        if (kind == LanguageModelKind.Mlp)
            settings = settings with { Hidden = 200 };
        Assert.Equal(count, settings.Create(new Rng(1)).Parameters.Count);
        string page = File.ReadAllText(Path.Combine(Programs.Root, "docs", "language-models.md"));
        Assert.Contains($"| {count.ToString("N0", CultureInfo.InvariantCulture)} |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_prints_its_parts()
    {
        var model = new Gpt(5, 4, new Rng(1), new GptOptions { Width = 4, Heads = 2, Norm = Norm.Layer });
        Assert.Equal(
            [
                "tokens                     Embedding 5 × 4, 20 parameters", "positions                  Embedding 4 × 4, 16 parameters",
                "norm                       LayerNorm 4, 4 parameters", "blocks.0.attentionNorm     LayerNorm 4, 4 parameters",
                "blocks.0.attention.query   Layer 4 → 4, linear, 16 parameters", "blocks.0.attention.key     Layer 4 → 4, linear, 16 parameters",
                "blocks.0.attention.value   Layer 4 → 4, linear, 16 parameters", "blocks.0.attention.output  Layer 4 → 4, linear, 16 parameters",
                "blocks.0.hiddenNorm        LayerNorm 4, 4 parameters", "blocks.0.expand            Layer 4 → 16, relu, 64 parameters",
                "blocks.0.contract          Layer 16 → 4, linear, 64 parameters", "output                     Layer 4 → 5, linear, 20 parameters",
                "total                      260 parameters",
            ],
            model.ToString().Split('\n'));
        Assert.Equal("scores  9 parameters", new Bigram(3, 2).ToString().Split('\n')[0]);
    }

    [Fact]
    public void A_full_GPT_says_so()
    {
        Func<IndexValue, Value[]> read = new Gpt(3, 2, new Rng(1)).Begin();
        read(0);
        read(1);
        Assert.Contains("at most 2 tokens", Assert.Throws<InvalidOperationException>(() => read(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_make_no_model_are_refused()
    {
        LanguageModelSettings gpt = Settings["gpt"], rnn = Settings["rnn"];
        Refused("3 heads cannot share a width of 8", gpt with { Heads = 3 });
        Refused("Layers of at least 1 for the Gpt model, got 0", gpt with { Layers = 0 });
        Refused("Width of at least 1", gpt with { Width = 0 });
        Refused("Heads of at least 1", gpt with { Heads = -1 });
        Refused("VocabularySize of at least 1", gpt with { VocabularySize = 0 });
        Refused("ContextLength of at least 1", gpt with { ContextLength = 0 });
        Refused("Expected a norm that exists", gpt with { Norm = (Norm)9 });
        Refused("Hidden of at least 1 for the Rnn model, got 0", rnn with { Hidden = 0 });
        Refused("Embedding of at least 1", rnn with { Embedding = 0 });
        Refused("Window of at least 1", Settings["mlp"] with { Window = 0 });
        Refused("no language model of the kind 99", rnn with { Kind = (LanguageModelKind)99 });

        static void Refused(string message, LanguageModelSettings settings) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => settings.Create(new Rng(1))).Message, StringComparison.Ordinal);
    }

    private static LanguageModelSettings Of(LanguageModelKind kind) =>
        new() { Kind = kind, VocabularySize = Vocabulary, ContextLength = Context };

    private static LanguageModel Make(string name)
    {
        LanguageModel model = Settings[name].Create(new Rng(7));
        // A bigram starts from zeros, which would make any two rows alike.
        if (model is Bigram)
            model.Parameters.Load([.. Enumerable.Range(0, model.Parameters.Count).Select(i => 0.01 * i)]);
        return model;
    }

    private static double[][] Read(LanguageModel model, int[] tokens)
    {
        Func<IndexValue, Value[]> read = model.Begin();
        return [.. tokens.Select(token => Data(read(token)))];
    }

    private static double[] Data(Value[] values) => Array.ConvertAll(values, value => value.Data);
}
