// The learning rate range test: a short run whose rate grows, to see where the loss falls and where it explodes.

namespace Nudge;

/// <summary>A step of a range test.</summary>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Loss">The loss of its batch, before its update.</param>
/// <param name="Smoothed">The mean of the losses so far, in which earlier ones count less and less.</param>
public readonly record struct LearningRatePoint(double Rate, double Loss, double Smoothed);

/// <summary>What a range test found.</summary>
/// <param name="Points">Its steps, by growing rate.</param>
/// <param name="Suggested">The rate to train with; null where the loss did not fall at any.</param>
/// <param name="Lowest">The rate at which the smoothed loss was lowest.</param>
/// <param name="Exploded">The rate at which the loss had grown so much that the test ended; null where it never did.</param>
public sealed record LearningRateRange(IReadOnlyList<LearningRatePoint> Points, double? Suggested, double Lowest, double? Exploded);

/// <summary>
/// The learning rate range test of Smith, "Cyclical Learning Rates for Training Neural Networks" (2017): the rate grows by
/// the same factor from step to step, from one at which nothing happens to one at which the loss explodes. Suggested is
/// a tenth of the rate at which the smoothed loss is lowest, where it falls and is far from exploding; or, of few examples,
/// which the network knows by heart before the loss explodes, the rate at which nine tenths of the fall were made, if that is
/// less.
/// </summary>
public static class LearningRateFinder
{
    private const double Smoothing = 0.95, Explodes = 4, LeastFall = 0.02, MostOfFall = 0.9;

    /// <summary>Makes the test. The parameters are afterwards what they were before.</summary>
    /// <param name="problem">What is trained on what.</param>
    /// <param name="optimizer">What changes the parameters, made for this alone: it remembers the test.</param>
    /// <param name="options">Batches, penalty, clipping, seed and engine of the run; its length and schedule do not count.</param>
    /// <param name="from">The rate of the first step, above 0.</param>
    /// <param name="to">The rate of the last step, above the first.</param>
    /// <param name="steps">How many steps, at least 10.</param>
    /// <param name="cancellation">Ends the test early.</param>
    public static LearningRateRange Find(
        TrainingProblem problem, Optimizer optimizer, TrainerOptions? options = null, double from = 1e-5, double to = 10, int steps = 300,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(optimizer);
        Require.Positive(from);
        Require.AtLeast(10, steps);
        if (!(to > from && double.IsFinite(to)))
            throw new ArgumentOutOfRangeException(nameof(to), to, $"Expected a rate above the first, {from}.");
        double[] before = optimizer.Parameters.ToArray();
        // Nothing is measured beside the steps, not even where there is a validation set.
        var trainer = new Trainer(problem, optimizer, (options ?? new TrainerOptions()) with
        {
            Steps = steps,
            MeasureEvery = int.MaxValue,
            Schedule = Schedule.Constant,
            Patience = 0,
            KeepBest = false,
            MeasureStart = false,
        })
        {
            BaseLearningRate = from,
        };
        var points = new List<LearningRatePoint>();
        double mean = 0, weight = 0, lowest = double.PositiveInfinity;
        double? exploded = null;
        foreach (TrainingStep step in trainer.Run(cancellation))
        {
            mean = Smoothing * mean + (1 - Smoothing) * step.Loss;
            weight = Smoothing * weight + (1 - Smoothing);
            double smoothed = mean / weight;
            points.Add(new LearningRatePoint(trainer.BaseLearningRate, step.Loss, smoothed));
            lowest = Math.Min(lowest, smoothed);
            if (smoothed > Explodes * lowest)
            {
                exploded = trainer.BaseLearningRate;
                break;
            }
            trainer.BaseLearningRate = from * Math.Pow(to / from, (double)points.Count / (steps - 1));
        }
        if (trainer.Result!.End == TrainingEnd.Diverged)
            exploded = trainer.BaseLearningRate;
        optimizer.Parameters.Load(before);
        if (points.Count == 0 && trainer.Result.End == TrainingEnd.Cancelled)
            return new LearningRateRange(points, null, from, null);
        if (points.Count == 0)
            throw new InvalidOperationException("The loss is not finite at the first step already. Look at the data: an input or target may be far too large.");
        LearningRatePoint least = points.MinBy(point => point.Smoothed);
        bool falls = least.Smoothed < (1 - LeastFall) * points[0].Smoothed;
        return new LearningRateRange(points, falls ? Suggestion(points, least) : null, least.Rate, exploded);
    }

    private static double Suggestion(List<LearningRatePoint> points, LearningRatePoint least)
    {
        double low = points[0].Smoothed - MostOfFall * (points[0].Smoothed - least.Smoothed);
        return Rounded(Math.Min(least.Rate / 10, points.First(point => point.Smoothed <= low).Rate));
    }

    // More digits than one would be noise.
    private static double Rounded(double rate)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(rate))), digits = rate / unit;
        // Near enough on the scale of factors on which rates are compared.
        double step = digits < Math.Sqrt(2) ? 1 : digits < Math.Sqrt(6) ? 2 : digits < Math.Sqrt(15) ? 3 : digits < Math.Sqrt(50) ? 5 : 10;
        return double.Parse((step * unit).ToString("G3", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
    }
}
