// The rows: what is measured, and who takes part. A row is a file in the folder Rows and a line here.

namespace Nudge.Benchmarks;

/// <summary>One contender of a row.</summary>
/// <param name="Kind">What --peers calls it.</param>
/// <param name="Name">What the table calls it.</param>
/// <param name="Make">Makes it, or throws <see cref="MissingException"/>.</param>
internal sealed record Entry(string Kind, string Name, Func<Contender> Make)
{
    /// <summary>The last step to check, for contenders who would take minutes to get to the end.</summary>
    internal int LastChecked { get; init; } = int.MaxValue;

    /// <summary>Whether it runs on one core in a process of its own, so that its first steps and the parts of its time can be measured.</summary>
    internal bool IsOnOneCore { get; init; }

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

/// <summary>What rows are made with.</summary>
/// <param name="Workspace">Where tasks are written for peers to read.</param>
/// <param name="Tools">What makes peers.</param>
internal sealed record Kit(Workspace Workspace, Toolchain Tools)
{
    /// <summary>A contender of Nudge's compiler in a process of its own, where neither the others' memory nor what has been compiled for them is in the way.</summary>
    internal Entry OnOneCore(string row, Func<Contender> make) =>
        new(Kinds.Compiled, "compiled", () => Tools.Own(row, "compiled", onOneCore: true)) { Served = make, IsOnOneCore = true };

    /// <summary>The same with as many threads as there are cores.</summary>
    internal Entry OnAllCores(string row, Func<Contender> make) => new(
        Kinds.Compiled,
        "compiled, all cores",
        () => Environment.ProcessorCount > 1 ? Tools.Own(row, "compiled, all cores", onOneCore: false) : throw new MissingException("there is one core"))
    {
        Served = make,
    };
}

/// <summary>The kinds of contender.</summary>
internal static class Kinds
{
    internal const string C = "C", Compiled = "compiled", Eager = "eager", PyTorch = "PyTorch", Micrograd = "micrograd";
}

internal static class Rows
{
    internal static IReadOnlyList<Row> All(Workspace workspace, Setting setting) => All(new Kit(workspace, new Toolchain(setting)));

    private static IReadOnlyList<Row> All(Kit kit) =>
    [
        LessonRow.Of(kit),
        MoonsRow.Of(kit),
        .. MlpRows.Of(kit),
        .. InferenceRows.Of(kit),
        LogisticRow.Of(kit),
        .. GptRows.Of(kit),
        CharacterRow.Of(kit),
        .. MixtureRows.Of(kit),
        .. LossRows.Of(kit),
        .. TextLstmRows.Of(kit),
        .. EagerRows.Of(),
    ];
}
