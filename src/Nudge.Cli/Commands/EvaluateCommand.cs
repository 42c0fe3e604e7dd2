// nudge evaluate: how good a trained model is on rows whose answers are known.

using System.CommandLine;

namespace Nudge.Cli;

internal static class EvaluateCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string> modelPath = Choices.File("model.safetensors", "A model that nudge train has saved");
        Argument<string> dataPath = Choices.File("data.csv", "Rows with the model's inputs and its target");
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        var engine = new EngineOptions(Precision.Double);
        var command = new Subcommand(
            "evaluate",
            "Measure a trained model: its loss, its accuracy or R², and what it confuses",
            ("nudge evaluate iris.safetensors iris.csv", "how many rows it gets right, and which it confuses"))
        {
            modelPath, dataPath, json,
        };
        foreach (Option option in engine.All)
            command.Add(option);
        command.SetAction(parsed =>
        {
            (GraphEngine chosen, Precision precision) = engine.Read(parsed);
            TrainedModel model = UserFile.Read(command, parsed.GetRequiredValue(modelPath), TrainedModel.Load);
            string path = parsed.GetRequiredValue(dataPath);
            Dataset data = model.ExamplesFrom(UserFile.Read(command, path, CsvFile.Read));
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
            MetricsReport.WriteConfusion(terminal, "", metrics, model.Classes);
            return ExitCode.Done;
        });
        return command;
    }
}
