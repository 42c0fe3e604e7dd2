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
        var engine = new EngineOptions(Precision.Double);
        var format = new TableFileOptions();
        var command = new Subcommand(
            "evaluate",
            "Measure a trained model: its loss, its accuracy or R², and what it confuses",
            ("nudge evaluate iris.safetensors iris.csv", "how many rows it gets right, and which it confuses"),
            ("nudge evaluate names.safetensors more-names.txt --training names.txt", "nats and bits per character, beside what counting gives"))
        {
            modelPath, dataPath, training, json,
        };
        foreach (Option option in engine.All.Concat(format.All))
            command.Add(option);
        command.SetAction(parsed =>
        {
            (GraphEngine chosen, Precision precision) = engine.Read(parsed);
            string path = parsed.GetRequiredValue(dataPath), counted = parsed.GetValue(training) ?? "";
            if (UserFile.Read(command, parsed.GetRequiredValue(modelPath), TrainedLanguageModel.IsIn))
            {
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
            TrainedModel model = TrainedModel.Load(parsed.GetRequiredValue(modelPath));
            (CsvFile table, TableReading reading) = TableFileOptions.ReadTable(
                terminal, command, path, model.Schema.Expecting(format.Read(parsed)), read => (read, model.ExamplesFrom(read)));
            SchemaReport.Warn(terminal, table, reading);
            Dataset data = reading.Data!;
            Metrics metrics = model.Measure(data, chosen, precision);
            if (parsed.GetValue(json))
            {
                var line = JsonView.Of(metrics);
                line["objective"] = model.Objective.Name;
                line["examples"] = data.Count;
                line["classes"] = model.Classes is null ? null : Json.Array(model.Classes);
                terminal.WriteJson(line);
                return ExitCode.Done;
            }
            terminal.WriteLine();
            terminal.WriteFact("model", $"{TrainingReport.Shape(model.Network)}, predicts {model.TargetName}, loss {model.Objective.Name}");
            terminal.WriteLine();
            MetricsReport.WriteTable(terminal, [(Path.GetFileName(path), data.Count, metrics)]);
            TargetsReport.Write(terminal, model.TargetNames, [(Path.GetFileName(path), data.Count, metrics)]);
            MetricsReport.WriteConfusion(terminal, "", metrics, model.Classes);
            return ExitCode.Done;
        });
        return command;
    }
}
