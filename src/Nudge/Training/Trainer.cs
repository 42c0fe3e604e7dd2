// The loop: forward, zero, backward, update, over shuffled batches.

using Nudge.Pitfalls;

namespace Nudge;

/// <summary>
/// Trains a model on examples: a network on a data set, a language model on documents, or whatever a
/// <see cref="CustomProblem"/> says. <see cref="Run"/> hands out
/// each step as it is made, so that progress is a <c>foreach</c>.
/// </summary>
public sealed class Trainer
{
    private readonly ParameterSnapshot _before; // of the step that is being made
    private readonly EagerBatchLoss _expressions;
    private readonly Func<Value> _expression;
    private int[] _batch = [];
    private BatchLoss? _batchLoss;
    private double? _baseRate; // known from the start of the run
    private bool _started;

    /// <summary>A trainer.</summary>
    /// <param name="problem">What is trained on what.</param>
    /// <param name="optimizer">What changes the model's parameters.</param>
    /// <param name="options">How the run goes.</param>
    public Trainer(TrainingProblem problem, Optimizer optimizer, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(optimizer);
        Problem = problem;
        Optimizer = optimizer;
        Options = options ?? new TrainerOptions();
        StepsPerEpoch = (problem.Count + BatchSize - 1) / BatchSize;
        State = new TrainingState(problem.Count, Options.Seed);
        _before = new ParameterSnapshot(optimizer.Parameters);
        _expressions = new EagerBatchLoss(problem, optimizer.Parameters, Options.L2Penalty);
        _expression = Expression;
    }

    /// <summary>A trainer of a network.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="optimizer">What changes the network's parameters.</param>
    /// <param name="training">The examples to learn from.</param>
    /// <param name="validation">Examples that are only looked at, to know when to stop and what to keep; null for none.</param>
    /// <param name="options">How the run goes.</param>
    /// <exception cref="ArgumentException">Network, objective and data do not fit together; the message says where.</exception>
    public Trainer(
        Network network, Objective objective, Optimizer optimizer, Dataset training, Dataset? validation = null, TrainerOptions? options = null)
        : this(new SupervisedProblem(network, objective, training, validation), optimizer, options)
    {
    }

    /// <summary>What is trained on what.</summary>
    public TrainingProblem Problem { get; }

    /// <summary>What is trained.</summary>
    public Module Model => Problem.Model;

    /// <summary>What changes the parameters.</summary>
    public Optimizer Optimizer { get; }

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
    /// Called in each step with the loss, between the backward pass and the update: when every gradient of the step can be
    /// looked at. The function gives the loss as an expression with the gradient of each node; with the compiled engine it
    /// is computed when asked for. Null for nothing.
    /// </summary>
    public Action<double, Func<Value>>? AfterBackward { get; set; }

    /// <summary>
    /// Called once, when the run has made its last step, before the best parameters are put back where
    /// <see cref="TrainerOptions.KeepBest"/> is on: they still are what the last update made of them. Null for nothing.
    /// </summary>
    public Action? AfterLastStep { get; set; }

    /// <summary>The examples of the last step, by their places in the training set.</summary>
    public ReadOnlySpan<int> Batch => _batch;

    /// <summary>How many updates the run makes if nothing ends it early.</summary>
    public long TotalSteps => Options.Steps > 0 ? Options.Steps : (long)Options.Epochs * StepsPerEpoch;

    /// <summary>Mistakes to make on purpose; see <see cref="TrainerPitfalls"/>.</summary>
    internal TrainingMistakes Mistakes { get; set; }

    /// <summary>Where the run is.</summary>
    internal TrainingState State { get; }

    /// <summary>How many examples a step has.</summary>
    internal int BatchSize => Options.BatchSize == 0 ? Problem.Count : Math.Min(Options.BatchSize, Problem.Count);

    private bool Monitors => Problem.HasValidation || Options.KeepBest || Options.Patience > 0;

    /// <summary>
    /// Makes the run, one step for each item taken. The run ends by itself, when cancelled (after the step it is in), or
    /// when no more items are taken; the model then has its best parameters if <see cref="TrainerOptions.KeepBest"/>
    /// is on, its optimizer has its learning rate from before the run, and <see cref="Result"/> says how it went.
    /// </summary>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="InvalidOperationException">The trainer has run before.</exception>
    public IEnumerable<TrainingStep> Run(CancellationToken cancellation = default)
    {
        RequireFirstRun();
        return Steps(cancellation);
    }

