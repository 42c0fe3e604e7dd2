// Data, gradients, labels and printed forms of values.

using System.Diagnostics;
using System.Reflection;

namespace Nudge.Tests;

public class ValueTests
{
    [Fact]
    public void Data_can_be_set_on_leaves_and_parameters()
    {
        Value leaf = 1, parameter = 2;
        ParameterList parameters = [parameter];
        leaf.Data = 5;
        parameter.Data += 5;
        Assert.Equal(5, leaf.Data);
        Assert.Equal([7], parameters.ToArray());
    }

    [Fact]
    public void Data_of_a_result_or_a_constant_cannot_be_set_and_the_error_says_why()
    {
        Value x = 2, y = (x * 3).Named("y");
        var thrown = Assert.Throws<InvalidOperationException>(() => y.Data = 1);
        Assert.Contains("'y' is the result of Multiply", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => y.Inputs[1].Data = 1);
        Assert.Equal(6, y.Data);
    }

    [Fact]
    public void A_gradient_is_NaN_until_it_is_computed()
    {
        Value x = 2, unused = 3, y = x * x;
        Assert.All([x, unused, y], value => Assert.False(value.HasGrad));
        Assert.All([x, unused, y], value => Assert.Equal(double.NaN, value.Grad));
        y.Backward();
        Assert.All([x, y], value => Assert.True(value.HasGrad));
        Assert.False(unused.HasGrad);
        unused.Grad = 0;
        Assert.True(unused.HasGrad);
        Assert.Equal(0, unused.Grad);
    }

    [Fact]
    public void Gradients_of_leaves_add_up_and_those_of_results_start_anew()
    {
        Value x = 3, y = x * x;
        y.Backward();
        y.Backward();
        (y + x).Backward();
        Assert.Equal(6 + 6 + 7, x.Grad);
        Assert.Equal(1, y.Grad);
    }

    [Fact]
    public void Compound_assignment_makes_a_new_value()
    {
        Value a = 1, before = a;
        a += 2;
        a *= a;
        Assert.Equal(9, a.Data);
        Assert.Equal(1, before.Data);
        Assert.Equal(6, a.Gradients(before)[0]);
    }

    [Fact]
    public void Identity_is_equality()
    {
        Value a = 1, b = 1;
        Assert.NotEqual(a, b);
        Assert.Equal(2, new HashSet<Value> { a, b, a }.Count);
    }

    [Fact]
    public void A_value_tells_where_it_came_from()
    {
        Value x = 2, y = 5, product = x * y, sine = x.Sin();
        Assert.Equal([x, y], product.Inputs);
        Assert.Equal([5, 2], product.LocalDerivatives);
        Assert.Equal([x], sine.Inputs);
        Assert.Equal([Math.Cos(2)], sine.LocalDerivatives);
        Assert.Empty(x.Inputs);
        Assert.Empty(x.LocalDerivatives);
        Assert.True(x.IsLeaf);
        Assert.False(product.IsLeaf);
        Assert.True(product.Order > y.Order && y.Order > x.Order);
        Assert.Equal(Operation.Constant, (x * 2).Inputs[1].Operation);
    }

    [Fact]
    public void Named_takes_the_expression_from_the_source()
    {
        Value w = 2, x = 3;
        Assert.Equal("w", w.Named().Label);
        Assert.Equal("x * w", (x * w).Named().Label);
        Assert.Equal("(x + w) * (x - w)", ((x + w) * (x - w)).Named().Label);
        Assert.Equal("(x) * (w)", ValueNaming.Named(x * w, "(x) * (w)").Label);
        Assert.Equal("weight", w.Named("weight").Label);
        Assert.Same(w, w.Named("again"));
    }

    [Fact]
    public void A_label_can_be_changed_and_taken_away()
    {
        Value x = 3;
        Assert.Null(x.Label);
        x.Label = "x";
        x.Label = "input";
        Assert.Equal("input", x.Label);
        x.Label = null;
        Assert.Null(x.Label);
        x.Label = null;
    }

    [Theory]
    [InlineData(0.3, "0.3000")]
    [InlineData(-1.2, "-1.2000")]
    [InlineData(0, "0.0000")]
    [InlineData(123456.789, "123456.7890")]
    [InlineData(1234567, "1.2346e+06")]
    [InlineData(0.00012345, "1.2345e-04")]
    [InlineData(-1e-300, "-1.0000e-300")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void Numbers_print_with_four_decimals_or_an_exponent(double number, string text) =>
        Assert.Equal(text + " (grad –)", new Value(number).ToString());

    [Fact]
    public void A_value_prints_label_data_and_gradient()
    {
        Value w1 = 0.3;
        w1.Label = "w1";
        Assert.Equal("w1 = 0.3000 (grad –)", w1.ToString());
        w1.Grad = -1.2;
        Assert.Equal("w1 = 0.3000 (grad -1.2000)", w1.ToString());
        Assert.Equal("b = 0.5000 (grad –)", new Neuron(1, new Rng(1)) is var neuron ? Set(neuron) : null);

        static string Set(Neuron neuron)
        {
            neuron.Bias.Data = 0.5;
            return neuron.Parameters[1].ToString();
        }
    }

    [Fact]
    public void The_debugger_shows_what_a_value_is()
    {
        var proxy = typeof(Value).GetCustomAttribute<DebuggerTypeProxyAttribute>()!;
        Type type = Type.GetType(proxy.ProxyTypeName, throwOnError: true)!;
        Value x = 2, y = (x * 5).Named("y");
        y.Backward();
        object view = Activator.CreateInstance(type, y)!;
        Dictionary<string, object?> shown = type.GetProperties().ToDictionary(property => property.Name, property => property.GetValue(view));
        Assert.Equal(("y", 10.0, 1.0, Operation.Multiply), (shown["Label"], shown["Data"], shown["Grad"], shown["Operation"]));
        Assert.Same(x, Assert.IsType<IReadOnlyList<Value>>(shown["Inputs"], exactMatch: false)[0]);
        Assert.Equal([5, 2], Assert.IsType<IReadOnlyList<double>>(shown["LocalDerivatives"], exactMatch: false));
    }

    [Fact]
    public void Static_and_instance_forms_are_the_same()
    {
        Value a = 0.7, b = 1.5;
        Assert.Equal(a.Pow(1.5).Data, Value.Pow(a, b).Data);
        Assert.Equal(a.Pow(b).Data, Value.Pow(a, 1.5).Data);
        Assert.Equal(a.Max(b).Data, Value.Max(a, b).Data);
        Assert.Equal(a.Min(b).Data, Value.Min(a, b).Data);
        Assert.Equal(a.Data, Value.FromDouble(0.7).Data);
    }
}
