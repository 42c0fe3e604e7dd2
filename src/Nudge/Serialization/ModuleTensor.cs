// The parameters of a module as tensors: what they are called in a file, and their shapes.

namespace Nudge;

/// <summary>Parameters that are one tensor of a file, row by row.</summary>
internal sealed record ModuleTensor(string Name, int[] Shape, Value[] Parameters)
{
    internal double[] Numbers => Array.ConvertAll(Parameters, parameter => parameter.Data);

    /// <summary>
    /// The tensors of a module: of each layer <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs], of each table
    /// <c>weight</c> [rows, width], as PyTorch has them, and of anything else a list.
    /// </summary>
    internal static IEnumerable<ModuleTensor> Of(Module module, string prefix = "")
    {
        // Only a module that has its parameters in place may be read, and asking for them puts them there.
        _ = module.Parameters;
        switch (module)
        {
            case Layer layer:
                yield return new($"{prefix}weight", [layer.OutputCount, layer.InputCount], [.. layer.Neurons.SelectMany(neuron => neuron.Weights)]);
                if (layer.HasBias)
                    yield return new($"{prefix}bias", [layer.OutputCount], [.. layer.Neurons.Select(neuron => neuron.Bias)]);
                break;
            case Embedding table:
                yield return new($"{prefix}weight", [table.RowCount, table.Width], [.. table.Parameters]);
                break;
            default:
                foreach (ModuleTensor tensor in module.Declared.SelectMany(declared => OfContent(declared.Content, prefix + declared.Name)))
                    yield return tensor;
                break;
        }
    }

    private static IEnumerable<ModuleTensor> OfContent(object content, string name) => content switch
    {
        Module module => Of(module, name + "."),
        Value value => [new(name, [], [value])],
        Value[] { Length: > 0 } values => [new(name, [values.Length], values)],
        _ => [],
    };
}
