// Training runs with a known fault in them, to see whether the doctor finds it and nothing else.

namespace Nudge.Benchmarks;

/// <summary>What is done wrong in a run.</summary>
internal enum Mistake
{
    None,
    NoZeroing,
    WrongSign,
    RateTimes20,
    RateTimes100,
    RateBy1000,
    WeightsTimes30,
    BiasesOfMinus10,
    DivisionByZero,
}

/// <summary>A task to learn, and the settings with which it is learnt well.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Data">The examples for a seed, brought to one scale.</param>
/// <param name="Objective">What is made small.</param>
/// <param name="Layers">The neurons of each layer.</param>
/// <param name="OutputActivation">The activation of the last layer; the others' is tanh, or ReLU for mistakes of ReLU.</param>
/// <param name="Optimizer">How steps are made, at a learning rate.</param>
/// <param name="LearningRate">A good one.</param>
/// <param name="Batch">How many examples share a step; 0 for all.</param>
/// <param name="Steps">How long a run is.</param>
internal sealed record DoctorTask(
    string Name, Func<Rng, Dataset> Data, Objective Objective, int[] Layers, Activation OutputActivation,
    Func<ParameterList, double, Optimizer> Optimizer, double LearningRate, int Batch, int Steps)
{
    /// <summary>The lesson's network, moons, sine regression, and iris (or heaps of points where there is no file of it).</summary>
    internal static IReadOnlyList<DoctorTask> All(string? iris) =>
    [
        new("lesson", _ => Generate.Lesson(), Objective.SumOfSquares, [4, 4, 1], Activation.Tanh, (p, rate) => new Sgd(p, rate), 0.05, 0, 300),
        new("moons", rng => Scaled(Generate.Moons(64, 0.1, rng)), Objective.BinaryCrossEntropy, [8, 8, 1], Activation.Linear, (p, rate) => new Sgd(p, rate), 0.1, 16, 300),
        new("sine", rng => Scaled(Generate.Sine(32, 0.05, rng)), Objective.MeanSquaredError, [8, 8, 1], Activation.Linear, (p, rate) => new Adam(p, rate), 0.01, 0, 300),
        new(iris is null ? "blobs" : "iris", rng => Scaled(iris is null ? Generate.Blobs(60, 0.3, rng) : Dataset.FromCsv(iris)), Objective.CrossEntropy, [8, 3], Activation.Linear, (p, rate) => new Adam(p, rate), 0.01, 16, 300),
    ];

    private static Dataset Scaled(Dataset data)
    {
        Standardizer inputs = Standardizer.Fit(data.Inputs);
        return new Dataset([.. data.Inputs.Select(inputs.Apply)], [.. data.Targets], data.Classes, data.InputNames, data.TargetName);
    }
}

internal static class DoctorTrials
{
    private const int LastSteps = 50, CompiledSteps = 4000;

    /// <summary>
    /// Makes a run with a mistake, to its end, and returns what the doctor found and the mean loss of its last steps,
    /// infinite where it diverged.
    /// </summary>
    internal static (IReadOnlyList<Diagnosis> Findings, double Loss) Run(DoctorTask task, Mistake mistake, ulong seed, bool withDoctor = true)
    {
        double lastLosses = 0;
        var rng = new Rng(seed);
        Dataset data = task.Data(rng);
        // ReLU by every second seed of the good runs, and where the mistake is one of ReLU.
        Activation activation = mistake == Mistake.BiasesOfMinus10 || (mistake == Mistake.None && task.OutputActivation == Activation.Linear && seed % 2 == 0) ? Activation.Relu : Activation.Tanh;
        Initialization? start = task.OutputActivation == Activation.Tanh ? null : Initialization.For(activation);
        var network = new Mlp(data.InputCount, task.Layers, rng, activation, task.OutputActivation, start);
        Spoil(network, mistake);
        Optimizer optimizer = task.Optimizer(network.Parameters, task.LearningRate * mistake switch
        {
            Mistake.RateTimes20 => 20,
            Mistake.RateTimes100 => 100,
            Mistake.RateBy1000 => 1e-3,
            _ => 1,
        });
        using var doctor = new Doctor(network.Parameters);
        var before = new double[network.Parameters.Count];
        int[] order = [.. Enumerable.Range(0, data.Count)];
        int size = task.Batch == 0 ? data.Count : task.Batch, place = data.Count;
        for (int step = 0; step < task.Steps; step++)
        {
            if (place + size > data.Count)
            {
                rng.Shuffle<int>(order);
                place = 0;
            }
            int[] batch = order[place..(place + size)];
            place += size;
            Value loss = LossOf(task, network, data, batch);
            if (mistake == Mistake.DivisionByZero && step == 20)
                loss /= new Value(0);
            if (mistake != Mistake.NoZeroing)
                network.ZeroGradients();
            loss.Backward();
            if (withDoctor)
                doctor.Examine(loss, task.Batch == 0 ? null : () => LossOf(task, network, data, batch).Data);
            if (!double.IsFinite(loss.Data))
                return (doctor.Findings, double.PositiveInfinity);
            lastLosses += step >= task.Steps - LastSteps ? loss.Data : 0;
            network.Parameters.CopyTo(before);
            optimizer.Step();
            if (mistake == Mistake.WrongSign)
                network.Parameters.Load([.. network.Parameters.Select((p, i) => 2 * before[i] - p.Data)]);
        }
        return (doctor.Findings, lastLosses / LastSteps);
    }

