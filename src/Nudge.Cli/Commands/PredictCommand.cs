// nudge predict: what a trained model says about new rows.

using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class PredictCommand
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(",;\t\"\r\n");

    internal static Command Create(Terminal terminal)
    {
        Argument<string> modelPath = Choices.File("model.safetensors", "A model that nudge train has saved");
        Argument<string> dataPath = Choices.File("data.csv", "Rows with the model's inputs, or - for standard input; other columns are passed over");
        Option<string?> output = Choices.Output("--out", "Where to write the predictions, instead of the screen");
        Option<bool> json = Choices.Switch("--json", "Print JSON, one object for each row");
        Option<double?> threshold = ThresholdChoice.Option();
        var engine = new EngineOptions(Precision.Double);
        var format = new TableFileOptions();
        var command = new Subcommand(
            "predict",
            "Predict with a trained model, a row for each row of the data",
            ("nudge predict iris.safetensors flowers.csv", "the class of each row and its probability, as CSV"),
            ("nudge predict iris.safetensors flowers.csv --out classes.csv", "the same, into a file"))
        {
            modelPath, dataPath, output, json, threshold,
        };
        foreach (Option option in engine.All.Concat(format.All))
            command.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(output) is { } path)
                UserFile.RequireWritable("--out", path, parsed.GetValue(modelPath), parsed.GetValue(dataPath));
            (GraphEngine chosen, Precision precision) = engine.Read(parsed);
            TrainedModel model = ThresholdChoice.Apply(parsed.GetValue(threshold), UserFile.Read(command, parsed.GetRequiredValue(modelPath), TrainedModel.Load));
            (CsvFile table, TableReading reading) = TableFileOptions.ReadTable(
                terminal, command, parsed.GetRequiredValue(dataPath), model.Schema.Expecting(format.Read(parsed)), read => (read, model.InputsFrom(read)));
            SchemaReport.Warn(terminal, table, reading);
            double[][] predictions = model.Predict(reading.Rows, chosen, precision);
            IEnumerable<string> lines = parsed.GetValue(json)
                ? predictions.Select(predicted => ToJson(model, predicted).ToText())
                : predictions.Select(predicted => ToCsv(model, predicted)).Prepend(CsvHeader(model));
            if (parsed.GetValue(output) is { } file)
            {
                AtomicFile.Write(file, stream =>
                {
                    using var writer = new StreamWriter(stream, leaveOpen: true);
                    foreach (string line in lines)
                        writer.WriteLine(line);
                });
                return ExitCode.Done;
            }
            foreach (string line in lines)
                terminal.WriteLine(line);
            return ExitCode.Done;
        });
        return command;
    }

    private static string CsvHeader(TrainedModel model) => model.Classes is null
        ? string.Join(',', model.TargetNames.Select(Field))
        : $"{Field(model.TargetName)},probability";

    private static string ToCsv(TrainedModel model, double[] predicted)
    {
        if (model.Classes is null)
            return string.Join(',', predicted.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        int best = model.ClassOfProbabilities(predicted);
        return $"{Field(model.Classes[best])},{predicted[best].ToString("R", CultureInfo.InvariantCulture)}";
    }

    private static JsonObject ToJson(TrainedModel model, double[] predicted)
    {
        if (model.Classes is null)
        {
            return new JsonObject
            {
                ["prediction"] = predicted.Length == 1
                    ? Json.Number(predicted[0])
                    : new JsonObject(model.TargetNames.Select((name, i) => KeyValuePair.Create(name, Json.Number(predicted[i])))),
            };
        }
        int best = model.ClassOfProbabilities(predicted);
        return new JsonObject
        {
            ["prediction"] = model.Classes[best],
            ["probability"] = Json.Number(predicted[best]),
            ["probabilities"] = new JsonObject(model.Classes.Select((name, i) => KeyValuePair.Create(name, Json.Number(predicted[i])))),
        };
    }

    // A field that could be misread stands in quotes, with its own quotes doubled.
    private static string Field(string text) =>
        text.AsSpan().ContainsAny(s_special) || text != text.Trim() ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
