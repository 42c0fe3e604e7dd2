// Whole programs give what their expressions give with vectors of every width, for every number of examples in the last of them.

namespace Nudge.Tests.Compilation;

public sealed class VectorWidthTests
{
    private const int Inputs = 5, Classes = 3, MostExamples = 70;

    private readonly Mlp _network = new(Inputs, [7, 6, Classes], new Rng(1), Activation.Tanh, Activation.Linear);

    public VectorWidthTests() => EveryWidth.Round(_network.Parameters);

    [Fact]
    public void Batches_of_1_to_70_examples_have_the_mean_loss_and_gradient_of_their_examples()
    {
        ParameterList parameters = _network.Parameters;
        var rng = new Rng(2);
        double[] inputs = RandomNumbers(rng, MostExamples * Inputs);
        int[] classes = [.. Enumerable.Range(0, MostExamples).Select(_ => rng.Next(Classes))];
        var losses = new double[MostExamples];
        var gradients = new double[MostExamples][];
        for (int i = 0; i < MostExamples; i++)
        {
            Value loss = LossOf(ValuesOf(inputs.AsSpan(i * Inputs, Inputs)), classes[i]);
            (losses[i], gradients[i]) = (loss.Data, loss.Gradients(parameters));
        }
        Recording recording = Recording.Of(parameters, Inputs, 1, (x, k) => [LossOf(x, k[0])]);
        foreach (WidthProgram program in EveryWidth.Of(recording, parameters))
        {
            for (int count = 1; count <= MostExamples; count++)
            {
                double[] got = EveryWidth.GradientsOf(
                    parameters, () => program.Engine.Differentiate(count, inputs.AsSpan(0, count * Inputs), classes.AsSpan(0, count)), out double loss);
                program.RequireSameBits(count, [loss, .. got]);
                double[] expected = [losses.Take(count).Average(), .. Enumerable.Range(0, parameters.Count).Select(i => gradients.Take(count).Average(of => of[i]))];
                double difference = EveryWidth.Difference(expected, [loss, .. got]);
                Assert.True(difference <= program.Tolerance, $"{program}, {count} examples: {difference:R}");
                Assert.Equal(loss, program.Engine.Evaluate(count, inputs.AsSpan(0, count * Inputs), classes.AsSpan(0, count)));
            }
        }

        Value LossOf(Value[] x, IndexValue k) => Loss.CrossEntropy(_network.Forward(x), k) + Loss.L2Penalty(_network.Parameters, 0.01);
    }

    // What the others compare would be worth nothing if all widths were the machine's.
    [Fact]
    public void Programs_have_the_width_that_is_asked_for()
    {
        Recording recording = Recording.Of(_network.Parameters, Inputs, 0, (x, _) => [_network.Forward(x)[0]]);
        Assert.All(EveryWidth.Of(recording, _network.Parameters), program => Assert.Equal(program.Bits > 1 ? program.Bits : program.Precision == Precision.Single ? 32 : 64, program.Engine.VectorBitsFor(MostExamples)));
    }

    [Fact]
    public void Functions_of_1_to_70_points_have_the_outputs_and_the_slopes_of_their_expressions()
    {
        double[] inputs = RandomNumbers(new Rng(3), MostExamples * Inputs);
        var outputs = new List<double>();
        var slopes = new List<double>();
        for (int i = 0; i < MostExamples; i++)
        {
            ParameterList x = new(ValuesOf(inputs.AsSpan(i * Inputs, Inputs)));
            outputs.AddRange(_network.Forward([.. x]).Select(output => output.Data));
            slopes.AddRange(Formula([.. x]).Gradients(x));
        }
        Recording network = Recording.Of(_network.Parameters, Inputs, 0, (x, _) => _network.Forward(x));
        Recording formula = Recording.Of(_network.Parameters, Inputs, 0, (x, _) => [Formula(x)]);
        IEnumerable<WidthProgram> formulas = EveryWidth.Of(formula, _network.Parameters);
        foreach ((WidthProgram function, WidthProgram differentiated) in EveryWidth.Of(network, _network.Parameters).Zip(formulas))
        {
            for (int count = 1; count <= MostExamples; count++)
            {
                double[] got = new double[count * Classes], values = new double[count], gradients = new double[count * Inputs];
                ReadOnlySpan<double> points = inputs.AsSpan(0, count * Inputs);
                function.Engine.Outputs(count, points, [], got);
                differentiated.Engine.InputGradients(count, points, values, gradients);
                double difference = Math.Max(
                    EveryWidth.Difference(outputs[..(count * Classes)], got), EveryWidth.Difference(slopes[..(count * Inputs)], gradients));
                Assert.True(difference <= function.Tolerance, $"{function}, {count} points: {difference:R}");
            }
        }

        Value Formula(Value[] x)
        {
            Value[] y = _network.Forward(x);
            return (y[0] - y[1]).Abs() * y[2].Sigmoid() + (x[0] * x[1] - 0.5 * x[2]).Sin() * x[3].Relu();
        }
    }

