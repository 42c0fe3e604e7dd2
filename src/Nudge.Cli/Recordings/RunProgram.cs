// A run as a C# program: to copy, to run and to change.

using System.Globalization;
using System.Text;

namespace Nudge.Cli;

internal static class RunProgram
{
    /// <summary>A program of one file that makes the steps of the plan, and prints the loss of the last.</summary>
    internal static string Of(TrainingPlan plan)
    {
        TrainSettings s = plan.Settings;
        var text = new StringBuilder("using Nudge;\n\n");
        text.Append(CultureInfo.InvariantCulture, $"var rng = new Rng({s.Seed});\n");
        text.Append(Data(plan));
        if (s.Test > 0)
            text.Append(CultureInfo.InvariantCulture, $"(data, Dataset test) = data.Split({Number(s.Test)}, rng);\n");
        if (s.Validation > 0)
            text.Append(CultureInfo.InvariantCulture, $"(data, Dataset validation) = data.Split({Number(s.Validation / (1 - s.Test))}, rng);\n");

        string layers = string.Join(", ", plan.Model.Network.Layers.Select(layer => layer.OutputCount));
        string objective = Name(plan.Problem.Objective);
        text.Append(CultureInfo.InvariantCulture, $"""

            var net = new Mlp({plan.Model.Network.InputCount}, [{layers}], rng, Activation.{s.Activation}, Activation.Linear, Initialization.For(Activation.{s.Activation}));
            var model = new TrainedModel(
                net, Objective.{objective}, data.InputNames, data.TargetName, data.Classes,
                Standardizer.Fit(data.Inputs), {(plan.Training.Classes is null ? "Standardizer.Fit(data.Targets)" : "null")});
            var trainer = new Trainer(
                net, Objective.{objective}, {Optimizer(s)}, model.Prepare(data), {(s.Validation > 0 ? "model.Prepare(validation)" : "null")},
                new TrainerOptions {Options(plan)});

            foreach (TrainingStep step in trainer.Run()) // each step: forward, zero, backward, update
                if ((step.Step + 1) % trainer.StepsPerEpoch == 0)
                    Console.WriteLine($"epoch {"{step.Epoch + 1}"}  loss {"{step.Loss:G6}"}");

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Data(TrainingPlan plan)
    {
        TrainSettings s = plan.Settings;
        if (s.Path is { } path)
        {
            var options = new List<string>();
            if (s.Target is { } target)
                options.Add($"Target = {Literal(target)}");
            if (s.Ignore.Count > 0)
                options.Add($"Ignore = [{string.Join(", ", s.Ignore.Select(Literal))}]");
            if (s.Task is { } task)
                options.Add($"Task = LearningTask.{task}");
            string chosen = options.Count == 0 ? "" : $", new CsvOptions {{ {string.Join(", ", options)} }}";
            return $"Dataset data = CsvDataset.Load(CsvFile.Read({Literal(path)}){chosen}).Data;\n";
        }
        (int count, double? noise) = DataSource.SettingsOf(s.Generator!, s.Points, s.Noise);
        string name = s.Generator == "yin-yang" ? "YinYang" : char.ToUpperInvariant(s.Generator![0]) + s.Generator[1..];
        string arguments = s.Generator is "xor" or "lesson" ? ""
            : noise is null ? $"{count}, rng"
            : $"{count}, {Number(noise.Value)}, rng";
        return $"Dataset data = Generate.{name}({arguments});\n";
    }

    private static string Optimizer(TrainSettings s)
    {
        string rest = (s.Momentum is { } momentum ? $", momentum: {Number(momentum)}" : "")
            + (s.WeightDecay is { } decay ? $", weightDecay: {Number(decay)}" : "");
        string name = s.Optimizer switch
        {
            "sgd" => "Sgd",
            "adam" => "Adam",
            "adamw" => "AdamW",
            "rmsprop" => "RmsProp",
            _ => throw new InvalidOperationException($"There is no optimizer {s.Optimizer}."),
        };
        return $"new {name}(net.Parameters, {Number(s.LearningRate)}{rest})";
    }

    private static string Options(TrainingPlan plan)
    {
        TrainSettings s = plan.Settings;
        var options = new List<string> { $"Epochs = {s.Epochs}", $"BatchSize = {s.BatchSize}", $"Seed = {Text.Digits(s.Seed)}" };
        if (s.Engine == GraphEngine.Eager)
            options.Add("Engine = GraphEngine.Eager");
        else if (s.Precision == Precision.Double)
            options.Add("Precision = Precision.Double");
        if (plan.ScheduleCode is { } schedule)
            options.Add($"Schedule = {schedule}");
        if (s.L2Penalty > 0)
            options.Add($"L2Penalty = {Number(s.L2Penalty)}");
        if (s.ClipNorm > 0)
            options.Add($"ClipNorm = {Number(s.ClipNorm)}");
        if (s.Patience > 0)
            options.Add($"Patience = {s.Patience}");
        return $"{{ {string.Join(", ", options)} }}";
    }

    private static string Name(Objective objective) =>
        string.Concat(objective.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    // Every digit, so that the program computes with the same number.
    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Literal(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "\\r").Replace("\n", "\\n") + "\"";
}
