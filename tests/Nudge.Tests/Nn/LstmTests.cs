// Long short-term memory: against its formula in plain numbers, against central differences, compiled, and in a file.

namespace Nudge.Tests.Nn;

public class LstmTests
{
    private const int Inputs = 3, Hidden = 4, Positions = 5;

    private readonly Lstm _lstm = new(Inputs, Hidden, new Rng(1), Initialization.Uniform);
    private readonly double[][] _sequence;

    public LstmTests()
    {
        var rng = new Rng(2);
        _sequence = [.. Enumerable.Range(0, Positions).Select(_ => Enumerable.Range(0, Inputs).Select(_ => rng.Uniform(-1, 1)).ToArray())];
    }

    [Fact]
    public void It_gives_what_the_formula_gives()
    {
        double[] p = _lstm.Parameters.ToArray(), h = new double[Hidden], c = new double[Hidden];
        Func<Value[], Value[]> read = _lstm.Begin();
        foreach (double[] x in _sequence)
        {
            double[] both = [.. x, .. h];
            for (int k = 0; k < Hidden; k++)
            {
                c[k] = Sigmoid(Sum(1, k)) * c[k] + Sigmoid(Sum(0, k)) * Math.Tanh(Sum(2, k));
                h[k] = Sigmoid(Sum(3, k)) * Math.Tanh(c[k]);
            }
            Value[] found = read(Network.ToValues(x));
            for (int k = 0; k < Hidden; k++)
                Assert.Equal(h[k], found[k].Data, 1e-14);

            double Sum(int gate, int k)
            {
                Span<double> row = p.AsSpan((gate * Hidden + k) * (both.Length + 1), both.Length + 1);
                double sum = row[^1];
                for (int i = 0; i < both.Length; i++)
                    sum += row[i] * both[i];
                return sum;
            }
        }

        static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
    }

    [Fact]
    public void It_has_the_gradients_that_nudging_measures()
    {
        Value[][] sequence = [.. _sequence.Select(x => Network.ToValues(x))];
        GradientReport report = GradientCheck.Check(() => LossOf(sequence), [.. _lstm.Parameters, .. sequence.SelectMany(x => x)]);
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Compiled_it_gives_the_same_loss_and_gradients()
    {
        Value eager = LossOf([.. _sequence.Select(x => Network.ToValues(x))]);
        double[] gradients = eager.Gradients(_lstm.Parameters);
        CompiledLoss compiled = CompiledLoss.Compile(_lstm.Parameters, Positions * Inputs, x => LossOf([.. x.Chunk(Inputs)]), Precision.Double);
        Assert.Equal(eager.Data, compiled.Backward([.. _sequence.SelectMany(x => x)]), 1e-13);
        for (int i = 0; i < gradients.Length; i++)
            Assert.Equal(gradients[i], _lstm.Parameters[i].Grad, 1e-13);
    }

    [Fact]
    public void Each_sequence_begins_with_an_empty_memory()
    {
        Func<Value[], Value[]> one = _lstm.Begin(), other = _lstm.Begin();
        double[] first = Read(one, 0);
        Assert.NotEqual(first, Read(one, 0));
        Assert.Equal(first, Read(other, 0));

        double[] Read(Func<Value[], Value[]> read, int position) => [.. read(Network.ToValues(_sequence[position])).Select(value => value.Data)];
    }

    [Fact]
    public void In_a_file_it_has_the_names_of_its_layers()
    {
        Assert.Equal("forget.neurons.0.w[0]", _lstm.Parameters.NameAt(Hidden * (Inputs + Hidden + 1)));
        Assert.Equal(
            ["input.weight", "input.bias", "forget.weight", "forget.bias", "candidate.weight", "candidate.bias", "output.weight", "output.bias"],
            _lstm.Tensors.Select(tensor => tensor.Name));

        using var folder = new TemporaryFolder();
        var other = new Lstm(Inputs, Hidden, new Rng(9));
        ModuleFile.Save(_lstm, folder.File("lstm.safetensors"));
        ModuleFile.Load(other, folder.File("lstm.safetensors"));
        Assert.Equal(_lstm.Parameters.ToArray(), other.Parameters.ToArray());
        Assert.Equal(4 * Hidden * (Inputs + Hidden), new Lstm(Inputs, Hidden, new Rng(1), bias: false).ParameterCount);
    }

    private Value LossOf(Value[][] sequence)
    {
        Func<Value[], Value[]> read = _lstm.Begin();
        Value sum = 0;
        for (int t = 0; t < sequence.Length; t++)
        {
            Value[] h = read(sequence[t]);
            for (int k = 0; k < h.Length; k++)
                sum += h[k] * (1 + 0.5 * t - 0.3 * k);
        }
        return sum;
    }
}