    [Fact]
    public void A_batch_that_is_cut_into_shards_gives_the_gradient_of_its_expression()
    {
        const int inputs = 61, examples = 290;
        var network = new Mlp(inputs, [129, 10], new Rng(4), Activation.Relu, Activation.Linear);
        EveryWidth.Round(network.Parameters);
        double[] batch = RandomNumbers(new Rng(5), examples * inputs);
        double loss = 0;
        var expected = new double[network.Parameters.Count];
        for (int i = 0; i < examples; i++)
        {
            Value one = LossOf(ValuesOf(batch.AsSpan(i * inputs, inputs)));
            loss += one.Data / examples;
            double[] gradients = one.Gradients(network.Parameters);
            for (int j = 0; j < expected.Length; j++)
                expected[j] += gradients[j] / examples;
        }
        Recording recording = Recording.Of(network.Parameters, inputs, 0, (x, _) => [LossOf(x)]);
        foreach (WidthProgram program in EveryWidth.Of(recording, network.Parameters))
        {
            double[] got = EveryWidth.GradientsOf(network.Parameters, () => program.Engine.Differentiate(examples, batch, []), out double mean);
            program.RequireSameBits(examples, [mean, .. got]);
            double difference = EveryWidth.Difference([loss, .. expected], [mean, .. got]);
            Assert.True(difference <= program.Tolerance, $"{program}: {difference:R}");
        }

        Value LossOf(Value[] x) => Loss.CrossEntropy(network.Forward(x), 3);
    }

    // A product of one vector of lanes and the function of its results are one step.
    [Theory]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    [InlineData("relu")]
    [InlineData("none")]
    public void Small_layers_have_the_gradient_of_their_expression(string function)
    {
        string[] layouts = ["a bias behind each row", "no bias", "biases behind all rows", "by columns"];
        int[] heights = [1, 4, 6], depths = [1, 3, 4, 7];
        foreach ((string layout, int rows, int depth) in from layout in layouts from rows in heights from depth in depths select (layout, rows, depth))
        {
            var rng = new Rng((ulong)(10 * rows + depth));
            ParameterList parameters = new(RandomNumbers(rng, rows * (depth + 1) + depth).Select(number => new Value(number)));
            EveryWidth.Round(parameters);
            double[] inputs = RandomNumbers(rng, 16 * depth);
            Value[] losses = [.. inputs.Chunk(depth).Select(example => LossOf(ValuesOf(example)))];
            foreach (WidthProgram program in EveryWidth.Of(Recording.Of(parameters, depth, 0, (x, _) => [LossOf(x)]), parameters))
            {
                foreach (int count in new[] { 2, 3, 7, 16 })
                {
                    Value mean = Value.Mean(losses.AsSpan(0, count));
                    double[] got = EveryWidth.GradientsOf(parameters, () => program.Engine.Differentiate(count, inputs.AsSpan(0, count * depth), []), out double loss);
                    program.RequireSameBits(count, [loss, .. got]);
                    double difference = EveryWidth.Difference([mean.Data, .. mean.Gradients(parameters)], [loss, .. got]);
                    Assert.True(difference <= program.Tolerance, $"{program}, {layout}, {rows} × {depth}, {count} examples: {difference:R}");
                }
            }

            // The numbers before the layer depend on parameters, so that it has to hand their gradient on.
            Value LossOf(Value[] x)
            {
                Value[] before = [.. x.Select((number, i) => number * parameters[^(i + 1)])];
                return Value.Sum([.. Enumerable.Range(0, rows).Select(row => Apply(Row(row, before)).Pow(2) * (row + 1))]);
            }

            Value Row(int row, Value[] x)
            {
                Value sum = layout switch
                {
                    "no bias" or "by columns" => 0,
                    "biases behind all rows" => parameters[rows * depth + row],
                    _ => parameters[row * (depth + 1) + depth],
                };
                for (int i = 0; i < depth; i++)
                    sum += x[i] * parameters[layout switch { "by columns" => i * rows + row, "a bias behind each row" => row * (depth + 1) + i, _ => row * depth + i }];
                return sum;
            }
        }

        Value Apply(Value a) => function switch { "tanh" => a.Tanh(), "sigmoid" => a.Sigmoid(), "relu" => a.Relu(), _ => a };
    }

