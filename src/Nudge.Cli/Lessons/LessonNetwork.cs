// The lesson's network and its four examples: the same loop for 41 weights.

namespace Nudge.Cli;

internal sealed class LessonNetwork
{
    private const double Saturated = 0.99;

    private readonly Mlp _network;
    private readonly LessonSettings _settings;

    internal LessonNetwork(LessonSettings settings)
    {
        _settings = settings;
        _network = new Mlp(Data.InputCount, [4, 4, 1], new Rng(settings.Seed));
    }

    internal Dataset Data { get; } = Generate.Lesson();

    internal int ParameterCount => _network.ParameterCount;

    internal double[] Predictions => [.. Data.Inputs.Select(inputs => _network.Predict(inputs)[0])];

    /// <summary>The share of tanh neurons that are so near to ±1 that hardly any gradient passes through them.</summary>
    internal double SaturatedShare
    {
        get
        {
            var outputs = new List<double>();
            foreach (double[] inputs in Data.Inputs)
            {
                Value[] signal = [.. inputs.Select(x => new Value(x))];
                foreach (Layer layer in _network.Layers)
                {
                    signal = layer.Forward(signal);
                    outputs.AddRange(signal.Select(output => output.Data));
                }
            }
            return outputs.Average(output => Math.Abs(output) > Saturated ? 1.0 : 0.0);
        }
    }

    /// <summary>Makes steps and returns the loss before each.</summary>
    internal double[] Run(int steps)
    {
        var losses = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            Value loss = Forward();
            if (_settings.Zero)
                _network.ZeroGradients();
            loss.Backward();
            foreach (Value parameter in _network.Parameters)
                parameter.Data += _settings.Step * parameter.Grad;
            losses[step] = loss.Data;
        }
        return losses;
    }

    private Value Forward()
    {
        var losses = new Value[Data.Count];
        for (int i = 0; i < losses.Length; i++)
            losses[i] = Loss.SumOfSquares(_network.Forward(Data.Inputs[i]), [Data.Targets[i][0]]);
        return Value.Sum(losses);
    }
}
