// The rows: what is measured, and who takes part. To add a contender to a row, add a line to its entries.

namespace Nudge.Benchmarks;

/// <summary>One contender of a row.</summary>
/// <param name="Kind">What --peers calls it.</param>
/// <param name="Name">What the table calls it.</param>
/// <param name="Make">Makes it, or throws <see cref="MissingException"/>.</param>
internal sealed record Entry(string Kind, string Name, Func<Contender> Make)
{
    /// <summary>The last step to check, for contenders who would take minutes to get to the end.</summary>
    internal int LastChecked { get; init; } = int.MaxValue;

    /// <summary>Makes it within the process that <see cref="Make"/> starts for it; null where it needs none.</summary>
    internal Func<Contender>? Served { get; init; }
}

/// <summary>One piece of work and those who do it.</summary>
internal sealed record Row(string Name, string Title, IReadOnlyList<Entry> Entries)
{
    /// <summary>The steps whose results contenders are asked for and must agree on.</summary>
    internal IReadOnlyList<int> CheckedSteps { get; init; } = [0, 1, 20, 99];

    /// <summary>What these results are.</summary>
    internal string Results { get; init; } = "losses at steps 0, 1, 20, 99";

    /// <summary>The known results, where the inputs are the given ones.</summary>
    internal double[]? Expected { get; init; }

    /// <summary>How far results may lie apart, relative to their size.</summary>
    internal double Tolerance { get; init; } = 1e-3;

    /// <summary>Floating-point operations of one step that are worth counting, or null.</summary>
    internal Func<double>? Operations { get; init; }

    /// <summary>What times are given for when it is not the step: a name, and how many a step has.</summary>
    internal (string Name, Func<long> Count)? Unit { get; init; }
}

internal static class Rows
{
    internal const string Eager = "eager";

    private const string C = "C", Compiled = "compiled", PyTorch = "PyTorch", Micrograd = "micrograd";

    internal static IReadOnlyList<Row> All(Workspace workspace) =>
    [
        Lesson(workspace),
        Moons(workspace),
        Blas(workspace, "C1", "784-128-64-10 tanh, cross-entropy, Adam, batch 32", [784, 128, 64, 10], 32),
        Blas(workspace, "C2", "784-128-64-10 tanh, cross-entropy, Adam, batch 256", [784, 128, 64, 10], 256),
        Blas(workspace, "C3", "64-256-256-1 tanh, mean squared error, Adam, batch 64", [64, 256, 256, 1], 64),
        Inference(workspace, 1),
        Inference(workspace, 256),
        Gpt(workspace, 16, 1),
        Gpt(workspace, 16, 16),
        Gpt(workspace, 32, 1),
        Gpt(workspace, 32, 16),
        Gpt(workspace, 64, 1),
        Gpt(workspace, 64, 16),
        Gpt(workspace, 128, 1),
        Gpt(workspace, 128, 16),
        Characters(workspace),
        Mixture(workspace, 5, [-31302.5409109107, 5668.08794017]),
        Mixture(workspace, 10, [-30292.9419592422, 4598.90445571]),
        Mixture(workspace, 25, [-25649.6526211976, 2662.39860131]),
        Nodes(),
        ByHand(),
    ];

    private static Row Lesson(Workspace workspace)
    {
        var task = new Lazy<MlpTask>(MlpTask.Lesson);
        var file = new Lazy<string>(() => workspace.Write("A.txt", task.Value.Lines()));
        return new Row("A", "3-4-4-1 tanh, 4 examples, sum of squares, SGD: one training step",
        [
            new(C, "C float", () => Toolchain.C("lesson.c", "lesson-float", file.Value)),
            new(C, "C double", () => Toolchain.C("lesson.c", "lesson-double", file.Value, "-DREAL=double")),
            OnOneCore("A", () => CompiledMlp.Lesson(task.Value)),
            new(Eager, "eager", () => EagerMlp.Lesson(task.Value)),
            new(PyTorch, "PyTorch", () => Toolchain.Torch("pytorch_eager.py", "A", file.Value)),
            new(Micrograd, "micrograd", () => Toolchain.Python("micrograd.py", "A", file.Value)),
        ]);
    }

