// Everything that a run needs, whatever it trains.

using System.Diagnostics;

namespace Nudge.Cli;

/// <param name="trainer">Who makes the steps, with a doctor.</param>
internal abstract class RunPlan(Trainer trainer)
{
    private TimeSpan _begun;
    private int? _first;

    internal abstract RunSettings Settings { get; }

    internal Trainer Trainer { get; } = trainer;

    internal Doctor Doctor => Trainer.Doctor!;

    /// <summary>The time that the run has taken: it stands still while a page has paused it.</summary>
    internal Stopwatch Clock { get; } = new();

    /// <summary>How many steps the run makes if nothing ends it early.</summary>
    internal long TotalSteps => Trainer.TotalSteps;

    /// <summary>An option to try where the learning rate is too large.</summary>
    internal string SmallerLearningRate => $"--learning-rate {Text.Number(Settings.LearningRate / 10)}";

    /// <summary>What to do about a fault: an option where there is one for it.</summary>
    internal virtual string Mend(Diagnosis diagnosis) => diagnosis.Fault switch
    {
        TrainingFault.LearningRateTooLarge or TrainingFault.SaturatedUnits or TrainingFault.DeadUnits => $"Try {SmallerLearningRate}.",
        TrainingFault.LearningRateTooSmall => $"Try --learning-rate {Text.Number(10 * Settings.LearningRate)}.",
        _ => char.ToUpperInvariant(diagnosis.Mend[0]) + diagnosis.Mend[1..],
    };

    /// <summary>How fast the run is, in steps a second, and how long it still takes if nothing ends it early; null at its first step.</summary>
    internal (double StepsPerSecond, TimeSpan Left)? PaceAt(TrainingStep step)
    {
        // The first step also compiles the model, which says nothing of the speed of the others.
        if (_first is not { } first)
        {
            (_first, _begun) = (step.Step, Clock.Elapsed);
            return null;
        }
        double speed = (step.Step - first) / Math.Max((Clock.Elapsed - _begun).TotalSeconds, 1e-9);
        return (speed, TimeSpan.FromSeconds(Math.Min((TotalSteps - step.Step - 1) / speed, TimeSpan.MaxValue.TotalSeconds / 2)));
    }

    /// <summary>Makes what of settings and data the library refuses an error of the user's.</summary>
    /// <param name="make">Makes the plan.</param>
    /// <param name="source">Where the data is from; null where the message says that.</param>
    /// <exception cref="UserException">Settings and data do not fit together.</exception>
    protected static TPlan Made<TPlan>(Func<TPlan> make, string? source = null)
        where TPlan : RunPlan
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw new UserException((source is null ? "" : source + ": ") + MessageOf(error));
        }
    }

    /// <summary>What the library says, without the name of its parameter.</summary>
    protected static string MessageOf(ArgumentException error) =>
        error.ParamName is null ? error.Message : error.Message.Replace($" (Parameter '{error.ParamName}')", "");
}
