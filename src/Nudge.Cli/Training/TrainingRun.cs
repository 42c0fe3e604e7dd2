// A run from its first step to its exit code.

namespace Nudge.Cli;

/// <summary>How a run ended.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Test">How good the model is on the examples held back, if there are any.</param>
/// <param name="FirstLoss">The loss of the first step, before anything was learnt; NaN if there was no step.</param>
/// <param name="LastLoss">The mean loss of the last steps; NaN if there was no step.</param>
/// <param name="SavedTo">Where the model was saved, if it was.</param>
/// <param name="DrawnTo">Where the picture was drawn, if it was.</param>
internal sealed record TrainingOutcome(
    TrainingResult Result, Metrics? Test, double FirstLoss, double LastLoss, string? SavedTo, string? DrawnTo)
{
    /// <summary>What the model says about the validation part; null if there is none or the run diverged.</summary>
    internal ModelEvaluation? ValidationEvaluation { get; init; }

    /// <summary>The part that says most about rows which the network has not seen, and what the model says about it; null if the run diverged.</summary>
    internal (string Part, ModelEvaluation Evaluation)? Last { get; init; }

    /// <summary>What a straight line makes of the same rows; null where there is none to compare with.</summary>
    internal StraightLine? Line { get; init; }
}

/// <summary>Shows a run to somebody: a person or a program.</summary>
internal interface ITrainingView
{
    void Started(TrainingPlan plan);

    void Made(TrainingPlan plan, TrainingStep step);

    /// <summary>The doctor has found something; told once for each fault.</summary>
    void Found(TrainingPlan plan, Diagnosis diagnosis);

    void Ended(TrainingPlan plan, TrainingOutcome outcome);
}

internal static class TrainingRun
{
    /// <summary>Trains, saves where that was asked for, and shows it all.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="view">Who looks on.</param>
    /// <param name="control">Who may pause and change the run between steps; null for nobody.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <returns>The exit code; null where the run was broken off to be started anew.</returns>
    /// <exception cref="RunFailedException">The run diverged.</exception>
    /// <exception cref="IOException">The model could not be saved.</exception>
    internal static int? Make(TrainingPlan plan, ITrainingView view, LiveControl? control, CancellationToken cancellation)
    {
        using var interruption = new Interruption(cancellation);
        using Doctor doctor = plan.Doctor;
        var loop = new RunLoop(plan, interruption, control);
        view.Started(plan);
        if (loop.Make(step => view.Made(plan, step), finding => view.Found(plan, finding)) is not { } result)
            return null;
        bool diverged = result.End == TrainingEnd.Diverged;
        ModelEvaluation? validation = diverged ? null : EvaluationOf(plan, plan.Validation);
        if (!diverged && plan.ChooseThreshold(validation))
        {
            validation = EvaluationOf(plan, plan.Validation);
            result = result with { Training = MetricsOf(plan, plan.Training), Validation = validation?.Metrics ?? result.Validation };
        }
        ModelEvaluation? test = diverged ? null : EvaluationOf(plan, plan.Test);
        // A network that has learnt nothing must not take the place of one that has.
        string? output = diverged || result.Steps == 0 ? null : plan.Settings.Out;
        Exception? unsaved = RunLoop.Written(output, plan.Model.Save);
        // A run that diverged is worth seeing too, up to where it did.
        IReadOnlyList<double> losses = loop.Losses.Means;
        bool draws = losses.Any(double.IsFinite);
        Exception? undrawn = draws
            ? RunLoop.Written(plan.Settings.Picture, path => File.WriteAllText(path, Plot.Training(losses, plan.Model, plan.Training, loop.Losses.Span)))
            : null;
        view.Ended(plan, new TrainingOutcome(
            result,
            plan.Test is null || diverged ? null : test?.Metrics ?? MetricsOf(plan, plan.Test),
            loop.FirstLoss,
            losses.DefaultIfEmpty(double.NaN).Last(),
            unsaved is null ? output : null,
            !draws || undrawn is not null ? null : plan.Settings.Picture)
        {
            ValidationEvaluation = validation,
            Last = diverged ? null
                : test is not null ? ("test", test)
                : validation is not null ? ("validation", validation)
                : EvaluationOf(plan, plan.Training) is { } training ? ("training", training) : null,
            Line = result.End is TrainingEnd.Diverged or TrainingEnd.Cancelled ? null : StraightLine.Of(plan),
        });
        if (unsaved is null && undrawn is not null)
            throw new RunFailedException($"the picture could not be written: {undrawn.Message}");
        return loop.ExitCodeOf(result, unsaved);
    }

    // Inputs far outside those of the training part may give outputs that are no numbers: then there is nothing to put in order.
    private static ModelEvaluation? EvaluationOf(TrainingPlan plan, Dataset? part)
    {
        try
        {
            return part is null ? null : ModelEvaluation.Of(plan.Model, part, plan.Settings.Engine, plan.Settings.Precision);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Metrics MetricsOf(TrainingPlan plan, Dataset part) => plan.Model.Measure(part, plan.Settings.Engine, plan.Settings.Precision);
}
