// Rows T: an LSTM on names.

namespace Nudge.Benchmarks;

internal static class TextLstmRows
{
    internal static IEnumerable<Row> Of(Kit kit) => [Of(kit, 1), Of(kit, 32)];

    private static Row Of(Kit kit, int batch)
    {
        string name = $"T{batch}";
        var task = new Lazy<TextLstmTask>(() => TextLstmTask.Load(batch));
        var file = new Lazy<string>(() => kit.Workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"LSTM of width 64, names, SGD, batch {batch}: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("text_lstm.c", $"text-lstm-{batch}", file.Value, $"-DBATCH={batch}")),
            kit.OnOneCore(name, () => new CompiledTextLstm(task.Value)),
        ])
        {
            CheckedSteps = [0, 1, 10],
            Results = "losses at steps 0, 1, 10",
            Unit = ("document", () => batch),
        };
    }
}
