// A run that is broken off and goes on from a file: the same bits as one that was not.

namespace Nudge.Tests.Serialization;

public sealed class CheckpointTests
{
    private static readonly TextDataset s_text = TextDataset.Of(["abab", "aba", "ba", "abba", "b", "ababababab"]);

    public static TheoryData<string, GraphEngine, int> Runs => new()
    {
        { "adam", GraphEngine.Compiled, 17 },
        { "adam", GraphEngine.Compiled, 20 },
        { "adam", GraphEngine.Eager, 7 },
        { "adamw", GraphEngine.Compiled, 1 },
        { "sgd", GraphEngine.Compiled, 11 },
        { "rmsprop", GraphEngine.Compiled, 39 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_language_model_goes_on_to_the_same_bits(string optimizer, GraphEngine engine, int broken) =>
        AssertSame(() => Language(optimizer, engine), broken);

    [Fact]
    public void A_network_goes_on_to_the_same_bits() => AssertSame(Network, 33);

    [Theory]
    [InlineData(GraphEngine.Compiled)]
    [InlineData(GraphEngine.Eager)]
    public void A_longer_run_with_a_constant_rate_goes_on_to_the_bits_of_that_length_at_once(GraphEngine engine)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.checkpoint");
        Trainer whole = OfSteps(40), resumed = OfSteps(40);
        TrainingStep[] expected = [.. whole.Run()];
        SaveAfter(OfSteps(20), 20, path);
        Assert.Equal(20, Checkpoint.Load(resumed, path));
        Assert.Equal(expected[20..], resumed.Run());
        Assert.Equal(whole.Result, resumed.Result);
        Assert.Equal(whole.Model.Parameters.ToArray(), resumed.Model.Parameters.ToArray());

        Trainer OfSteps(int steps) => Tabular(engine, new TrainerOptions { Steps = steps, MeasureEvery = 5, BatchSize = 8, Engine = engine });
    }

    [Fact]
    public void A_longer_run_has_its_own_schedule_from_there_on_and_a_shorter_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.checkpoint");
        SaveAfter(Linear(10), 10, path);
        Trainer longer = Linear(40);
        Checkpoint.Load(longer, path);
        Assert.Equal(Enumerable.Range(10, 30).Select(step => 0.01 * (1 - step / 40.0)), longer.Run().Select(step => step.LearningRate), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Contains("had length 10 steps, and this one has 9 steps", Refused(Linear(9)));
        Assert.Contains("had schedule LinearSchedule { Steps = 10", Refused(Tabular(GraphEngine.Compiled, new TrainerOptions { Steps = 10 })));
        Assert.Contains("had length 10 steps, and this one has 100 epochs", Refused(Tabular(GraphEngine.Compiled, new TrainerOptions { Epochs = 100 })));
        Assert.Contains("had seed 1, and this one has 2", Refused(Tabular(GraphEngine.Compiled, new TrainerOptions { Steps = 40, Schedule = Schedule.Linear(40), Seed = 2 })));

        static Trainer Linear(int steps) => Tabular(GraphEngine.Compiled, new TrainerOptions { Steps = steps, Schedule = Schedule.Linear(steps) });

        string Refused(Trainer trainer) => Assert.Throws<ModelFormatException>(() => Checkpoint.Load(trainer, path)).Message;
    }

    private static Trainer Tabular(GraphEngine engine, TrainerOptions options)
    {
        Dataset data = Generate.Sine(40, 0.1, new Rng(1));
        var network = new Mlp(1, [4, 1], new Rng(1));
        return new Trainer(network, Objective.MeanSquaredError, new Adam(network.Parameters, 0.01), data, data, options with { Engine = engine });
    }

    [Fact]
    public void Another_run_is_refused_with_what_differs()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.checkpoint");
        SaveAfter(Language("adam", GraphEngine.Compiled), 5, path);
        Assert.Contains("had optimizer Adam of 0.9, 0.999, 1E-08 and weight decay 0, and this one has Sgd", Refused(Language("sgd", GraphEngine.Compiled)));
        Assert.Contains("had engine compiled in Single, and this one has eager", Refused(Language("adam", GraphEngine.Eager)));
        Assert.Contains("had learning rate 0.05, and this one has 0.02", Refused(Language("adam", GraphEngine.Compiled, rate: 0.02)));
        Assert.Contains("had seed 3, and this one has 4", Refused(Language("adam", GraphEngine.Compiled, seed: 4)));
        Assert.Contains("had data 6 examples", Refused(Language("adam", GraphEngine.Compiled, text: TextDataset.Of(["abab", "aba", "ba", "abba", "b", "abababaabb"]))));
        Assert.Contains("had model CharacterMlp with 41 parameters, and this one has Mlp", Refused(Network()));

        string Refused(Trainer trainer) => Assert.Throws<ModelFormatException>(() => Checkpoint.Load(trainer, path)).Message;
    }

