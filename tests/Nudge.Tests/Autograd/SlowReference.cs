// Differentiation done the slow way, to check the fast one: search, sort, and the derivatives written out once more.

namespace Nudge.Tests.Autograd;

internal static class SlowReference
{
    /// <summary>A gradient, and the sum of the sizes of all contributions to it: the scale of its rounding errors.</summary>
    internal readonly record struct Slope(double Gradient, double Mass)
    {
        /// <summary>Whether a number agrees but for the rounding of sums in another order.</summary>
        internal bool Agrees(double gradient) => Math.Abs(gradient - Gradient) <= 1e-12 * Mass;
    }

    /// <summary>∂root/∂v for everything that the root depends on.</summary>
    internal static Dictionary<Value, Slope> Differentiate(Value root)
    {
        Value[] order = InputsFirst(root);
        var slopes = order.ToDictionary(value => value, _ => default(Slope));
        slopes[root] = new Slope(1, 1);
        foreach (Value value in order.Reverse())
        {
            IReadOnlyList<Value> inputs = Differentiated(value);
            double[] local = [.. LocalDerivatives(value, inputs)];
            for (int i = 0; i < inputs.Count; i++)
            {
                (double gradient, double mass) = slopes[value];
                Slope before = slopes[inputs[i]];
                slopes[inputs[i]] = new Slope(before.Gradient + gradient * local[i], before.Mass + mass * Math.Abs(local[i]));
            }
        }
        return slopes;
    }

    /// <summary>Depth first with a stack of its own, since the call stack is too short for long chains.</summary>
    private static Value[] InputsFirst(Value root)
    {
        var order = new List<Value>();
        var seen = new HashSet<Value> { root };
        var stack = new Stack<(Value Value, int Next)>();
        stack.Push((root, 0));
        while (stack.TryPop(out (Value Value, int Next) top))
        {
            IReadOnlyList<Value> inputs = Differentiated(top.Value);
            if (top.Next == inputs.Count)
            {
                order.Add(top.Value);
                continue;
            }
            stack.Push((top.Value, top.Next + 1));
            if (seen.Add(inputs[top.Next]))
                stack.Push((inputs[top.Next], 0));
        }
        return [.. order];
    }

    // No gradient goes through a detached value, so that what lies below it has none from there.
    private static IReadOnlyList<Value> Differentiated(Value value) => value.Operation == Operation.Detach ? [] : value.Inputs;

    private static double[] LocalDerivatives(Value value, IReadOnlyList<Value> inputs)
    {
        double a = inputs.Count > 0 ? inputs[0].Data : 0, b = inputs.Count > 1 ? inputs[1].Data : 0, y = value.Data;
        return value.Operation switch
        {
            Operation.Leaf or Operation.Parameter or Operation.Constant or Operation.Detach => [],
            Operation.Add => [1, 1],
            Operation.Subtract => [1, -1],
            Operation.Multiply => [b, a],
            Operation.Divide => [1 / b, -a / (b * b)],
            Operation.Negate => [-1],
            Operation.Power => [b * Math.Pow(a, b - 1), a > 0 ? Math.Pow(a, b) * Math.Log(a) : 0],
            Operation.Exp => [Math.Exp(a)],
            Operation.Log => [1 / a],
            Operation.Sqrt => [1 / (2 * Math.Sqrt(a))],
            Operation.Tanh => [(1 - y) * (1 + y)], // 1 − y² has no digits left where y is near ±1
            Operation.Sigmoid => [y * (1 - y)],
            Operation.Relu => [a > 0 ? 1 : 0],
            Operation.Abs => [Math.Sign(a)],
            Operation.Max => [a > b ? 1 : a < b ? 0 : 0.5, a > b ? 0 : a < b ? 1 : 0.5],
            Operation.Min => [a < b ? 1 : a > b ? 0 : 0.5, a < b ? 0 : a > b ? 1 : 0.5],
            Operation.Sin => [Math.Cos(a)],
            Operation.Cos => [-Math.Sin(a)],
            _ => throw new InvalidOperationException($"{value.Operation} is missing here."),
        };
    }
}
