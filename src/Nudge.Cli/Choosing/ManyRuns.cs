// Runs that have nothing to do with each other, on all cores.

using System.Runtime.ExceptionServices;

namespace Nudge.Cli;

/// <summary>How a run of many ended.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Model">The model.</param>
/// <param name="HeldBack">How good it is on the examples held back from the run; null where there are none, or it diverged.</param>
/// <param name="Test">These examples.</param>
internal sealed record RunOutcome(TrainingResult Result, TrainedModel Model, Metrics? HeldBack, Dataset? Test)
{
    internal bool HasDiverged => Result.End == TrainingEnd.Diverged;
}

internal static class ManyRuns
{
    /// <summary>Makes runs in order, as many at once as there are cores. Which thread makes which run does not matter to it.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="make">Makes one; null if it was broken off.</param>
    /// <param name="cancellation">Breaks the runs off.</param>
    /// <returns>What they gave, each in its place; null for those that did not end.</returns>
    internal static T?[] Make<T>(int count, Func<int, T?> make, CancellationToken cancellation)
        where T : class
    {
        var results = new T?[count];
        int taken = -1;
        try
        {
            Parallel.For(0, Math.Min(count, Environment.ProcessorCount), _ =>
            {
                while (!cancellation.IsCancellationRequested && Interlocked.Increment(ref taken) is var run && run < count)
                    results[run] = make(run);
            });
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
        return results;
    }

    /// <summary>Makes a run to its end.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="measures">Whether to look at the examples held back.</param>
    /// <param name="stepped">Called after each step.</param>
    /// <param name="cancellation">Breaks it off.</param>
    /// <returns>How it ended; null if it was broken off.</returns>
    internal static RunOutcome? Finish(TrainingPlan plan, bool measures, Action stepped, CancellationToken cancellation)
    {
        foreach (TrainingStep _ in plan.Trainer.Run(cancellation))
            stepped();
        TrainingResult result = plan.Trainer.Result!;
        if (result.End == TrainingEnd.Cancelled)
            return null;
        Metrics? heldBack = measures && plan.Test is not null && result.End != TrainingEnd.Diverged
            ? plan.Model.Measure(plan.Test, plan.Settings.Engine, plan.Settings.Precision)
            : null;
        return new RunOutcome(result, plan.Model, heldBack, plan.Test);
    }
}
