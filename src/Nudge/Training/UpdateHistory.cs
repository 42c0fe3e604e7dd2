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

    // Over a few measured updates that promised much, or over more that promised less, hardly anything was kept.
    private const int ShortWindow = 4, LongWindow = 24;
    private const double LeastKept = 0.1, MuchPromised = 1.5, SomePromised = 3;

    private const int StepsUntilTooSmall = 50;
    private const double LeastProgress = 0.2, MostGain = 0.02, Straight = 0.02;

    private readonly List<ObservedUpdate> _measured = []; // the last that were measured
    private double _first = double.NaN, _predictedSum, _curvatureSum, _curvatureWeight;
    private ObservedUpdate _last;
    private int _count, _uphill;

    internal bool AreUphill => (_uphill == _count && _count >= FirstUphill) || _uphill >= LaterUphill;

    internal bool AreTooLarge => IsLittleKept(ShortWindow, MuchPromised) || IsLittleKept(LongWindow, SomePromised);

    internal bool AreTooSmall => _count >= StepsUntilTooSmall && _curvatureWeight > 0
        && Math.Abs(_predictedSum) < LeastProgress * Math.Abs(_first) && Curvature < Straight && Gain > MostGain * Math.Abs(_last.Loss);

    /// <summary>The share of the promised change that bending took away, by the measured updates.</summary>
    private double Curvature => Math.Max(1e-5, _curvatureSum / _curvatureWeight);

    /// <summary>How many times as long a step would be best, if the loss bends as it has.</summary>
    private double BestFactor => 1 / (2 * Curvature);

    private double Gain => BestFactor * Math.Abs(_last.Predicted) / 2;

    private bool IsLittleKept(int window, double promised)
    {
        if (_measured.Count < window)
            return false;
        (double predicted, double actual) = Sums(window);
        double loss = _measured.TakeLast(window).Average(update => Math.Abs(update.Loss));
        return predicted < -promised * loss && actual > LeastKept * predicted;
    }

    private (double Predicted, double Actual) Sums(int window) =>
        (_measured.TakeLast(window).Sum(update => update.Predicted), _measured.TakeLast(window).Sum(update => update.Actual));

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
        _measured.Add(update);
        if (_measured.Count > LongWindow)
            _measured.RemoveAt(0);
    }

    internal Diagnosis Uphill(int step) => new(
        TrainingFault.SteppingUphill,
        step,
        string.Create(CultureInfo.InvariantCulture, $"the last {_uphill} updates went along the gradient and not against it: the last by itself predicts that the loss grows by {_last.Predicted:G3}."),
        new Dictionary<string, double> { ["updates"] = _uphill, ["predicted"] = _last.Predicted, ["alignment"] = _last.Alignment },
        "p.Data -= learningRate * p.Grad;",
        "step against the gradient: −=, not +=.");

    internal Diagnosis TooLarge(int step)
    {
        int window = IsLittleKept(ShortWindow, MuchPromised) ? ShortWindow : LongWindow;
        (double predicted, double actual) = Sums(window);
        return new Diagnosis(
            TrainingFault.LearningRateTooLarge,
            step,
            string.Create(CultureInfo.InvariantCulture, $"over {window} updates the gradient predicted a change of the loss of {predicted:G3}, and it was {actual:+0.###e0;-0.###e0;0}."),
            new Dictionary<string, double> { ["predicted"] = predicted, ["actual"] = actual, ["updates"] = window },
            "learningRate",
            "try a tenth of it.");
    }

    internal Diagnosis TooSmall(int step) => new(
        TrainingFault.LearningRateTooSmall,
        step,
        string.Create(CultureInfo.InvariantCulture, $"in {_count} updates the loss was to change by {_predictedSum:G3} from {_first:G4}, and the loss is so straight here that steps {BestFactor:G2} times as long would be best."),
        new Dictionary<string, double> { ["predicted"] = _predictedSum, ["first"] = _first, ["factor"] = BestFactor, ["updates"] = _count },
        "learningRate",
        "try ten times it, and again if that is well.");
}
