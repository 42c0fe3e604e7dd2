// nudge search: which network, learning rate and penalty suit a file.

using System.CommandLine;

namespace Nudge.Cli;

internal static class SearchCommand
{
    private const int MostTrials = 100_000, DefaultTrials = 30, MostInTime = 10_000, FoldsOfFewRows = 5;
    private const double MostMinutes = 100_000;

    internal static Command Create(Terminal terminal)
    {
        var options = new TrainOptions();
        Option<int?> trials = Choices.Whole("--trials", "How many networks to try [default: 30, or with --minutes as many as there is time for]", 1, MostTrials);
        Option<double?> minutes = Choices.Number("--minutes", "How long to try; then what goes on is broken off, and does not count", "a number above 0", number => number is > 0 and <= MostMinutes);
        Option<int?> folds = Choices.Whole("--folds", "Choose by the mean of so many folds, and not by one validation part [default: 5 of a file of fewer than 2,000 rows]", 2, 1000);
        Option<bool> json = Choices.Switch("--json", "Print JSON, one object a line: each trial, and last the summary");
        Option<bool> quiet = Choices.Switch("--quiet", "Print the summary only");
        var command = new Subcommand(
            "search",
            "Try many networks on all cores: layers, activations, learning rates and penalties; what is typed is not varied",
            ("nudge search iris.csv", "thirty networks, a table of the best, and the command that makes the best again"),
            ("nudge search houses.csv --target price --minutes 10", "as many as ten minutes have room for"),
            ("nudge search small.csv --validation 20% --layers 16,16", "chosen by one part; the layers stay"));
        IEnumerable<Option> others = [.. options.Outputs, .. options.Start];
        options.AddTo(command, others);
        foreach (Option option in new Option[] { trials, minutes, folds, json, quiet })
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            Choices.RefuseUnless(parsed, false, "is for nudge train; leave it out, and add it to the command that this one prints", [.. others]);
            TrainSettings settings = options.Read(command, parsed);
            SearchSpace space = SpaceOf(options, parsed, settings);
            if (space.IsEmpty)
                throw new UserException("there is nothing to search: layers, activation, learning rate and penalty are all typed; leave one out");
            TimeSpan? budget = parsed.GetValue(minutes) is { } length ? TimeSpan.FromMinutes(length) : null;
            IReadOnlyList<Trial> drawn = space.Draw(parsed.GetValue(trials) ?? (budget is null ? DefaultTrials : MostInTime));
            DataSource? table = settings.Path is { } path ? TableFileOptions.ReadTable(terminal, command, path, settings.Format, file => DataSource.FromFile(file, settings)) : null;
            int? foldCount = parsed.GetValue(folds) ?? (table?.Data.Count < TableDefaults.FewestToValidate && settings.Validation is null ? FoldsOfFewRows : null);
            var search = new Search(settings, drawn, foldCount, budget);
            bool asJson = parsed.GetValue(json), summaryOnly = parsed.GetValue(quiet), isClassification = false;
            SearchOutcome outcome = search.Make(MakeSource, terminal, Started, cancellation);
            var report = new SearchReport(outcome, drawn.Count, search.FoldCount, isClassification, Line);
            if (asJson)
                report.WriteJson(terminal, summaryOnly);
            else
                report.Write(terminal);
            return Task.FromResult(outcome.WasInterrupted ? ExitCode.Interrupted : outcome.Tried.Any(one => double.IsFinite(one.Loss)) ? ExitCode.Done : ExitCode.Failed);

            DataSource MakeSource(Rng rng) => table ?? DataSource.Generated(settings.Generator!, settings.Points, settings.Noise, rng);

            void Started(TrainingPlan plan)
            {
                isClassification = plan.Source.IsClassification;
                if (!asJson && !summaryOnly)
                    TrainingReport.WriteStart(terminal, plan, search.FoldCount is { } count ? $"{count} folds to choose by, each trained on about {Text.Count(plan.Training.Count + (plan.Validation?.Count ?? 0))}" : null);
            }

            string Line(Trial trial) => options.Line(parsed, search.FoldCount is { } count ? $"--folds {Text.Digits((ulong)count)} {trial.Options}" : trial.Options);
        });
        return command;
    }

    private static SearchSpace SpaceOf(TrainOptions options, ParseResult parsed, TrainSettings settings)
    {
        (Option layers, Option activation, Option rate, IReadOnlyList<Option> penalty) = options.Searched;
        return new SearchSpace(settings, !IsTyped(layers), !IsTyped(activation), !IsTyped(rate), !penalty.Any(IsTyped));

        bool IsTyped(Option option) => parsed.GetResult(option) is { Implicit: false };
    }
}
