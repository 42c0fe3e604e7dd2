// The compiled loss as users meet it: what it refuses, and that parameters are the same numbers for both engines.

namespace Nudge.Tests.Compilation;

public class CompiledLossTests
{
    [Fact]
    public void Reading_a_number_that_depends_on_the_inputs_is_refused_with_the_way_out()
    {
        var w = new Value(2);
        var error = Assert.Throws<InvalidOperationException>(() =>
            CompiledLoss.Compile([w], 1, x => (w * x[0]).Data > 0 ? w * x[0] : w));
        Assert.Contains("Max", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, w.Data);
    }

    [Fact]
    public void Batches_that_are_no_whole_examples_are_refused()
    {
        var w = new Value(2);
        CompiledLoss loss = CompiledLoss.Compile([w], 2, x => (w * x[0] - x[1]).Pow(2));
        Assert.Throws<ArgumentException>(() => loss.Evaluate([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => loss.Evaluate([]));
        Assert.Throws<ArgumentException>(() => loss.Evaluate([1, 2], [0]));
    }

    [Fact]
    public void The_worked_example_goes_downhill_compiled()
    {
        var w = new Value(1);
        CompiledLoss loss = CompiledLoss.Compile([w], 2, x => (w * x[0] - x[1]).Pow(2), Precision.Double);
        var optimizer = new Sgd(loss.Parameters, 0.1);
        Assert.Equal(16, loss.Step(optimizer, [2, 6]), 1e-12);
        Assert.Equal(2.6, w.Data, 1e-12);
        Assert.Equal(-16, w.Grad, 1e-12);
        Assert.Equal(0.64, loss.Step(optimizer, [2, 6]), 1e-12);
        Assert.Equal(2.92, w.Data, 1e-12);
    }

    [Theory]
    [InlineData(Precision.Single, 1e-5)]
    [InlineData(Precision.Double, 1e-13)]
    public void Both_engines_can_take_turns_with_the_same_parameters(Precision precision, double tolerance)
    {
        Dataset data = Generate.Lesson();
        double[] batch = [.. data.Inputs.Zip(data.Targets).SelectMany(example => example.First.Concat(example.Second))];
        Mlp mixed = new(3, [4, 4, 1], new Rng(3)), eager = new(3, [4, 4, 1], new Rng(3));
        CompiledLoss loss = CompiledLoss.Compile(mixed.Parameters, 4, x => (mixed.Forward(x.AsSpan(0, 3))[0] - x[3]).Pow(2), precision);
        Optimizer mixedOptimizer = new Adam(mixed.Parameters, 0.01), eagerOptimizer = new Adam(eager.Parameters, 0.01);
        for (int step = 0; step < 40; step++)
        {
            if (step % 3 == 0)
                EagerStep(mixed, mixedOptimizer);
            else
                loss.Step(mixedOptimizer, batch);
            EagerStep(eager, eagerOptimizer);
        }
        for (int i = 0; i < eager.Parameters.Count; i++)
            Assert.Equal(eager.Parameters[i].Data, mixed.Parameters[i].Data, tolerance);

        void EagerStep(Mlp net, Optimizer optimizer)
        {
            Value sum = 0;
            for (int i = 0; i < data.Count; i++)
                sum += (net.Forward(data.Inputs[i])[0] - data.Targets[i][0]).Pow(2);
            net.ZeroGradients();
            (sum / data.Count).Backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void Parameters_of_several_blocks_are_trained_where_they_are()
    {
        Value a = 0.5, b = -0.25, c = 2;
        ParameterList first = [b], all = [a, b, c];
        CompiledLoss loss = CompiledLoss.Compile(all, 1, x => (a * x[0] + b * x[0] * x[0] + c).Tanh(), Precision.Double);
        Value eager = ((a * 0.3 + b * 0.09 + c).Tanh() + (a * -1.0 + b + c).Tanh()) / 2;
        double[] expected = eager.Gradients(all);
        all.ZeroGradients();
        Assert.Equal(eager.Data, loss.Backward([0.3, -1]), 1e-14);
        Assert.Equal(expected, all.Select(p => p.Grad), (x, y) => Math.Abs(x - y) < 1e-14);
        Assert.Equal(b.Grad, first[0].Grad);
    }

    [Fact]
    public void The_same_program_runs_on_several_threads_at_once()
    {
        var net = new Mlp(2, [8, 1], new Rng(1));
        CompiledLoss loss = CompiledLoss.Compile(net.Parameters, 2, x => net.Forward(x)[0], Precision.Double);
        double expected = loss.Evaluate([0.5, -0.5]);
        Parallel.For(0, 200, _ => Assert.Equal(expected, loss.Evaluate([0.5, -0.5])));
    }

    [Fact]
    public void It_says_what_it_found()
    {
        var net = new Mlp(2, [16, 16, 1], new Rng(1), Activation.Relu, Activation.Linear);
        CompiledLoss loss = CompiledLoss.Compile(net.Parameters, 3, x => Loss.Hinge(net.Forward(x.AsSpan(0, 2))[0], x[2]));
        Assert.Contains("product 16 × 16", loss.ToString(), StringComparison.Ordinal);
        Assert.Contains("7 statements, 94.4 % of the arithmetic in matrix products, 37 numbers an example, ", loss.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_outside_of_its_choices_is_refused_before_anything_changes()
    {
        var network = new Mlp(2, [3], new Rng(1), Activation.Tanh, Activation.Linear);
        CompiledLoss loss = CompiledLoss.Compile(network.Parameters, 2, 1, (x, k) => Loss.CrossEntropy(network.Forward(x), k[0]));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => loss.Backward([1, 2, 3, 4], [2, 3]));
        Assert.Contains("Index 0 of example 1 chooses from 3 values, so it is one of 0 to 2.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => loss.Evaluate([1, 2], [-1]));
        Assert.All(network.Parameters, parameter => Assert.False(parameter.HasGrad));
    }

    [Fact]
    public void A_large_batch_gives_the_same_bits_in_each_run_and_the_gradient_of_its_parts()
    {
        var network = new Mlp(64, [128, 10], new Rng(1), Activation.Tanh, Activation.Linear);
        CompiledLoss loss = CompiledLoss.Compile(network.Parameters, 64, 1, (x, k) => Loss.CrossEntropy(network.Forward(x), k[0]) + Loss.L2Penalty(network.Parameters, 1e-3));
        var rng = new Rng(3);
        double[] inputs = [.. Enumerable.Range(0, 64 * 1000).Select(_ => rng.Uniform(-1, 1))];
        int[] classes = [.. Enumerable.Range(0, 1000).Select(_ => rng.Next(10))];
        double[][] runs = [.. Enumerable.Range(0, 3).Select(_ => Run(0, 1000))];
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[0], runs[2]);
        double[][] parts = [.. Enumerable.Range(0, 10).Select(i => Run(100 * i, 100))];
        for (int i = 0; i < runs[0].Length; i++)
            Assert.Equal(parts.Average(part => part[i]), runs[0][i], 2e-6);

        double[] Run(int first, int count)
        {
            network.ZeroGradients();
            loss.Backward(inputs.AsSpan(64 * first, 64 * count), classes.AsSpan(first, count));
            return [.. network.Parameters.Select(parameter => parameter.Grad)];
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void A_table_is_looked_up_as_it_is_when_recording(Precision precision)
    {
        ParameterList table = [new Value(1), new Value(2), new Value(3)];
        for (int i = 0; i < table.Count; i++)
            table[i].Data = 10 * (i + 1);
        CompiledLoss loss = CompiledLoss.Compile(table, 0, 1, (_, row) => Value.Select([.. table], row[0]), precision);
        Assert.Equal(20, loss.Evaluate([], [1]));
        Assert.Equal(25, loss.Evaluate([], [1, 2]));
    }

    [Theory]
    [InlineData(Precision.Single, 1)]
    [InlineData(Precision.Single, 3)]
    [InlineData(Precision.Double, 37)]
    [InlineData(Precision.Single, 700)]
    public void Prepared_examples_give_the_bits_that_they_give_as_they_are(Precision precision, int count)
    {
        var network = new Mlp(5, [40, 3], new Rng(1), Activation.Tanh, Activation.Linear);
        CompiledLoss loss = CompiledLoss.Compile(network.Parameters, 5, 1, (x, k) => Loss.CrossEntropy(network.Forward(x), k[0]), precision);
        var rng = new Rng(3);
        double[] inputs = [.. Enumerable.Range(0, 5 * count).Select(_ => rng.Uniform(-1, 1))];
        int[] classes = [.. Enumerable.Range(0, count).Select(_ => rng.Next(3))];
        int[] rows = [.. Enumerable.Range(0, 2 * count).Select(_ => rng.Next(count))];
        CompiledData data = loss.Prepare(inputs, classes);
        Assert.Equal(count, data.Count);
        Assert.Equal(Run(() => loss.Backward(inputs, classes)), Run(() => loss.Backward(data)));
        double[] picked = [.. rows.SelectMany(row => inputs.AsSpan(5 * row, 5).ToArray())];
        int[] pickedClasses = Array.ConvertAll(rows, row => classes[row]);
        Assert.Equal(Run(() => loss.Backward(picked, pickedClasses)), Run(() => loss.Backward(data, rows)));
        Assert.Equal(loss.Evaluate(picked, pickedClasses), loss.Evaluate(data, rows));
        Array.Clear(inputs);
        Assert.Equal(loss.Evaluate(picked, pickedClasses), loss.Evaluate(data, rows));

        double[] Run(Func<double> backward)
        {
            network.ZeroGradients();
            return [backward(), .. network.Parameters.Select(parameter => parameter.Grad)];
        }
    }

    [Fact]
    public void Prepared_examples_may_be_results_choices_and_terms_themselves()
    {
        ParameterList p = [0.75, -0.5];
        var rng = new Rng(4);
        double[] inputs = [.. Enumerable.Range(0, 3 * 700).Select(_ => rng.Uniform(-1, 1))];
        int[] choices = [.. Enumerable.Range(0, 700).Select(_ => rng.Next(3))];
        foreach (Func<Value[], IndexValue, Value> of in new Func<Value[], IndexValue, Value>[]
        {
            (x, _) => x[1], (x, k) => p[0] * Value.Select(x, k), (x, _) => x[0] + p[0] * x[1] - x[2] + p[1] * x[0] * x[2], (x, _) => p[0] * Value.Max(x[0], Value.Max(x[1], x[2])),
        })
        {
            CompiledLoss loss = CompiledLoss.Compile(p, 3, 1, (x, k) => of(x, k[0]), Precision.Double);
            CompiledData data = loss.Prepare(inputs, choices);
            Assert.Equal(loss.Evaluate(inputs, choices), loss.Evaluate(data));
            double[] plain = Gradients(() => loss.Backward(inputs, choices));
            Assert.Equal(plain, Gradients(() => loss.Backward(data)));
            Assert.Equal(plain, Gradients(() => loss.Backward(inputs, choices)));
        }

        double[] Gradients(Func<double> backward)
        {
            p.ZeroGradients();
            return [backward(), .. p.Select(parameter => parameter.Grad)];
        }
    }

    [Fact]
    public void A_step_over_prepared_examples_is_a_step_over_the_examples()
    {
        Mlp first = new(2, [3, 1], new Rng(1)), second = new(2, [3, 1], new Rng(1));
        double[] numbers = [0.5, 1, 1, -0.25, 0.5, -1];
        CompiledLoss plain = LossOf(first), prepared = LossOf(second);
        CompiledData data = prepared.Prepare(numbers);
        Optimizer one = new Adam(first.Parameters, 0.1), other = new Adam(second.Parameters, 0.1);
        for (int step = 0; step < 5; step++)
            Assert.Equal(plain.Step(one, numbers), prepared.Step(other, data));
        Assert.Equal(first.Parameters.ToArray(), second.Parameters.ToArray());

        static CompiledLoss LossOf(Mlp network) => CompiledLoss.Compile(network.Parameters, 3, x => (network.Forward(x.AsSpan(0, 2))[0] - x[2]).Pow(2));
    }

    [Fact]
    public void Data_of_another_kind_and_rows_that_there_are_not_are_refused()
    {
        ParameterList parameters = [1.5];
        CompiledLoss loss = CompiledLoss.Compile(parameters, 1, x => parameters[0] * x[0]), wide = CompiledLoss.Compile(parameters, 2, x => parameters[0] * x[0] * x[1]);
        CompiledLoss twice = CompiledLoss.Compile(parameters, 1, x => parameters[0] * x[0], Precision.Double);
        CompiledData data = loss.Prepare([1, 2, 3]);
        Assert.Contains("Expected data of 2 numbers and 0 whole numbers an example in Single", Assert.Throws<ArgumentException>(() => wide.Evaluate(data)).Message, StringComparison.Ordinal);
        Assert.Contains("in Double", Assert.Throws<ArgumentException>(() => twice.Evaluate(data)).Message, StringComparison.Ordinal);
        Assert.Contains("Row 3 is none of the 3", Assert.Throws<ArgumentException>(() => loss.Backward(data, [0, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => loss.Prepare([]));
    }
}
