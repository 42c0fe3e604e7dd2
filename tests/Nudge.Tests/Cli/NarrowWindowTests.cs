// Forty columns: nothing that a table says is lost, and nothing but a command to copy is longer than the window.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class NarrowWindowTests : IDisposable
{
    private const int Width = 40;

    private static readonly string[] s_colours = ["red", "green", "blue"], s_kinds = ["first", "second", "third"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table() => _folder.File("people.csv", "years,height_in_cm,favourite_colour,member,kind\n" + string.Concat(Enumerable.Range(0, 90).Select(i =>
        $"{(i % 9 == 0 ? "" : $"{i * 37 % 80}")},{i * 7 % 31}.5,{s_colours[i * 5 % 3]},{(i % 4 == 0 ? "yes" : "no")},{s_kinds[i % 3]}\n")));

    [Fact]
    public void Every_table_command_keeps_all_it_says_within_the_window()
    {
        string table = Table(), model = _folder.File("model.safetensors");
        string[] train = ["train", table, "--target", "kind", "--test", "25%", "--validation", "15%", "--epochs", "3", "--layers", "4"];
        (string[] Command, string[] Words)[] commands =
        [
            (["columns", table, "--target", "kind"], ["distinct", "missing", "inputs", "becomes", "and whether it is", "favourite_colour"]),
            ([.. train, "--out", model], ["examples", "loss", "accuracy", "largest class", "straight line", "true ↓ predicted →", "recall", "precision", "F1"]),
            (["train", table, "--target", "kind", "--folds", "3", "--epochs", "2"], ["held back", "epochs", "loss", "accuracy", "largest class", "± deviation"]),
            (["search", table, "--target", "kind", "--trials", "3", "--epochs", "2"], ["network", "rate", "penalty", "epochs", "loss", "accuracy"]),
            (["find-rate", table, "--target", "kind"], ["both logarithmic"]),
            (["evaluate", model, table], ["recall", "precision", "F1", "mixed up among rows", "loss", "accuracy", "ROC"]),
        ];
        foreach ((string[] command, string[] words) in commands)
        {
            CommandRun run = CommandRun.InWindow(Width, false, command);
            Assert.Equal(ExitCode.Done, run.ExitCode);
            string[] lines = [.. run.Out.Split('\n').Select(line => line.Split('\r')[^1])];
            // A path is one word, and a command one line, however long.
            Assert.All(lines.Where(line => !line.StartsWith("  next ", StringComparison.Ordinal) && !line.Contains(_folder.FullName, StringComparison.Ordinal)), line => Assert.True(line.Length < Width, line));
            string all = string.Join(' ', lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            Assert.All(words, word => Assert.Contains(word, all, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Columns_that_find_no_room_stand_below_beside_the_names_of_their_rows()
    {
        string[] lines = CommandRun.InWindow(Width, false, "train", Table(), "--target", "kind", "--folds", "3", "--epochs", "2").Lines;
        string[][] rows = [.. lines.Where(line => line.StartsWith("  fold 2 ", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.True(rows.Length > 1);
        CommandRun wide = CommandRun.InWindow(200, false, "train", Table(), "--target", "kind", "--folds", "3", "--epochs", "2");
        string[] whole = wide.Lines.Single(line => line.StartsWith("  fold 2 ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(whole.AsEnumerable(), ["fold", "2", .. rows.SelectMany(row => row[2..])]);
    }

    [Fact]
    public void A_command_to_copy_is_never_broken()
    {
        string table = Table();
        string[] train = ["train", table, "--target", "kind", "--ignore", "member", "height_in_cm", "--epochs", "2"];
        CommandRun run = CommandRun.InWindow(Width, false, train);
        Assert.Contains($"\n  next      nudge {string.Join(' ', train)} --out model.safetensors\n            to keep the model\n", run.Out);
        CommandRun found = CommandRun.InWindow(Width, false, "find-rate", table, "--target", "kind", "--ignore", "member", "height_in_cm");
        Assert.Contains($"\n  next      nudge train {table} --target kind --ignore member height_in_cm --learning-rate ", found.Out);
    }
}
