// The objective of several targets: classes and numbers predicted together by one network.

namespace Nudge;

public abstract partial class Objective
{
    private const string JointName = "joint";

    /// <summary>
    /// The usual objective for a data set: of one target <see cref="MeanSquaredError"/>, for two classes
    /// <see cref="BinaryCrossEntropy"/> and for more <see cref="CrossEntropy"/>; of several numbers
    /// <see cref="MeanSquaredError"/>; of several targets with classes among them <see cref="Joint"/> of these.
    /// </summary>
    /// <param name="data">The data.</param>
    public static Objective For(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.TargetCount == 1 || !data.HasClasses
            ? UsualOf(data.TargetClasses[0])
            : Joint(data, [.. data.TargetClasses.Select(UsualOf)]);
    }

    /// <summary>
    /// Several targets: the sum of their losses, each over outputs of its own. Cross-entropies count as they are; numbers count
    /// about as much when they are standardised.
    /// </summary>
    /// <param name="data">The data, which says how many outputs each target needs.</param>
    /// <param name="objectives">The objective of each target; none that adds up over a batch.</param>
    /// <exception cref="ArgumentException">There are not as many as targets, or one does not suit its target.</exception>
    public static Objective Joint(Dataset data, params IReadOnlyList<Objective> objectives)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(objectives);
        if (objectives.Count != data.TargetCount)
            throw new ArgumentException($"Expected an objective for each of {data.TargetCount} targets, got {objectives.Count}.", nameof(objectives));
        return JointOf([.. objectives.Select((objective, t) => (objective, objective.OutputCount([data.TargetClasses[t]], data.TargetNames[t])))]);
    }

    /// <summary>The same, with the outputs of each counted.</summary>
    internal static Objective JointOf(IReadOnlyList<(Objective Objective, int Outputs)> parts) =>
        parts is [var only] ? only.Objective
        : parts.FirstOrDefault(part => part.Objective.SumsOverBatch || part.Objective.IsJoint).Objective is { } wrong
            ? throw new ArgumentException($"{wrong.Name} cannot be the objective of one of several targets; expected one that is a mean over a batch.", nameof(parts))
            : new JointObjective(parts);

    /// <summary>Of a <see cref="Joint"/> objective that of each target; else this alone.</summary>
    public virtual IReadOnlyList<Objective> Parts => [this];

    /// <summary>Whether it is of several targets, each with an objective of its own.</summary>
    internal bool IsJoint => Parts.Count > 1;

    private static Objective UsualOf(IReadOnlyList<string>? classes) => classes switch
    {
        null => MeanSquaredError,
        { Count: 2 } => BinaryCrossEntropy,
        _ => CrossEntropy,
    };

    private sealed class JointObjective : Objective
    {
        private readonly (Objective Objective, Range Outputs)[] _parts;

        internal JointObjective(IReadOnlyList<(Objective Objective, int Outputs)> parts)
            : base(JointName, isClassification: false)
        {
            _parts = new (Objective, Range)[parts.Count];
            Parts = [.. parts.Select(part => part.Objective)];
            int start = 0;
            for (int t = 0; t < _parts.Length; t++)
            {
                _parts[t] = (parts[t].Objective, start..(start + parts[t].Outputs));
                start += parts[t].Outputs;
            }
        }

        public override bool GivesProbabilities => false;

        /// <summary>What is added up.</summary>
        public override string ToString() => string.Join(" + ", Parts.GroupBy(part => part.ToString()).Select(same => $"{(same.Count() > 1 ? $"{same.Count()} × " : "")}{same.Key}"));

        public override IReadOnlyList<Objective> Parts { get; }

        private protected override int IndexCount => _parts.Sum(part => part.Objective.IndexCount);

        internal override IReadOnlyList<(Objective Objective, Range Outputs)> PartsOf(int outputs) => _parts;

        internal override int OutputCount(IReadOnlyList<IReadOnlyList<string>?> targetClasses, string targetName)
        {
            if (targetClasses.Count != _parts.Length)
                throw new ArgumentException($"{Name} is for {_parts.Length} targets, and '{targetName}' are {targetClasses.Count}.", nameof(targetClasses));
            for (int t = 0; t < _parts.Length; t++)
            {
                (Objective objective, Range outputs) = _parts[t];
                int needed = objective.OutputCount([targetClasses[t]], targetName), has = outputs.End.Value - outputs.Start.Value;
                if (needed != has)
                    throw new ArgumentException($"{objective.Name} has {has} outputs for target {t + 1} of '{targetName}', and its classes need {needed}.", nameof(targetClasses));
            }
            return _parts[^1].Outputs.End.Value;
        }

        private protected override int NumberCount(int outputs) => _parts.Sum(part => NumbersOf(part.Objective));

        private protected override void PackTarget(ReadOnlySpan<double> target, Span<double> numbers, Span<int> classes)
        {
            for (int t = 0; t < _parts.Length; t++)
            {
                Objective objective = _parts[t].Objective;
                objective.PackTarget(target.Slice(t, 1), numbers, classes);
                numbers = numbers[NumbersOf(objective)..];
                classes = classes[objective.IndexCount..];
            }
        }

        private protected override Value LossOf(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> numbers, ReadOnlySpan<IndexValue> classes)
        {
            Value? sum = null;
            foreach ((Objective objective, Range range) in _parts)
            {
                int count = NumbersOf(objective);
                Value loss = objective.LossOf(outputs[range], numbers[..count], classes[..objective.IndexCount]);
                numbers = numbers[count..];
                classes = classes[objective.IndexCount..];
                sum = sum is null ? loss : sum + loss;
            }
            return sum!;
        }

        protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex) =>
            throw new InvalidOperationException($"{Name} has a formula for each of its targets.");

        // Of one target: a number, or a class as a number, or none where it is looked up.
        private static int NumbersOf(Objective objective) => objective.NumberCount(1);
    }
}
