// Whether probabilities mean what they say: of those of 80 %, are 80 % right?

namespace Nudge.Evaluation;

/// <summary>Examples of nearly the same probability.</summary>
/// <param name="Low">The least probability of the bin.</param>
/// <param name="High">The probability that all lie below, but for 1.</param>
/// <param name="Count">How many examples are in it.</param>
/// <param name="MeanProbability">The mean of their probabilities; NaN where there is none.</param>
/// <param name="ObservedShare">The share for which it came true; NaN where there is none.</param>
public sealed record CalibrationBin(double Low, double High, int Count, double MeanProbability, double ObservedShare);

/// <summary>
/// How far probabilities are from the shares that are observed. For two classes it is about the probability of the second
/// one; for more, about that of the class that was chosen.
/// </summary>
/// <param name="Bins">Ten bins of the same width.</param>
/// <param name="ExpectedError">
/// The expected calibration error Σ nᵦ/n · |mean probability − observed share| over the bins b (Naeini, Cooper and Hauskrecht,
/// "Obtaining well calibrated probabilities using Bayesian binning", 2015): 0 is perfect.
/// </param>
/// <param name="BrierScore">
/// The mean squared error of the probabilities: for two classes of the second one's, mean (p − y)²; for more added up over the
/// classes, mean Σ (p − y)² (Brier, "Verification of forecasts expressed in terms of probability", 1950). 0 is perfect.
/// </param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins, double ExpectedError, double BrierScore)
{
    private const int BinCount = 10;

    /// <summary>Measures probabilities.</summary>
    /// <param name="probabilities">The probability of each class, for each example.</param>
    /// <param name="classes">The class that each example has, as its place.</param>
    /// <exception cref="ArgumentException">There is no example, or not a class for each.</exception>
    public static Calibration Of(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(classes);
        if (probabilities.Count == 0 || probabilities.Count != classes.Count)
            throw new ArgumentException($"Expected a class for each of at least one example, got {classes.Count} for {probabilities.Count}.", nameof(classes));
        var counts = new int[BinCount];
        double[] sums = new double[BinCount], came = new double[BinCount];
        double squares = 0;
        for (int i = 0; i < probabilities.Count; i++)
        {
            double[] row = probabilities[i];
            int judged = row.Length == 2 ? 1 : Array.IndexOf(row, row.Max());
            int bin = Math.Clamp((int)(row[judged] * BinCount), 0, BinCount - 1);
            counts[bin]++;
            sums[bin] += row[judged];
            came[bin] += classes[i] == judged ? 1 : 0;
            for (int c = row.Length == 2 ? 1 : 0; c < row.Length; c++)
            {
                double error = row[c] - (classes[i] == c ? 1 : 0);
                squares += error * error;
            }
        }
        double off = 0;
        var bins = new CalibrationBin[BinCount];
        for (int bin = 0; bin < BinCount; bin++)
        {
            off += Math.Abs(sums[bin] - came[bin]);
            bins[bin] = new CalibrationBin((double)bin / BinCount, (bin + 1.0) / BinCount, counts[bin], sums[bin] / counts[bin], came[bin] / counts[bin]);
        }
        return new Calibration(bins, off / probabilities.Count, squares / probabilities.Count);
    }
}
