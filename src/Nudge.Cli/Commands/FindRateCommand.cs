// nudge find-rate: which learning rate to train with.

using System.CommandLine;

namespace Nudge.Cli;

internal static class FindRateCommand
{
    private const int LeastSteps = 50, MostSteps = 100_000, DefaultSteps = 300;
    private const double DefaultFrom = 1e-5, DefaultTo = 10;

    internal static Command Create(Terminal terminal)
    {
        var options = new TrainOptions();
        Option<double?> from = Choices.Number("--lowest", "The rate of the first step", "a number above 0", number => number > 0, DefaultFrom);
        Option<double?> to = Choices.Number("--highest", "The rate of the last step, if the loss has not exploded before", "a number above 0", number => number > 0, DefaultTo);
        Option<int?> steps = Choices.Whole("--steps", "How many steps to make", LeastSteps, MostSteps, DefaultSteps);
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        var command = new Subcommand(
            "find-rate",
            "Find a learning rate: a short run in which it grows until the loss explodes",
            ("nudge find-rate houses.csv --target price", "a plot of the loss by the rate, and a command with the rate to try"),
            ("nudge find-rate iris.csv --optimizer sgd --batch 16", "all that the run is made with is taken into account"));
        IEnumerable<Option> others = [.. options.Course, .. options.Outputs];
        options.AddTo(command, others);
        foreach (Option option in new Option[] { from, to, steps, json })
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            Choices.RefuseUnless(parsed, false, "is for nudge train, and this run has its own; leave it out", [.. others]);
            TrainSettings settings = options.Read(command, parsed) with { IsTrial = true };
            double lowest = parsed.GetRequiredValue(from)!.Value, highest = parsed.GetRequiredValue(to)!.Value;
            if (highest <= lowest)
                throw new UserException($"--highest: expected a rate above the lowest, {Text.Number(lowest)}, got {Text.Number(highest)}");
            DataSource? table = settings.Path is { } path ? TableFileOptions.ReadTable(terminal, command, path, settings.Format, file => DataSource.FromFile(file, settings)) : null;
            var rng = new Rng(settings.Seed);
            TrainingPlan plan = TrainingPlan.Make(settings, table ?? DataSource.Generated(settings.Generator!, settings.Points, settings.Noise, rng), rng);
            using var interruption = new Interruption(cancellation);
            LearningRateRange range;
            using (new WaitingLine(terminal, "training with a growing learning rate"))
            {
                range = LearningRateFinder.Find(
                    new SupervisedProblem(plan.Model.Mlp, plan.Problem.Objective, plan.Problem.Training), plan.Trainer.Optimizer, plan.Trainer.Options,
                    lowest, highest, parsed.GetRequiredValue(steps)!.Value, interruption.Token);
            }
            bool wasInterrupted = interruption.Token.IsCancellationRequested;
            new FindRateReport(plan, range, wasInterrupted, rate => options.Line(parsed, $"--learning-rate {Text.Number(rate)}")).Write(terminal, parsed.GetValue(json));
            return Task.FromResult(wasInterrupted ? ExitCode.Interrupted : ExitCode.Done);
        });
        return command;
    }
}
