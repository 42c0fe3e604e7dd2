// The table of operations: nothing is missing from it, and it says the same as the operations themselves.

namespace Nudge.Tests.Autograd;

public class OperationTableTests
{
    [Fact]
    public void Every_operation_is_in_the_table_with_its_inputs_and_derivatives()
    {
        foreach (Operation operation in Enum.GetValues<Operation>().Where(operation => operation > Operation.Parameter))
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

    [Fact]
    public void Every_operation_has_a_symbol_of_its_own()
    {
        Assert.Equal(["+", "-", "*", "/", "neg", "^"], Enumerable.Range((int)Operation.Add, 6).Select(code => OperationTable.Symbol((Operation)code)));
        Assert.Equal("tanh", OperationTable.Symbol(Operation.Tanh));
        Assert.Distinct(Enum.GetValues<Operation>().Select(OperationTable.Symbol));
    }
}
