// Every operation against PyTorch: value and gradients, at random points and at the edges.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Autograd;

public class OperationReferenceTests
{
    [Fact]
    public void The_reference_has_every_operation() => Assert.Equal(
        Enum.GetValues<Operation>().Where(operation => operation > Operation.Parameter).Order(),
        Load().Select(reference => reference.Operation).Order());

    [Fact]
    public void Operations_of_one_input_agree_with_PyTorch()
    {
        foreach (Case reference in Load().Where(reference => reference.B is null))
        {
            for (int i = 0; i < reference.A.Length; i++)
            {
                var a = new Value(reference.A[i]);
                Value y = Operations.Unary[reference.Operation](a);
                string what = $"{reference.Operation}({a.Data:R})";
                Assert.Equal(reference.Operation, y.Operation);
                ReferenceData.AssertClose(reference.Y[i], y.Data, what);
                ReferenceData.AssertClose(reference.Da[i], y.Gradients(a)[0], $"slope of {what}");
            }
        }
    }

    [Fact]
    public void Operations_of_two_inputs_agree_with_PyTorch()
    {
        foreach (Case reference in Load().Where(reference => reference.B is not null))
        {
            for (int i = 0; i < reference.A.Length; i++)
            {
                Value a = new(reference.A[i]), b = new(reference.B![i]);
                Value y = Operations.Binary[reference.Operation](a, b);
                string what = $"{reference.Operation}({a.Data:R}, {b.Data:R})";
                Assert.Equal(reference.Operation, y.Operation);
                ReferenceData.AssertClose(reference.Y[i], y.Data, what);
                ReferenceData.AssertClose([reference.Da[i], reference.Db![i]], y.Gradients(a, b), $"slopes of {what}");
            }
        }
    }

    [Fact]
    public void A_plain_number_on_either_side_gives_the_same_value_and_slope()
    {
        foreach (Case reference in Load().Where(reference => reference.B is not null))
        {
            (Func<Value, double, Value> right, Func<double, Value, Value>? left) = Operations.WithNumbers[reference.Operation];
            for (int i = 0; i < reference.A.Length; i++)
            {
                Value a = new(reference.A[i]), b = new(reference.B![i]);
                Value onTheRight = right(a, b.Data);
                ReferenceData.AssertClose(reference.Y[i], onTheRight.Data, $"{reference.Operation} with {b.Data:R} on the right");
                ReferenceData.AssertClose(reference.Da[i], onTheRight.Gradients(a)[0], $"slope of {reference.Operation} with {b.Data:R} on the right");
                if (left is null)
                    continue;
                Value onTheLeft = left(a.Data, b);
                ReferenceData.AssertClose(reference.Y[i], onTheLeft.Data, $"{reference.Operation} with {a.Data:R} on the left");
                ReferenceData.AssertClose(reference.Db![i], onTheLeft.Gradients(b)[0], $"slope of {reference.Operation} with {a.Data:R} on the left");
            }
        }
    }

    private static IEnumerable<Case> Load() => ReferenceData.Load<RawCase>("operations")
        .Select(raw => new Case(Enum.Parse<Operation>(raw.Operation), raw.A, raw.B, raw.Y, raw.Da, raw.Db));

    private sealed record RawCase(string Operation, double[] A, double[] Y, double[] Da, double[]? B = null, double[]? Db = null);

    private sealed record Case(Operation Operation, double[] A, double[]? B, double[] Y, double[] Da, double[]? Db);
}
