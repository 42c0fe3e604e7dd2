// Rows D: a GPT on names.

namespace Nudge.Benchmarks;

internal static class GptRows
{
    private static readonly int[] s_widths = [16, 32, 64, 128];

    internal static IEnumerable<Row> Of(Kit kit) => s_widths.SelectMany(width => new[] { Of(kit, width, 1), Of(kit, width, 16) }).Append(Of(kit, 64, 256));

    private static Row Of(Kit kit, int width, int batch)
    {
        string name = $"D{width}x{batch}";
        var task = new Lazy<GptTask>(() => GptTask.Load(width, batch));
        var file = new Lazy<string>(() => kit.Workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"GPT, 1 layer, 4 heads, width {width}, names, Adam, batch {batch}: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("gpt.c", $"gpt-{width}-{batch}", file.Value, $"-DWIDTH={width}", $"-DBATCH={batch}")),
            kit.OnOneCore(name, () => new CompiledGpt(task.Value)),
            batch > 16
                ? kit.OnAllCores(name, () => new CompiledGpt(task.Value))
                : new(Kinds.Eager, "eager", () => new EagerGpt(task.Value)) { LastChecked = width == 16 ? int.MaxValue : 1 },
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_gpt.py", name, file.Value)),
        ])
        {
            CheckedSteps = [0, 1, 10], // later, rounding has grown in the widest
            Results = "losses at steps 0, 1, 10",
            Expected = width == 16 && batch == 1 ? Workspace.Known([3.36597, 3.42427, 2.79635]) : null,
            Operations = () => task.Value.Operations,
            Unit = ("document", () => batch),
        };
    }
}
