// Neurons, layers and networks with given weights against PyTorch: outputs, and the gradients of parameters and inputs.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Nn;

public class ModuleReferenceTests
{
    [Theory]
    [InlineData("Neuron")]
    [InlineData("Layer")]
    [InlineData("Mlp")]
    public void Modules_agree_with_PyTorch(string kind)
    {
        Case[] cases = [.. ReferenceData.Load<Case>("modules").Where(reference => reference.Module == kind)];
        Assert.NotEmpty(cases);
        foreach (Case reference in cases)
        {
            Value[] inputs = Array.ConvertAll(reference.Inputs, number => new Value(number));
            (Value[] outputs, ParameterList parameters) = Build(reference, inputs);
            string what = $"{kind} {reference.InputCount}-{string.Join('-', reference.Outputs)}, {reference.Activation}, {reference.OutputActivation}";
            ReferenceData.AssertClose(reference.Result, Array.ConvertAll(outputs, output => output.Data), $"outputs of {what}");

            // Seeds give each output a share of its own, so that no gradient can hide behind another.
            Value sum = Value.Sum([.. outputs.Zip(reference.Seeds, (output, seed) => output * seed)]);
            ReferenceData.AssertClose(reference.ParameterGradients, sum.Gradients(parameters), $"parameter gradients of {what}");
            ReferenceData.AssertClose(reference.InputGradients, sum.Gradients(inputs), $"input gradients of {what}");
        }
    }

    private static (Value[] Outputs, ParameterList Parameters) Build(Case reference, Value[] inputs)
    {
        Activation activation = Named(reference.Activation), last = Named(reference.OutputActivation);
        var rng = new Rng(1);
        switch (reference.Module)
        {
            case "Neuron":
                var neuron = new Neuron(reference.InputCount, rng, activation);
                neuron.Parameters.Load(reference.Parameters);
                return ([neuron.Forward(inputs)], neuron.Parameters);
            case "Layer":
                var layer = new Layer(reference.InputCount, reference.Outputs[0], rng, activation);
                layer.Parameters.Load(reference.Parameters);
                return (layer.Forward(inputs), layer.Parameters);
            default:
                var network = new Mlp(reference.InputCount, reference.Outputs, rng, activation, last);
                network.Parameters.Load(reference.Parameters);
                return (network.Forward(inputs), network.Parameters);
        }
    }

    private static Activation Named(string name) => Activation.All.Single(activation => activation.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private sealed record Case(
        string Module,
        int InputCount,
        int[] Outputs,
        string Activation,
        string OutputActivation,
        double[] Parameters,
        double[] Inputs,
        double[] Seeds,
        double[] Result,
        double[] ParameterGradients,
        double[] InputGradients);
}
