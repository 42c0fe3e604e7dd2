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
        if (s.From is { } from)
            text.Append(CultureInfo.InvariantCulture, $"TrainedModel model = TrainedModel.Load({Literal(from)});\n");
        text.Append(Data(plan));
        if (s.Test > 0)
            text.Append(CultureInfo.InvariantCulture, $"(data, Dataset test) = {Split(s, s.Test)};\n");
        if (s.Validation is > 0 and double validation)
            text.Append(CultureInfo.InvariantCulture, $"(data, Dataset validation) = {Split(s, validation / (1 - s.Test))};\n");

        if (s.From is not null)
            return text.Append(Continued(plan)).ToString().ReplaceLineEndings("\n");
        string layers = string.Join(", ", plan.Model.Mlp.Layers.Select(layer => layer.OutputCount));
        string objective = Objective(plan);
        text.Append(CultureInfo.InvariantCulture, $"""

            var net = new Mlp({plan.Model.Mlp.InputCount}, [{layers}], rng, Activation.{Pascal(s.Activation.Name)}, Activation.Linear, Initialization.For(Activation.{Pascal(s.Activation.Name)}));
            var model = new TrainedModel(
                net, {objective}, data.InputNames, data.TargetName, data.TargetClasses,
                {(s.Path is null ? "Standardizer.Fit(data.Inputs)" : $"data.Schema!.Fit(data{(s.Ramps > 0 ? $", ramps: {s.Ramps}" : "")})")}, Standardizer.FitTargets(data));

            """);
        text.Append(Loop(plan, objective));
        return text.ToString().ReplaceLineEndings("\n");
    }

    // A model that was trained before is complete as it is.
    private static string Continued(TrainingPlan plan) => $"""

        Network net = model.Network;
        {Loop(plan, plan.Weights is null ? "model.Objective" : plan.Problem.Objective.Parts.Count > 1 ? Objective(plan) : $"model.Objective{Weights(plan, 0)}")}
        """;

    private static string Loop(TrainingPlan plan, string objective) => $"""
        var trainer = new Trainer(
            net, {objective}, {Optimizer(plan.Settings)}, model.Prepare(data), {(plan.Settings.Validation > 0 ? "model.Prepare(validation)" : "null")},
            new TrainerOptions {Options(plan)});

        foreach (TrainingStep step in trainer.Run()) // each step: forward, zero, backward, update
            if ((step.Step + 1) % trainer.StepsPerEpoch == 0)
                Console.WriteLine($"epoch {"{step.Epoch + 1}"}  loss {"{step.Loss:G6}"}");

        """;

    private static string Data(TrainingPlan plan)
    {
        TrainSettings s = plan.Settings;
        if (s.Path is { } path)
        {
            string order = s.SplitsByTime ? "data = data.Subset([.. Enumerable.Range(0, data.Count).OrderBy(i => table.Times![i])]);\n" : "";
            if (s.From is not null)
            {
                return $"""
                    TableReading table = model.ExamplesFrom(model.ReadTable({Literal(path)}{Record("CsvFormat", Format(s.Format))}));
                    Dataset data = table.Data!;
                    {order}
                    """;
            }
            return $"""
                CsvFile file = CsvFile.Read({Literal(path)}{Record("CsvFormat", Format(s.Format))});
                TableReading table = TableSchema.Infer(file{Record("TableOptions", Columns(s.Columns))}).Read(file);
                Dataset data = table.Data!;
                {order}
                """;
        }
        (int count, double? noise) = DataSource.SettingsOf(s.Generator!, s.Points, s.Noise);
        string name = s.Generator == "yin-yang" ? "YinYang" : char.ToUpperInvariant(s.Generator![0]) + s.Generator[1..];
        string arguments = s.Generator is "xor" or "lesson" ? ""
            : noise is null ? $"{count}, rng"
            : $"{count}, {Number(noise.Value)}, rng";
        return $"Dataset data = Generate.{name}({arguments});\n";
    }

    private static string Split(TrainSettings s, double share) =>
        s.SplitsByTime ? $"data.SplitInOrder({Number(share)})" : $"data.Split({Number(share)}, rng)";

    private static string Record(string type, IEnumerable<string> members)
    {
        string[] all = [.. members];
        return all.Length == 0 ? "" : $", new {type} {{ {string.Join(", ", all)} }}";
    }

    private static IEnumerable<string> Format(CsvFormat format)
    {
        foreach ((string name, char? mark) in new[] { ("Separator", format.Separator), ("Quotes", format.Quotes), ("Decimal", format.Decimal) })
        {
            if (mark is { } chosen)
                yield return $"{name} = (char){(int)chosen}";
        }
        if (format.Header is { } header)
            yield return $"Header = {(header ? "true" : "false")}";
        if (format.Comment is { } comment)
            yield return $"Comment = {Literal(comment)}";
        if (format.Encoding is { } encoding)
            yield return $"Encoding = {Literal(encoding)}";
    }

    private static IEnumerable<string> Columns(TableOptions options)
    {
        if (options.Target is { } target)
            yield return $"Target = {Literal(target)}";
        foreach ((string name, IReadOnlyList<string>? columns) in new[]
        {
            ("Ignore", options.Ignore), ("Categories", options.Categories), ("Numbers", options.Numbers), ("Dates", options.Dates), ("MissingMarks", options.MissingMarks),
        })
        {
            if (columns is { Count: > 0 })
                yield return $"{name} = [{string.Join(", ", columns.Select(Literal))}]";
        }
        if (options.Missing != MissingPolicy.Fill)
            yield return $"Missing = MissingPolicy.{options.Missing}";
        if (options.Task is { } task)
            yield return $"Task = LearningTask.{task}";
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
        if (s.ScheduleCode(plan.TotalSteps) is { } schedule)
            options.Add($"Schedule = {schedule}");
        if (s.L2Penalty > 0)
            options.Add($"L2Penalty = {Number(s.L2Penalty)}");
        if (s.ClipNorm > 0)
            options.Add($"ClipNorm = {Number(s.ClipNorm)}");
        if (s.From is not null)
            options.Add("MeasureStart = true");
        if (s.Patience is > 0)
            options.Add($"Patience = {s.Patience}");
        return $"{{ {string.Join(", ", options)} }}";
    }

    // Where there are several targets with classes among them, that of each.
    private static string Objective(TrainingPlan plan)
    {
        string[] each = [.. plan.Model.EachTarget.Select((target, t) => $"Objective.{Pascal(target.Objective.Name)}{Weights(plan, t)}")];
        return plan.Problem.Objective.Parts.Count > 1 ? $"Objective.Joint(data, {string.Join(", ", each)})" : each[0];
    }

    private static string Weights(TrainingPlan plan, int target) =>
        plan.Weights?.OfEach[target] is { } weights ? $".Weighted([{string.Join(", ", weights.Select(Number))}])" : "";

    private static string Pascal(string name) =>
        string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    // Every digit, so that the program computes with the same number.
    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Literal(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "\\r").Replace("\n", "\\n") + "\"";
}
