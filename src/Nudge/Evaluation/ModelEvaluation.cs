// What a model says about examples whose answers are known, and how good that is.

namespace Nudge.Evaluation;

/// <summary>
/// A model on examples whose answers are known: what it predicts for each, and the scores that follow from it. Nothing in it
/// changes when the model is trained further.
/// </summary>
public sealed class ModelEvaluation
{
    private const int MostCurves = 20;

    private ModelEvaluation(Dataset data, double[][] predictions, double[] losses, Metrics metrics) =>
        (Data, Predictions, Losses, Metrics) = (data, predictions, losses, metrics);

    /// <summary>The examples.</summary>
    public Dataset Data { get; }

    /// <summary>What it says of each target by itself: of one alone, this.</summary>
    public IReadOnlyList<ModelEvaluation> OfEach { get => field ?? [this]; private init; }

    /// <summary>For each example what <see cref="TrainedModel.Predict(ReadOnlySpan{double})"/> gives.</summary>
    public IReadOnlyList<double[]> Predictions { get; }

    /// <summary>
    /// How far off each is: −ln p of the class that it has; for the hinge, which knows no probabilities, 1 − the margin but at
    /// least 0; for a number the squared error of the standardised target. Of several targets it is their sum, or of numbers alone
    /// their mean.
    /// </summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>Loss, accuracy and confusion, or R².</summary>
    public Metrics Metrics { get; }

    /// <summary>Precision, recall and F1 of each class; null for a number, and as all that follows for several targets.</summary>
    public ClassScores? ClassScores { get; private init; }

    /// <summary>
    /// For two classes, one curve, in which the second class is positive; for more, up to 20, one for each class against the
    /// rest; none for a number, or for still more classes.
    /// </summary>
    public IReadOnlyList<RocCurve> RocCurves { get; private init; } = [];

    /// <summary>The area under the curve for two classes; for more the plain mean over those that have one; NaN where there is none.</summary>
    public double RocArea { get; private init; } = double.NaN;

    /// <summary>Whether probabilities mean what they say; null for a number, and for the hinge, which knows none.</summary>
    public Calibration? Calibration { get; private init; }

    /// <summary>For a number, the mean of |y − ŷ| in its own units; NaN for classes.</summary>
    public double MeanAbsoluteError { get; private init; } = double.NaN;

    /// <summary>For a number, √ mean (y − ŷ)² in its own units; NaN for classes.</summary>
    public double RootMeanSquaredError { get; private init; } = double.NaN;

    /// <summary>For two classes with probabilities, the <see cref="RocCurve.BestThreshold"/>; else null.</summary>
    public double? BestThreshold => Calibration is not null && Data.Classes!.Count == 2 ? RocCurves[0].BestThreshold() : null;

    /// <summary>Evaluates a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Examples in the data's own units.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    /// <exception cref="ArgumentException">The examples have other inputs, targets or classes than the model, or the network gives a number that is not finite.</exception>
    public static ModelEvaluation Of(
        TrainedModel model, Dataset data, GraphEngine engine = GraphEngine.Compiled, Precision precision = Precision.Double)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        Dataset prepared = model.Prepare(data);
        var predictor = DatasetPredictor.For(model.Network, engine, precision);
        double[][] outputs = predictor.Predict(prepared.Inputs);
        if (Array.Exists(outputs, row => !row.All(double.IsFinite)))
            throw new ArgumentException("The network gives a number that is not finite; expected one that was trained without diverging.", nameof(model));
        Metrics metrics = predictor.MeasureOutputs(model.Objective, prepared, outputs);
        double[][] predictions = Array.ConvertAll(outputs, model.Read);
        ModelEvaluation[] each = [.. model.EachTarget.Select((target, t) => target.Classes is null
            ? OfNumber(data.OfTarget(t), prepared.OfTarget(t), Slices(outputs, target.Outputs), Slices(predictions, target.Results), metrics.OfEach[t])
            : OfClasses(target.Objective, data.OfTarget(t), Slices(outputs, target.Outputs), Slices(predictions, target.Results), metrics.OfEach[t]))];
        if (each is [var only])
            return only;
        double share = model.Objective.IsJoint ? 1 : 1.0 / each.Length;
        return new ModelEvaluation(data, predictions, [.. Enumerable.Range(0, data.Count).Select(i => share * each.Sum(one => one.Losses[i]))], metrics)
        {
            OfEach = each,
        };

        static double[][] Slices(double[][] rows, Range range) => Array.ConvertAll(rows, row => row[range]);
    }

    /// <summary>The same predictions with another threshold for two classes: what is confused with what, and the scores.</summary>
    /// <param name="threshold">Above this probability it is the second class.</param>
    /// <exception cref="InvalidOperationException">There are not two classes with probabilities.</exception>
    public Metrics MetricsAt(double threshold)
    {
        if (Calibration is null || Data.Classes!.Count != 2)
            throw new InvalidOperationException("A threshold is for two classes that have probabilities.");
        int[][] confusion = [new int[2], new int[2]];
        for (int i = 0; i < Data.Count; i++)
            confusion[(int)Data.Targets[i][0]][Predictions[i][1] > threshold ? 1 : 0]++;
        return new Metrics(Metrics.Loss, (double)(confusion[0][0] + confusion[1][1]) / Data.Count, null, confusion);
    }

    private static ModelEvaluation OfClasses(Objective objective, Dataset data, double[][] outputs, double[][] predictions, Metrics metrics)
    {
        int[] classes = [.. data.Targets.Select(target => (int)target[0])];
        // Where a probability is only 0 or 1, the output behind it puts the examples in order.
        double Score(int example, int c) => objective.GivesProbabilities ? predictions[example][c] : outputs[example][0];
        int[] positives = data.Classes!.Count switch { 2 => [1], <= MostCurves => [.. Enumerable.Range(0, data.Classes.Count)], _ => [] };
        RocCurve[] curves = [.. positives.Select(c => RocCurve.Of([.. classes.Select((_, i) => Score(i, c))], [.. classes.Select(one => one == c)]))];
        double[] areas = [.. curves.Select(curve => curve.Area).Where(double.IsFinite)];
        double[] losses = [.. classes.Select((one, i) => objective.GivesProbabilities ? -Math.Log(predictions[i][one]) : Math.Max(0, 1 - (2 * one - 1) * outputs[i][0]))];
        return new ModelEvaluation(data, predictions, losses, metrics)
        {
            ClassScores = ClassScores.Of(metrics.Confusion!),
            RocCurves = curves,
            RocArea = areas.Length > 0 ? areas.Average() : double.NaN,
            Calibration = objective.GivesProbabilities ? Calibration.Of(predictions, classes) : null,
        };
    }

    private static ModelEvaluation OfNumber(Dataset data, Dataset prepared, double[][] outputs, double[][] predictions, Metrics metrics)
    {
        double[] losses = [.. outputs.Select((row, i) => Square(row[0] - prepared.Targets[i][0]))];
        double[] errors = [.. predictions.Select((row, i) => row[0] - data.Targets[i][0])];
        return new ModelEvaluation(data, predictions, losses, metrics)
        {
            MeanAbsoluteError = errors.Average(Math.Abs),
            RootMeanSquaredError = RootMeanSquare.Of(errors),
        };

        static double Square(double x) => x * x;
    }
}
