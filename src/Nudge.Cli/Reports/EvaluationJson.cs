// What an evaluation found as JSON, with every number that the report shows.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class EvaluationJson
{
    private const int MostPoints = 200;

    /// <summary>Adds what an evaluation found to its loss, accuracy and confusion.</summary>
    internal static void Add(JsonObject json, ModelEvaluation evaluation)
    {
        if (evaluation.OfEach.Count > 1)
        {
            json["each"] = Json.Array(evaluation.OfEach, one =>
            {
                JsonObject each = JsonView.Of(one.Metrics);
                each.Insert(0, "target", one.Data.TargetName);
                Add(each, one);
                return each;
            });
            return;
        }
        if (evaluation.ClassScores is not { } scores)
        {
            json["meanAbsoluteError"] = Json.Number(evaluation.MeanAbsoluteError);
            json["rootMeanSquaredError"] = Json.Number(evaluation.RootMeanSquaredError);
            return;
        }
        IReadOnlyList<string> classes = evaluation.Data.Classes!;
        json["classScores"] = Json.Array(Enumerable.Range(0, classes.Count), c => Of(classes[c], scores.Classes[c]));
        json["meanScores"] = Of(null, scores.Mean);
        json["rocArea"] = Json.Number(evaluation.RocArea);
        json["bestThreshold"] = Json.Number(evaluation.BestThreshold);
        if (evaluation.Calibration is { } calibration)
            (json["calibrationError"], json["brierScore"]) = (Json.Number(calibration.ExpectedError), Json.Number(calibration.BrierScore));
    }

    /// <summary>Adds the curves, of which each is many numbers.</summary>
    internal static void AddCurves(JsonObject json, ModelEvaluation evaluation)
    {
        if (json["each"] is JsonArray each)
        {
            for (int t = 0; t < each.Count; t++)
                AddCurves((JsonObject)each[t]!, evaluation.OfEach[t]);
        }
        if (evaluation.Data.Classes is not { } classes)
            return;
        json["roc"] = Json.Array(Enumerable.Range(0, evaluation.RocCurves.Count), i => new JsonObject
        {
            ["class"] = classes[classes.Count == 2 ? 1 : i],
            ["area"] = Json.Number(evaluation.RocCurves[i].Area),
            ["points"] = Json.Array(evaluation.RocCurves[i].Outline(MostPoints), point => Json.Array(
                [point.Threshold, point.FalsePositiveRate, point.TruePositiveRate], number => Json.Number(number))),
        });
        if (evaluation.Calibration is { } calibration)
        {
            json["calibration"] = Json.Array(calibration.Bins, bin => new JsonObject
            {
                ["low"] = Json.Number(bin.Low),
                ["high"] = Json.Number(bin.High),
                ["count"] = bin.Count,
                ["meanProbability"] = Json.Number(bin.MeanProbability),
                ["observedShare"] = Json.Number(bin.ObservedShare),
            });
        }
    }

    /// <summary>Adds how much each column matters, and how the answer depends on it.</summary>
    internal static void AddColumns(JsonObject json, ColumnImportances importances, IReadOnlyList<ColumnDependence> dependences)
    {
        json["importances"] = Json.Array(importances.Columns, Of);
        (json["importanceRows"], json["importanceRepeats"]) = (importances.Rows, importances.Repeats);
        json["dependence"] = Json.Array(dependences, one => new JsonObject
        {
            ["column"] = one.Column.Name,
            ["part"] = one.Part.Length > 0 ? one.Part : null,
            ["rows"] = one.Rows,
            ["points"] = Json.Array(one.Points, point => new JsonObject
            {
                ["value"] = point.Value is { } value ? Json.Number(value) : point.Label,
                ["answer"] = Json.Array(point.Answer, number => Json.Number(number)),
            }),
        });
    }

    private static JsonObject Of(ColumnImportance importance)
    {
        var json = new JsonObject
        {
            ["column"] = importance.Column.Name,
            ["lossRise"] = Json.Number(importance.LossRise),
            ["lossSpread"] = Json.Number(importance.LossSpread),
        };
        if (importance.ScoresOfEach is [var score])
            (json["scoreDrop"], json["scoreSpread"]) = (Json.Number(score.Drop), Json.Number(score.Spread));
        else
            json["each"] = Json.Array(importance.ScoresOfEach, one => new JsonObject { ["scoreDrop"] = Json.Number(one.Drop), ["scoreSpread"] = Json.Number(one.Spread) });
        return json;
    }

    private static JsonObject Of(string? name, ClassScore score)
    {
        var json = new JsonObject
        {
            ["precision"] = Json.Number(score.Precision),
            ["recall"] = Json.Number(score.Recall),
            ["f1"] = Json.Number(score.F1),
            ["count"] = score.Count,
        };
        if (name is not null)
            json.Insert(0, "class", name);
        return json;
    }
}
