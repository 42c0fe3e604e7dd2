// The expression itself, one operation at a time: in double, in float32, and with a bound for the error of either.

namespace Nudge.Tests.Compilation.Randomized;

/// <summary>
/// Evaluates and differentiates a recorded expression for one example after the other. Beside each value v goes a bound
/// e(v) = |v| + Σ |∂v/∂a| e(a), in units of rounding, where a sum counts the magnitudes of all its terms, so that they may
/// be added in any order. Beside each gradient goes the sum over all paths of their magnitudes, and the same for errors of
/// gradients and of slopes.
/// </summary>
internal sealed class ReferenceRun(ReferenceGraph graph, Precision precision)
{
    private readonly Node[] _nodes = new Node[graph.Count];
    private readonly double[] _paths = new double[graph.ParameterCount]; // to each parameter, in all examples so far
    private readonly double _unit = precision == Precision.Double ? Math.Pow(2, -53) : Math.Pow(2, -24);

    // Below this a result may be flushed to 0 or have lost digits.
    private readonly double _tiny = precision == Precision.Double ? 1e-290 : 1e-30;

    /// <summary>The gradients of the parameters, added up over all examples.</summary>
    internal Measured[] Gradients { get; } = new Measured[graph.ParameterCount];

    /// <summary>The gradients of the inputs of the last example.</summary>
    internal Measured[] InputGradients { get; } = new Measured[graph.InputCount];

    // Of the last example: whether it has numbers that are not finite, and whether products of some of its inputs, in another order than
    // that of the expression, may leave the range of float32.
    private bool HasInfinities { get; set; }

    private bool LeavesRange { get; set; }

    internal ReferenceGraph Graph { get; } = graph;

    /// <summary>A root at the last example.</summary>
    internal Measured Root(int number) => Exposed(_nodes[Graph.Roots[number]].Number);

    /// <summary>Whether in the last example something lies so near a corner of a max, relu or abs that rounding chooses the slope.</summary>
    internal bool IsNearCorner { get; private set; }

    /// <summary>Computes all roots for an example.</summary>
    internal void Forward(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, ReadOnlySpan<double> parameters)
    {
        IsNearCorner = false;
        HasInfinities = LeavesRange = false;
        for (int i = 0; i < _nodes.Length; i++)
        {
            _nodes[i] = default;
            ref Node node = ref _nodes[i];
            Operation operation = Graph.Operations[i];
            int first = Graph.First[i], second = Graph.Second[i];
            switch (operation)
            {
                case Operation.Leaf:
                    SetLeaf(ref node, inputs[first]);
                    break;
                case Operation.Parameter:
                    SetLeaf(ref node, parameters[first]);
                    break;
                case Operation.Constant:
                    SetLeaf(ref node, Graph.Numbers[i]);
                    break;
                case Operation.Select:
                    node = _nodes[Graph.Choices[i][indices[second]]];
                    break;
                default:
                    Compute(operation, ref node, ref _nodes[first], ref _nodes[Math.Max(0, second)]);
                    if (Graph.IsSum(i))
                        node.Magnitude = MagnitudeOf(first) + (second < 0 ? 0 : MagnitudeOf(second));
                    node.Bound += Graph.IsSum(i) ? node.Magnitude : IsExact(operation) ? 0 : Math.Abs(node.Value);
                    HasInfinities |= HasInfiniteSlope(operation, node, _nodes[first], _nodes[Math.Max(0, second)]);
                    break;
            }
            // Products in another order get out of the range of float32 a little before those of the expression do.
            HasInfinities |= !(Math.Abs(node.Value) < (precision == Precision.Single ? 1e30 : double.PositiveInfinity)) || !(Math.Abs(node.Rounded) < 1e30);
        }
    }

