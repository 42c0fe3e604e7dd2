// The modules that language models are made of, against PyTorch and against central differences.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Nn;

public class LanguageModuleReferenceTests
{
    private const int Width = 4, Positions = 3;

    public static TheoryData<string> Modules => ["Softmax", "Gelu", "RmsNorm", "LayerNorm", "Layer", "CausalSelfAttention"];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Modules_agree_with_PyTorch(string name)
    {
        Case[] cases = [.. ReferenceData.Load<Case>("language-modules").Where(reference => reference.Module == name)];
        Assert.NotEmpty(cases);
        foreach (Case reference in cases)
        {
            (Func<Value[], Value[]> forward, Value[] parameters) = Build(reference);
            Value[] inputs = Leaves(ReferenceData.Pattern(Positions * Width, 500));
            Value[] result = Run(forward, inputs);
            double[] gradients = Weighted(result).Gradients([.. parameters, .. inputs]);

            Assert.InRange(ReferenceData.WorstError(reference.Result, [.. result.Select(value => value.Data)]), 0, 1e-13);
            Assert.InRange(ReferenceData.WorstError(reference.ParameterGradients, gradients[..parameters.Length]), 0, 1e-12);
            Assert.InRange(ReferenceData.WorstError(reference.InputGradients, gradients[parameters.Length..]), 0, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void Modules_have_the_gradients_that_nudging_measures(string name)
    {
        foreach (Case reference in ReferenceData.Load<Case>("language-modules").Where(reference => reference.Module == name))
        {
            (Func<Value[], Value[]> forward, Value[] parameters) = Build(reference);
            Value[] inputs = Leaves(ReferenceData.Pattern(Positions * Width, 500));
            GradientReport report = GradientCheck.Check(() => Weighted(Run(forward, inputs)), [.. parameters, .. inputs]);
            Assert.True(report.Passed, report.ToString());
        }
    }

    private static Value[] Leaves(double[] numbers) => Array.ConvertAll(numbers, number => new Value(number));

    /// <summary>A module's results at each position after the other.</summary>
    private static Value[] Run(Func<Value[], Value[]> forward, Value[] inputs) =>
        [.. inputs.Chunk(Width).Select(forward).ToArray().SelectMany(outputs => outputs)];

    private static Value Weighted(Value[] result)
    {
        double[] seeds = ReferenceData.Pattern(result.Length, 800);
        return Value.Sum([.. result.Select((value, i) => value * seeds[i])]);
    }

    private static (Func<Value[], Value[]> Forward, Value[] Parameters) Build(Case reference)
    {
        var rng = new Rng(1);
        switch (reference.Module)
        {
            case "Softmax":
                return (x => Softmax.Of(x), []);
            case "Gelu":
                return (x => Array.ConvertAll(x, value => Activation.Gelu.Apply(value * 5)), []);
            case "CausalSelfAttention":
                var attention = new CausalSelfAttention(Width, reference.Heads, rng, reference.Flag);
                // Each run is a sequence of its own.
                Func<Value[], Value[]> attend = attention.Begin();
                int position = 0;
                return (
                    x =>
                    {
                        if (position++ % Positions == 0)
                            attend = attention.Begin();
                        return attend(x);
                    },
                    Loaded(attention));
            default:
                Network network = reference.Module switch
                {
                    "RmsNorm" => new RmsNorm(Width, reference.Flag),
                    "LayerNorm" => new LayerNorm(Width, reference.Flag),
                    _ => new Layer(Width, 3, rng, Activation.Linear, bias: reference.Flag),
                };
                return (x => network.Forward(x), Loaded(network));
        }
    }

    private static Value[] Loaded(Module module)
    {
        module.Parameters.Load(ReferenceData.Pattern(module.Parameters.Count));
        return [.. module.Parameters];
    }

    private sealed record Case(
        string Module, int Heads, bool Flag, double[] Result, double[] ParameterGradients, double[] InputGradients);
}
