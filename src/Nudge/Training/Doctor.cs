// Watches a training run and names what is wrong with it, once each.

namespace Nudge;

/// <summary>
/// Compares, step by step, the change of the loss that the gradient predicts for the update that was made, g · Δp, with
/// the one that happened; knows exactly whether gradients are stale; and looks into the units from time to time. It works
/// beside any loop: call <see cref="Examine"/> once a step, after the backward pass and before the update.
/// </summary>
/// <remarks>
/// It changes no number of the run. A step costs a pass over the parameters; every 48th, and a few at the beginning, a
/// pass over the graph as well.
/// </remarks>
public sealed class Doctor : IDisposable
{
    private const int Interval = 48;

    private readonly ParameterList _parameters;
    private readonly HashSet<Value> _own;
    private readonly List<Diagnosis> _findings = [];
    private readonly UpdateHistory _updates = new();
    private readonly UnitHealth _units = new();
    private readonly double[] _numbers, _before, _gradients;
    private Func<double>? _lossAgain;
    private double _loss;
    private Value? _staleLeaf;
    private int _step;

    /// <summary>A doctor for the training of some parameters. It listens for stale gradients until it is disposed.</summary>
    /// <param name="parameters">What is trained.</param>
    public Doctor(ParameterList parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        _own = [.. parameters];
        _numbers = new double[parameters.Count];
        _before = new double[parameters.Count];
        _gradients = new double[parameters.Count];
        StaleGradients.Detected += NoteStale;
    }

    /// <summary>Everything found so far, in the order in which it was found; each fault at most once.</summary>
    public IReadOnlyList<Diagnosis> Findings => _findings;

    /// <inheritdoc/>
    public void Dispose() => StaleGradients.Detected -= NoteStale;

    /// <summary>Examines a step, after its backward pass and before its update.</summary>
    /// <param name="loss">The loss that <see cref="Value.Backward"/> was called on.</param>
    /// <param name="lossAgain">
    /// Computes the loss of the same examples anew, with the parameters as they are when it is called: needed where each
    /// step has other examples, since the losses of two steps cannot be compared then. It is called now and then. Leave
    /// it out where every step has the same examples.
    /// </param>
    /// <returns>What was found in this step; mostly nothing.</returns>
    public IReadOnlyList<Diagnosis> Examine(Value loss, Func<double>? lossAgain = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        int known = _findings.Count;
        _parameters.CopyTo(_numbers);
        if (_step > 0)
            ExamineUpdate(loss.Number);
        if (_staleLeaf is not null && !Has(TrainingFault.GradientsNotZeroed))
            _findings.Add(NotZeroed(_staleLeaf));
        _parameters.CopyGradientsTo(_gradients);
        // The norm of the gradients overflows before they do.
        double squares = 0;
        foreach (double gradient in _gradients)
            squares += gradient * gradient;
        if (!double.IsFinite(loss.Number) || !double.IsFinite(squares))
            ExamineNumbers(loss);
        else if (LooksAtUnits(_step))
            ExamineUnits(loss);
        _numbers.CopyTo(_before, 0);
        (_loss, _lossAgain) = (loss.Number, lossAgain);
        _step++;
        return _findings.Count == known ? [] : _findings[known..];
    }

    // The costly looks come at the beginning, where most goes wrong, and then rarely.
    private static bool MeasuresLoss(int step) => step < 4 || step % Interval == 0;

    private static bool LooksAtUnits(int step) => step is 1 or 8 || step % Interval == 0;

    private void ExamineUpdate(double loss)
    {
        double predicted = 0, gradientSquares = 0, stepSquares = 0;
        for (int i = 0; i < _numbers.Length; i++)
        {
            double step = _numbers[i] - _before[i];
            predicted += _gradients[i] * step;
            gradientSquares += _gradients[i] * _gradients[i];
            stepSquares += step * step;
        }
        double actual = _lossAgain is null ? loss - _loss : MeasuresLoss(_step - 1) ? _lossAgain() - _loss : double.NaN;
        double size = Math.Sqrt(gradientSquares * stepSquares);
        _updates.Add(new ObservedUpdate(_loss, predicted, actual, size > 0 ? predicted / size : 0));
        // Wrong gradients predict nothing.
        if (_staleLeaf is not null)
            return;
        if (_updates.AreUphill && !Has(TrainingFault.SteppingUphill))
            _findings.Add(_updates.Uphill(_step));
        if (_updates.AreTooLarge && !Has(TrainingFault.LearningRateTooLarge) && !Has(TrainingFault.SteppingUphill))
            _findings.Add(_updates.TooLarge(_step));
        if (_updates.AreTooSmall && !Has(TrainingFault.LearningRateTooSmall))
            _findings.Add(_updates.TooSmall(_step));
    }

    private void ExamineUnits(Value loss)
    {
        _units.Look(loss);
        if (_units.AreSaturated && !Has(TrainingFault.SaturatedUnits))
            _findings.Add(_units.Saturated(_step));
        if (_units.AreDead && !Has(TrainingFault.DeadUnits))
            _findings.Add(_units.Dead(_step));
    }

    private void ExamineNumbers(Value loss)
    {
        if (!Has(TrainingFault.NotFinite))
            _findings.Add(BadNumber.Find(loss, _parameters, _step));
    }

    private Diagnosis NotZeroed(Value leaf) => new(
        TrainingFault.GradientsNotZeroed,
        _step,
        $"backward added to the gradient of {leaf.Label ?? "a parameter"} ({Value.Format(leaf.Grad)} now), which belonged to the numbers before the last update.",
        new Dictionary<string, double> { ["gradient"] = leaf.Grad },
        "network.ZeroGradients();",
        "zero the gradients between the update and the next backward pass.");

    private bool Has(TrainingFault fault) => _findings.Exists(finding => finding.Fault == fault);

    private void NoteStale(Value leaf)
    {
        if (_own.Contains(leaf))
            _staleLeaf ??= leaf;
    }
}
