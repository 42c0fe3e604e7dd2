// Cross-entropies whose logits cannot become as large as the loss wants them.

using System.Globalization;

namespace Nudge;

/// <summary>
/// What a loss cannot get below, since the logits of a cross-entropy in it lie within bounds, as those of a last layer of tanh
/// do. The cross-entropies are found by their form in the expression, whoever wrote it.
/// </summary>
internal sealed class BoundedLogits
{
    // A cross-entropy stands near the loss, and what bounds a logit near the logit.
    private const int MostNodes = 20_000, MostSteps = 6;

    // Logits that are bounded on purpose, as 30·tanh(z / 30) is, keep nobody from learning.
    private const double LeastFloor = 0.01;

    private BoundedLogits(double floor, Value logit, Range range)
    {
        Floor = floor;
        (Least, Greatest) = (range.Least, range.Greatest);
        By = logit.Operation;
    }

    /// <summary>What the loss of an example cannot get below, for one of the classes.</summary>
    internal double Floor { get; }

    /// <summary>What a logit cannot get below.</summary>
    internal double Least { get; }

    /// <summary>What a logit cannot get above.</summary>
    internal double Greatest { get; }

    /// <summary>What makes the logit.</summary>
    internal Operation By { get; }

    /// <summary>In words.</summary>
    internal string Evidence => string.Create(
        CultureInfo.InvariantCulture,
        $"the logits are results of {OperationTable.Symbol(By)} and lie {Within}, so that the loss of an example cannot get below {Floor:G3}");

    private string Within => double.IsInfinity(Greatest)
        ? string.Create(CultureInfo.InvariantCulture, $"at {Least:G3} or above")
        : string.Create(CultureInfo.InvariantCulture, $"between {Least:G3} and {Greatest:G3}");

    /// <summary>The first of them in a loss; null where there is none.</summary>
    internal static BoundedLogits? In(Value loss)
    {
        var seen = new HashSet<Value> { loss };
        var waiting = new Queue<Value>([loss]);
        while (waiting.TryDequeue(out Value? node) && seen.Count < MostNodes)
        {
            if (LogitsOf(node) is { } logits)
            {
                if (Bounded(logits) is { } found)
                    return found;
                continue;
            }
            foreach (Value input in node.Inputs)
            {
                if (seen.Add(input))
                    waiting.Enqueue(input);
            }
        }
        return null;
    }

    // ln Σ eᶻ − z, ln(eᶻ / Σ eᶻ), ln σ(z), and ln(1 + e^−|z|) of a numerically stable binary cross-entropy.
    private static Value[]? LogitsOf(Value node)
    {
        if (node.Operation == Operation.Subtract && node.First.Operation == Operation.Log && PowersIn(node.First.First) is { Count: > 1 } powers
            && powers.Exists(power => power.First == node.Second || Unshifted(power.First) == node.Second))
        {
            return [.. powers.Select(power => Unshifted(power.First))];
        }
        if (node.Operation != Operation.Log)
            return null;
        Value inner = node.First;
        return inner.Operation switch
        {
            Operation.Divide when PowersIn(inner.Second) is { Count: > 1 } shares && shares.Contains(inner.First) => [.. shares.Select(power => Unshifted(power.First))],
            Operation.Sigmoid => [inner.First],
            Operation.Add when PowersIn(inner) is [var power] && power.First is { Operation: Operation.Negate, First: { Operation: Operation.Abs } size } => [size.First],
            _ => null,
        };
    }

    // The exponentials of a sum that has nothing else but constants.
    private static List<Value>? PowersIn(Value sum)
    {
        var powers = new List<Value>();
        var terms = new Stack<Value>([sum]);
        while (terms.TryPop(out Value? term))
        {
            if (term.Operation == Operation.Add)
            {
                terms.Push(term.Second);
                terms.Push(term.First);
            }
            else if (term.Operation == Operation.Exp)
            {
                powers.Add(term);
            }
            else if (!term.IsLeaf)
            {
                return null;
            }
        }
        return powers;
    }

