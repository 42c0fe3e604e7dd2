// The table of operations: nothing is missing from it, and it says the same as the operations themselves.

namespace Nudge.Tests.Autograd;

public class OperationTableTests
{
    [Fact]
    public void Every_operation_is_in_the_table_with_its_inputs_and_derivatives()
    {
        foreach (Operation operation in Enum.GetValues<Operation>().Where(operation => operation is > Operation.Parameter and not Operation.Select))
        {
            Value a = 0.6, b = 1.7;
            Value y = Operations.Unary.TryGetValue(operation, out Func<Value, Value>? unary) ? unary(a) : Operations.Binary[operation](a, b);
            Value[] inputs = unary is null ? [a, b] : [a];
            Assert.Equal(inputs.Length, OperationTable.Arity(operation));
            Assert.Equal(inputs, y.Inputs);
            Assert.Equal(y.Gradients(inputs), y.LocalDerivatives);
        }
    }

    [Fact]
    public void Leaves_have_no_inputs_and_no_derivatives()
    {
        foreach (Operation operation in new[] { Operation.Leaf, Operation.Constant, Operation.Parameter })
        {
            Assert.Equal(0, OperationTable.Arity(operation));
            Assert.Throws<InvalidOperationException>(() => OperationTable.Derivatives(operation, 1, 1, 1));
        }
    }

    // The page of a recording computes with the formulas, so they have to say the same as the operations, at the edges too.
    [Fact]
    public void Formulas_and_slopes_of_the_table_give_what_the_operations_do()
    {
        double[] numbers = [0, 1, -1, 0.3, 2, -2.5, 7, 40, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        foreach (OperationRow row in OperationTable.Rows.Where(row => row.Formula.Length > 0))
        {
            Assert.Equal(row.InputCount, row.Slopes.Count);
            foreach (double a in numbers)
            {
                foreach (double b in row.InputCount == 2 ? numbers : [0])
                {
                    // A script's pow(±1, ±∞) and pow(1, NaN) are NaN, where the operation's are 1.
                    if (row.Code == Operation.Power && Math.Abs(a) == 1 && !double.IsFinite(b))
                        continue;
                    double y = row.Apply(a, b);
                    (double slopeA, double slopeB) = row.Derivatives(a, b, y);
                    Check(row, row.Formula, a, b, y, y);
                    Check(row, row.Slopes[0], a, b, y, slopeA);
                    if (row.InputCount == 2)
                        Check(row, row.Slopes[1], a, b, y, slopeB);
                }
            }
        }
    }

    private static void Check(OperationRow row, string formula, double a, double b, double y, double expected)
    {
        double got = Formula.Evaluate(formula, a, b, y);
        bool agrees = double.IsNaN(expected) ? double.IsNaN(got) : got == expected || Math.Abs(got - expected) <= 1e-12 * Math.Max(1e-3, Math.Abs(expected));
        Assert.True(agrees, $"{row.Code}: {formula} at a = {a}, b = {b}, y = {y} is {got}; expected {expected}.");
    }

    [Fact]
    public void Rows_make_values_of_their_operation_and_refuse_another_number_of_inputs()
    {
        Value a = 0.6, b = 1.7;
        Assert.Equal(Math.Pow(0.6, 1.7), OperationTable.Row(Operation.Power).Of(a, b).Data, 1e-15);
        Assert.Equal(Operation.Tanh, OperationTable.Row(Operation.Tanh).Of(a).Operation);
        Assert.Throws<ArgumentException>(() => OperationTable.Row(Operation.Tanh).Of(a, b));
        Assert.Throws<InvalidOperationException>(() => OperationTable.Row(Operation.Select).Of(a));
        Assert.Throws<ArgumentOutOfRangeException>(() => OperationTable.Row((Operation)200));
        Assert.Throws<InvalidOperationException>(() => OperationTable.Unary(Operation.Add));
        Assert.Throws<InvalidOperationException>(() => OperationTable.Binary(Operation.Tanh));
    }

    [Fact]
    public void Every_operation_has_a_symbol_of_its_own()
    {
        Assert.Equal(["+", "-", "*", "/", "neg", "^"], Enumerable.Range((int)Operation.Add, 6).Select(code => OperationTable.Symbol((Operation)code)));
        Assert.Equal("tanh", OperationTable.Symbol(Operation.Tanh));
        Assert.Distinct(Enum.GetValues<Operation>().Select(OperationTable.Symbol));
    }
}
