// What nudge search says: the best networks, and the command that makes the best of them again.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <param name="outcome">What the search came to.</param>
/// <param name="trials">How many there were to try.</param>
/// <param name="folds">How many folds they were chosen by; null for a validation part.</param>
/// <param name="isClassification">Whether classes are predicted.</param>
/// <param name="line">The command that makes a trial's run.</param>
internal sealed class SearchReport(SearchOutcome outcome, int trials, int? folds, bool isClassification, Func<Trial, string> line)
{
    private const int Shown = 10;

    // A difference of the means that chance could well have made is none.
    private bool IsSure => double.IsNaN(Best.Deviation) || Default is null || Default.Loss - Best.Loss > Best.Deviation / Math.Sqrt(folds!.Value);

    private TriedOut Best => outcome.Tried[0];

    private TriedOut? Default => outcome.Tried.FirstOrDefault(one => one.Trial.Number == 0);

    internal void Write(Terminal terminal)
    {
        int made = outcome.Tried.Count;
        string end = made == trials ? "Done." : outcome.WasInterrupted ? "Interrupted." : "The time is over.";
        terminal.WriteParagraph($"{end} {(made < trials && outcome.WasInterrupted ? $"{Text.Count(made)} of {Text.Plural(trials, "network")}" : Text.Plural(made, "network"))} tried in {Text.Duration(outcome.Elapsed)}.");
        if (made == 0 || double.IsInfinity(Best.Loss))
        {
            terminal.WriteParagraph(made == 0 ? "None has ended: give it more time." : "The loss of every one became infinite or NaN: look at the data, or try smaller learning rates.");
            return;
        }
        terminal.WriteLine();
        WriteTable(terminal);
        terminal.WriteLine();
        if (outcome.Test is { } test)
        {
            string quality = MetricsReport.NamedQuality(test) + (test.Accuracy is null ? "" : $" (always the largest class: {Text.Percent(MetricsReport.LargestShare(test))})");
            terminal.WriteFact("test", $"the best on {Text.Plural(outcome.TestCount, "row")} that none was chosen by: loss {Text.Short(test.Loss)}, {quality}");
        }
        else
        {
            terminal.WriteFact("note", $"the best of {Text.Count(made)} is chosen by these numbers and looks better by them than it is{(folds is null ? ": --test 20% holds rows back that tell" : "")}");
        }
        if (Best.Trial.Number == 0)
            terminal.WriteFact("", "nothing was better than the run as it was asked for");
        else if (!IsSure)
            terminal.WriteFact("", "the run as it was asked for is worse by less than the folds differ by chance");
        terminal.WriteCommand("next", line(Best.Trial));
    }

    internal void WriteJson(Terminal terminal, bool summaryOnly)
    {
        foreach (TriedOut one in outcome.Tried.Where(_ => !summaryOnly).OrderBy(one => one.Trial.Number))
        {
            JsonObject trial = ToJson(one);
            trial.Insert(0, "event", "trial");
            terminal.WriteJson(trial);
        }
        bool hasBest = outcome.Tried.Count > 0 && double.IsFinite(Best.Loss);
        terminal.WriteJson(new JsonObject
        {
            ["event"] = "summary",
            ["end"] = outcome.Tried.Count == trials ? "finished" : outcome.WasInterrupted ? "interrupted" : "out-of-time",
            ["tried"] = outcome.Tried.Count,
            ["best"] = hasBest ? ToJson(Best) : null,
            ["test"] = outcome.Test is { } test ? JsonView.Of(test) : null,
            ["seconds"] = Json.Number(outcome.Elapsed.TotalSeconds),
        });
    }

    private JsonObject ToJson(TriedOut one)
    {
        TrainSettings settings = one.Trial.Settings;
        return new JsonObject
        {
            ["trial"] = one.Trial.Number + 1,
            ["layers"] = Json.Array(settings.Layers, count => JsonValue.Create(count)),
            ["activation"] = settings.Activation.Name,
            ["learningRate"] = Json.Number(settings.LearningRate),
            ["optimizer"] = settings.Optimizer,
            ["l2"] = Json.Number(settings.L2Penalty),
            ["weightDecay"] = Json.Number(settings.WeightDecay),
            ["loss"] = Json.Number(one.Loss),
            ["lossDeviation"] = Json.Number(one.Deviation),
            [isClassification ? "accuracy" : "rSquared"] = Json.Number(one.Quality),
            ["epochs"] = Json.Number(one.Epochs),
            ["command"] = line(one.Trial),
        };
    }

    private void WriteTable(Terminal terminal)
    {
        var table = new Table(false, false, true, false, true, true, true);
        table.Add(Title(""), Title("network"), Title("rate"), Title("penalty"), Title(Best.Trial.Settings.Validation > 0 ? "best epoch" : "epochs"), Title(folds is null ? "validation" : "loss"), Title(isClassification ? "accuracy" : "R²"));
        for (int rank = 0; rank < outcome.Tried.Count; rank++)
        {
            TriedOut one = outcome.Tried[rank];
            if (rank >= Shown && one.Trial.Number != 0)
                continue;
            string place = one.Trial.Number == 0 ? $"{rank + 1} as asked" : Text.Count(rank + 1);
            string quality = double.IsNaN(one.Quality) ? "–" : isClassification ? Text.Percent(one.Quality) : Text.Short(one.Quality);
            string loss = double.IsInfinity(one.Loss) ? "diverged" : Text.Short(one.Loss);
            table.Add(place, one.Trial.Network, Text.Brief(one.Trial.Settings.LearningRate), one.Trial.Penalty, Text.Short(Math.Round(one.Epochs, 1)), new(loss, Style.Bold), quality);
        }
        table.Write(terminal);

        static Cell Title(string text) => new(text, Style.Dim);
    }
}
