// What the compiler takes from an expression: all that it needs, whenever and in whatever order it was made.

namespace Nudge.Tests.Compilation;

public class TapeTests
{
    [Fact]
    public void What_was_computed_before_the_recording_is_a_part_of_it()
    {
        Value a = 0.3, b = -0.7, unused = 2, constant = 1.5;
        ParameterList parameters = [a, b, unused];
        Value slope = a.Exp() * b, offset = (slope + constant).Tanh();
        CompiledLoss loss = CompiledLoss.Compile(parameters, 1, x => slope * x[0] + offset * offset, Precision.Double);

        double value = loss.Backward([0.25]);
        double[] expected = (slope * 0.25 + offset * offset).Gradients(parameters);
        Assert.Equal((slope * 0.25 + offset * offset).Data, value, 1e-12);
        Assert.All(expected, (gradient, i) => Assert.Equal(gradient, parameters[i].Grad, 1e-12));
        Assert.Equal(0, unused.Grad);
    }

    [Fact]
    public void An_expression_of_many_thousand_values_is_recorded_as_a_whole()
    {
        ParameterList parameters = [.. Enumerable.Range(0, 7).Select(i => new Value(0.1 * i - 0.3))];
        Value Build(Value x)
        {
            Value sum = x;
            for (int i = 0; i < 15_000; i++)
                sum = (i % 1000 == 999 ? sum.Tanh() : sum) + parameters[i % 7] * x * 0.01;
            return sum;
        }

        CompiledLoss loss = CompiledLoss.Compile(parameters, 1, x => Build(x[0]), Precision.Double);
        loss.Backward([0.5]);
        double[] expected = Build(0.5).Gradients(parameters);
        Assert.All(expected, (gradient, i) => Assert.Equal(gradient, parameters[i].Grad, 1e-10 * Math.Max(1, Math.Abs(gradient))));
    }

    [Fact]
    public void A_matrix_with_gaps_has_zeros_there_also_where_another_product_was_before()
    {
        var rng = new Rng(1);
        ParameterList parameters = [.. Enumerable.Range(0, 6 * 6 + 6 * 7).Select(_ => new Value(rng.Uniform(-1, 1)))];
        Value[] Build(Value[] x)
        {
            var rows = new List<Value>();
            for (int i = 0; i < 6; i++)
                rows.Add(Value.Sum([.. Enumerable.Range(0, 6).Select(j => parameters[i * 6 + j] * x[j])]) + parameters[36 + i * 7 + 6]);
            for (int i = 0; i < 6; i++)
                rows.Add(parameters[36 + i * 7 + 6] + Value.Sum([.. Enumerable.Range(0, 6).Where(j => j != i).Select(j => parameters[36 + i * 7 + j] * x[6 + j])]));
            return [.. rows];
        }

        double[] point = [.. Enumerable.Range(0, 12).Select(_ => rng.Uniform(-1, 1))];
        CompiledFunction function = CompiledFunction.Compile(parameters, 12, Build, Precision.Double);
        var outputs = new double[12];
        function.Evaluate(point, outputs);
        Assert.Contains("product 6 × 6, 2 of them", function.ToString(), StringComparison.Ordinal);
        Assert.All(Build(Array.ConvertAll(point, number => new Value(number))), (row, i) => Assert.Equal(row.Data, outputs[i], 1e-12));
    }

    [Fact]
    public void Sums_of_many_kinds_of_terms_are_alike_in_any_order()
    {
        Value w = 0.5;
        Func<Value, Value>[] kinds = [x => x.Exp(), x => x.Tanh(), x => x.Sin(), x => x.Cos(), x => x.Relu(), x => x.Abs(), x => x.Sqrt(), x => x.Log(), x => x.Sigmoid(), x => w / x, x => x / w];
        Value Sum(Value x, IEnumerable<Func<Value, Value>> terms) => Value.Sum([.. terms.Select(term => term(x))]);
        CompiledLoss loss = CompiledLoss.Compile([w], 2, x => Sum(x[0], kinds) * Sum(x[1], kinds.Reverse()), Precision.Double);
        Assert.Contains("sum of 11 terms × 2", loss.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_input_of_another_recording_is_refused()
    {
        Value w = 1;
        Value? kept = null;
        CompiledLoss.Compile([w], 1, x => w * (kept = x[0]));
        var error = Assert.Throws<InvalidOperationException>(() => CompiledLoss.Compile([w], 1, x => x[0] * w + kept!));
        Assert.Contains("another recording", error.Message, StringComparison.Ordinal);
    }
}