    /// <summary>Makes the run to its end, where nothing is to be done between its steps: see <see cref="Run"/>.</summary>
    /// <param name="progress">Is told of each step; null for nobody.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <returns>How it ended, which is <see cref="Result"/> from then on.</returns>
    /// <exception cref="InvalidOperationException">The trainer has run before.</exception>
    public TrainingResult Train(IProgress<TrainingStep>? progress = null, CancellationToken cancellation = default)
    {
        foreach (TrainingStep step in Run(cancellation))
            progress?.Report(step);
        return Result!;
    }

    /// <summary>The loss of the last step's batch with the parameters as they are now.</summary>
    /// <exception cref="InvalidOperationException">No step has been made.</exception>
    public double MeasureBatchLoss() => _batch.Length > 0
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
            if (Options.MeasureStart && State.Step == 0)
                Measure();
            while (true)
            {
                if (State.Step >= TotalSteps)
                {
                    end = TrainingEnd.Finished;
                    yield break;
                }
                if (Options.Patience > 0 && State.MeasurementsSinceBest >= Options.Patience)
                {
                    end = TrainingEnd.EarlyStopped;
                    yield break;
                }
                if (cancellation.IsCancellationRequested)
                    yield break;
                _batch = State.NextBatch(BatchSize);
                Optimizer.LearningRate = BaseLearningRate * Options.Schedule.At(State.Step);
                if (MakeStep() is not { } step)
                {
                    end = TrainingEnd.Diverged;
                    yield break;
                }
                if (State.Step == TotalSteps || (Options.MeasureEvery > 0 ? State.Step % Options.MeasureEvery == 0 : State.IsEndOfEpoch))
                    step = step with { Monitored = Measure() };
                yield return step;
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
            return Problem.Compile(Optimizer.Parameters, Options.L2Penalty, Options.Precision);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidOperationException($"{error.Message} To train the model as it is, set TrainerOptions.Engine to Eager.", error);
        }
    }

    private TrainingStep? MakeStep()
    {
        ParameterList parameters = Optimizer.Parameters;
        bool zero = !Mistakes.HasFlag(TrainingMistakes.SkipZeroing);
        double loss = _batchLoss!.Backward(_batch, zero);
        AfterBackward?.Invoke(loss, _expression);
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
        (int made, int epoch) = State.EndStep();
        return new TrainingStep(
            made, epoch, loss, Optimizer.LearningRate, norm, _before.PredictedChange(), Monitored: null);
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
        var computed = new ParameterSnapshot(Optimizer.Parameters);
        computed.TakeGradients();
        _expressions.Backward(_batch, zero: true);
        computed.RestoreGradients();
        return _expressions.Last!;
    }

    private void Examine(double loss)
    {
        bool isCompiled = Options.Engine != GraphEngine.Eager;
        if (Doctor is null || (isCompiled && !Doctor.IsWorthwhileCompiled(State.Step)))
            return;
        int[] batch = _batch;
        // A batch of everything is the same each time, and its next loss says what this update did.
        Doctor.ExamineStep(
            State.Step, loss, examples => _expressions.Build(batch.AsSpan(0, Math.Min(examples, batch.Length))),
            batch.Length == Problem.Count ? null : () => _batchLoss!.Evaluate(batch), isCompiled);
    }

    private Metrics? Measure()
    {
        if (!Monitors)
            return null;
        Metrics metrics = Problem.HasValidation
            ? Problem.MeasureValidation(Options.Engine, Options.Precision)
            : Problem.MeasureTraining(Options.Engine, Options.Precision);
        State.Note(metrics.Loss, Options.KeepBest ? Optimizer.Parameters : null);
        return metrics;
    }

    private void Finish(TrainingEnd end)
    {
        AfterLastStep?.Invoke();
        if (State.Best is { } best)
            Optimizer.Parameters.Load(best);
        Result = new TrainingResult(
            end,
            State.Step,
            State.Epoch,
            State.Best is null ? null : State.BestEpoch,
            State.Best is null ? null : State.BestStep,
            Problem.MeasureTraining(Options.Engine, Options.Precision),
            Problem.HasValidation ? Problem.MeasureValidation(Options.Engine, Options.Precision) : null);
    }
}
