// Who owns the parameters' numbers: reading, compiling and predicting change nothing, whichever precision trains.

namespace Nudge.Tests.Compilation;

public unsafe class ParameterOwnerTests
{
    private static readonly double[] s_batch = [.. Enumerable.Range(0, 5 * 16).Select(i => Math.Sin(i))];

    [Fact]
    public void Compiling_and_predicting_change_no_parameter()
    {
        var network = new Mlp(4, [3, 1], new Rng(1));
        double[] before = network.Parameters.ToArray();
        var outputs = new double[1];
        foreach (Precision precision in new[] { Precision.Single, Precision.Double })
        {
            CompiledFunction function = CompiledFunction.Compile(network.Parameters, 4, x => network.Forward(x), precision);
            function.Evaluate([1, 2, 3, 4], outputs);
            LossOf(network, network.Parameters, precision).Evaluate(s_batch);
            Assert.Equal(before, network.Parameters.ToArray());
            Assert.Equal(before, network.Parameters.Select(p => p.Data));
        }
    }

    [Fact]
    public void Only_a_step_of_training_rounds()
    {
        var network = new Mlp(4, [3, 1], new Rng(1));
        double[] before = network.Parameters.ToArray();
        CompiledLoss loss = LossOf(network, network.Parameters, Precision.Single);
        loss.Backward(s_batch);
        Assert.Equal(before, network.Parameters.ToArray());
        new Sgd(network.Parameters, 0.1).Step();
        Assert.All(network.Parameters, p => Assert.Equal((float)p.Data, p.Data));
        Assert.Equal(before, network.Parameters.ToArray(), (a, b) => Math.Abs(a - b) < 1);
    }

