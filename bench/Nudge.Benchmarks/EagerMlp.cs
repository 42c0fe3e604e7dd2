// Nudge's eager engine at the work of rows A, B and C: the library's own classes in the loop of the lesson.

namespace Nudge.Benchmarks;

/// <summary>A training step with eager values.</summary>
internal class EagerMlp : InProcessContender
{
    private readonly Func<Mlp, int, Value> _lossOfExample;
    private readonly Func<ParameterList, Optimizer> _newOptimizer;
    private Optimizer _optimizer;

    internal EagerMlp(
        MlpTask task, Activation hidden, Activation output, Func<Mlp, int, Value> lossOfExample, Func<ParameterList, Optimizer> newOptimizer)
    {
        Task = task;
        Network = new Mlp(task.Sizes[0], task.Sizes[1..], new Rng(1), hidden, output);
        _lossOfExample = lossOfExample;
        _newOptimizer = newOptimizer;
        _optimizer = newOptimizer(Network.Parameters);
    }

    protected MlpTask Task { get; }

    protected Mlp Network { get; }

    /// <summary>Row A: sum of squares, gradient descent.</summary>
    internal static EagerMlp Lesson(MlpTask task) => new(
        task, Activation.Tanh, Activation.Tanh, SquaredError(task), parameters => new Sgd(parameters, 0.05));

    /// <summary>Rows C1 and C2: cross-entropy, one graph for each example, whose gradients add up.</summary>
    internal static EagerMlp Classifier(MlpTask task) => new ExampleByExample(
        task, (network, i) => Loss.CrossEntropy(network.Forward(task.Inputs[i]), (int)task.Targets[i][0]));

    /// <summary>Row C3: squared error, one graph for each example.</summary>
    internal static EagerMlp Regression(MlpTask task) => new ExampleByExample(task, SquaredError(task));

    /// <summary>Row LR: cross-entropy of one logit, gradient descent, one graph for each example.</summary>
    internal static EagerMlp Logistic(MlpTask task) => new ExampleByExample(
        task, (network, i) => Loss.BinaryCrossEntropyWithLogits(network.Forward(task.Inputs[i])[0], task.Targets[i][0]), parameters => new Sgd(parameters, 0.5));

    protected override void Restart()
    {
        Network.Parameters.Load(Task.Weights);
        Network.ZeroGradients();
        _optimizer = _newOptimizer(Network.Parameters);
    }

    protected override double Step(int k)
    {
        _optimizer.LearningRate = LearningRate(k, _optimizer.LearningRate);
        Network.ZeroGradients();
        double loss = Backward();
        _optimizer.Step();
        return loss;
    }

    /// <summary>The learning rate of a step, given that of the step before.</summary>
    protected virtual double LearningRate(int k, double present) => present;

    /// <summary>Computes the loss and its gradients, in one graph.</summary>
    protected virtual double Backward()
    {
        Value loss = BatchLoss();
        loss.Backward();
        return loss.Data;
    }

    protected virtual Value BatchLoss()
    {
        Value loss = LossOfExample(0);
        for (int i = 1; i < Task.Inputs.Length; i++)
            loss += LossOfExample(i);
        return loss;
    }

    protected Value LossOfExample(int i) => _lossOfExample(Network, i);

    private static Func<Mlp, int, Value> SquaredError(MlpTask task) =>
        (network, i) => (network.Forward(task.Inputs[i])[0] - task.Targets[i][0]).Pow(2);

    // A whole batch of these networks would be a graph of gigabytes.
    private sealed class ExampleByExample(MlpTask task, Func<Mlp, int, Value> lossOfExample, Func<ParameterList, Optimizer>? newOptimizer = null)
        : EagerMlp(task, Activation.Tanh, Activation.Linear, lossOfExample, newOptimizer ?? (parameters => new Adam(parameters, 1e-3)))
    {
        protected override double Backward()
        {
            double sum = 0;
            for (int i = 0; i < Task.Inputs.Length; i++)
            {
                Value loss = LossOfExample(i) / Task.Inputs.Length;
                loss.Backward();
                sum += loss.Data;
            }
            return sum;
        }
    }
}

/// <summary>Row B: hinge with an L2 penalty, gradient descent with a falling rate.</summary>
internal class EagerMoons(MlpTask task) : EagerMlp(
    task,
    Activation.Relu,
    Activation.Linear,
    (network, i) => Loss.Hinge(network.Forward(task.Inputs[i])[0], task.Targets[i][0]),
    parameters => new Sgd(parameters, 1))
{
    protected override double LearningRate(int k, double present) => 1 - 0.9 * k / 100;

    protected override Value BatchLoss() => base.BatchLoss() / Task.Inputs.Length + Loss.L2Penalty(Network.Parameters, 1e-4);
}

/// <summary>The cost of a node: row B's graph built over and over, differentiated or not, with no update.</summary>
internal sealed class EagerNodes(MlpTask task, bool backward) : EagerMoons(task)
{
    private readonly int[] _collections = [0, 0, 0];
    private long _steps, _bytes;

    internal override string Note =>
        $"{(double)_bytes / _steps / NodeCount:F1} bytes a node; collections of generation 0, 1, 2 in {_steps} steps: {string.Join(", ", _collections)}";

    /// <summary>How many values one step makes, by their creation order.</summary>
    internal long NodeCount
    {
        get
        {
            long before = new Value(0).Order;
            return BatchLoss().Order - before;
        }
    }

    internal override double Run(int steps)
    {
        _steps += steps;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        int[] before = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
        double seconds = base.Run(steps);
        for (int generation = 0; generation < _collections.Length; generation++)
            _collections[generation] += GC.CollectionCount(generation) - before[generation];
        _bytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
        return seconds;
    }

    protected override double Step(int k)
    {
        if (!backward)
            return BatchLoss().Data;
        Network.ZeroGradients();
        return Backward();
    }
}

/// <summary>The lesson's step written out, with no loss class, no optimizer and no trainer.</summary>
internal sealed class EagerByHand(MlpTask task) : InProcessContender
{
    private readonly Mlp _network = new(3, [4, 4, 1], new Rng(1));

    protected override void Restart() => _network.Parameters.Load(task.Weights);

    protected override double Step(int k)
    {
        Value loss = 0;
        for (int i = 0; i < task.Inputs.Length; i++)
            loss += (_network.Forward(task.Inputs[i])[0] - task.Targets[i][0]).Pow(2);
        foreach (Value p in _network.Parameters)
            p.Grad = 0;
        loss.Backward();
        foreach (Value p in _network.Parameters)
            p.Data -= 0.05 * p.Grad;
        return loss.Data;
    }
}

/// <summary>The lesson's step made by the trainer, with either engine.</summary>
internal sealed class TrainerContender(MlpTask task, GraphEngine engine) : InProcessContender
{
    private readonly Mlp _network = new(3, [4, 4, 1], new Rng(1));
    private IEnumerator<TrainingStep>? _steps;

    protected override void Restart()
    {
        _network.Parameters.Load(task.Weights);
        _network.ZeroGradients();
        var trainer = new Trainer(
            _network,
            Objective.SumOfSquares,
            new Sgd(_network.Parameters, 0.05),
            new Dataset(task.Inputs, task.Targets),
            options: new TrainerOptions { Epochs = int.MaxValue, BatchSize = 0, KeepBest = false, Engine = engine });
        _steps = trainer.Run().GetEnumerator();
    }

    protected override double Step(int k)
    {
        _steps!.MoveNext();
        return _steps.Current.Loss;
    }
}