    // Of a single example, the vectors that a matrix meets again and again become the lanes themselves.
    [Theory]
    [InlineData("by rows")]
    [InlineData("by columns")]
    [InlineData("with gaps")]
    public void A_matrix_that_one_example_multiplies_many_times_has_the_gradient_of_its_expression(string layout)
    {
        foreach (int repeats in new[] { 1, 2, 3, 4, 5, 8, 9, 17 })
        {
            int size = 4 * repeats + 5;
            var rng = new Rng((ulong)repeats);
            ParameterList parameters = new(RandomNumbers(rng, 2 * size * size).Select(number => new Value(number / size)));
            double[] inputs = RandomNumbers(rng, repeats * size);
            EveryWidth.Round(parameters);
            Value mean = LossOf(ValuesOf(inputs));
            double[] expected = [mean.Data, .. mean.Gradients(parameters)];
            foreach (WidthProgram program in EveryWidth.Of(Recording.Of(parameters, inputs.Length, 0, (x, _) => [LossOf(x)]), parameters))
            {
                double[] got = EveryWidth.GradientsOf(parameters, () => program.Engine.Differentiate(1, inputs, []), out double loss);
                program.RequireSameBits(1, [loss, .. got]);
                double difference = EveryWidth.Difference(expected, [loss, .. got]);
                Assert.True(difference <= program.Tolerance, $"{program}, {repeats} vectors: {difference:R}");
            }

            Value LossOf(Value[] x) => Value.Mean([.. x.Chunk(size).SelectMany(vector => Times(Times(vector))).Select(y => y * y)]);

            Value[] Times(Value[] x) => [.. Enumerable.Range(0, size).Select(row => Value.Sum([.. x.Select((number, column) => Weight(row, column) * number)]).Tanh())];

            Value Weight(int row, int column) => layout switch
            {
                "by rows" => parameters[row * size + column],
                "by columns" => parameters[column * size + row],
                _ => parameters[2 * (row * size + column)],
            };
        }
    }

    public static TheoryData<string> Models => [.. s_models.Keys];

