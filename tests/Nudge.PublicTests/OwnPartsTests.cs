// What is written outside of the library works with all that is in it.

namespace Nudge.PublicTests;

public class OwnPartsTests
{
    [Theory]
    [InlineData(GraphEngine.Eager, Precision.Double)]
    [InlineData(GraphEngine.Compiled, Precision.Double)]
    [InlineData(GraphEngine.Compiled, Precision.Single)]
    public void Are_trained_examined_saved_and_predict(GraphEngine engine, Precision precision)
    {
        Dataset raw = Own.Rings();
        TrainedModel model = Own.ModelOf(new Products(2, 6, 2, new Rng(1)), raw);
        Dataset data = model.Prepare(raw);
        using var doctor = new Doctor(model.Network.Parameters);
        var trainer = new Trainer(
            model.Network, new FocalLoss(), new Lion(model.Network.Parameters, 0.01), data, null,
            new TrainerOptions { Epochs = 30, Engine = engine, Precision = precision })
        {
            Doctor = doctor,
        };
        var losses = new List<double>();
        TrainingResult result = trainer.Train(new Listener<TrainingStep>(step => losses.Add(step.Loss)));
        Assert.Equal(TrainingEnd.Finished, result.End);
        Assert.Equal(120, losses.Count);
        Assert.True(result.Training.Loss < 0.01, $"{result.Training.Loss}");
        Assert.Equal(1, result.Training.Accuracy);
        Assert.DoesNotContain(doctor.Findings, finding => finding.Fault is TrainingFault.SteppingUphill or TrainingFault.NotFinite or TrainingFault.BoundedLogits);

        using var file = new MemoryStream();
        model.Save(file);
        TrainedModel same = TrainedModel.Load(file.ToArray(), Own.Parts);
        Assert.IsType<Products>(same.Network);
        Assert.Equal("focal", same.Objective.Name);
        Predictor predictor = new(model), ofSame = new(same);
        int right = 0;
        for (int i = 0; i < raw.Count; i++)
        {
            double[] row = raw.Inputs[i], probabilities = predictor.Predict(row);
            Assert.Equal(probabilities, ofSame.Predict(row));
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            double[] expected = model.Objective.Probabilities(model.Network.Predict(model.Inputs.Apply(row)));
            Assert.Equal(expected[0], probabilities[0], 1e-10);
            right += predictor.ClassOf(row) == (int)raw.Targets[i][0] ? 1 : 0;
        }
        Assert.Equal(raw.Count, right);
    }

    [Fact]
    public void A_loss_of_ones_own_is_the_same_by_either_engine_and_may_be_weighed()
    {
        Dataset data = Own.Rings(16);
        var network = new Products(2, 4, 2, new Rng(2));
        foreach (Objective objective in new[] { new FocalLoss(), new FocalLoss().Weighted([1, 3]), new FocalLoss().At(0.3) })
        {
            double eager = data.Inputs.Zip(data.Targets, (input, target) => objective.LossOf(network.Forward(input), target).Data).Average();
            CompiledLoss loss = objective.Compile(network, precision: Precision.Double);
            int[] classes = [.. data.Targets.Select(target => (int)target[0])];
            Assert.Equal(eager, loss.Evaluate([.. data.Inputs.SelectMany(row => row)], classes), 1e-12);
        }

        Dataset numbers = Dataset.From(Enumerable.Range(0, 20), i => [i / 10.0], i => [Math.Sin(i / 10.0)]);
        var curve = new Mlp(1, [8, 1], new Rng(1), outputActivation: Activation.Linear);
        TrainingResult result = new Trainer(curve, new RoundLoss(), new Adam(curve.Parameters, 0.02), numbers, null, new TrainerOptions { Epochs = 300 }).Train();
        Assert.True(result.Training.RSquared > 0.98, $"{result.Training.RSquared}");
    }

    [Fact]
    public void An_optimizer_of_ones_own_goes_on_from_a_checkpoint_to_the_same_bits()
    {
        foreach (Precision precision in new[] { Precision.Double, Precision.Single })
        {
            Trainer whole = Make(precision, 0.1), first = Make(precision, 0.1), second = Make(precision, 0.1);
            whole.Train();
            using var file = new MemoryStream();
            foreach (TrainingStep step in first.Run())
            {
                if (step.Step == 12)
                {
                    Checkpoint.Save(first, file);
                    break;
                }
            }
            using var unseekable = new UnseekableStream(file.ToArray());
            Assert.Equal(13, Checkpoint.Load(second, unseekable));
            second.Train();
            Assert.Equal(whole.Model.Parameters.ToArray(), second.Model.Parameters.ToArray());

            string message = Assert.Throws<ModelFormatException>(() => Checkpoint.Load(Make(precision, 0.2), new MemoryStream(file.ToArray()))).Message;
            Assert.Contains("Lion of decay 0.1", message, StringComparison.Ordinal);
        }

        static Trainer Make(Precision precision, double decay)
        {
            Dataset data = Own.Rings();
            var network = new Products(2, 5, 2, new Rng(1));
            return new Trainer(network, new FocalLoss(), new Lion(network.Parameters, 0.01, decay), data, null, new TrainerOptions { Epochs = 10, Precision = precision });
        }
    }

