// What a trainer makes small, and how the outputs it shapes are read.

namespace Nudge;

/// <summary>A loss as the trainer uses it: over a row of outputs and a row of targets, with the meaning of the outputs.</summary>
public abstract class Objective
{
    private Objective(string name, bool isClassification)
    {
        Name = name;
        IsClassification = isClassification;
    }

    /// <summary>Classification: <see cref="Loss.CrossEntropy"/> over one logit for each class.</summary>
    public static Objective CrossEntropy { get; } = new CrossEntropyObjective();

    /// <summary>Two classes: <see cref="Loss.BinaryCrossEntropyWithLogits"/> of one logit, above 0 for the second class.</summary>
    public static Objective BinaryCrossEntropy { get; } = new BinaryCrossEntropyObjective();

    /// <summary>Two classes: <see cref="Loss.Hinge"/> of one score, above 0 for the second class.</summary>
    public static Objective Hinge { get; } = new HingeObjective();

    /// <summary>Regression: <see cref="Loss.MeanSquaredError"/>.</summary>
    public static Objective MeanSquaredError { get; } = new SquaresObjective("mean-squared-error", mean: true);

    /// <summary>Regression: <see cref="Loss.SumOfSquares"/>, added up over the batch as in the lesson.</summary>
    public static Objective SumOfSquares { get; } = new SquaresObjective("sum-of-squares", mean: false);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Objective> All { get; } = [CrossEntropy, BinaryCrossEntropy, Hinge, MeanSquaredError, SumOfSquares];

    /// <summary>Its name in lower case, as the command line and files spell it.</summary>
    public string Name { get; }

    /// <summary>Whether targets are class indices.</summary>
    public bool IsClassification { get; }

    /// <summary>Whether the losses of a batch are added up, and not averaged.</summary>
    public virtual bool SumsOverBatch => false;

    /// <summary>How many outputs a network needs for a data set.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">The objective does not suit the data.</exception>
    public int OutputCount(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return OutputCount(data.Classes, data.TargetCount, data.TargetName);
    }

    /// <summary>The loss of one example.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="target">The target: a class index, or the numbers to predict.</param>
    public abstract Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<double> target);

    /// <summary>The class that outputs stand for.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression.</exception>
    public int ClassOf(ReadOnlySpan<double> outputs)
    {
        double[] probabilities = Probabilities(outputs);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>The probability of each class; for the hinge, which knows none, 1 for the class chosen.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression.</exception>
    public virtual double[] Probabilities(ReadOnlySpan<double> outputs) =>
        throw new InvalidOperationException($"{Name} predicts numbers, not classes.");

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal int OutputCount(IReadOnlyList<string>? classes, int targetCount, string targetName)
    {
        if (IsClassification && classes is null)
            throw new ArgumentException($"{Name} needs classes, and the target '{targetName}' is a number. Use {MeanSquaredError.Name} or {SumOfSquares.Name}.", nameof(classes));
        if (!IsClassification && classes is not null)
            throw new ArgumentException($"{Name} needs a number to predict, and the target '{targetName}' is a class. Use {CrossEntropy.Name}, or for two classes {BinaryCrossEntropy.Name} or {Hinge.Name}.", nameof(classes));
        return RequiredOutputs(classes?.Count ?? targetCount, targetName);
    }

    /// <summary>How many outputs so many classes, or so many numbers to predict, need.</summary>
    private protected abstract int RequiredOutputs(int count, string targetName);

    private static int OneOutputForTwoClasses(int classCount, string targetName, string name) => classCount == 2
        ? 1
        : throw new ArgumentException($"{name} is for two classes, and '{targetName}' has {classCount}. Use {CrossEntropy.Name}.", nameof(classCount));

    private sealed class CrossEntropyObjective() : Objective("cross-entropy", isClassification: true)
    {
        public override Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<double> target) =>
            Loss.CrossEntropy(outputs, (int)target[0]);

        public override double[] Probabilities(ReadOnlySpan<double> outputs)
        {
            double[] powers = outputs.ToArray();
            double max = powers.Max();
            powers = Array.ConvertAll(powers, logit => Math.Exp(logit - max));
            double sum = powers.Sum();
            return Array.ConvertAll(powers, power => power / sum);
        }

        private protected override int RequiredOutputs(int count, string targetName) => count;
    }

    private sealed class BinaryCrossEntropyObjective() : Objective("binary-cross-entropy", isClassification: true)
    {
        public override Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<double> target) =>
            Loss.BinaryCrossEntropyWithLogits(outputs[0], target[0]);

        public override double[] Probabilities(ReadOnlySpan<double> outputs)
        {
            double second = SigmoidOperation.Apply(outputs[0]);
            return [1 - second, second];
        }

        private protected override int RequiredOutputs(int count, string targetName) => OneOutputForTwoClasses(count, targetName, Name);
    }

    private sealed class HingeObjective() : Objective("hinge", isClassification: true)
    {
        public override Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<double> target) =>
            Loss.Hinge(outputs[0], 2 * target[0] - 1);

        public override double[] Probabilities(ReadOnlySpan<double> outputs) => outputs[0] > 0 ? [0, 1] : [1, 0];

        private protected override int RequiredOutputs(int count, string targetName) => OneOutputForTwoClasses(count, targetName, Name);
    }

    private sealed class SquaresObjective(string name, bool mean) : Objective(name, isClassification: false)
    {
        public override bool SumsOverBatch => !mean;

        public override Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<double> target)
        {
            Value[] targets = Network.ToValues(target);
            return mean ? Loss.MeanSquaredError(outputs, targets) : Loss.SumOfSquares(outputs, targets);
        }

        private protected override int RequiredOutputs(int count, string targetName) => count;
    }
}
