// nudge search: many networks, at once on all cores, and the best of them by rows that none was trained on.

using System.Diagnostics;

namespace Nudge.Cli;

/// <summary>What a search came to.</summary>
/// <param name="Tried">The trials that ended, the best first.</param>
/// <param name="Test">How good the best is on the rows held back from all; null where there are none, or with folds.</param>
/// <param name="TestCount">How many rows these are.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="WasInterrupted">Whether somebody broke it off.</param>
internal sealed record SearchOutcome(IReadOnlyList<TriedOut> Tried, Metrics? Test, int TestCount, TimeSpan Elapsed, bool WasInterrupted);

/// <param name="settings">The run as it was asked for.</param>
/// <param name="trials">What to try.</param>
/// <param name="folds">How many folds to choose by; null for a validation part.</param>
/// <param name="budget">After how long to begin no more, and to break off those that go on; null for never.</param>
internal sealed class Search(TrainSettings settings, IReadOnlyList<Trial> trials, int? folds, TimeSpan? budget)
{
    internal int? FoldCount => folds;

    /// <summary>Makes the trials.</summary>
    /// <param name="makeSource">Where the examples come from.</param>
    /// <param name="terminal">Where it is shown how far they are.</param>
    /// <param name="started">Called with the data and the first run before it begins.</param>
    /// <param name="cancellation">Breaks off: the trials that have ended count.</param>
    internal SearchOutcome Make(Func<Rng, DataSource> makeSource, Terminal terminal, Action<TrainingPlan> started, CancellationToken cancellation)
    {
        using var interruption = new Interruption(cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        var clock = Stopwatch.StartNew();
        var rng = new Rng(settings.Seed);
        ulong seed = settings.Seed;
        DataSource source = makeSource(rng);
        IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts = folds is { } count ? Folds.Of(settings, source, count, rng) : [];
        TrainingPlan first = folds is null ? Plan(trials[0], source) : Folds.Plan(settings, source, parts[0]);
        if (folds is null && first.Validation is null)
            throw new UserException("there is no part to choose by: add --validation 20%, or --folds 5 where there are few rows");
        started(first);
        if (budget is { } time)
            ending.CancelAfter(time);
        TriedOut? best = null;
        int made = 0;
        var telling = new Lock();
        TriedOut[] tried;
        string of = budget is null ? $" of {Text.Count(trials.Count)}" : "";
        using (var line = new WaitingLine(terminal, "trying networks"))
        {
            tried = [.. ManyRuns.Make(trials.Count, Try, ending.Token).OfType<TriedOut>().OrderBy(one => one.Loss).ThenBy(one => one.Trial.Number)];

            TriedOut? Try(int number)
            {
                TriedOut? one = folds is null ? Once(trials[number], source, ending.Token) : Folded(trials[number], source, parts, ending.Token);
                if (one is null)
                    return null;
                lock (telling)
                {
                    made++;
                    // Of the others the networks are not needed again.
                    if (best is null || (one.Loss, number).CompareTo((best.Loss, best.Trial.Number)) < 0)
                        best = one;
                    else
                        one = one with { Run = null };
                    line.Now($"{Text.Count(made)}{of} networks tried, best loss {Text.Short(best.Loss)} ({best.Trial.Network}, rate {Text.Brief(best.Trial.Settings.LearningRate)})");
                }
                return one;
            }
        }
        Metrics? test = null;
        int testCount = 0;
        if (folds is null && first.Test is { } held && tried.Length > 0 && double.IsFinite(tried[0].Loss))
            (test, testCount) = (tried[0].Run!.Model.Measure(held, settings.Engine, settings.Precision), held.Count);
        return new SearchOutcome(tried, test, testCount, clock.Elapsed, interruption.Token.IsCancellationRequested);

        // The random numbers of a run are drawn for the points, the split and the network, in this order.
        TrainingPlan Plan(Trial trial, DataSource data)
        {
            var own = new Rng(seed);
            if (settings.Path is null)
                makeSource(own);
            return TrainingPlan.Make(trial.Settings with { IsTrial = true }, data, own);
        }

        TriedOut? Once(Trial trial, DataSource data, CancellationToken token)
        {
            TrainingPlan plan = Plan(trial, data);
            trial = trial with { Settings = plan.Settings };
            if (ManyRuns.Finish(plan, false, () => { }, token) is not { } run)
                return null;
            if (run.HasDiverged)
                return Diverged(trial);
            Metrics validation = run.Result.Validation!;
            return new TriedOut(trial, validation.Loss, validation.Accuracy ?? validation.RSquared!.Value, double.NaN, run.Result.BestEpoch ?? run.Result.Epochs, run);
        }
    }

    private static TriedOut? Folded(Trial trial, DataSource source, IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts, CancellationToken token)
    {
        var ended = new List<Fold>();
        Trial filled = trial;
        foreach ((Dataset Training, Dataset HeldBack) part in parts)
        {
            TrainingPlan plan = Folds.Plan(trial.Settings, source, part);
            filled = trial with { Settings = plan.Settings };
            if (ManyRuns.Finish(plan, true, () => { }, token) is not { } run)
                return null;
            if (run.HasDiverged)
                return Diverged(filled);
            ended.Add(Folds.Ended(ended.Count, part, run));
        }
        MeanAndDeviation loss = MeanAndDeviation.Of([.. ended.Select(fold => fold.HeldBack.Loss)]);
        return new TriedOut(
            filled, loss.Mean, ended.Average(fold => fold.Quality), loss.Deviation, ended.Average(fold => fold.Run.Result.BestEpoch ?? fold.Run.Result.Epochs), null);
    }

    private static TriedOut Diverged(Trial trial) => new(trial, double.PositiveInfinity, double.NaN, double.NaN, 0, null);
}