    /// <summary>The processor time of a good eager run: what else the machine does hardly changes it.</summary>
    internal static TimeSpan EagerTime(DoctorTask task, bool withDoctor)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        Run(task, Mistake.None, 1, withDoctor);
        return Environment.CpuUsage.TotalTime - start;
    }

    /// <summary>The processor time of a good compiled run, from its second step on: the first one compiles.</summary>
    internal static TimeSpan CompiledTime(DoctorTask task, bool withDoctor)
    {
        var rng = new Rng(1);
        Dataset data = task.Data(rng);
        var network = new Mlp(data.InputCount, task.Layers, rng, Activation.Tanh, task.OutputActivation);
        int stepsPerEpoch = task.Batch == 0 ? 1 : (data.Count + task.Batch - 1) / task.Batch;
        var options = new TrainerOptions { BatchSize = task.Batch, Epochs = CompiledSteps / stepsPerEpoch, KeepBest = false };
        using Doctor? doctor = withDoctor ? new Doctor(network.Parameters) : null;
        var trainer = new Trainer(network, task.Objective, task.Optimizer(network.Parameters, task.LearningRate), data, options: options) { Doctor = doctor };
        using IEnumerator<TrainingStep> steps = trainer.Run().GetEnumerator();
        steps.MoveNext();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        while (steps.MoveNext())
        {
        }
        return Environment.CpuUsage.TotalTime - start;
    }

    /// <summary>The fault that a mistake makes.</summary>
    internal static TrainingFault Expected(Mistake mistake) => mistake switch
    {
        Mistake.NoZeroing => TrainingFault.GradientsNotZeroed,
        Mistake.WrongSign => TrainingFault.SteppingUphill,
        Mistake.RateTimes20 or Mistake.RateTimes100 => TrainingFault.LearningRateTooLarge,
        Mistake.RateBy1000 => TrainingFault.LearningRateTooSmall,
        Mistake.WeightsTimes30 => TrainingFault.SaturatedUnits,
        Mistake.BiasesOfMinus10 => TrainingFault.DeadUnits,
        _ => TrainingFault.NotFinite,
    };

    private static void Spoil(Mlp network, Mistake mistake)
    {
        foreach (Neuron neuron in network.Layers.SelectMany(layer => layer.Neurons))
        {
            if (mistake == Mistake.BiasesOfMinus10)
                neuron.Bias.Data = -10;
            foreach (Value weight in neuron.Weights)
                weight.Data *= mistake == Mistake.WeightsTimes30 ? 30 : 1;
        }
    }

    private static Value LossOf(DoctorTask task, Mlp network, Dataset data, int[] batch)
    {
        Value? sum = null;
        foreach (int i in batch)
        {
            Value loss = task.Objective.LossOf(network.Forward(data.Inputs[i]), data.Targets[i]);
            sum = sum is null ? loss : sum + loss;
        }
        return task.Objective.SumsOverBatch ? sum! : sum! / batch.Length;
    }
}
