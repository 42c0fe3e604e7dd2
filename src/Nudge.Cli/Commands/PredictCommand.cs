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
            IReadOnlyList<ModelTarget> targets = model.EachTarget;
            IEnumerable<string> lines = parsed.GetValue(json)
                ? predictions.Select(predicted => ToJson(targets, predicted).ToText())
                : predictions.Select(predicted => ToCsv(targets, predicted)).Prepend(CsvHeader(targets));
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

    private static string CsvHeader(IReadOnlyList<ModelTarget> targets) => string.Join(',', targets.Select(target =>
        target.Classes is null ? Field(target.Name)
        : targets.Count == 1 ? $"{Field(target.Name)},probability"
        : $"{Field(target.Name)},{Field($"{target.Name} probability")}"));

    private static string ToCsv(IReadOnlyList<ModelTarget> targets, double[] predicted) => string.Join(',', targets.Select(target =>
    {
        double[] own = predicted[target.Results];
        if (target.Classes is null)
            return Number(own[0]);
        int best = target.ClassOf(predicted);
        return $"{Field(target.Classes[best])},{Number(own[best])}";
    }));

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    // Of several targets each is an object by their names.
    private static JsonObject ToJson(IReadOnlyList<ModelTarget> targets, double[] predicted)
    {
        var json = new JsonObject { ["prediction"] = OfEach(targets, Prediction) };
        ModelTarget[] classes = [.. targets.Where(target => target.Classes is not null)];
        if (classes.Length == 0)
            return json;
        json["probability"] = OfEach(classes, target => Json.Number(predicted[target.Results][target.ClassOf(predicted)]));
        json["probabilities"] = OfEach(classes, target => new JsonObject(target.Classes!.Zip(predicted[target.Results], (name, number) => KeyValuePair.Create(name, Json.Number(number)))));
        return json;

        JsonNode? Prediction(ModelTarget target) => target.Classes is { } names ? names[target.ClassOf(predicted)] : Json.Number(predicted[target.Results][0]);

        JsonNode? OfEach(IReadOnlyList<ModelTarget> some, Func<ModelTarget, JsonNode?> node) =>
            targets.Count == 1 ? node(some[0]) : new JsonObject(some.Select(target => KeyValuePair.Create(target.Name, node(target))));
    }

    // A field that could be misread stands in quotes, with its own quotes doubled.
    private static string Field(string text) =>
        text.AsSpan().ContainsAny(s_special) || text != text.Trim() ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
