// nudge train: from data to a trained network, while you watch.

using System.CommandLine;

namespace Nudge.Cli;

internal static class TrainCommand
{
    internal static Command Create(Terminal terminal)
    {
        var options = new TrainOptions();
        Option<bool> plot = Choices.Switch("--plot", "Draw the course of the loss and, where it can be drawn, what was learnt");
        Option<bool> json = Choices.Switch("--json", "Print JSON, one object a line: the start, each epoch, and last the summary");
        Option<bool> quiet = Choices.Switch("--quiet", "Print the summary only");
        Option<int?> folds = Folds.Option();
        var command = new Subcommand(
            "train",
            "Train a network on a CSV file, or without one on points made on the spot",
            ("nudge train", "two moons, 100 points, in seconds"),
            ("nudge train --data lesson --watch --edit", "step by step in a browser, with everything to be seen and changed"),
            ("nudge train --data spirals --plot", "something harder, and a map of what was learnt"),
            ("nudge train iris.csv --test 25% --out iris.safetensors", "a file; the last column is the target"),
            ("nudge train iris.csv --test 25% --report iris.html", "a page to look at: mistakes, what matters and how, the worst rows"),
            ("nudge train houses.csv --target price --ignore id --layers 32,16", "a number to predict, and columns to leave out"),
            ("nudge train iris.csv --folds 5", "how good it is on rows held back, five times, and how much that varies"),
            ("nudge train more.csv --from iris.safetensors --out better.safetensors", "a saved model, trained on with other rows"),
            ("nudge train weather.csv --target rain --test 25% --split time", "the last quarter of the time is held back"));
        command.Add(options.File);
        foreach (Option option in options.All)
            command.Add(option);
        foreach (Option option in new Option[] { folds, plot, json, quiet })
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(plot) && parsed.GetValue(json))
                throw new UserException("--plot and --json cannot be combined; leave one out");
            TrainSettings settings = options.Read(command, parsed);
            DataSource? table = settings.Path is { } path ? TableFileOptions.ReadTable(terminal, command, path, settings.Format, file => DataSource.FromFile(file, settings)) : null;
            bool asJson = parsed.GetValue(json), summaryOnly = parsed.GetValue(quiet), plots = parsed.GetValue(plot);
            if (parsed.GetValue(folds) is { } count)
            {
                Choices.RefuseUnless(parsed, false, "cannot be combined with --folds, which keeps none of its networks; leave it out, or train without --folds", [.. options.Outputs, plot]);
                Choices.RefuseUnless(parsed, false, "cannot be combined with --folds: that model may have been trained on the rows that each fold holds back; leave it out", options.Start);
                return Task.FromResult(FoldsRun.Make(settings, MakeSource, count, options.Line(parsed, ""), terminal, asJson, summaryOnly, cancellation));
            }
            return WatchedRun.Make(settings, MakePlan, MakeView, terminal, asJson ? terminal.Error : terminal.Out, cancellation);

            TrainingPlan MakePlan()
            {
                var rng = new Rng(settings.Seed);
                return TrainingPlan.Make(settings, MakeSource(rng), rng);
            }

            DataSource MakeSource(Rng rng) => table ?? DataSource.Generated(settings.Generator!, settings.Points, settings.Noise, rng);

            ITrainingView MakeView() => asJson ? new JsonView(terminal, summaryOnly) : new ScreenView(terminal, summaryOnly, plots);
        });
        return command;
    }
}