    [Fact]
    public void A_number_set_between_steps_in_single_precision_reads_back_exactly_and_is_trained_on()
    {
        var network = new Mlp(4, [3, 1], new Rng(1));
        CompiledLoss loss = LossOf(network, network.Parameters, Precision.Single);
        var optimizer = new Sgd(network.Parameters, 0.5);
        loss.Step(optimizer, s_batch);
        double[] trained = network.Parameters.ToArray();
        network.Parameters[2].Data = 0.1;
        Assert.Equal(0.1, network.Parameters[2].Data);
        double there = loss.Evaluate(s_batch);
        Assert.Equal(0.1, network.Parameters[2].Data);
        trained[2] = 0.1;
        Assert.Equal(trained, network.Parameters.ToArray());

        Assert.Equal(there, loss.Step(optimizer, s_batch));
        Assert.Equal((float)((float)0.1 - 0.5f * (float)network.Parameters[2].Grad), network.Parameters[2].Data, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_some_parameters_in_single_precision_rounds_no_other(bool lastLayer)
    {
        var network = new Mlp(4, [3, 2, 1], new Rng(1));
        double[] before = network.Parameters.ToArray();
        ParameterList trained = network.Layers[lastLayer ? 2 : 1].Parameters;
        CompiledLoss loss = LossOf(network, trained, Precision.Single);
        Optimizer optimizer = new Adam(trained, 0.01);
        for (int step = 0; step < 3; step++)
        {
            loss.Step(optimizer, s_batch);
            for (int i = 0; i < before.Length; i++)
            {
                if (trained.Contains(network.Parameters[i]))
                    Assert.NotEqual(before[i], network.Parameters[i].Data);
                else
                    Assert.Equal(before[i], network.Parameters[i].Data);
            }
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Parameters_in_several_blocks_train_to_the_same_bits_as_in_one(Precision precision)
    {
        foreach (Func<ParameterList, Optimizer> optimizer in s_optimizers)
        {
            Mlp one = new(4, [3, 2, 1], new Rng(1)), several = new(4, [3, 2, 1], new Rng(1));
            // A part that is asked first has a block of its own.
            _ = several.Layers[1].Parameters;
            _ = several.Layers[0].Neurons[1].Parameters;
            ParameterList expected = one.Parameters, list = new([.. several.Layers.SelectMany(layer => layer.Neurons).SelectMany(neuron => neuron.Parameters)]);
            CompiledLoss first = LossOf(one, expected, precision), second = LossOf(several, list, precision);
            Optimizer firstOptimizer = optimizer(expected), secondOptimizer = optimizer(list);
            Assert.True(list.Segments.Length > 2);
            for (int step = 0; step < 5; step++)
            {
                Assert.Equal(first.Step(firstOptimizer, s_batch), second.Step(secondOptimizer, s_batch));
                Assert.Equal(expected.ToArray(), list.ToArray());
                Assert.Equal(expected.Select(p => p.Grad), list.Select(p => p.Grad));
            }
            list[3].Data = expected[3].Data = 0.1; // a change in one block alone
            Assert.Equal(first.Evaluate(s_batch), second.Evaluate(s_batch));
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Parameters_in_several_blocks_stay_at_one_address_and_steps_allocate_nothing(Precision precision)
    {
        Mlp first = new(4, [3], new Rng(1)), second = new(3, [1], new Rng(2));
        var list = new ParameterList([.. first.Parameters, .. second.Parameters]);
        CompiledLoss loss = CompiledLoss.Compile(list, 5, x => (second.Forward(first.Forward(x.AsSpan(0, 4)))[0] - x[4]).Pow(2), precision);
        var optimizer = new Adam(list, 0.01);
        for (int i = 0; i < 100; i++)
            loss.Step(optimizer, s_batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            loss.Step(optimizer, s_batch);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        var view = new ParameterView<float>(list);
        float* numbers = view.Read(), gradients = view.BeginGradients(out _);
        view.EndGradients(null);
        list[0].Data = 7;
        Assert.True(numbers == view.Read() && gradients == view.BeginGradients(out _));
        Assert.Equal(7, numbers[0]);
        GC.KeepAlive(view);
    }

    [Fact]
    public void Switching_precision_keeps_what_an_optimizer_remembers()
    {
        foreach (Func<ParameterList, Optimizer> optimizer in s_optimizers)
        {
            Mlp mixed = new(4, [3, 1], new Rng(1)), expected = new(4, [3, 1], new Rng(1));
            Optimizer mixedOptimizer = optimizer(mixed.Parameters), expectedOptimizer = optimizer(expected.Parameters);
            CompiledLoss single = LossOf(mixed, mixed.Parameters, Precision.Single), wide = LossOf(mixed, mixed.Parameters, Precision.Double);
            CompiledLoss always = LossOf(expected, expected.Parameters, Precision.Double);
            for (int step = 0; step < 20; step++)
            {
                (step % 3 == 0 ? single : wide).Step(mixedOptimizer, s_batch);
                always.Step(expectedOptimizer, s_batch);
            }
            Assert.Equal(expected.Parameters.ToArray(), mixed.Parameters.ToArray(), (a, b) => Math.Abs(a - b) < 1e-4);
        }
    }

    [Fact]
    public void Limiting_gradients_leaves_the_numbers_in_the_precision_they_were_trained_in()
    {
        var network = new Mlp(4, [3, 1], new Rng(1));
        CompiledLoss loss = LossOf(network, network.Parameters, Precision.Single);
        var optimizer = new Sgd(network.Parameters, 0.1);
        loss.Step(optimizer, s_batch);
        loss.Backward(s_batch);
        GradientClipping.ClipByNorm(network.Parameters, 1e-3);
        GradientClipping.ClipByValue(network.Parameters, 1e-4);
        Assert.All(network.Parameters, p => Assert.InRange(p.Grad, -(double)1e-4f, (double)1e-4f));
        optimizer.Step();
        Assert.All(network.Parameters, p => Assert.Equal((float)p.Data, p.Data));
    }

    private static readonly Func<ParameterList, Optimizer>[] s_optimizers =
    [
        parameters => new Sgd(parameters, 0.05),
        parameters => new Sgd(parameters, 0.05, momentum: 0.9, weightDecay: 0.01),
        parameters => new Adam(parameters, 0.01),
        parameters => new AdamW(parameters, 0.01),
        parameters => new RmsProp(parameters, 0.01, momentum: 0.5),
    ];

    private static CompiledLoss LossOf(Mlp network, ParameterList parameters, Precision precision) =>
        CompiledLoss.Compile(parameters, 5, x => (network.Forward(x.AsSpan(0, 4))[0] - x[4]).Pow(2), precision);
}
