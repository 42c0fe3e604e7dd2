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
    private const int Interval = 48, FirstCompiled = 64, CompiledInterval = 4 * Interval, CompiledUnitInterval = 20 * CompiledInterval;
    private const int MostNodes = 20_000, MostExamples = 8;

    private readonly ParameterList _parameters;
    private readonly HashSet<Value> _own;
    private readonly List<Diagnosis> _findings = [];
    private readonly UpdateHistory _updates = new();
    private readonly UnitHealth _units = new();
    private readonly double[] _numbers, _before, _gradients;
    private Func<double>? _lossAgain;
    private double _loss;
    private Value? _staleLeaf;
    private int _next;
    private bool _hasGap;

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
        return ExamineStep(_next, loss.Number, _ => loss, lossAgain, isCompiled: false);
    }

    /// <summary>Whether to examine a step of the compiled engine, which costs less than a look at it.</summary>
    internal static bool IsWorthwhileCompiled(int step) => step < FirstCompiled || step % CompiledInterval < 2;

    /// <param name="step">The step; only the updates between two that follow each other can be examined.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="expression">The loss of so many of its examples at most, as an expression.</param>
    /// <param name="lossAgain">Computes the loss of the same examples anew; null where every step has the same.</param>
    /// <param name="isCompiled">Whether steps are so fast that it must look more rarely.</param>
    internal IReadOnlyList<Diagnosis> ExamineStep(int step, double loss, Func<int, Value> expression, Func<double>? lossAgain, bool isCompiled)
    {
        int known = _findings.Count;
        _parameters.CopyTo(_numbers);
        if (step == _next && step > 0)
            ExamineUpdate(step, loss);
        else
            _hasGap |= step > 0;
        if (_staleLeaf is not null && !Has(TrainingFault.GradientsNotZeroed))
            _findings.Add(NotZeroed(_staleLeaf, step));
        _parameters.CopyGradientsTo(_gradients);
        // The norm of the gradients overflows before they do.
        double squares = 0;
        foreach (double gradient in _gradients)
            squares += gradient * gradient;
        if (!double.IsFinite(loss) || !double.IsFinite(squares))
            ExamineNumbers(step, expression);
        else if (ExaminesUnits(step, isCompiled))
            ExamineUnits(step, expression(Math.Clamp(MostNodes / _numbers.Length, 1, MostExamples)));
        _numbers.CopyTo(_before, 0);
        (_loss, _lossAgain, _next) = (loss, lossAgain, step + 1);
        return _findings.Count == known ? [] : _findings[known..];
    }

    // The costly examinations come at the beginning, where most goes wrong, and then rarely.
    private static bool MeasuresLoss(int step) => step < 4 || step % Interval == 0;

    private static bool ExaminesUnits(int step, bool isCompiled) => step == 8 || (step == 1 && !isCompiled) || step % (isCompiled ? CompiledUnitInterval : Interval) == 0;

    private void ExamineUpdate(int step, double loss)
    {
        double predicted = 0, gradientSquares = 0, stepSquares = 0;
        for (int i = 0; i < _numbers.Length; i++)
        {
            double change = _numbers[i] - _before[i];
            predicted += _gradients[i] * change;
            gradientSquares += _gradients[i] * _gradients[i];
            stepSquares += change * change;
        }
        double actual = _lossAgain is null ? loss - _loss : MeasuresLoss(step - 1) ? _lossAgain() - _loss : double.NaN;
        double size = Math.Sqrt(gradientSquares * stepSquares);
        _updates.Add(new ObservedUpdate(_loss, predicted, actual, size > 0 ? predicted / size : 0));
        // Wrong gradients predict nothing.
        if (_staleLeaf is not null)
            return;
        if (_updates.AreUphill && !Has(TrainingFault.SteppingUphill))
            _findings.Add(_updates.Uphill(step));
        if (_updates.AreTooLarge && !Has(TrainingFault.LearningRateTooLarge) && !Has(TrainingFault.SteppingUphill))
            _findings.Add(_updates.TooLarge(step));
        // That the whole way is short can be said only of a way that was seen whole.
        if (!_hasGap && _updates.AreTooSmall && !Has(TrainingFault.LearningRateTooSmall))
            _findings.Add(_updates.TooSmall(step));
    }

    private void ExamineUnits(int step, Value loss)
    {
        if (!Has(TrainingFault.BoundedLogits) && BoundedLogits.In(loss) is { } bounded)
            _findings.Add(Bounded(bounded, step));
        _units.Examine(loss);
        if (_units.AreSaturated && !Has(TrainingFault.SaturatedUnits))
            _findings.Add(_units.Saturated(step));
        if (_units.AreDead && !Has(TrainingFault.DeadUnits))
            _findings.Add(_units.Dead(step));
    }

    private void ExamineNumbers(int step, Func<int, Value> expression)
    {
        if (!Has(TrainingFault.NotFinite))
            _findings.Add(BadNumber.Find(expression(int.MaxValue), _parameters, step));
    }

    private static Diagnosis Bounded(BoundedLogits bounded, int step) => new(
        TrainingFault.BoundedLogits,
        step,
        $"{bounded.Evidence}.",
        new Dictionary<string, double> { ["least"] = bounded.Least, ["greatest"] = bounded.Greatest, ["floor"] = bounded.Floor },
        "new Mlp(…, outputActivation: Activation.Linear)",
        "give the last layer no activation: the loss makes probabilities of logits by itself.");

    private static Diagnosis NotZeroed(Value leaf, int step) => new(
        TrainingFault.GradientsNotZeroed,
        step,
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