    [Fact]
    public void An_optimizer_of_ones_own_updates_parameters_wherever_they_lie()
    {
        Value a = 1, b = 2, c = 3;
        _ = new ParameterList([c]);
        var parameters = new ParameterList([a, c, b]);
        Value loss = a * 2 - b * 3 + c * 0;
        loss.Backward();
        new Lion(parameters, 0.5).Step();
        Assert.Equal([0.5, 3, 2.5], parameters.ToArray());
        Assert.Throws<NotImplementedException>(() => new Nothing(parameters).Step());
    }

    [Fact]
    public void A_module_has_its_own_form_in_a_file()
    {
        var module = new Products(3, 4, 2, new Rng(7));
        foreach (Precision precision in new[] { Precision.Double, Precision.Single })
        {
            using var file = new MemoryStream();
            ModuleFile.Save(module, file, new ModuleFileOptions { Precision = precision, Version = 3, Metadata = new Dictionary<string, string> { ["about"] = "a test, ü" } });
            var other = new Products(3, 4, 2, new Rng(8));
            ModuleFileInfo info = ModuleFile.Load(other, file.ToArray());
            Assert.Equal((nameof(Products), 3, "a test, ü"), (info.Module, info.Version, info.Metadata["about"]));
            Assert.Equal(module.Parameters.Select(p => precision == Precision.Double ? p.Data : (float)p.Data), other.Parameters.Select(p => p.Data));
            string header = System.Text.Encoding.UTF8.GetString(file.ToArray(), 8, (int)BitConverter.ToUInt64(file.ToArray(), 0));
            Assert.Contains("\"products.bilinear\":{\"dtype\":\"" + (precision == Precision.Double ? "F64" : "F32") + "\",\"shape\":[2,3,3]", header, StringComparison.Ordinal);
            Assert.Contains("\"hidden.weight\"", header, StringComparison.Ordinal);

            // By path, and from a stream that cannot go back.
            string path = Path.Combine(Path.GetTempPath(), $"nudge-{Guid.NewGuid():N}.safetensors");
            try
            {
                ModuleFile.Save(module, path, new ModuleFileOptions { Version = 4 });
                Assert.Equal(4, ModuleFile.Describe(path).Version);
                Assert.Equal(4, ModuleFile.Load(other, path).Version);
            }
            finally
            {
                File.Delete(path);
            }
            using var unseekable = new UnseekableStream(file.ToArray());
            Assert.Equal(3, ModuleFile.Load(other, unseekable).Version);
            Assert.Equal(3, ModuleFile.Describe(new UnseekableStream(file.ToArray())).Version);
            Assert.Equal(3, ModuleFile.Describe(file.ToArray()).Version);
        }
    }

    [Fact]
    public void A_module_stays_as_it_was_where_a_file_is_not_its_own()
    {
        using MemoryStream file = new(), language = new();
        ModuleFile.Save(new Products(3, 4, 2, new Rng(7)), file);
        var other = new Products(3, 5, 2, new Rng(8));
        double[] before = other.Parameters.ToArray();
        Assert.Contains("expected [5, 3]", Assert.Throws<ModelFormatException>(() => ModuleFile.Load(other, file.ToArray())).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => ModuleFile.Load(new Mlp(3, [2], new Rng(1)), file.ToArray()));
        Assert.Throws<ModelFormatException>(() => ModuleFile.Load(other, file.ToArray().AsMemory(0, (int)file.Length - 1)));
        Assert.Throws<ModelFormatException>(() => ModuleFile.Load(other, ReadOnlyMemory<byte>.Empty));
        Assert.Contains("of a module", Assert.Throws<ModelFormatException>(() => ModuleFile.Load(other, SavedModel())).Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Parameters.ToArray());

        Assert.Throws<ArgumentException>(() => ModuleFile.Save(other, language, new ModuleFileOptions { Metadata = new Dictionary<string, string> { ["format"] = "mine" } }));
        Assert.Contains("a parameter twice", Assert.Throws<InvalidOperationException>(() => ModuleFile.Save(new Twice(), language)).Message, StringComparison.Ordinal);
        other.Parameters[0].Data = 1e300;
        Assert.Contains("Precision.Double", Assert.Throws<InvalidOperationException>(() => ModuleFile.Save(other, language, new ModuleFileOptions { Precision = Precision.Single })).Message, StringComparison.Ordinal);
        other.Parameters[0].Data = double.NaN;
        Assert.Throws<InvalidOperationException>(() => ModuleFile.Save(other, language));
        Assert.Equal(0, language.Length);

        static byte[] SavedModel()
        {
            using var saved = new MemoryStream();
            Own.ModelOf(new Products(2, 4, 2, new Rng(7)), Own.Rings(10)).Save(saved);
            return saved.ToArray();
        }
    }

