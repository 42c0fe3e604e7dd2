// What was asked for of any run: how its steps are made, and what it writes.

namespace Nudge.Cli;

internal record RunSettings
{
    /// <summary>The command as it was typed; empty for a run that no command asked for.</summary>
    internal string CommandLine { get; init; } = "";

    internal string Optimizer { get; init; } = "";

    internal double LearningRate { get; init; }

    internal double? Momentum { get; init; }

    internal double? WeightDecay { get; init; }

    internal double L2Penalty { get; init; }

    internal string Schedule { get; init; } = "constant";

    internal int WarmUp { get; init; }

    /// <summary>0 for no limit.</summary>
    internal double ClipNorm { get; init; }

    internal ulong Seed { get; init; }

    internal GraphEngine Engine { get; init; } = GraphEngine.Compiled;

    internal Precision Precision { get; init; }

    /// <summary>A saved model to train on; null for a new one.</summary>
    internal string? From { get; init; }

    internal string? Out { get; init; }

    /// <summary>Whether the data came from another program, so that the command cannot be typed again as it stands.</summary>
    internal virtual bool IsPiped => false;

    /// <summary>Where the run is saved while it goes on.</summary>
    internal string? Checkpoint { get; init; }

    /// <summary>The checkpoint to go on from.</summary>
    internal string? Resume { get; init; }

    /// <exception cref="InvalidOperationException">There is no such optimizer.</exception>
    internal Optimizer MakeOptimizer(ParameterList parameters)
    {
        double momentum = Momentum ?? 0, decay = WeightDecay ?? 0;
        return Optimizer switch
        {
            "sgd" => new Sgd(parameters, LearningRate, momentum, weightDecay: decay),
            "adam" => new Adam(parameters, LearningRate, weightDecay: decay),
            "rmsprop" => new RmsProp(parameters, LearningRate, momentum: momentum, weightDecay: decay),
            "adamw" => WeightDecay is null ? new AdamW(parameters, LearningRate) : new AdamW(parameters, LearningRate, weightDecay: decay),
            _ => throw new InvalidOperationException($"There is no optimizer {Optimizer}."),
        };
    }

    /// <param name="steps">How many steps the run makes.</param>
    /// <exception cref="InvalidOperationException">There is no such schedule.</exception>
    internal Schedule MakeSchedule(long steps)
    {
        int warm = StepsAfterWarmUp(steps);
        Schedule schedule = Schedule switch
        {
            "constant" => Nudge.Schedule.Constant,
            "step" => Nudge.Schedule.Step(StepOf(warm)),
            "linear" => Nudge.Schedule.Linear(warm),
            "cosine" => Nudge.Schedule.Cosine(warm),
            _ => throw new InvalidOperationException($"There is no schedule {Schedule}."),
        };
        return WarmUp > 0 ? Nudge.Schedule.WarmUp(WarmUp, schedule) : schedule;
    }

    /// <summary>The schedule as C#; null where the learning rate is constant.</summary>
    /// <param name="steps">How many steps the run makes.</param>
    internal string? ScheduleCode(long steps)
    {
        int warm = StepsAfterWarmUp(steps);
        string? code = Schedule switch
        {
            "constant" => null,
            "step" => $"Schedule.Step({StepOf(warm)})",
            "linear" => $"Schedule.Linear({warm})",
            "cosine" => $"Schedule.Cosine({warm})",
            _ => throw new InvalidOperationException($"There is no schedule {Schedule}."),
        };
        return WarmUp > 0 ? $"Schedule.WarmUp({WarmUp}{(code is null ? "" : ", " + code)})" : code;
    }

    private int StepsAfterWarmUp(long steps) => (int)Math.Clamp(steps - WarmUp, 1, int.MaxValue);

    // Three rates over the whole run.
    private static int StepOf(int steps) => (int)((steps + 2L) / 3);
}