    /// <summary>Differentiates the first roots of the last example, and adds their gradients.</summary>
    internal void Backward(int roots, double share, ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < _nodes.Length; i++)
            _nodes[i].ClearGradient();
        Array.Clear(InputGradients);
        for (int root = 0; root < roots; root++)
            _nodes[Graph.Roots[root]].Receive(share, (float)share, Math.Abs(share), 0);
        for (int i = _nodes.Length - 1; i >= 0; i--)
        {
            ref Node node = ref _nodes[i];
            if (!node.IsReached)
                continue;
            node.GradientBound += node.Paths;
            HasInfinities |= !double.IsFinite(node.Gradient) || !double.IsFinite(node.RoundedGradient);
            Operation operation = Graph.Operations[i];
            int first = Graph.First[i], second = Graph.Second[i];
            switch (operation)
            {
                case Operation.Leaf:
                    InputGradients[first] = node.WholeGradient;
                    break;
                case Operation.Parameter:
                    // As many additions as there are examples, of which each may be off by a unit of all that was added before.
                    _paths[first] += node.Paths;
                    Gradients[first] += node.WholeGradient with { Bound = node.GradientBound + 4 * node.Paths + _paths[first] };
                    break;
                case Operation.Constant or Operation.Detach:
                    break;
                case Operation.Select:
                    Send(ref node, ref _nodes[Graph.Choices[i][indices[second]]], 1, 1, 0);
                    break;
                default:
                    Send(operation, ref node, ref _nodes[first], ref _nodes[Math.Max(0, second)], second >= 0);
                    break;
            }
        }
        foreach (ref Measured gradient in Gradients.AsSpan())
            gradient = Exposed(gradient);
        foreach (ref Measured gradient in InputGradients.AsSpan())
            gradient = Exposed(gradient);
    }

    private Measured Exposed(Measured number) => number with
    {
        HasInfinities = number.HasInfinities || HasInfinities,
        Bound = LeavesRange ? double.PositiveInfinity : number.Bound,
    };

    private void SetLeaf(ref Node node, double number)
    {
        (node.Value, node.Rounded) = (number, (float)number);
        // Rounded once, where float32 does not have the number.
        LeavesRange |= precision == Precision.Single && Math.Abs(number) is (> 1e19 and < double.PositiveInfinity) or (> 0 and < 1e-19);
        node.Bound = precision == Precision.Single && double.IsFinite(number) && number != node.Rounded ? Math.Abs(number) : 0;
    }

    // Maxima and their like choose, and do not round.
    private static bool IsExact(Operation operation) =>
        operation is Operation.Detach or Operation.Negate or Operation.Max or Operation.Min or Operation.Relu or Operation.Abs;

    private double MagnitudeOf(int node) => Graph.IsSum(node) ? _nodes[node].Magnitude : Math.Abs(_nodes[node].Value);

    private void Compute(Operation operation, ref Node y, ref Node a, ref Node b)
    {
        y.Value = OperationTable.Apply(operation, a.Value, b.Value);
        y.Rounded = (float)OperationTable.Apply(operation, a.Rounded, b.Rounded);
        (y.SlopeA, y.SlopeB) = OperationTable.Derivatives(operation, a.Value, b.Value, y.Value);
        bool hasSecond = OperationTable.Arity(operation) == 2;
        y.IsCorner = IsCorner(operation, a, b);
        if (operation == Operation.Detach)
        {
            y.Bound = a.Bound;
        }
        else if (y.IsCorner)
        {
            IsNearCorner = true;
            y.Bound = a.Bound + (hasSecond ? b.Bound : 0);
        }
        else
        {
            y.Bound = Times(y.SlopeA, a.Bound) + (hasSecond ? Times(y.SlopeB, b.Bound) : 0);
        }
        if (operation == Operation.Multiply)
            y.Bound += _unit * a.Bound * b.Bound;
        if (!IsFirstOrder(operation, a, b))
            y.Bound = double.PositiveInfinity;
        if (MayUnderflow(operation, y.Value, a.Value, b.Value))
            y.Bound += _tiny / _unit;
    }

    private static bool HasInfiniteSlope(Operation operation, in Node y, in Node a, in Node b)
    {
        (double roundedA, double roundedB) = OperationTable.Derivatives(operation, a.Rounded, b.Rounded, y.Rounded);
        return !double.IsFinite(y.SlopeA) || !double.IsFinite((float)roundedA)
            || (OperationTable.Arity(operation) == 2 && (!double.IsFinite(y.SlopeB) || !double.IsFinite((float)roundedB)));
    }

    private static double Times(double slope, double bound) => bound == 0 ? 0 : Math.Abs(slope) * bound;

    private bool IsCorner(Operation operation, in Node a, in Node b) => operation switch
    {
        Operation.Max or Operation.Min => IsWithin(a.Value - b.Value, a.Bound + b.Bound),
        Operation.Relu or Operation.Abs => IsWithin(a.Value, a.Bound),
        _ => false,
    };

    // Of a bound that is infinite or NaN everything is within.
    private bool IsWithin(double distance, double bound) => bound != 0 && !(Math.Abs(distance) > 4 * _unit * bound);

    // Where an error is no longer small beside what it is an error of, its effect is no longer what the slope says.
    private bool IsFirstOrder(Operation operation, in Node a, in Node b) => operation switch
    {
        Operation.Divide => 64 * _unit * b.Bound <= Math.Abs(b.Value),
        Operation.Log or Operation.Sqrt => 64 * _unit * a.Bound <= Math.Abs(a.Value),
        Operation.Power => 64 * _unit * a.Bound <= Math.Abs(a.Value) && 64 * _unit * b.Bound <= 1,
        Operation.Exp or Operation.Sin or Operation.Cos => 64 * _unit * a.Bound <= 1,
        _ => true,
    };

    private bool MayUnderflow(Operation operation, double y, double a, double b) => Math.Abs(y) < _tiny && operation switch
    {
        Operation.Multiply => a != 0 && b != 0,
        Operation.Divide or Operation.Power => a != 0,
        Operation.Exp or Operation.Sigmoid => true,
        _ => false,
    };

    private void Send(Operation operation, ref Node y, ref Node a, ref Node b, bool hasSecond)
    {
        (double roundedA, double roundedB) = OperationTable.Derivatives(operation, a.Rounded, b.Rounded, y.Rounded);
        (double errorA, double errorB) = y.IsCorner ? (1 / _unit, 1 / _unit) : SlopeErrors(operation, y, a, b);
        Send(ref y, ref a, y.SlopeA, roundedA, errorA);
        if (hasSecond)
            Send(ref y, ref b, y.SlopeB, roundedB, errorB);
    }

    private void Send(ref Node y, ref Node target, double slope, double rounded, double error)
    {
        double contribution = y.Gradient * slope, paths = y.Paths * Math.Abs(slope);
        double bound = Times(slope, y.GradientBound) + Times(y.Paths, error) + Times(_unit * y.GradientBound, error);
        if (paths < _tiny && slope != 0 && y.Paths != 0)
            bound += _tiny / _unit;
        target.Receive(contribution, (float)(y.RoundedGradient * (float)rounded), paths, bound);
    }

    // How far slopes are off, beyond a unit of rounding of their own, in units of rounding.
    private (double A, double B) SlopeErrors(Operation operation, in Node y, in Node a, in Node b) => operation switch
    {
        Operation.Multiply => (b.Bound, a.Bound),
        Operation.Divide => (b.Bound / (b.Value * b.Value), y.Bound / Math.Abs(b.Value) + Times(y.Value / (b.Value * b.Value), b.Bound)),
        Operation.Power => PowerSlopeErrors(y, a, b),
        Operation.Exp => (y.Bound, 0),
        Operation.Log => (a.Bound / (a.Value * a.Value), 0),
        Operation.Sqrt => (0.5 * y.Bound / (y.Value * y.Value), 0),
        Operation.Tanh => (2 * Times(y.Value, y.Bound) + _unit * y.Bound * y.Bound + 1, 0),
        Operation.Sigmoid => (Times(1 - 2 * y.Value, y.Bound) + _unit * y.Bound * y.Bound + Math.Abs(y.Value), 0),
        Operation.Sin or Operation.Cos => (a.Bound, 0),
        _ => (0, 0),
    };

    private static (double A, double B) PowerSlopeErrors(in Node y, in Node a, in Node b)
    {
        double p = b.Value, power = Math.Pow(a.Value, p - 1);
        double ofBase = a.Bound == 0 || p == 0 || p == 1 ? 0 : Math.Abs(p * (p - 1) * Math.Pow(a.Value, p - 2)) * a.Bound;
        double ofExponent = b.Bound == 0 ? 0 : Math.Abs(power * (1 + p * Math.Log(a.Value))) * b.Bound;
        return (ofBase + ofExponent, Times(Math.Log(a.Value), y.Bound) + Times(y.Value / a.Value, a.Bound));
    }

    private struct Node
    {
        internal double Value, Rounded, Bound, Magnitude, SlopeA, SlopeB;
        internal double Gradient, RoundedGradient, Paths, GradientBound;
        internal bool IsCorner, IsReached;

        internal readonly Measured Number => new(Value, Rounded, Bound);

        internal readonly Measured WholeGradient => new(Gradient, RoundedGradient, GradientBound);

        internal void ClearGradient()
        {
            (Gradient, RoundedGradient, Paths, GradientBound) = (0, 0, 0, 0);
            IsReached = false;
        }

        internal void Receive(double gradient, double rounded, double paths, double bound)
        {
            IsReached = true;
            Gradient += gradient;
            RoundedGradient = (float)(RoundedGradient + rounded);
            Paths += paths;
            GradientBound += bound;
        }
    }
}