    private static readonly Dictionary<string, Func<LanguageModel>> s_models = new()
    {
        ["bigram"] = () => new Bigram(7, 5),
        ["character MLP"] = () => new CharacterMlp(7, 5, new Rng(1), window: 2, embedding: 3, hidden: 9),
        ["recurrent"] = () => new ElmanRnn(7, 5, new Rng(1), embedding: 3, hidden: 9),
        ["GRU"] = () => new Gru(7, 5, new Rng(1), embedding: 3, hidden: 9),
        ["GPT"] = () => new Gpt(7, 5, new Rng(1), new GptOptions { Layers = 2, Width = 6, Heads = 2, Norm = Norm.Layer, Biases = true }),
        ["wide GPT"] = () => new Gpt(27, 9, new Rng(1), new GptOptions { Width = 20, Heads = 2 }),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Documents_have_the_mean_loss_and_gradient_of_their_predictions(string name)
    {
        LanguageModel model = s_models[name]();
        var rng = new Rng(6);
        // Weights that are no longer small, so that every part of the model matters.
        foreach (Value parameter in model.Parameters)
            parameter.Data = rng.Uniform(-0.6, 0.6);
        CheckDocuments(name, model, rng, [1, 2, 3, 5, 8, 9, 17, 33]);
        CheckReading(name, model, rng, [1, 3, 18]);
    }

    [Fact]
    public void Documents_of_random_models_have_the_mean_loss_and_gradient_of_their_predictions()
    {
        for (ulong seed = 1; seed <= (Soak.Wanted ? 2_000UL : 40UL); seed++)
        {
            var rng = new Rng(seed);
            SmallModel model = SmallModel.Random(rng);
            CheckDocuments($"seed {seed}", model, rng, [1, 1 + rng.Next(40)]);
            CheckReading($"seed {seed}", model, rng, [1 + rng.Next(20)]);
        }
    }

    private static void CheckDocuments(string name, LanguageModel model, Rng rng, int[] counts)
    {
        ParameterList parameters = model.Parameters;
        EveryWidth.Round(parameters);
        Recording recording = Recording.Of(parameters, 0, model.ContextLength + 1, (_, tokens) => model.Losses(tokens));
        WidthProgram[] programs = [.. EveryWidth.Of(recording, parameters, rootsInStep: 1)];
        foreach (int count in counts)
        {
            int[][] documents = [.. Enumerable.Range(0, count).Select(_ => RandomDocument(model, rng))];
            Value mean = Value.Mean([.. documents.SelectMany(document => model.Losses(Array.ConvertAll(document, IndexValue.FromInt32)))]);
            double[] expected = mean.Gradients(parameters);
            foreach (WidthProgram program in programs)
            {
                double[] got = EveryWidth.GradientsOf(parameters, () => program.Engine.Differentiate(documents), out double loss);
                program.RequireSameBits(string.Join(" | ", documents.Select(document => string.Join(" ", document))), [loss, .. got]);
                double difference = EveryWidth.Difference([mean.Data, .. expected], [loss, .. got]);
                Assert.True(difference <= program.Tolerance, $"{name}, {program}, {count} documents: {difference:R}");
                Assert.Equal(loss, program.Engine.Evaluate(documents));
            }
        }
    }

    // One token of each document after the other, as generating does.
    private static void CheckReading(string name, LanguageModel model, Rng rng, int[] counts)
    {
        Recording recording = Recording.Of(model.Parameters, 0, model.ContextLength, (_, tokens) =>
        {
            Func<IndexValue, Value[]> read = model.Begin();
            return [.. tokens.SelectMany(token => read(token))];
        });
        WidthProgram[] programs = [.. EveryWidth.Of(recording, model.Parameters, model.VocabularySize)];
        foreach (int count in counts)
        {
            SequenceRun[] runs = Array.ConvertAll(programs, program => program.Engine.Open(count));
            Func<IndexValue, Value[]>[] eager = [.. Enumerable.Range(0, count).Select(_ => model.Begin())];
            var logits = new double[count * model.VocabularySize];
            for (int step = 0; step < model.ContextLength; step++)
            {
                int[] tokens = [.. Enumerable.Range(0, count).Select(_ => rng.Next(model.VocabularySize))];
                double[] expected = [.. eager.Zip(tokens).SelectMany(pair => pair.First(pair.Second)).Select(logit => logit.Data)];
                for (int i = 0; i < runs.Length; i++)
                {
                    runs[i].Run(step, tokens, logits);
                    double difference = EveryWidth.Difference(expected, logits);
                    Assert.True(difference <= programs[i].Tolerance, $"{name}, {programs[i]}, {count} documents, step {step}: {difference:R}");
                }
            }
        }
    }

    private static int[] RandomDocument(LanguageModel model, Rng rng) =>
        [.. Enumerable.Range(0, 2 + rng.Next(model.ContextLength)).Select(_ => rng.Next(model.VocabularySize))];

    // Numbers that float32 has too, so that both precisions compute the same thing.
    private static double[] RandomNumbers(Rng rng, int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)rng.Uniform(-1, 1))];

    private static Value[] ValuesOf(ReadOnlySpan<double> numbers) => Array.ConvertAll(numbers.ToArray(), number => new Value(number));
}
