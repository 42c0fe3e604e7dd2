// nudge train --folds: all folds, at once on all cores, and what they came to.

using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class FoldsRun
{
    /// <summary>Trains and measures all folds and shows them.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="makeSource">Where the examples come from.</param>
    /// <param name="count">How many folds.</param>
    /// <param name="next">The command that trains on all rows.</param>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="summaryOnly">Whether to leave everything out but the summary.</param>
    /// <param name="cancellation">Ends it early: the folds that have ended are shown.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="RunFailedException">A fold diverged.</exception>
    internal static int Make(
        TrainSettings settings, Func<Rng, DataSource> makeSource, int count, string next, Terminal terminal, bool json, bool summaryOnly, CancellationToken cancellation)
    {
        using var interruption = new Interruption(cancellation);
        var clock = Stopwatch.StartNew();
        var rng = new Rng(settings.Seed);
        DataSource source = makeSource(rng);
        IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts = Folds.Of(settings, source, count, rng);
        TrainingPlan first = Folds.Plan(settings, source, parts[0]);
        if (!json && !summaryOnly)
            TrainingReport.WriteStart(terminal, first, Split(settings, source, parts, first));
        long steps = 0, total = first.TotalSteps * count;
        Fold[] folds;
        using (var line = new WaitingLine(terminal, $"training {count} folds"))
        {
            Fold?[] made = ManyRuns.Make(count, number =>
            {
                TrainingPlan plan = Folds.Plan(settings, source, parts[number]);
                RunOutcome? run = ManyRuns.Finish(plan, measures: true, Stepped, interruption.Token);
                if (run?.HasDiverged == true)
                    throw new RunFailedException($"the loss of fold {number + 1} became infinite or NaN at step {Text.Count(run.Result.Steps + 1)}; try a smaller learning rate: {plan.SmallerLearningRate}");
                return run is null ? null : Folds.Ended(number, parts[number], run);
            }, interruption.Token);
            folds = [.. made.OfType<Fold>()];

            void Stepped()
            {
                if (Interlocked.Increment(ref steps) % 64 == 0)
                    line.Now($"training {count} folds, {100 * steps / total} % of their steps at most");
            }
        }
        bool wasInterrupted = folds.Length < count;
        if (json)
            WriteJson(terminal, settings, source, folds, wasInterrupted, summaryOnly, clock.Elapsed);
        else
            Write(terminal, source, folds, count, next, clock.Elapsed);
        return wasInterrupted ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static string Split(TrainSettings settings, DataSource source, IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts, TrainingPlan first)
    {
        string validation = first.Validation is { } part ? $", {Text.Count(part.Count)} of them to validate with" : "";
        string about = parts.Any(part => part.HeldBack.Count != parts[0].HeldBack.Count) ? "about " : "";
        string folds = settings.SplitsByTime
            ? $"{parts.Count} folds in time: the first trains on {Text.Count(parts[0].Training.Count)}{validation}, each holds back those that come next"
            : $"{parts.Count} folds{(source.IsClassification ? ", each with the classes in the same shares" : "")}: each holds back {about}{Text.Count(parts[0].HeldBack.Count)} and trains on {about}{Text.Count(parts[0].Training.Count)}{validation}";
        return settings.Test > 0 ? $"{folds}; {Text.Percent(settings.Test)} of all are in none of them" : folds;
    }

    private static void Write(Terminal terminal, DataSource source, Fold[] folds, int count, string next, TimeSpan elapsed)
    {
        string end = folds.Length < count ? $"Interrupted: {folds.Length} of {count} folds had ended." : "Done.";
        terminal.WriteParagraph($"{end} {Text.Plural(folds.Sum(fold => (long)fold.Run.Result.Steps), "step")} in {Text.Duration(elapsed)}.");
        if (folds.Length == 0)
            return;
        terminal.WriteLine();
        int[] targets = [.. Enumerable.Range(0, source.Data.TargetCount)];
        var table = new Table([false, true, true, true, .. Enumerable.Repeat(true, 2 * targets.Length)]);
        // With a validation part the network of an earlier epoch may be kept.
        table.Add([
            "", Title("held back"), Title(folds.Any(fold => fold.Run.Result.BestEpoch is not null) ? "best epoch" : "epochs"), Title("loss"),
            .. targets.SelectMany(t => new[] { Title($"{(targets.Length == 1 ? "" : $"{Text.Fit(source.Data.TargetNames[t], 20)}: ")}{(IsClass(t) ? "accuracy" : "R²")}"), Title(IsClass(t) ? "largest class" : "the mean") })]);
        foreach (Fold fold in folds)
        {
            table.Add([
                $"fold {fold.Number + 1}", Text.Count(fold.Count), Text.Count(fold.Run.Result.BestEpoch ?? fold.Run.Result.Epochs), Text.Short(fold.HeldBack.Loss),
                .. targets.SelectMany(t => new Cell[] { Quality(t, fold.QualityOf(t)), Quality(t, fold.Baselines[t]) })]);
        }
        MeanAndDeviation loss = LossOf(folds);
        table.Add(["mean", "", "", new(Text.Short(loss.Mean), Style.Bold), .. targets.SelectMany(t => new Cell[] { new(Quality(t, QualityOf(folds, t).Mean), Style.Bold), Quality(t, BaselineOf(folds, t).Mean) })]);
        table.Add(["± deviation", "", "", Text.Short(loss.Deviation), .. targets.SelectMany(t => new Cell[] { Quality(t, QualityOf(folds, t).Deviation), Quality(t, BaselineOf(folds, t).Deviation) })]);
        table.Write(terminal);
        if (folds.Any(fold => targets.Any(t => double.IsNaN(fold.QualityOf(t)))))
            terminal.WriteFact("note", "R² needs rows that differ in what is held back: fewer folds, or more rows");
        MetricsReport.WriteConfusions(terminal, "all folds", folds[0].HeldBack with { OfEach = [.. targets.Select(t => folds[0].HeldBack.OfEach[t] with { Confusion = SumOf(folds, t), OfEach = [] })] }, source.Data.TargetNames, source.Data.TargetClasses);
        terminal.WriteLine();
        terminal.WriteCommand("next", $"{next} --out model.safetensors", "to train on all rows and keep the model");

        bool IsClass(int target) => source.Data.TargetClasses[target] is not null;

        string Quality(int target, double number) => double.IsNaN(number) ? "–" : IsClass(target) ? Text.Percent(number) : Text.Short(number);

        static Cell Title(string text) => new(text, Style.Dim);
    }

    private static void WriteJson(Terminal terminal, TrainSettings settings, DataSource source, Fold[] folds, bool wasInterrupted, bool summaryOnly, TimeSpan elapsed)
    {
        foreach (Fold fold in summaryOnly ? [] : folds)
        {
            JsonObject line = JsonView.Of(fold.HeldBack);
            line.Insert(0, "event", "fold");
            line.Insert(1, "fold", fold.Number + 1);
            if (fold.Baselines is [var baseline])
                line["baseline"] = Json.Number(baseline);
            else
                line["baselines"] = Json.Array(fold.Baselines, number => Json.Number(number));
            line["training"] = fold.Training;
            line["heldBack"] = fold.Count;
            line["epochs"] = fold.Run.Result.Epochs;
            line["bestEpoch"] = fold.Run.Result.BestEpoch;
            terminal.WriteJson(line);
        }
        var summary = new JsonObject
        {
            ["event"] = "summary",
            ["end"] = wasInterrupted ? "interrupted" : "finished",
            ["folds"] = folds.Length,
            ["loss"] = folds.Length == 0 ? null : ToJson(LossOf(folds)),
        };
        if (source.Data.TargetCount == 1)
            AddQuality(summary, 0);
        else
            summary["each"] = Json.Array(Enumerable.Range(0, source.Data.TargetCount), t => AddQuality(new JsonObject { ["target"] = source.Data.TargetNames[t] }, t));
        summary["seconds"] = Json.Number(elapsed.TotalSeconds);
        summary["seed"] = settings.Seed;
        terminal.WriteJson(summary);

        JsonObject AddQuality(JsonObject json, int t)
        {
            json[source.Data.TargetClasses[t] is null ? "rSquared" : "accuracy"] = folds.Length == 0 ? null : ToJson(QualityOf(folds, t));
            json["baseline"] = folds.Length == 0 ? null : ToJson(BaselineOf(folds, t));
            return json;
        }

        static JsonObject ToJson(MeanAndDeviation of) => new() { ["mean"] = Json.Number(of.Mean), ["deviation"] = Json.Number(of.Deviation) };
    }

    private static MeanAndDeviation LossOf(Fold[] folds) => MeanAndDeviation.Of([.. folds.Select(fold => fold.HeldBack.Loss)]);

    private static MeanAndDeviation QualityOf(Fold[] folds, int target) => MeanAndDeviation.Of([.. folds.Select(fold => fold.QualityOf(target))]);

    private static MeanAndDeviation BaselineOf(Fold[] folds, int target) => MeanAndDeviation.Of([.. folds.Select(fold => fold.Baselines[target])]);

    private static int[][]? SumOf(Fold[] folds, int target)
    {
        if (folds[0].HeldBack.OfEach[target].Confusion is not { } one)
            return null;
        return [.. Enumerable.Range(0, one.Count).Select(row => Enumerable.Range(0, one.Count).Select(column => folds.Sum(fold => fold.HeldBack.OfEach[target].Confusion![row][column])).ToArray())];
    }
}
