// A network, an objective, and rows of inputs and targets.

namespace Nudge;

/// <summary>A network that is to give the targets of examples for their inputs.</summary>
public sealed class SupervisedProblem : TrainingProblem
{
    // So many numbers of the validation part, which is looked at every epoch, are scaled once and kept.
    private const long MostKept = 1 << 23;

    private Dataset? _keptValidation;
    private (GraphEngine Engine, Precision Precision, DatasetPredictor Predictor)? _measuring;

    /// <summary>A problem.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="training">The examples to learn from.</param>
    /// <param name="validation">Examples that are only looked at; null for none.</param>
    /// <exception cref="ArgumentException">
    /// Network, objective and data do not fit together; the message says where. A network with bounded outputs, as tanh gives, does
    /// not fit an objective of logits.
    /// </exception>
    public SupervisedProblem(Network network, Objective objective, Dataset training, Dataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(training);
        foreach (Dataset data in validation is null ? [training] : new[] { training, validation })
        {
            if (network.InputCount != data.InputCount)
                throw new ArgumentException($"The network takes {network.InputCount} inputs, and the data has {data.InputCount}.", nameof(training));
            int outputs = objective.OutputCount(data);
            if (network.OutputCount != outputs)
                throw new ArgumentException($"The network gives {network.OutputCount} outputs, and {objective.Name} needs {outputs} for this data.", nameof(network));
        }
        if (BoundedLogits.In(objective.LossOf(network.Forward(training.Inputs[0]), training.Targets[0])) is { } bounded)
        {
            throw new ArgumentException(
                $"{objective.Name} wants logits, which may be of any size, and {bounded.Evidence}. Give the network's last layer no activation: outputActivation: Activation.Linear.",
                nameof(network));
        }
        Network = network;
        Objective = objective;
        Training = training;
        Validation = validation;
    }

    /// <summary>What is trained.</summary>
    public Network Network { get; }

    /// <summary>What is made small.</summary>
    public Objective Objective { get; }

    /// <summary>The examples to learn from.</summary>
    public Dataset Training { get; }

    /// <summary>The examples that are only looked at.</summary>
    public Dataset? Validation { get; }

    /// <inheritdoc/>
    public override Module Model => Network;

    /// <inheritdoc/>
    public override int Count => Training.Count;

    /// <inheritdoc/>
    public override bool HasValidation => Validation is not null;

    internal override Value LossOf(ReadOnlySpan<int> batch)
    {
        Value? sum = null;
        foreach (int i in batch)
        {
            Value loss = Objective.LossOf(Network.Forward(Training.Inputs[i]), Training.Targets[i]);
            sum = sum is null ? loss : sum + loss;
        }
        return Objective.SumsOverBatch ? sum! : sum! / batch.Length;
    }

    internal override BatchLoss Compile(ParameterList parameters, double l2Penalty, Precision precision) =>
        new CompiledBatchLoss(Objective.Compile(Network, parameters, l2Penalty, precision), Objective, Training);

    internal override Metrics MeasureTraining(GraphEngine engine, Precision precision) => Measure(Training, engine, precision);

    internal override Metrics MeasureValidation(GraphEngine engine, Precision precision) =>
        Measure(_keptValidation ??= (long)Validation!.Count * Validation.InputCount <= MostKept ? Validation.Kept() : Validation, engine, precision);

    internal override ulong Fingerprint()
    {
        var hash = new Fingerprint();
        foreach (Dataset data in Validation is null ? [Training] : new[] { Training, Validation })
        {
            hash.Add(data.Count);
            foreach (double number in data.Inputs.Concat(data.Targets).SelectMany(row => row))
                hash.Add(BitConverter.DoubleToInt64Bits(number));
        }
        return hash.Result;
    }

    private Metrics Measure(Dataset data, GraphEngine engine, Precision precision)
    {
        if (_measuring is not { } measuring || (measuring.Engine, measuring.Precision) != (engine, precision))
            _measuring = measuring = (engine, precision, DatasetPredictor.For(Network, engine, precision));
        return measuring.Predictor.Measure(Objective, data);
    }
}
