// Documents of different lengths, compiled, give what their expressions give.

namespace Nudge.Tests.Compilation;

public sealed class SequenceTests
{
    [Fact]
    public void Random_models_give_the_loss_and_the_gradients_of_their_expressions()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var rng = new Rng(seed);
            SmallModel model = SmallModel.Random(rng);
            int[][] documents = [.. Enumerable.Range(0, 1 + rng.Next(rng.Next(3) == 0 ? 40 : 4)).Select(_ => model.RandomDocument(rng))];
            Value expected = MeanLoss(model, documents);
            double[] gradients = expected.Gradients(model.Parameters);

            CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model, null, Precision.Double);
            Assert.Equal(expected.Data, compiled.Evaluate(documents), 1e-12);
            model.ZeroGradients();
            Assert.Equal(expected.Data, compiled.Backward(documents), 1e-12);
            double scale = Math.Max(1, gradients.Max(Math.Abs));
            for (int i = 0; i < gradients.Length; i++)
                Assert.True(Math.Abs(gradients[i] - model.Parameters[i].Grad) <= 1e-12 * scale, $"seed {seed}, {model.Parameters.NameAt(i)}: {gradients[i]:R} and {model.Parameters[i].Grad:R}");
        }
    }

    [Fact]
    public void A_reader_gives_the_logits_of_the_expression_one_token_after_the_other()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var rng = new Rng(seed);
            SmallModel model = SmallModel.Random(rng);
            int count = 1 + rng.Next(20);
            LanguageReader reader = CompiledLanguageModel.Compile(model, Precision.Double).Begin(count);
            for (int round = 0; round < 2; round++, reader.Restart())
            {
                Func<IndexValue, Value[]>[] eager = [.. Enumerable.Range(0, count).Select(_ => model.Begin())];
                var logits = new double[count * model.VocabularySize];
                for (int step = 0; step < model.ContextLength; step++)
                {
                    int[] tokens = [.. Enumerable.Range(0, count).Select(_ => rng.Next(model.VocabularySize))];
                    reader.Read(tokens, logits);
                    double[] expected = [.. eager.Zip(tokens).SelectMany(pair => pair.First(pair.Second)).Select(logit => logit.Data)];
                    for (int i = 0; i < logits.Length; i++)
                        Assert.True(Math.Abs(expected[i] - logits[i]) < 1e-12, $"seed {seed}, {count} documents, round {round}, step {step}, logit {i}: {expected[i]:R} and {logits[i]:R}");
                }
                Assert.Throws<InvalidOperationException>(() => reader.Read(new int[count], logits));
            }
        }
    }

    // More than a chunk of a batch has lanes.
    [Fact]
    public void A_reader_of_hundreds_of_documents_reads_each_as_if_alone()
    {
        const int count = 700;
        SmallModel model = SmallModel.Random(new Rng(1));
        CompiledLanguageModel compiled = CompiledLanguageModel.Compile(model, Precision.Double);
        LanguageReader together = compiled.Begin(count), alone = compiled.Begin();
        double[] logits = new double[count * model.VocabularySize], expected = new double[model.VocabularySize];
        together.Read([.. Enumerable.Range(0, count).Select(document => document % model.VocabularySize)], logits);
        for (int document = 0; document < count; document++)
        {
            alone.Restart();
            alone.Read([document % model.VocabularySize], expected);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], logits[document * expected.Length + i], 1e-14);
        }
    }

    [Fact]
    public void A_batch_is_the_mean_of_its_documents_and_the_same_bits_every_time()
    {
        var rng = new Rng(5);
        SmallModel model = SmallModel.Random(rng);
        int[][] documents = [.. Enumerable.Range(0, 37).Select(_ => model.RandomDocument(rng))];
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model);
        double[] first = GradientsOf(documents), again = GradientsOf(documents);
        Assert.Equal(first, again);
        double predictions = documents.Sum(document => document.Length - 1);
        double sum = documents.Sum(document => compiled.Evaluate(document) * (document.Length - 1));
        Assert.Equal(sum / predictions, compiled.Evaluate(documents), 1e-5);

        double[] GradientsOf(int[][] batch)
        {
            model.ZeroGradients();
            compiled.Backward(batch);
            return [.. model.Parameters.Select(parameter => parameter.Grad)];
        }
    }

    [Fact]
    public void One_value_may_be_the_loss_of_several_steps()
    {
        ParameterList table = [0.5, 1.5, 2.5];
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(table, 3, tokens =>
        {
            Value chosen = Value.Select([.. table], tokens[0]).Tanh();
            return [chosen, chosen];
        }, Precision.Double);
        table.ZeroGradients();
        Assert.Equal(Math.Tanh(1.5), compiled.Backward([1, 0, 0]), 1e-14);
        Assert.Equal(1 - Math.Pow(Math.Tanh(1.5), 2), table[1].Grad, 1e-14);
    }

    [Fact]
    public void What_a_lane_computes_after_its_document_counts_for_nothing()
    {
        ParameterList table = [0.5, 1.5, 2.5];
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(table, 3, tokens => [Value.Select([.. table], tokens[0]).Log(), Value.Select([.. table], tokens[1]).Log()], Precision.Double);
        table[0].Data = 0; // a token that no document has, and whose logarithm has an infinite slope
        table.ZeroGradients();
        compiled.Backward([[1, 2, 1], [2, 1], [2, 2, 2]]);
        Assert.Equal([0, 1 / 1.5 / 5, 4 / 2.5 / 5], table.Select(parameter => parameter.Grad), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void A_matrix_that_every_step_multiplies_is_brought_together_once()
    {
        LanguageModel model = new LanguageModelSettings { Kind = LanguageModelKind.Gru, VocabularySize = 5, ContextLength = 6, Embedding = 3, Hidden = 4 }.Create(new Rng(1));
        Recording recording = Recording.Of(model.Parameters, 0, 7, (_, tokens) => model.Losses(tokens));
        string[] gathered = [.. Planner.Plan(recording.Tape, 0, 7, 1).Uniform.OfType<Sums>().Where(sums => sums.IsCopy).Select(copy => string.Join(' ', copy.Reads.SelectMany(region => region.Locations)))];
        Assert.NotEmpty(gathered);
        Assert.Equal(gathered.Distinct(), gathered);
    }

    [Fact]
    public void A_loss_that_knows_a_later_token_is_refused()
    {
        ParameterList table = [0.5, 1.5, 2.5];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => CompiledSequenceLoss.Compile(
            table, 4, tokens => [Value.Select([.. table], tokens[3]), Value.Select([.. table], tokens[1]), Value.Select([.. table], tokens[2])]));
        Assert.Contains("token 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_that_do_not_fit_are_refused_before_anything_changes()
    {
        SmallModel model = SmallModel.Random(new Rng(1));
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model);
        model.ZeroGradients();
        Assert.Throws<ArgumentException>(() => { compiled.Backward(); });
        Assert.Throws<ArgumentException>(() => compiled.Backward([0]));
        Assert.Throws<ArgumentException>(() => compiled.Backward(new int[model.ContextLength + 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => compiled.Backward([0, model.VocabularySize]));
        Assert.Throws<ArgumentOutOfRangeException>(() => compiled.Backward([0, -1]));
        Assert.All(model.Parameters, parameter => Assert.Equal(0, parameter.Grad));
        Assert.Throws<ArgumentException>(() => CompiledSequenceLoss.Compile([1.0], 3, _ => [1.0]));
    }

    private static Value MeanLoss(LanguageModel model, int[][] documents) =>
        Value.Mean([.. documents.SelectMany(document => model.Losses(Array.ConvertAll(document, IndexValue.FromInt32)))]);
}
