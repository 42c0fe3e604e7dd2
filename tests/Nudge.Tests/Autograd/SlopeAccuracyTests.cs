// The slopes of all operations, to the last digits of a double.

namespace Nudge.Tests.Autograd;

public class SlopeAccuracyTests
{
    private const double MostUlps = 4;

    private static readonly double[] s_edges =
        [1, 2, 3, 0.5, 1.5, 0.1, Math.E, Math.PI, Math.PI / 2, 1e-8, 1e-3, 10, 20, 36, 45.5, Math.BitIncrement(1.0), Math.BitDecrement(1.0), Math.Sqrt(2)];

    // A slope that is written with the result y is judged for that y: its own error is that of the operation.
    private static readonly Dictionary<Operation, Func<double, double, double, BigNumber[]>> s_slopes = new()
    {
        [Operation.Add] = (_, _, _) => [1, 1],
        [Operation.Subtract] = (_, _, _) => [1, -1],
        [Operation.Multiply] = (a, b, _) => [b, a],
        [Operation.Divide] = (a, b, _) => [(BigNumber)1 / b, -((BigNumber)a / b / b)],
        [Operation.Negate] = (_, _, _) => [-1],
        [Operation.Power] = (a, b, _) => [b * BigNumber.Exp(BigNumber.Log(a) * (b - (BigNumber)1)), BigNumber.Exp(BigNumber.Log(a) * b) * BigNumber.Log(a)],
        [Operation.Exp] = (a, _, _) => [BigNumber.Exp(a)],
        [Operation.Log] = (a, _, _) => [(BigNumber)1 / a],
        [Operation.Sqrt] = (a, _, _) => [(BigNumber)0.5 / BigNumber.Sqrt(a)],
        [Operation.Tanh] = (_, _, y) => [1 - (BigNumber)y * y],
        [Operation.Sigmoid] = (_, _, y) => [y * (1 - (BigNumber)y)],
        [Operation.Relu] = (a, _, _) => [a > 0 ? 1 : 0],
        [Operation.Abs] = (a, _, _) => [Math.Sign(a)],
        [Operation.Max] = (a, b, _) => [a > b ? 1 : a == b ? 0.5 : 0, b > a ? 1 : a == b ? 0.5 : 0],
        [Operation.Min] = (a, b, _) => [a < b ? 1 : a == b ? 0.5 : 0, b < a ? 1 : a == b ? 0.5 : 0],
        [Operation.Sin] = (a, _, _) => [BigNumber.Cos(a)],
        [Operation.Cos] = (a, _, _) => [-BigNumber.Sin(a)],
    };

    public static TheoryData<Operation> All => [.. Enum.GetValues<Operation>().Where(operation => operation > Operation.Detach && operation != Operation.Select)];

    [Theory]
    [MemberData(nameof(All))]
    public void Slopes_are_within_four_units_of_the_last_place(Operation operation)
    {
        bool isPositive = operation is Operation.Power or Operation.Log or Operation.Sqrt;
        var rng = new Rng(1);
        var points = new List<(double A, double B)>();
        foreach (double edge in s_edges)
        {
            foreach (double sign in isPositive ? [1.0] : new[] { 1.0, -1.0 })
                points.AddRange([(sign * edge, 2), (sign * edge, -1.5), (sign * edge, edge), (sign * edge, 0.5), (sign * edge, -edge)]);
        }
        for (int i = 0; i < 2000; i++)
        {
            double a = Math.Exp(rng.Uniform(-4, 3)) * (isPositive || rng.Next(2) == 0 ? 1 : -1);
            points.Add((a, rng.Uniform(-8, 8)));
        }
        foreach ((double a, double b) in points)
        {
            double y = OperationTable.Apply(operation, a, b);
            (double ofA, double ofB) = OperationTable.Derivatives(operation, a, b, y);
            BigNumber[] expected = s_slopes[operation](a, b, y);
            RequireClose(expected[0], ofA);
            if (expected.Length > 1)
                RequireClose(expected[1], ofB);

            // Beyond that the reference has too few digits itself.
            void RequireClose(BigNumber slope, double got) =>
                Assert.True(Math.Abs(got) is > 0 and (< 1e-90 or > 1e90) || slope.UlpsFrom(got) <= MostUlps, $"A slope of {operation} at {a:R}, {b:R} is {got:R}, which is {slope.UlpsFrom(got):F1} ulp away.");
        }
    }
}
