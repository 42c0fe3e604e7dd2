// nudge inspect: what is in a model file.

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class InspectCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string> modelPath = Choices.File("model.safetensors", "A model that nudge train or train-text has saved");
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        var command = new Subcommand(
            "inspect",
            "Show what is in a model file: layers, inputs, classes, and how its parameters are spread",
            ("nudge inspect iris.safetensors", "the layers, the scales of the inputs, the parameters"))
        {
            modelPath, json,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(modelPath);
            if (UserFile.Read(command, path, TrainedLanguageModel.IsIn))
            {
                new TextInspection(path, TrainedLanguageModel.Load(path)).Write(terminal, parsed.GetValue(json));
                return ExitCode.Done;
            }
            TrainedModel model = TrainedModel.Load(path);
            if (parsed.GetValue(json))
                terminal.WriteJson(ToJson(model));
            else
                Write(terminal, path, model);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, string path, TrainedModel model)
    {
        terminal.WriteLine();
        terminal.WriteFact("model", path);
        terminal.WriteFact("predicts", string.Join("; ", model.EachTarget.Select(target => target.Name + (target.Classes is null ? ", a number" : $": {Text.List(target.Classes, 20)}"))));
        if (model.Classes?.Count == 2 && model.Objective.Threshold != 0.5)
            terminal.WriteFact("limit", $"'{model.Classes[1]}' above a probability of {Text.Number(model.Objective.Threshold)}");
        terminal.WriteFact("loss", model.Objective.ToString());
        SchemaReport.WriteColumns(terminal, model.Schema);
        terminal.WriteLine();
        foreach (string line in model.Mlp.ToString().Split('\n'))
            terminal.WriteLine("  " + Text.Fit(line, terminal.LineLimit - 2));
        terminal.WriteLine();
        WriteScales(terminal, model);
        terminal.WriteLine();
        Spread.Write(terminal, Spreads(model.Mlp));
    }

    private static void WriteScales(Terminal terminal, TrainedModel model)
    {
        var table = new Table(false, true, true);
        table.Add(Header("input"), Header("mean"), Header("scale"));
        for (int i = 0; i < model.InputNames.Count; i++)
            table.Add(model.InputNames[i], Text.Number(model.Inputs.Means[i]), Text.Number(model.Inputs.Scales[i]));
        if (model.Targets is { } targets)
        {
            foreach (int i in Enumerable.Range(0, targets.Means.Count).Where(i => model.TargetClasses[i] is null))
                table.Add($"{model.TargetNames[i]} (target)", Text.Number(targets.Means[i]), Text.Number(targets.Scales[i]));
        }
        table.Write(terminal);
    }

    private static JsonObject ToJson(TrainedModel model) => new()
    {
        ["target"] = model.TargetName,
        ["targetNames"] = Json.Array(model.TargetNames),
        ["classes"] = model.Classes is null ? null : Json.Array(model.Classes),
        ["targetClasses"] = Json.Array(model.TargetClasses, classes => classes is null ? null : Json.Array(classes)),
        ["objective"] = model.Objective.Name,
        ["threshold"] = model.Classes?.Count == 2 ? model.Objective.Threshold : null,
        ["parameters"] = model.Mlp.ParameterCount,
        ["layers"] = Json.Array(model.Mlp.Layers, layer => new JsonObject
        {
            ["inputs"] = layer.InputCount,
            ["outputs"] = layer.OutputCount,
            ["activation"] = layer.Activation.Name,
            ["parameters"] = layer.ParameterCount,
        }),
        ["columns"] = Json.Array(model.Schema.Columns, SchemaReport.ToJson),
        ["inputs"] = Scales(model.InputNames, model.Inputs),
        ["targets"] = model.Targets is null ? null : Scales(model.TargetNames, model.Targets),
        ["statistics"] = Spread.ToJson(Spreads(model.Mlp)),
    };

    private static JsonArray Scales(IReadOnlyList<string> names, Standardizer scales) =>
        Json.Array(Enumerable.Range(0, names.Count), i => new JsonObject
        {
            ["name"] = names[i],
            ["mean"] = Json.Number(scales.Means[i]),
            ["scale"] = Json.Number(scales.Scales[i]),
        });

    private static IEnumerable<Spread> Spreads(Mlp network)
    {
        for (int i = 0; i < network.Layers.Count; i++)
        {
            IReadOnlyList<Neuron> neurons = network.Layers[i].Neurons;
            string layer = string.Create(CultureInfo.InvariantCulture, $"layer {i}");
            yield return Spread.Of($"{layer} weights", neurons.SelectMany(neuron => neuron.Weights));
            yield return Spread.Of($"{layer} biases", neurons.Select(neuron => neuron.Bias));
        }
    }

    private static Cell Header(string text) => new(text, Style.Dim);
}
