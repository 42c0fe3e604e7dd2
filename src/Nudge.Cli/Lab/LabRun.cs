// Runs a loop of the lab in the engine, beat by beat, and records it.

namespace Nudge.Cli;

internal static class LabRun
{
    internal const double Start = 1, Input = 2, Target = 6;

    /// <summary>The four beats as C#.</summary>
    internal static IReadOnlyList<string> Beats(LabSettings settings, bool isNetwork)
    {
        string rate = Text.Number(settings.LearningRate), zero = settings.Zeroes ? "" : "// ";
        return isNetwork
            ?
            [
                "Value loss = Loss.SumOfSquares([.. inputs.Select(x => net.Forward(x)[0])], targets);",
                $"{zero}net.ZeroGradients();",
                "loss.Backward();",
                $"foreach (Value p in net.Parameters) p.Data {settings.Sign}= {rate} * p.Grad;",
            ]
            :
            [
                "Value loss = (w * x - y).Pow(2);",
                $"{zero}w.Grad = 0;",
                "loss.Backward();",
                $"w.Data {settings.Sign}= {rate} * w.Grad;",
            ];
    }

    /// <summary>Records a loop.</summary>
    /// <param name="title">What the recording is called.</param>
    /// <param name="settings">How the loop goes.</param>
    /// <param name="isNetwork">Whether it is the lesson's network, and not one weight.</param>
    /// <param name="steps">How many steps it makes.</param>
    /// <param name="seed">Which network.</param>
    /// <param name="options">How much is kept.</param>
    internal static byte[] Record(string title, LabSettings settings, bool isNetwork, int steps, ulong seed, RecorderOptions? options = null)
    {
        var info = new RunInfo
        {
            Title = title,
            Objective = "sum-of-squares",
            SumsOverBatch = true,
            Optimizer = "sgd",
            LearningRate = settings.LearningRate,
            Seed = Text.Digits(seed),
            Steps = steps,
            Code = Beats(settings, isNetwork),
            Program = ProgramOf(settings, isNetwork, steps, seed),
        };
        using var stream = new MemoryStream();
        if (isNetwork)
            RunNetwork(info, settings, steps, seed, stream, options);
        else
            RunWeight(info, settings, steps, stream, options);
        return stream.ToArray();
    }

    private static void RunWeight(RunInfo info, LabSettings settings, int steps, Stream stream, RecorderOptions? options)
    {
        Value w = Start, x = new Value(Input).Named("x"), y = new Value(Target).Named("y");
        ParameterList parameters = [w.Named("w")];
        Loop(parameters, () => (w * x - y).Pow(2), settings, steps, new RunRecorder(stream, info, parameters, options), []);
    }

    private static void RunNetwork(RunInfo info, LabSettings settings, int steps, ulong seed, Stream stream, RecorderOptions? options)
    {
        Dataset data = Generate.Lesson();
        var net = new Mlp(data.InputCount, [4, 4, 1], new Rng(seed));
        foreach (Value parameter in net.Parameters)
            parameter.Data *= settings.Scale;
        info = info with
        {
            Layers = [.. net.Layers.Select(RunDescription.LayerOf)],
            Data = new RunData(data.InputNames, data.TargetName, null, data.Inputs, data.Targets),
            Baselines = [new RunBaseline(4, "always the mean")],
        };
        Loop(net.Parameters, Forward, settings, steps, new RunRecorder(stream, info, net.Parameters, options), [.. Enumerable.Range(0, data.Count)]);

        Value Forward() => Loss.SumOfSquares(
            [.. data.Inputs.Select(inputs => net.Forward(inputs)[0])], [.. data.Targets.Select(target => new Value(target[0]))]);
    }

    private static void Loop(ParameterList parameters, Func<Value> forward, LabSettings settings, int steps, RunRecorder recorder, int[] batch)
    {
        for (int step = 0; step < steps; step++)
        {
            Value loss = forward();
            if (settings.Zeroes)
                parameters.ZeroGradients();
            loss.Backward();
            recorder.Backward(loss, batch);
            if (!double.IsFinite(loss.Data))
            {
                recorder.End("diverged");
                return;
            }
            foreach (Value parameter in parameters)
                parameter.Data += settings.Step * parameter.Grad;
            recorder.Updated(settings.LearningRate, epoch: step, mistakes: settings.Mistakes);
        }
        recorder.End("finished");
    }

    private static string ProgramOf(LabSettings settings, bool isNetwork, int steps, ulong seed)
    {
        IReadOnlyList<string> beats = Beats(settings, isNetwork);
        string start = isNetwork
            ? $"""
              double[][] inputs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];
              Value[] targets = [1, -1, -1, 1];
              var net = new Mlp(3, [4, 4, 1], new Rng({Text.Digits(seed)}));
              foreach (Value p in net.Parameters) p.Data *= {Text.Number(settings.Scale)};
              """
            : "Value w = 1;\ndouble x = 2, y = 6;";
        string text = $$"""
            using Nudge;

            {{start}}
            for (int step = 1; step <= {{steps}}; step++)
            {
                {{string.Join("\n    ", beats)}}
                Console.WriteLine($"step {step}  loss {loss.Data:G6}");
            }

            """;
        return text.ReplaceLineEndings("\n");
    }
}
