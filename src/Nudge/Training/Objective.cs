// What a trainer makes small, and how the outputs it shapes are read.

namespace Nudge;

/// <summary>
/// A loss as the trainer uses it: over a row of outputs and a row of targets, with the meaning of the outputs. One of your own
/// derives from it and writes <see cref="Formula"/>; everything else that an objective needs follows from that, unless it is
/// overridden. Of several targets with classes among them it is <see cref="Joint"/>.
/// </summary>
public abstract partial class Objective
{
    internal const double UsualThreshold = 0.5;

    /// <summary>An objective.</summary>
    /// <param name="name">Its name, as files spell it.</param>
    /// <param name="isClassification">Whether targets are class indices, and not numbers to predict.</param>
    protected Objective(string name, bool isClassification)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
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

    /// <summary>Whether the target is a class index. Of several targets each has an objective of its own that says it.</summary>
    public bool IsClassification { get; }

    /// <summary>Whether the losses of a batch are added up, and not averaged.</summary>
    public virtual bool SumsOverBatch => false;

    /// <summary>How many outputs a network needs for a data set.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">The objective does not suit the data.</exception>
    public int OutputCount(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return OutputCount(data.TargetClasses, data.TargetName);
    }

    /// <summary>The same, with the loss of an example times the weight of its class.</summary>
    /// <param name="weights">A weight above 0 for each class; all 1 changes nothing.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression.</exception>
    public Objective Weighted(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!IsClassification)
            throw new InvalidOperationException($"{Name} is of no single class target that could be weighed; weigh the objective of a target of classes.");
        return weights.All(weight => weight > 0 && double.IsFinite(weight))
            ? new WeightedObjective(this, weights)
            : throw new ArgumentException("Expected finite weights above 0.", nameof(weights));
    }

    /// <summary>
    /// Weights with which each class counts as much as another, however many examples it has: n / (k · nᶜ) for class c of k,
    /// so that their mean over the examples is 1.
    /// </summary>
    /// <param name="data">Examples of classes.</param>
    public static double[] BalancedWeights(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Classes is not { } classes)
            throw new ArgumentException("The data has no classes to weigh, or several targets.", nameof(data));
        var counts = new int[classes.Count];
        foreach (double[] target in data.Targets)
            counts[(int)target[0]]++;
        int present = counts.Count(count => count > 0);
        return Array.ConvertAll(counts, count => count == 0 ? 1 : (double)data.Count / (present * count));
    }

    /// <summary>The loss of one example.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="target">The target: a class index, or the numbers to predict.</param>
    public Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<double> target)
    {
        var numbers = new double[NumberCount(outputs.Length)];
        var classes = new int[IndexCount];
        PackTarget(target, numbers, classes);
        return LossOf(outputs, Network.ToValues(numbers), Array.ConvertAll(classes, index => (IndexValue)index));
    }

    /// <summary>
    /// Compiles the loss of one example of a network, as a <see cref="Trainer"/> does. The numbers of an example are its
    /// inputs and its targets; a target of <see cref="CrossEntropy"/> is a whole number instead; and where losses add up
    /// over a batch, the last number is how many examples the batch has.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">What the loss is differentiated by; all parameters of the network if left out.</param>
    /// <param name="l2Penalty">The strength of the <see cref="Loss.L2Penalty"/> of these parameters, at least 0.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">The network branches on numbers that depend on its inputs.</exception>
    public CompiledLoss Compile(
        Network network, ParameterList? parameters = null, double l2Penalty = 0, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Compile(
            network.InputCount, inputs => network.Forward(inputs), network.OutputCount, parameters ?? network.Parameters, Require.NonNegative(l2Penalty), precision);
    }

    /// <summary>For two classes, the probability above which outputs stand for the second one: 0.5 if not chosen otherwise.</summary>
    public virtual double Threshold => UsualThreshold;

    /// <summary>The same for two classes, with another threshold: the loss is the same, and the class that outputs stand for is not.</summary>
    /// <param name="threshold">The probability above which it is the second class, from 0 to below 1.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression, or knows no probabilities.</exception>
    public Objective At(double threshold)
    {
        if (threshold is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Expected a probability from 0 to below 1.");
        return GivesProbabilities
            ? new ThresholdObjective(this, threshold)
            : throw new InvalidOperationException($"{Name} gives no probabilities of classes, so that there is no threshold to choose.");
    }

    /// <summary>The class that outputs stand for.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression.</exception>
    public int ClassOf(ReadOnlySpan<double> outputs) => ClassOfProbabilities(Probabilities(outputs));

    /// <summary>The probability of each class; for the hinge, which knows none, 1 for the class chosen.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression.</exception>
    public double[] Probabilities(ReadOnlySpan<double> outputs)
    {
        var probabilities = new double[ClassCount(outputs.Length)];
        Probabilities(outputs, probabilities);
        return probabilities;
    }

    /// <summary>
    /// The same into room for them. If not overridden, the softmax of the outputs, and of one output z the probabilities
    /// 1 − σ(z) and σ(z).
    /// </summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="probabilities">Room for a number for each of <see cref="ClassCount"/> classes.</param>
    /// <exception cref="InvalidOperationException">The objective is one of regression.</exception>
    public virtual void Probabilities(ReadOnlySpan<double> outputs, Span<double> probabilities)
    {
        if (!IsClassification)
            throw new InvalidOperationException($"{Name} predicts numbers, not classes.");
        if (outputs.Length == 1)
        {
            double second = OperationTable.Apply(Operation.Sigmoid, outputs[0], 0);
            (probabilities[0], probabilities[1]) = (1 - second, second);
            return;
        }
        double max = outputs[0], sum = 0;
        foreach (double output in outputs)
            max = Math.Max(max, output);
        for (int c = 0; c < outputs.Length; c++)
            sum += probabilities[c] = Math.Exp(outputs[c] - max);
        for (int c = 0; c < outputs.Length; c++)
            probabilities[c] /= sum;
    }

    /// <summary>How many classes so many outputs tell apart; if not overridden, two of one output, and otherwise one of each.</summary>
    /// <param name="outputs">How many outputs the network has.</param>
    public virtual int ClassCount(int outputs) => outputs == 1 ? 2 : outputs;

    /// <summary>The class that probabilities stand for: the second of two above <see cref="Threshold"/>, or the likeliest.</summary>
    internal int ClassOfProbabilities(ReadOnlySpan<double> probabilities)
    {
        if (Threshold != UsualThreshold)
            return probabilities[1] > Threshold ? 1 : 0;
        int best = 0;
        for (int c = 1; c < probabilities.Length; c++)
            best = probabilities[c] > probabilities[best] ? c : best;
        return best;
    }

    /// <summary>Its name, or of several targets those of each.</summary>
    public override string ToString() => Name;

    internal virtual int OutputCount(IReadOnlyList<IReadOnlyList<string>?> targetClasses, string targetName)
    {
        if (targetClasses.Count > 1 && targetClasses.Any(classes => classes is not null))
            throw new ArgumentException($"{Name} is for one target, or for several numbers, and '{targetName}' are {targetClasses.Count} targets with classes among them. Use {nameof(Objective)}.{nameof(Joint)}.", nameof(targetClasses));
        IReadOnlyList<string>? classes = targetClasses[0];
        if (IsClassification && classes is null)
            throw new ArgumentException($"{Name} needs classes, and the target '{targetName}' is a number. Use {MeanSquaredError.Name} or {SumOfSquares.Name}.", nameof(targetClasses));
        if (!IsClassification && classes is not null)
            throw new ArgumentException($"{Name} needs a number to predict, and the target '{targetName}' is a class. Use {CrossEntropy.Name}, or for two classes {BinaryCrossEntropy.Name} or {Hinge.Name}.", nameof(targetClasses));
        return classes is null ? targetClasses.Count : RequiredOutputs(classes.Count, targetName);
    }

    /// <summary>For each target its objective, and which of the network's outputs are its.</summary>
    internal virtual IReadOnlyList<(Objective Objective, Range Outputs)> PartsOf(int outputs) => IsClassification
        ? [(this, 0..outputs)]
        : [.. Enumerable.Range(0, outputs).Select(i => (this, i..(i + 1)))];

    /// <summary>Compiles the loss of one example from the outputs that a network has given for it.</summary>
    internal CompiledLoss CompileOfOutputs(int outputs, Precision precision) =>
        Compile(outputs, given => given.ToArray(), outputs, [], 0, precision);

    /// <summary>Writes an example as a compiled loss takes it.</summary>
    internal void Pack(ReadOnlySpan<double> inputs, ReadOnlySpan<double> target, int batchSize, Span<double> numbers, Span<int> classes)
    {
        inputs.CopyTo(numbers);
        PackTarget(target, numbers[inputs.Length..], classes);
        if (SumsOverBatch)
            numbers[^1] = batchSize;
    }

    /// <summary>Of how many classes to look up a target consists.</summary>
    private protected virtual int IndexCount => LooksUpClass ? 1 : 0;

    /// <summary>Of how many numbers to compute with a target consists.</summary>
    private protected virtual int NumberCount(int outputs) => LooksUpClass ? 0 : IsClassification ? 1 : outputs;

    /// <summary>Divides a target into these.</summary>
    private protected virtual void PackTarget(ReadOnlySpan<double> target, Span<double> numbers, Span<int> classes)
    {
        if (LooksUpClass)
            classes[0] = (int)target[0];
        else
            target.CopyTo(numbers);
    }

    /// <summary>The loss of one example, whose target is divided so.</summary>
    private protected virtual Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> numbers, ReadOnlySpan<IndexValue> classes) =>
        Formula(outputs, numbers, LooksUpClass ? classes[0] : 0);

    /// <summary>
    /// Whether the probabilities are more than 1 for the class chosen: then there is a threshold to choose, and they can be
    /// calibrated. If not overridden, of every objective of classes.
    /// </summary>
    public virtual bool GivesProbabilities => IsClassification;

    /// <summary>
    /// Whether the target is a class to look up, and not a number to compute with. If not overridden, of every objective of
    /// classes.
    /// </summary>
    protected virtual bool LooksUpClass => IsClassification;

    /// <summary>The loss of one example, as an expression.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="target">The numbers to predict, or of a class its index as a number; none where <see cref="LooksUpClass"/> is on.</param>
    /// <param name="classIndex">The class, where <see cref="LooksUpClass"/> is on; it is looked up by <see cref="Value.Select"/>.</param>
    protected abstract Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex);

    /// <summary>
    /// How many outputs so many classes need; if not overridden, as many. Numbers to predict always need as many as there are.
    /// </summary>
    /// <param name="count">How many classes there are.</param>
    /// <param name="targetName">What is predicted, for messages.</param>
    /// <exception cref="ArgumentException">The objective is not for so many.</exception>
    protected virtual int RequiredOutputs(int count, string targetName) => count;

    private CompiledLoss Compile(
        int inputs, Func<ReadOnlySpan<Value>, Value[]> forward, int outputs, ParameterList parameters, double l2Penalty, Precision precision)
    {
        int targets = NumberCount(outputs);
        return CompiledLoss.Compile(
            parameters, inputs + targets + (SumsOverBatch ? 1 : 0), IndexCount, LossOfExample, precision);

        Value LossOfExample(Value[] numbers, IndexValue[] classes)
        {
            Value loss = LossOf(forward(numbers.AsSpan(0, inputs)), numbers.AsSpan(inputs, targets), classes);
            // A compiled loss is a mean, in which each example of a sum counts as often as there are examples.
            if (SumsOverBatch)
                loss *= numbers[^1];
            return l2Penalty > 0 ? loss + Loss.L2Penalty(parameters, l2Penalty) : loss;
        }
    }

    private static int OneOutputForTwoClasses(int classCount, string targetName, string name) => classCount == 2
        ? 1
        : throw new ArgumentException($"{name} is for two classes, and '{targetName}' has {classCount}. Use {CrossEntropy.Name}.", nameof(classCount));

    private sealed class CrossEntropyObjective() : Objective("cross-entropy", isClassification: true)
    {
        // One logit alone is one class; it is not told from another.
        public override int ClassCount(int outputs) => outputs;

        public override void Probabilities(ReadOnlySpan<double> outputs, Span<double> probabilities)
        {
            if (outputs.Length == 1)
                probabilities[0] = 1;
            else
                base.Probabilities(outputs, probabilities);
        }

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex) =>
            Loss.CrossEntropy(outputs, classIndex);
    }

    private sealed class BinaryCrossEntropyObjective() : Objective("binary-cross-entropy", isClassification: true)
    {
        protected override bool LooksUpClass => false;

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex) =>
            Loss.BinaryCrossEntropyWithLogits(outputs[0], target[0]);

        protected override int RequiredOutputs(int count, string targetName) => OneOutputForTwoClasses(count, targetName, Name);
    }

    private sealed class HingeObjective() : Objective("hinge", isClassification: true)
    {
        public override bool GivesProbabilities => false;

        protected override bool LooksUpClass => false;

        public override void Probabilities(ReadOnlySpan<double> outputs, Span<double> probabilities) =>
            (probabilities[0], probabilities[1]) = outputs[0] > 0 ? (0, 1) : (1, 0);

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex) =>
            Loss.Hinge(outputs[0], 2 * target[0] - 1);

        protected override int RequiredOutputs(int count, string targetName) => OneOutputForTwoClasses(count, targetName, Name);
    }

    private sealed class WeightedObjective(Objective inner, IReadOnlyList<double> weights) : Objective(inner.Name, inner.IsClassification)
    {
        public override bool SumsOverBatch => inner.SumsOverBatch;

        public override bool GivesProbabilities => inner.GivesProbabilities;

        protected override bool LooksUpClass => inner.LooksUpClass;

        public override int ClassCount(int outputs) => inner.ClassCount(outputs);

        public override void Probabilities(ReadOnlySpan<double> outputs, Span<double> probabilities) => inner.Probabilities(outputs, probabilities);

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex)
        {
            Value weight = LooksUpClass
                ? Value.Select(Network.ToValues([.. weights]), classIndex)
                : weights[0] + (weights[1] - weights[0]) * target[0];
            return weight * inner.Formula(outputs, target, classIndex);
        }

        protected override int RequiredOutputs(int count, string targetName) => weights.Count == count
            ? inner.RequiredOutputs(count, targetName)
            : throw new ArgumentException($"There are {weights.Count} weights, and '{targetName}' has {count} classes.", nameof(count));
    }

    private sealed class ThresholdObjective(Objective inner, double threshold) : Objective(inner.Name, inner.IsClassification)
    {
        public override bool SumsOverBatch => inner.SumsOverBatch;

        public override double Threshold => threshold;

        public override bool GivesProbabilities => inner.GivesProbabilities;

        protected override bool LooksUpClass => inner.LooksUpClass;

        public override int ClassCount(int outputs) => inner.ClassCount(outputs);

        public override void Probabilities(ReadOnlySpan<double> outputs, Span<double> probabilities) => inner.Probabilities(outputs, probabilities);

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex) =>
            inner.Formula(outputs, target, classIndex);

        protected override int RequiredOutputs(int count, string targetName) => count == 2
            ? inner.RequiredOutputs(count, targetName)
            : throw new ArgumentException($"A threshold is for two classes, and '{targetName}' has {count}.", nameof(count));
    }

    private sealed class SquaresObjective(string name, bool mean) : Objective(name, isClassification: false)
    {
        public override bool SumsOverBatch => !mean;

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex) =>
            mean ? Loss.MeanSquaredError(outputs, target) : Loss.SumOfSquares(outputs, target);

    }
}
