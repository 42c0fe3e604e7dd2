// The pictures at the end of a run.

namespace Nudge.Cli;

internal static class TrainingPlots
{
    private const int CurvePoints = 120;

    internal static void Write(Terminal terminal, TrainingPlan plan, LossHistory losses)
    {
        PlotPoint[] course = [.. losses.Means.Select((mean, i) => new PlotPoint((i + 1) * (double)losses.Span / plan.Trainer.StepsPerEpoch, mean))];
        if (course.Length > 1)
        {
            bool logarithmic = course.All(point => point.Y > 0);
            CurvePlot.Write(terminal, $"loss by epoch, the mean of its steps{(logarithmic ? ", logarithmic" : "")}", course, logarithmic: logarithmic);
        }
        if (DecisionMap.CanDraw(plan.Model))
            new DecisionMap(plan.Model, plan.Training, terminal.Width).Write(terminal);
        else if (plan.Model is { InputNames.Count: 1, Network.OutputCount: 1, Classes: null } && plan.Model.Schema.Inputs is [NumberColumn])
            WriteFit(terminal, plan.Model, plan.Training);
    }

    private static void WriteFit(Terminal terminal, TrainedModel model, Dataset examples)
    {
        double left = examples.Inputs.Min(row => row[0]), right = examples.Inputs.Max(row => row[0]);
        PlotPoint[] curve = [.. Enumerable.Range(0, CurvePoints)
            .Select(i => left + (right - left) * i / (CurvePoints - 1))
            .Select(x => new PlotPoint(x, model.Predict(x)[0]))];
        PlotPoint[] points = [.. examples.Inputs.Zip(examples.Targets, (input, target) => new PlotPoint(input[0], target[0]))];
        CurvePlot.Write(terminal, $"{model.TargetName} by {model.InputNames[0]}: o examples, and the curve that was learnt", curve, points);
    }
}
