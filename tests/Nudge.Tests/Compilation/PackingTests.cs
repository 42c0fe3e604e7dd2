// Documents side by side without gaps give what each gives by itself.

namespace Nudge.Tests.Compilation;

public sealed class PackingTests
{
    public static TheoryData<LanguageModelKind> Kinds => [.. Enum.GetValues<LanguageModelKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_model_gives_the_loss_and_the_gradients_of_its_expression(LanguageModelKind kind)
    {
        LanguageModel model = new LanguageModelSettings { Kind = kind, VocabularySize = 9, ContextLength = 7, Embedding = 5, Hidden = 6, Layers = 2, Width = 8, Heads = 2 }.Create(new Rng(3));
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model, precision: Precision.Double);
        var rng = new Rng(4);
        // Batches of few and of many documents, after each other: what is left of one must not show in the next.
        foreach (int count in new[] { 23, 2, 1, 8, 3, 16 })
        {
            int[][] documents = [.. Enumerable.Range(0, count).Select(_ => RandomDocument(2 + rng.Next(7)))];
            Value expected = Value.Mean([.. documents.SelectMany(document => model.Losses(Array.ConvertAll(document, IndexValue.FromInt32)))]);
            double[] gradients = expected.Gradients(model.Parameters);
            model.ZeroGradients();
            Assert.Equal(expected.Data, compiled.Backward(documents), 1e-12);
            for (int i = 0; i < gradients.Length; i++)
                Assert.Equal(gradients[i], model.Parameters[i].Grad, 1e-11);
        }

        int[] RandomDocument(int length) => [.. Enumerable.Range(0, length).Select(_ => rng.Next(9))];
    }

    [Fact]
    public void All_matrix_products_of_a_gpt_are_packed()
    {
        var model = new Gpt(27, 16, new Rng(1), new GptOptions { Width = 16, Heads = 4 });
        Plan plan = PlanOf(model), packed = Packing.Of(plan)!;
        Assert.Equal(0, packed.Packed!.FirstLevel);
        Assert.Equal(plan.Varying.OfType<Nest>().Count(), packed.Varying.OfType<Nest>().Count());
        Assert.All(packed.Varying.OfType<Nest>().Where(nest => !nest.IsOfLanes), product => Assert.True(product.Result.Index >= packed.Packed.Start));
        Assert.NotNull(packed.Packed.Root);
    }

    // The first position attends to one number alone in each head.
    [Fact]
    public void The_attention_of_all_positions_and_heads_is_one_softmax()
    {
        Plan plan = PlanOf(new Gpt(27, 16, new Rng(1), new GptOptions { Width = 16, Heads = 4 }));
        Assert.Equal(64, Assert.Single(plan.Varying.OfType<SoftmaxLists>()).Ends.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Numbers_of_each_position_go_to_the_rows_that_they_belong_to(int rowsOfOne)
    {
        const int vocabulary = 5, width = 4, positions = 6;
        int own = width / rowsOfOne;
        var rng = new Rng(5);
        ParameterList parameters = new(Enumerable.Range(0, vocabulary * width + positions * own).Select(_ => new Value(rng.Uniform(-1, 1))));
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(parameters, positions + 1, LossesOf, Precision.Double);
        int[][] documents = [.. Enumerable.Range(0, 21).Select(_ => Enumerable.Range(0, 2 + rng.Next(positions)).Select(_ => rng.Next(vocabulary)).ToArray())];
        Value expected = Value.Mean([.. documents.SelectMany(document => LossesOf(Array.ConvertAll(document, IndexValue.FromInt32)))]);
        double[] gradients = expected.Gradients(parameters);
        parameters.ZeroGradients();
        Assert.Equal(expected.Data, compiled.Backward(documents), 1e-12);
        for (int i = 0; i < gradients.Length; i++)
            Assert.Equal(gradients[i], parameters[i].Grad, 1e-12);

        Value[] LossesOf(IndexValue[] tokens) => [.. Enumerable.Range(0, tokens.Length - 1).Select(position =>
        {
            Value sum = 0;
            for (int i = 0; i < width; i++)
            {
                Value embedded = Value.Select([.. Enumerable.Range(0, vocabulary).Select(token => parameters[token * width + i])], tokens[position]);
                sum += (embedded * parameters[vocabulary * width + position * own + i / rowsOfOne]).Tanh() * (i + 1);
            }
            return sum;
        })];
    }

    [Fact]
    public void Where_every_step_needs_the_one_before_nothing_is_packed()
    {
        ParameterList parameters = [0.5, 0.25];
        Recording recording = Recording.Of(parameters, 0, 4, (_, tokens) =>
        {
            Value state = Value.Select([.. parameters], tokens[0]);
            return [.. Enumerable.Range(1, 3).Select(i => state = (state * parameters[1] + Value.Select([.. parameters], tokens[i])).Tanh())];
        });
        Assert.Null(Packing.Of(Planner.Plan(recording.Tape, 0, 4, 1)));
    }

    private static Plan PlanOf(LanguageModel model)
    {
        Recording recording = Recording.Of(model.Parameters, 0, model.ContextLength + 1, (_, tokens) => model.Losses(tokens));
        return Planner.Plan(recording.Tape, 0, model.ContextLength + 1, 1);
    }
}
