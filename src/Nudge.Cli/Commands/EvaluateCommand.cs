// nudge evaluate: how good a trained model is on rows whose answers are known.

using System.CommandLine;

namespace Nudge.Cli;

internal static class EvaluateCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string> modelPath = Choices.File("model.safetensors", "A model that nudge train or train-text has saved");
        Argument<string> dataPath = Choices.File("data", "Rows with the model's inputs and its target, as data.csv, or for a language model a text");
        var training = new Option<string?>("--training") { Description = "The text a language model was trained on, to compare it with counting there", HelpName = "FILE" };
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        Option<string?> report = Choices.Output("--report", "Where to write a report to look at in a browser, as report.html: mistakes, what matters, the worst rows");
        Option<double?> threshold = ThresholdChoice.Option();
        Option<ulong?> seed = Choices.Seed();
        var engine = new EngineOptions(Precision.Double);
        var format = new TableFileOptions();
        var command = new Subcommand(
            "evaluate",
            "Measure a trained model: its loss, its accuracy or R², what it confuses, and which columns matter",
            ("nudge evaluate iris.safetensors iris.csv", "how many rows it gets right, and which it confuses"),
            ("nudge evaluate titanic.safetensors new.csv --report new.html", "a page with the mistakes, what the answer depends on, and the worst rows"),
            ("nudge evaluate names.safetensors more-names.txt --training names.txt", "nats and bits per character, beside what counting gives"))
        {
            modelPath, dataPath, training, json, report, threshold, seed,
        };
        foreach (Option option in engine.All.Concat(format.All))
            command.Add(option);
        command.SetAction(parsed =>
        {
            (GraphEngine chosen, Precision precision) = engine.Read(parsed);
            string? reportPath = parsed.GetValue(report);
            if (reportPath is not null)
                UserFile.RequireWritable(report.Name, reportPath, parsed.GetValue(modelPath), parsed.GetValue(dataPath));
            string path = parsed.GetRequiredValue(dataPath), counted = parsed.GetValue(training) ?? "";
            if (UserFile.Read(command, parsed.GetRequiredValue(modelPath), TrainedLanguageModel.IsIn))
            {
                if (reportPath is not null || parsed.GetValue(threshold) is not null)
                    throw new UserException($"{(reportPath is null ? threshold.Name : report.Name)} is for models of tables, and this is a language model; leave it out");
                TrainedLanguageModel language = TrainedLanguageModel.Load(parsed.GetRequiredValue(modelPath));
                TextDataset text = Read(path);
                new TextEvaluation(
                    language, text, LanguageProblem.Measure(language.Model, text, chosen, precision), counted.Length > 0 ? Read(counted) : null, path)
                    .Write(terminal, parsed.GetValue(json));
                return ExitCode.Done;

                TextDataset Read(string file) => UserFile.Read(command, file, name => TextDataset.Read(name, language.ByCharacter, language.Tokenizer));
            }
            if (counted.Length > 0)
                throw new UserException($"{training.Name} is for language models, and this is a model for rows; leave it out");
            TrainedModel model = ThresholdChoice.Apply(parsed.GetValue(threshold), TrainedModel.Load(parsed.GetRequiredValue(modelPath)));
            (CsvFile table, TableReading reading) = TableFileOptions.ReadTable(
                terminal, command, path, model.Schema.Expecting(format.Read(parsed)), read => (read, model.ExamplesFrom(read)));
            SchemaReport.Warn(terminal, table, reading);
            var evaluated = new EvaluatedTable(model, table, reading, Evaluate());
            evaluated.MeasureColumns(parsed.GetRequiredValue(seed)!.Value, chosen, precision);
            if (reportPath is not null)
                evaluated.SaveReport(reportPath, UserFile.CommandLine(parsed));
            if (parsed.GetValue(json))
                terminal.WriteJson(evaluated.ToJson());
            else
                evaluated.Write(terminal, reportPath);
            return ExitCode.Done;

            ModelEvaluation Evaluate()
            {
                try
                {
                    return ModelEvaluation.Of(model, reading.Data!, chosen, precision);
                }
                catch (ArgumentException)
                {
                    throw new UserException($"{path}: for some row the network gives no finite number; expected inputs of the size of those it was trained on, or try --precision double");
                }
            }
        });
        return command;
    }
}