    [Fact]
    public void Damaged_and_foreign_files_are_refused_and_change_nothing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.checkpoint");
        SaveAfter(Language("adam", GraphEngine.Compiled), 5, path);
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(path, whole[..length]);
            AssertRefused();
        }
        foreach ((string from, string to) in new[]
        {
            ("\\\"step\\\":5", "\\\"step\\\":9999"), ("\\\"step\\\":5", "\\\"step\\\":-5"), ("nudge-checkpoint", "nudge-chockpaint"),
            ("\"version\":\"1\"", "\"version\":\"2\""), ("looksSinceBest", "looksSinceWorst"), ("\"optimizer\":{", "\"optimiser\":{"),
        })
        {
            string text = System.Text.Encoding.Latin1.GetString(whole);
            Assert.Contains(from, text);
            byte[] changed = System.Text.Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
            BitConverter.TryWriteBytes(changed, BitConverter.ToInt64(whole) + changed.Length - whole.Length);
            File.WriteAllBytes(path, changed);
            AssertRefused();
        }

        void AssertRefused()
        {
            Trainer trainer = Language("adam", GraphEngine.Compiled);
            double[] before = trainer.Model.Parameters.ToArray();
            Assert.StartsWith(path + ": ", Assert.Throws<ModelFormatException>(() => Checkpoint.Load(trainer, path)).Message);
            Assert.Equal(before, trainer.Model.Parameters.ToArray());
        }
    }

    [Fact]
    public void A_run_that_has_ended_cannot_be_saved_and_one_that_has_begun_cannot_be_loaded()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.checkpoint");
        Trainer trainer = Language("adam", GraphEngine.Compiled);
        SaveAfter(trainer, 5, path);
        Assert.Throws<InvalidOperationException>(() => Checkpoint.Save(trainer, path));
        Assert.Throws<InvalidOperationException>(() => Checkpoint.Load(trainer, path));
    }

    private static void AssertSame(Func<Trainer> make, int broken)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.checkpoint");
        Trainer whole = make(), resumed = make();
        TrainingStep[] expected = [.. whole.Run()];
        SaveAfter(make(), broken, path);
        Checkpoint.Load(resumed, path);
        TrainingStep[] rest = [.. resumed.Run()];
        Assert.Equal(expected[broken..], rest);
        Assert.Equal(whole.Result, resumed.Result);
        Assert.Equal(whole.Model.Parameters.ToArray(), resumed.Model.Parameters.ToArray());
    }

    private static void SaveAfter(Trainer trainer, int steps, string path)
    {
        foreach (TrainingStep step in trainer.Run())
        {
            if (step.Step + 1 < steps)
                continue;
            Checkpoint.Save(trainer, path);
            break;
        }
    }

    private static Trainer Language(string optimizer, GraphEngine engine, ulong seed = 3, TextDataset? text = null, double rate = 0.05)
    {
        LanguageModel model = new LanguageModelSettings
        {
            Kind = LanguageModelKind.Mlp,
            VocabularySize = 3,
            ContextLength = 12,
            Window = 2,
            Embedding = 2,
            Hidden = 4,
        }.Create(new Rng(1));
        ParameterList parameters = model.Parameters;
        return new Trainer(
            new LanguageProblem(model, text ?? s_text, s_text),
            optimizer switch
            {
                "adam" => new Adam(parameters, rate),
                "adamw" => new AdamW(parameters, 0.05),
                "sgd" => new Sgd(parameters, 0.1, 0.9),
                _ => new RmsProp(parameters, 0.01, momentum: 0.5),
            },
            new TrainerOptions
            {
                Steps = 40,
                MeasureEvery = 6,
                BatchSize = 4,
                Engine = engine,
                Seed = seed,
                ClipNorm = 1,
                Schedule = Schedule.WarmUp(5, Schedule.Cosine(35)),
            });
    }

    // Measured on rows whose metrics are records of numbers alone, which are equal when their numbers are.
    private static Trainer Network()
    {
        var network = new Mlp(1, [6, 1], new Rng(1), Activation.Tanh, Activation.Linear);
        return new Trainer(
            network, Objective.MeanSquaredError, new Adam(network.Parameters, 0.01), Generate.Sine(20, 0.1, new Rng(1)), Generate.Sine(9, 0.1, new Rng(2)),
            new TrainerOptions { Epochs = 12, BatchSize = 6, Schedule = Schedule.Linear(48) });
    }
}