    private static Row Moons(Workspace workspace)
    {
        var task = new Lazy<MlpTask>(MlpTask.Moons);
        var file = new Lazy<string>(() => workspace.Write("B.txt", task.Value.Lines()));
        return new Row("B", "2-16-16-1 ReLU, 100 points, hinge + 1e-4 Σp², SGD: one training step",
        [
            new(C, "C float", () => Toolchain.C("moons.c", "moons", file.Value)),
            OnOneCore("B", () => CompiledMlp.Moons(task.Value)),
            new(Eager, "eager", () => new EagerMoons(task.Value)),
            new(PyTorch, "PyTorch", () => Toolchain.Torch("pytorch_eager.py", "B", file.Value)),
            new(Micrograd, "micrograd", () => Toolchain.Python("micrograd.py", "B", file.Value)) { LastChecked = 1 },
        ])
        {
            Expected = Given([0.895844, 1.723591, 0.189775, 0.010978]),
            Operations = () => task.Value.Operations,
        };
    }

    private static Row Blas(Workspace workspace, string name, string title, int[] sizes, int batch)
    {
        bool classes = sizes[^1] > 1;
        var task = new Lazy<MlpTask>(() => MlpTask.Random(sizes, batch, rng => classes ? rng.Next(sizes[^1]) : rng.Uniform(-1, 1)));
        var file = new Lazy<string>(() => workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"{title}: one training step",
        [
            new(C, "C, OpenBLAS", () => classes
                ? Toolchain.OpenBlas("mlp_blas.c", "classifier", file.Value)
                : Toolchain.OpenBlas("mlp_blas.c", "regression", file.Value, "-DSQUARES")),
            OnOneCore(name, () => classes ? CompiledMlp.Classifier(task.Value) : CompiledMlp.Regression(task.Value)),
            OnAllCores(name, () => classes ? CompiledMlp.Classifier(task.Value) : CompiledMlp.Regression(task.Value)),
            new(Eager, "eager", () => classes ? EagerMlp.Classifier(task.Value) : EagerMlp.Regression(task.Value)),
            new(PyTorch, "PyTorch", () => Toolchain.Torch("pytorch_eager.py", name, file.Value)),
        ])
        {
            CheckedSteps = [0, 1, 3],
            Results = "losses at steps 0, 1, 3",
            Operations = () => task.Value.Operations,
        };
    }

    private static Row Inference(Workspace workspace, int batch)
    {
        string name = $"I{batch}";
        var task = new Lazy<MlpTask>(() => MlpTask.Random([784, 128, 64, 10], batch, rng => rng.Next(10)));
        var file = new Lazy<string>(() => workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"784-128-64-10 tanh: the outputs of {(batch == 1 ? "one example" : $"{batch} examples")}",
        [
            new(C, "C, OpenBLAS", () => Toolchain.OpenBlas("mlp_blas.c", "forward", file.Value, "-DFORWARD")),
            OnOneCore(name, () => new CompiledInference(task.Value)),
            new(Eager, "eager", () => new EagerInference(task.Value)),
            new(PyTorch, "PyTorch", () => Toolchain.Torch("pytorch_eager.py", name, file.Value)),
        ])
        {
            CheckedSteps = [0],
            Results = "sum of the outputs' squares",
            Operations = () => task.Value.ForwardOperations,
        };
    }

    private static Row Gpt(Workspace workspace, int width, int batch)
    {
        string name = $"D{width}x{batch}";
        var task = new Lazy<GptTask>(() => GptTask.Load(width, batch));
        var file = new Lazy<string>(() => workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"GPT, 1 layer, 4 heads, width {width}, names, Adam, batch {batch}: one training step",
        [
            new(C, "C", () => Toolchain.C("gpt.c", $"gpt-{width}-{batch}", file.Value, $"-DWIDTH={width}", $"-DBATCH={batch}")),
            OnOneCore(name, () => new CompiledGpt(task.Value)),
            new(Eager, Eager, () => new EagerGpt(task.Value)) { LastChecked = width == 16 ? int.MaxValue : 1 },
            new(PyTorch, "PyTorch", () => Toolchain.Torch("pytorch_gpt.py", name, file.Value)),
        ])
        {
            CheckedSteps = [0, 1, 10], // later, rounding has grown in the widest
            Results = "losses at steps 0, 1, 10",
            Expected = width == 16 && batch == 1 ? Given([3.36597, 3.42427, 2.79635]) : null,
            Operations = () => task.Value.Operations,
            Unit = ("document", () => batch),
        };
    }

