// Which module a value belongs to: found from the names of parameters, so that nothing has to be noted while computing.

namespace Nudge.Drawing;

/// <summary>A module within its network: the names of all that it lies in, from the network itself inwards.</summary>
/// <param name="Network">The parameters of the network.</param>
/// <param name="Name">The name of the module within the network; empty for the network itself.</param>
internal sealed record ModulePath(ParameterBlock Network, string Name)
{
    /// <summary>The names from the network, which is empty, to the module itself: "", "layers.0", "layers.0.neurons.2".</summary>
    internal IReadOnlyList<string> Levels
    {
        get
        {
            List<string> levels = [""];
            string[] parts = Name.Length == 0 ? [] : Name.Split('.');
            for (int i = 0; i < parts.Length; i++)
            {
                // A name and the number after it are one module of a list.
                if (i + 1 < parts.Length && int.TryParse(parts[i + 1], out _))
                    continue;
                levels.Add(string.Join('.', parts[..(i + 1)]));
            }
            return levels;
        }
    }

    /// <summary>The module that owns a parameter; null for any other value.</summary>
    internal static ModulePath? OfParameter(Value value)
    {
        if (value.Operation != Operation.Parameter || value.Block.NameOf(value.IndexInBlock) is not { } name)
            return null;
        int end = name.LastIndexOf('.');
        return new ModulePath(value.Block, end < 0 ? "" : name[..end]);
    }

    /// <summary>
    /// For each value of a graph the module that computes it: what takes one of its parameters, the sums of such, and
    /// the activation of a sum. Losses and inputs belong to none.
    /// </summary>
    internal static ModulePath?[] OfValues(ValueGraph graph)
    {
        Value[] values = graph.Values;
        var owners = new ModulePath?[values.Length];
        var takesParameter = new bool[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Value value = values[i];
            int[] inputs = [.. value.Inputs.Select(graph.IndexOf)];
            if (inputs.Length == 0)
            {
                owners[i] = OfParameter(value);
                continue;
            }
            int parameter = Array.FindIndex(inputs, input => values[input].IsLeaf && owners[input] is not null);
            takesParameter[i] = parameter >= 0;
            ModulePath? first = owners[inputs[0]];
            if (parameter >= 0)
                owners[i] = owners[inputs[parameter]];
            else if (value.Operation == Operation.Add)
                owners[i] = first == owners[inputs[1]] && (takesParameter[inputs[0]] || takesParameter[inputs[1]]) ? first : null;
            else if (value.Operation is Operation.Tanh or Operation.Relu or Operation.Sigmoid && values[inputs[0]].Operation == Operation.Add)
                owners[i] = first;
        }
        return owners;
    }
}