    [Fact]
    public void A_model_file_names_the_parts_that_it_needs()
    {
        Dataset data = Own.Rings(20);
        Assert.Contains("'Products'", Refusal(Own.ModelOf(new Products(2, 4, 2, new Rng(7)), data), Own.Parts with { Networks = new Dictionary<string, Func<string, Network>>() }), StringComparison.Ordinal);
        Assert.Contains("no objective 'focal'", Refusal(Own.ModelOf(new Products(2, 4, 2, new Rng(7)), data), Own.Parts with { Objectives = [] }), StringComparison.Ordinal);
        Assert.Contains("no activation 'swish'", Refusal(Own.ModelOf(new Mlp(2, [4, 2], new Rng(1), Swish.One, Activation.Linear), data), Own.Parts with { Activations = [] }), StringComparison.Ordinal);
        Assert.Contains("expected three sizes", Refusal(Own.ModelOf(new Products(2, 4, 2, new Rng(7)), data), Own.Parts with { Networks = new Dictionary<string, Func<string, Network>> { ["Products"] = _ => throw new FormatException("expected three sizes") } }), StringComparison.Ordinal);
        Assert.Contains("as the architecture says", Refusal(Own.ModelOf(new Products(2, 4, 2, new Rng(7)), data), Own.Parts with { Networks = new Dictionary<string, Func<string, Network>> { ["Products"] = _ => new Products(2, 5, 2, new Rng(1)) } }), StringComparison.Ordinal);
        Assert.Contains("Network.Architecture", Assert.Throws<InvalidOperationException>(() => Own.ModelOf(new Nameless(), data).Save(new MemoryStream())).Message, StringComparison.Ordinal);

        TrainedModel swish = Own.ModelOf(new Mlp(2, [4, 2], new Rng(1), Swish.One, Activation.Linear), data).With(new FocalLoss().At(0.25));
        using var file = new MemoryStream();
        swish.Save(file);
        TrainedModel same = TrainedModel.Load(file.ToArray(), Own.Parts);
        Assert.Same(Swish.One, ((Mlp)same.Network).Layers[0].Activation);
        Assert.Equal(0.25, same.Objective.Threshold);
        Assert.Equal(swish.Predict(0.3, 0.4), same.Predict(0.3, 0.4));

        static string Refusal(TrainedModel model, ModelParts parts)
        {
            using var file = new MemoryStream();
            model.Save(file);
            return Assert.Throws<ModelFormatException>(() => TrainedModel.Load(file.ToArray(), parts)).Message;
        }
    }

    [Fact]
    public void A_network_that_branches_on_its_inputs_predicts_value_by_value()
    {
        Dataset data = Own.Rings(20);
        var model = new TrainedModel(new Branching(), Objective.CrossEntropy, data.InputNames, data.TargetName, data.Classes, new Standardizer([0, 0], [1, 1]));
        Assert.Equal(1, model.ClassOf(0.5, 0));
        Assert.Equal(0, model.ClassOf(-0.5, 0));
        Assert.Equal(1 / (1 + Math.Exp(-2)), model.Predict(0.5, 0)[1], 1e-12);
        Assert.Equal(model.Predict(0.5, 0), model.Predict([[0.5, 0]])[0]);
        Assert.Throws<ArgumentException>(() => model.ClassOf(double.NaN, 0));
        Assert.Throws<InvalidOperationException>(() => new Predictor(model));
    }

    [Fact]
    public void The_doctor_and_the_trainer_look_through_a_loss_of_ones_own()
    {
        Dataset data = Own.Rings(20);
        var network = new Mlp(2, [4, 2], new Rng(1));
        Assert.Contains("outputActivation: Activation.Linear", Assert.Throws<ArgumentException>(() => new Trainer(network, new FocalLoss(), new Lion(network.Parameters, 0.1), data)).Message, StringComparison.Ordinal);
    }

    private sealed class Nothing(ParameterList parameters) : Optimizer(parameters, 1);

    private sealed class Listener<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    private sealed class Twice : Module
    {
        private readonly Value _one;

        internal Twice() => _one = AddParameter("one", 1);

        public override IEnumerable<ModuleTensor> Tensors => [new("a", [], [_one]), new("b", [], [_one])];
    }

    private sealed class Nameless : Network
    {
        private readonly Value[] _weights;

        internal Nameless() => _weights = AddParameters("w", 2, () => 1);

        public override int InputCount => 2;

        public override int OutputCount => 2;

        public override Value[] Forward(params ReadOnlySpan<Value> inputs) => [_weights[0] * inputs[0], _weights[1] * inputs[1]];
    }

    private sealed class Branching : Network
    {
        private readonly Value _one;

        internal Branching() => _one = AddParameter("one", 1);

        public override int InputCount => 2;

        public override int OutputCount => 2;

        public override Value[] Forward(params ReadOnlySpan<Value> inputs) => inputs[0].Data > 0 ? [-_one, _one] : [_one, -_one];
    }
}