    // Without the greatest logit, which is taken off so that no power overflows.
    private static Value Unshifted(Value logit) => logit is { Operation: Operation.Subtract, Second.Operation: Operation.Detach } ? logit.First : logit;

    private static BoundedLogits? Bounded(Value[] logits)
    {
        Range[] ranges = Array.ConvertAll(logits, logit => RangeOf(logit, MostSteps));
        double floor = 0;
        if (ranges.Length == 1)
        {
            floor = Math.Max(LogOnePlus(Math.Exp(ranges[0].Least)), LogOnePlus(Math.Exp(-ranges[0].Greatest)));
        }
        else
        {
            double least = ranges.Sum(range => Math.Exp(range.Least));
            foreach (Range range in ranges)
                floor = Math.Max(floor, LogOnePlus((least - Math.Exp(range.Least)) * Math.Exp(-range.Greatest)));
        }
        return floor > LeastFloor ? new BoundedLogits(floor, logits[0], ranges[0]) : null;
    }

    private static double LogOnePlus(double x) => Math.Log(1 + x);

    private static Range RangeOf(Value value, int steps)
    {
        if (value.Operation == Operation.Constant)
            return new(value.Number, value.Number);
        if (value.IsLeaf || steps == 0)
            return Range.Everything;
        Range First() => RangeOf(value.First, steps - 1);
        Range Second() => RangeOf(value.Second, steps - 1);
        switch (value.Operation)
        {
            case Operation.Tanh or Operation.Sin or Operation.Cos:
                return new(-1, 1);
            case Operation.Sigmoid:
                return new(0, 1);
            case Operation.Divide when PowersIn(value.Second) is { } powers && powers.Contains(value.First):
                return new(0, 1);
            case Operation.Relu:
                return First() is var ramp ? new(Math.Max(0, ramp.Least), Math.Max(0, ramp.Greatest)) : default;
            case Operation.Exp:
                return First() is var power ? new(Math.Exp(power.Least), Math.Exp(power.Greatest)) : default;
            case Operation.Negate:
                return First() is var opposite ? new(-opposite.Greatest, -opposite.Least) : default;
            case Operation.Add:
                return Plus(First(), Second());
            case Operation.Subtract:
                return Second() is var less ? Plus(First(), new(-less.Greatest, -less.Least)) : default;
            case Operation.Multiply:
                return Times(First(), Second());
            case Operation.Divide when value.Second.Operation == Operation.Constant:
                return Times(First(), new(1 / value.Second.Number, 1 / value.Second.Number));
            case Operation.Max:
                return (First(), Second()) is var (a, b) ? new(Math.Max(a.Least, b.Least), Math.Max(a.Greatest, b.Greatest)) : default;
            case Operation.Min:
                return (First(), Second()) is var (c, d) ? new(Math.Min(c.Least, d.Least), Math.Min(c.Greatest, d.Greatest)) : default;
            default:
                return Range.Everything;
        }
    }

    private static Range Plus(Range a, Range b) => new(a.Least + b.Least, a.Greatest + b.Greatest);

    private static Range Times(Range a, Range b)
    {
        ReadOnlySpan<double> ends = [Product(a.Least, b.Least), Product(a.Least, b.Greatest), Product(a.Greatest, b.Least), Product(a.Greatest, b.Greatest)];
        double least = ends[0], greatest = ends[0];
        foreach (double end in ends)
            (least, greatest) = (Math.Min(least, end), Math.Max(greatest, end));
        return new(least, greatest);

        static double Product(double x, double y) => x == 0 || y == 0 ? 0 : x * y;
    }

    private readonly record struct Range(double Least, double Greatest)
    {
        internal static Range Everything => new(double.NegativeInfinity, double.PositiveInfinity);
    }
}