    private static Row Characters(Workspace workspace)
    {
        var task = new Lazy<CharacterTask>(CharacterTask.Load);
        var file = new Lazy<string>(() => workspace.Write("E.txt", task.Value.Lines()));
        return new Row("E", "character MLP, 3 × 10-200-27 tanh, cross-entropy, SGD, batch 32 drawn inside the step: one training step",
        [
            new(C, "C", () => Toolchain.C("character_mlp.c", "character-mlp", file.Value)),
            OnOneCore("E", () => new CompiledCharacters(task.Value)),
            new(Eager, Eager, () => new EagerCharacters(task.Value)),
            new(PyTorch, "PyTorch", () => Toolchain.Torch("pytorch_character_mlp.py", "E", file.Value)),
        ])
        {
            Operations = () => CharacterTask.Operations,
        };
    }

    private static Row Mixture(Workspace workspace, int parts, double[] expected)
    {
        var task = new Lazy<MixtureTask>(() => MixtureTask.Load(workspace, parts));
        string name = $"F{parts}";
        return new Row(name, $"Gaussian mixture objective, 1,000 points in 10 dimensions, {parts} parts: value and gradient in double",
        [
            new(C, "C", () => Toolchain.C("mixture.c", "mixture", task.Value.File)),
            new(C, "C, value only", () => Toolchain.C("mixture.c", "mixture-value", task.Value.File, "-DVALUE_ONLY")),
            OnOneCore(name, () => new CompiledMixture(task.Value)),
            OnAllCores(name, () => new CompiledMixture(task.Value)),
            new(Eager, "eager", () => new EagerMixture(task.Value)),
        ])
        {
            CheckedSteps = [0],
            Results = "value and length of the gradient",
            Expected = Given(expected),
            Tolerance = 1e-9,
        };
    }

    // In a process of its own, where neither the others' memory nor what has been compiled for them is in the way.
    private static Entry OnOneCore(string row, Func<Contender> make) =>
        new(Compiled, "compiled", () => Peer.Own(row, "compiled", cores: 1)) { Served = make };

    private static Entry OnAllCores(string row, Func<Contender> make) => new(
        Compiled,
        "compiled, all cores",
        () => Environment.ProcessorCount > 1 ? Peer.Own(row, "compiled, all cores", Environment.ProcessorCount) : throw new MissingException("there is one core"))
    {
        Served = make,
    };

    private static Row Nodes()
    {
        var task = new Lazy<MlpTask>(MlpTask.Moons);
        return new Row("nodes", "the eager engine's cost of a node, on row B's loss",
        [
            new(Eager, "forward + backward", () => new EagerNodes(task.Value, backward: true)),
            new(Eager, "forward", () => new EagerNodes(task.Value, backward: false)),
        ])
        {
            CheckedSteps = [0],
            Results = "loss",
            Unit = ("node", () => new EagerNodes(task.Value, backward: false).NodeCount),
        };
    }

    private static Row ByHand()
    {
        var task = new Lazy<MlpTask>(MlpTask.Lesson);
        return new Row("lesson", "row A's step in the ways a reader of the lesson can write it",
        [
            new(Eager, "by hand", () => new EagerByHand(task.Value)),
            new(Eager, "optimizer", () => EagerMlp.Lesson(task.Value)),
            new(Eager, "trainer", () => new TrainerContender(task.Value, GraphEngine.Eager)),
            new(Compiled, "trainer, compiled", () => new TrainerContender(task.Value, GraphEngine.Compiled)),
        ]);
    }

    // Known results belong to the given inputs; generated ones give others.
    private static double[]? Given(double[] results) => Workspace.HasGivenData ? results : null;
}
