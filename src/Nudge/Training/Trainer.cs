// The loop: forward, zero, backward, update, over shuffled batches.

namespace Nudge;

/// <summary>
/// Trains a network on a data set. <see cref="Run"/> hands out each step as it is made, so that progress is a
/// <c>foreach</c>.
/// </summary>
public sealed class Trainer
{
    private readonly ParameterSnapshot _before; // of the step that is being made
    private int[] _batch = [];
    private readonly EagerBatchLoss _expressions;
    private BatchLoss? _batchLoss;
    private Predictor? _predictor;
    private double[]? _best;
    private double? _baseRate; // known from the start of the run
    private double _bestLoss = double.PositiveInfinity;
    private int _bestEpoch, _epoch, _step;
    private bool _started;

    /// <summary>A trainer.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="optimizer">What changes the network's parameters.</param>
    /// <param name="training">The examples to learn from.</param>
    /// <param name="validation">Examples that are only looked at, to know when to stop and what to keep; null for none.</param>
    /// <param name="options">How the run goes.</param>
    /// <exception cref="ArgumentException">Network, objective and data do not fit together; the message says where.</exception>
    public Trainer(
        Network network, Objective objective, Optimizer optimizer, Dataset training, Dataset? validation = null, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(training);
        foreach (Dataset data in validation is null ? [training] : new[] { training, validation })
        {
            if (network.InputCount != data.InputCount)
                throw new ArgumentException($"The network takes {network.InputCount} inputs, and the data has {data.InputCount}.", nameof(training));
            int outputs = objective.OutputCount(data);
            if (network.OutputCount != outputs)
                throw new ArgumentException($"The network gives {network.OutputCount} outputs, and {objective.Name} needs {outputs} for this data.", nameof(network));
        }
        Network = network;
        Objective = objective;
        Optimizer = optimizer;
        Training = training;
        Validation = validation;
        Options = options ?? new TrainerOptions();
        StepsPerEpoch = (training.Count + BatchSize - 1) / BatchSize;
        _before = new ParameterSnapshot(optimizer.Parameters);
        _expressions = new EagerBatchLoss(network, objective, optimizer.Parameters, Options.L2Penalty, training);
    }

    /// <summary>What is trained.</summary>
    public Network Network { get; }

    /// <summary>What is made small.</summary>
    public Objective Objective { get; }

    /// <summary>What changes the parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The examples to learn from.</summary>
    public Dataset Training { get; }

    /// <summary>The examples that are only looked at.</summary>
    public Dataset? Validation { get; }

    /// <summary>How the run goes.</summary>
    public TrainerOptions Options { get; }

    /// <summary>
    /// Who examines the steps; null for nobody. With the compiled engine, whose steps cost less than a look at them, it is
    /// the first 64 and then two of every 192.
    /// </summary>
    public Doctor? Doctor { get; init; }

    /// <summary>How many updates an epoch makes.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>How the run ended; null until it has.</summary>
    public TrainingResult? Result { get; private set; }

    /// <summary>The rate that the schedule multiplies: the optimizer's own at the start. It may be set between steps.</summary>
    public double BaseLearningRate
    {
        get => _baseRate ?? Optimizer.LearningRate;
        set => _baseRate = Require.NonNegative(value);
    }

    /// <summary>
    /// Mistakes to make on purpose, to see what they do. They may be changed between steps. Default none.
    /// </summary>
    public TrainingMistakes Mistakes { get; set; }

    /// <summary>
    /// Called in each step with the loss, between the backward pass and the update: when every gradient of the step can be
    /// looked at. The function gives the loss as an expression with the gradient of each node; with the compiled engine it
    /// is computed when asked for. Null for nothing.
    /// </summary>
    public Action<double, Func<Value>>? AfterBackward { get; set; }

    /// <summary>The examples of the last step, by their places in the training set.</summary>
    public ReadOnlySpan<int> Batch => _batch;

    private int BatchSize => Options.BatchSize == 0 ? Training.Count : Math.Min(Options.BatchSize, Training.Count);

    private bool Monitors => Validation is not null || Options.KeepBest || Options.Patience > 0;

    /// <summary>
    /// Makes the run, one step for each item taken. The run ends by itself, when cancelled (after the step it is in), or
    /// when no more items are taken; the network then has its best parameters if <see cref="TrainerOptions.KeepBest"/>
    /// is on, its optimizer has its learning rate from before the run, and <see cref="Result"/> says how it went.
    /// </summary>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="InvalidOperationException">The trainer has run before.</exception>
    public IEnumerable<TrainingStep> Run(CancellationToken cancellation = default)
    {
        RequireFirstRun();
        return Steps(cancellation);
    }

    private Predictor Predictor => _predictor ??= Predictor.For(Network, Options.Engine, Options.Precision);

    /// <summary>The loss of the last step's batch with the parameters as they are now.</summary>
    /// <exception cref="InvalidOperationException">No step has been made.</exception>
    public double MeasureBatchLoss() => _step > 0
        ? _batchLoss!.Evaluate(_batch)
        : throw new InvalidOperationException("There is no last step yet. Take one from Run first.");

