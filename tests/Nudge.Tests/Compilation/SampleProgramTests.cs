// Programs of many kinds are compiled and nothing more: what notices a mistake here is the self-check alone.

namespace Nudge.Tests.Compilation;

public class SampleProgramTests
{
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Networks_compile(Precision precision)
    {
        foreach (Activation activation in new[] { Activation.Tanh, Activation.Relu, Activation.Sigmoid })
        {
            var network = new Mlp(5, [7, 6, 3], new Rng(1), activation, Activation.Linear);
            CompiledLoss.Compile(network.Parameters, 5, 1, (x, k) => Loss.CrossEntropy(network.Forward(x), k[0]) + Loss.L2Penalty(network.Parameters, 0.01), precision);
            CompiledLoss.Compile(network.Parameters, 8, x => Value.Mean([.. network.Forward(x.AsSpan(0, 5)).Select((y, i) => (y - x[5 + i]).Pow(2))]), precision);
            CompiledFunction.Compile(network.Parameters, 5, x => network.Forward(x), precision);
            CompiledFunction.Compile(network.Parameters, 5, x => [network.Forward(x)[0]], precision);
        }
    }

    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Language_models_compile(Precision precision)
    {
        LanguageModel[] models =
        [
            new Bigram(7, 5),
            new CharacterMlp(7, 5, new Rng(1), window: 2, embedding: 3, hidden: 9),
            new ElmanRnn(7, 5, new Rng(1), embedding: 3, hidden: 9),
            new Gru(7, 5, new Rng(1), embedding: 3, hidden: 9),
            new Gpt(7, 5, new Rng(1), new GptOptions { Layers = 2, Width = 6, Heads = 2, Norm = Norm.Layer, Biases = true }),
        ];
        foreach (LanguageModel model in models)
        {
            CompiledSequenceLoss.Compile(model, precision: precision);
            CompiledLanguageModel.Compile(model, precision);
        }
    }

    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Formulas_compile(Precision precision)
    {
        ParameterList p = [0.6, -0.4, 0.3, 0.8];
        CompiledFunction.Compile(2, x => (x[0] / 3 - x[1]).Sin() * (x[0] * x[1] + 1).Log() - (-x[0]).Exp(), precision);
        CompiledFunction.Compile(2, x => x[0].Max(x[1]).Sqrt() + x[0].Pow(3) - x[1].Pow(1.5) + (x[0] - 0.25) * 0.5, precision);
        CompiledLoss.Compile(p, 3, x => Value.Max([.. x.Select((number, i) => number * p[i])]) - Value.Min([.. x]).Detach() * p[3], precision);
        CompiledLoss.Compile(p, 1, x =>
        {
            Value place = x[0], speed = 0;
            for (int step = 0; step < 20; step++)
            {
                speed -= (p[0] * place - p[1] * speed) * 0.1;
                place += speed * 0.1 + p[2];
            }
            return place * place - speed / 7;
        }, precision);
    }
}
