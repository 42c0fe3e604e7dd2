// What the updates of a run were expected to do and what they did; the rules about direction and length of steps.

using System.Globalization;

namespace Nudge;

/// <summary>An update that was made.</summary>
/// <param name="Loss">The loss before it.</param>
/// <param name="Predicted">The change of the loss that the gradient predicts for it: g · Δp.</param>
/// <param name="Actual">The change of the loss of the same examples; NaN where it was not measured.</param>
/// <param name="Alignment">The cosine of the angle between gradient and update: −1 straight downhill.</param>
internal readonly record struct ObservedUpdate(double Loss, double Predicted, double Actual, double Alignment);

/// <summary>The rules, with the numbers behind them.</summary>
internal sealed class UpdateHistory
{
    // The first steps of every optimizer go downhill; later ones may climb for a while on their momentum.
    private const int FirstUphill = 3, LaterUphill = 40;
    private const double ClearlyUphill = 0.2;

    // Over so many measured updates the gradient promised so much, in units of the loss, and no more than the share was
    // kept. A loss cannot fall by more than itself: the larger the promise, the plainer that it means nothing.
    private static readonly (int Window, double Promised, double Kept)[] s_broken = [(1, 3, 0), (4, 1.5, 0.1), (4, 8, 0.25), (24, 3, 0.1)];

    private const int StepsUntilTooSmall = 50;
    private const double LeastProgress = 0.2, MostGain = 0.02, Straight = 0.02;

    private const int Remembered = 32;
    private const double Floor = 0.2; // of the first loss: below it, steps are expected to be restless

    private readonly ObservedUpdate[] _measured = new ObservedUpdate[Remembered]; // the last that were measured, in a ring
    private int _measuredCount;
    private double _first = double.NaN, _predictedSum, _curvatureSum, _curvatureWeight;
    private ObservedUpdate _last;
    private int _count, _uphill;

    internal bool AreUphill => (_uphill == _count && _count >= FirstUphill) || _uphill >= LaterUphill;

    internal bool AreTooLarge => Array.Exists(s_broken, IsBroken);

    internal bool AreTooSmall => _count >= StepsUntilTooSmall && _curvatureWeight > 0
        && Math.Abs(_predictedSum) < LeastProgress * Math.Abs(_first) && Curvature < Straight && Gain > MostGain * Math.Abs(_last.Loss);

    /// <summary>The share of the promised change that bending took away, by the measured updates.</summary>
    private double Curvature => Math.Max(1e-5, _curvatureSum / _curvatureWeight);

    /// <summary>How many times as long a step would be best, if the loss bends as it has.</summary>
    private double BestFactor => 1 / (2 * Curvature);

    private double Gain => BestFactor * Math.Abs(_last.Predicted) / 2;

    private bool IsBroken((int Window, double Promised, double Kept) rule)
    {
        if (_measuredCount < rule.Window)
            return false;
        (double predicted, double actual, double loss) = Sums(rule.Window);
        return predicted < -rule.Promised * (loss / rule.Window + Floor * Math.Abs(_first)) && actual > rule.Kept * predicted;
    }

    private (double Predicted, double Actual, double Loss) Sums(int window)
    {
        double predicted = 0, actual = 0, loss = 0;
        for (int i = _measuredCount - window; i < _measuredCount; i++)
        {
            ObservedUpdate update = _measured[i % Remembered];
            predicted += update.Predicted;
            actual += update.Actual;
            loss += Math.Abs(update.Loss);
        }
        return (predicted, actual, loss);
    }

    internal void Add(ObservedUpdate update)
    {
        if (!double.IsFinite(update.Predicted) || !double.IsFinite(update.Loss))
            return;
        _count++;
        _last = update;
        if (double.IsNaN(_first))
            _first = update.Loss;
        _predictedSum += update.Predicted;
        _uphill = update.Alignment > ClearlyUphill ? _uphill + 1 : 0;
        if (double.IsNaN(update.Actual))
            return;
        _curvatureSum += Math.Abs(update.Actual - update.Predicted);
        _curvatureWeight += Math.Abs(update.Predicted);
        _measured[_measuredCount++ % Remembered] = update;
    }

    internal Diagnosis Uphill(int step) => new(
        TrainingFault.SteppingUphill,
        step,
        string.Create(CultureInfo.InvariantCulture, $"the last {_uphill} updates went along the gradient and not against it: the last by itself predicts that the loss grows by {Brief(_last.Predicted)}."),
        new Dictionary<string, double> { ["updates"] = _uphill, ["predicted"] = _last.Predicted, ["alignment"] = _last.Alignment },
        "p.Data -= learningRate * p.Grad;",
        "step against the gradient: −=, not +=.");

    internal Diagnosis TooLarge(int step)
    {
        int window = Array.Find(s_broken, IsBroken).Window;
        (double predicted, double actual, _) = Sums(window);
        return new Diagnosis(
            TrainingFault.LearningRateTooLarge,
            step,
            string.Create(CultureInfo.InvariantCulture, $"{(window == 1 ? "for one update" : $"over {window} updates")} the gradient predicted a change of the loss of {Brief(predicted)}, and it was {Brief(actual)}."),
            new Dictionary<string, double> { ["predicted"] = predicted, ["actual"] = actual, ["updates"] = window },
            "p.Data -= learningRate * p.Grad;",
            "try a tenth of it.");
    }

    internal Diagnosis TooSmall(int step) => new(
        TrainingFault.LearningRateTooSmall,
        step,
        string.Create(CultureInfo.InvariantCulture, $"in {_count} updates the loss was to change by {Brief(_predictedSum)} from {Brief(_first)}, and it is so straight here that steps {BestFactor:N0} times as long would be best."),
        new Dictionary<string, double> { ["predicted"] = _predictedSum, ["first"] = _first, ["factor"] = BestFactor, ["updates"] = _count },
        "p.Data -= learningRate * p.Grad;",
        "try ten times it, and again if that is well.");

    private static string Brief(double number) => number.ToString("G3", CultureInfo.InvariantCulture).Replace('E', 'e');
}