    private IEnumerable<TrainingStep> Steps(CancellationToken cancellation)
    {
        // Again, for steps that were asked for twice before the first was made.
        RequireFirstRun();
        _started = true;
        _batchLoss = MakeBatchLoss();
        TrainingEnd end = TrainingEnd.Cancelled;
        double ownRate = Optimizer.LearningRate;
        _baseRate ??= Optimizer.LearningRate;
        try
        {
            var rng = new Rng(Options.Seed);
            int[] order = [.. Enumerable.Range(0, Training.Count)];
            while (true)
            {
                rng.Shuffle<int>(order);
                for (int start = 0; start < order.Length; start += BatchSize)
                {
                    if (cancellation.IsCancellationRequested)
                        yield break;
                    _batch = order[start..Math.Min(start + BatchSize, order.Length)];
                    Optimizer.LearningRate = BaseLearningRate * Options.Schedule.At(_step);
                    if (MakeStep() is not { } step)
                    {
                        end = TrainingEnd.Diverged;
                        yield break;
                    }
                    if (start + BatchSize >= order.Length)
                        step = step with { Monitored = EndEpoch() };
                    yield return step;
                }
                if (_epoch == Options.Epochs)
                {
                    end = TrainingEnd.Finished;
                    yield break;
                }
                if (Options.Patience > 0 && _epoch - _bestEpoch >= Options.Patience)
                {
                    end = TrainingEnd.EarlyStopped;
                    yield break;
                }
            }
        }
        finally
        {
            Optimizer.LearningRate = ownRate;
            Finish(end);
        }
    }

    private void RequireFirstRun()
    {
        if (_started)
            throw new InvalidOperationException("A trainer runs once. Make a new one to go on; the network keeps what it has learned.");
    }

    private BatchLoss MakeBatchLoss()
    {
        if (Options.Engine == GraphEngine.Eager)
            return _expressions;
        try
        {
            return new CompiledBatchLoss(
                Objective.Compile(Network, Optimizer.Parameters, Options.L2Penalty, Options.Precision), Objective, Training);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidOperationException($"{error.Message} To train the network as it is, set TrainerOptions.Engine to Eager.", error);
        }
    }

    private TrainingStep? MakeStep()
    {
        ParameterList parameters = Optimizer.Parameters;
        bool zero = !Mistakes.HasFlag(TrainingMistakes.SkipZeroing);
        double loss = _batchLoss!.Backward(_batch, zero);
        AfterBackward?.Invoke(loss, Expression);
        _before.TakeGradients();
        Examine(loss);

        double norm = Options.ClipNorm > 0
            ? GradientClipping.ClipByNorm(parameters, Options.ClipNorm)
            : GradientClipping.Norm(parameters);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            return null;
        if (Options.ClipValue > 0)
            GradientClipping.ClipByValue(parameters, Options.ClipValue);

        _before.TakeNumbers();
        double[]? before = Mistakes.HasFlag(TrainingMistakes.FlipSign) ? parameters.ToArray() : null;
        Optimizer.Step();
        if (before is not null)
            MirrorStep(parameters, before);
        return new TrainingStep(
            _step++, _epoch, loss, Optimizer.LearningRate, norm, _before.PredictedChange(), Monitored: null);
    }

    // The same step the other way, whatever the optimizer.
    private static void MirrorStep(ParameterList parameters, double[] before)
    {
        for (int i = 0; i < before.Length; i++)
            parameters[i].Data = before[i] - (parameters[i].Data - before[i]);
    }

    // What is compiled has no nodes to look at: they are computed once more, and the gradients stay what they were.
    private Value Expression()
    {
        if (_batchLoss == _expressions)
            return _expressions.Last!;
        ParameterList parameters = Optimizer.Parameters;
        var gradients = new double[parameters.Count];
        parameters.CopyGradientsTo(gradients);
        _expressions.Backward(_batch, zero: true);
        for (int i = 0; i < gradients.Length; i++)
            parameters[i].Grad = gradients[i];
        return _expressions.Last!;
    }

    private void Examine(double loss)
    {
        bool isCompiled = Options.Engine != GraphEngine.Eager;
        if (Doctor is null || (isCompiled && !Doctor.IsWorthwhileCompiled(_step)))
            return;
        int[] batch = _batch;
        // A batch of everything is the same each time, and its next loss says what this update did.
        Doctor.ExamineStep(
            _step, loss, examples => _expressions.Build(batch.AsSpan(0, Math.Min(examples, batch.Length))),
            batch.Length == Training.Count ? null : () => _batchLoss!.Evaluate(batch), isCompiled);
    }

    private Metrics? EndEpoch()
    {
        _epoch++;
        if (!Monitors)
            return null;
        Metrics metrics = Predictor.Measure(Objective, Validation ?? Training);
        if (metrics.Loss < _bestLoss)
        {
            _bestLoss = metrics.Loss;
            _bestEpoch = _epoch;
            if (Options.KeepBest)
                Optimizer.Parameters.CopyTo(_best ??= new double[Optimizer.Parameters.Count]);
        }
        return metrics;
    }

    private void Finish(TrainingEnd end)
    {
        if (_best is not null)
            Optimizer.Parameters.Load(_best);
        Result = new TrainingResult(
            end,
            _step,
            _epoch,
            _best is null ? null : _bestEpoch,
            Predictor.Measure(Objective, Training),
            Validation is null ? null : Predictor.Measure(Objective, Validation));
    }
}
