// The parameters of a module as tensors: what they are called in a file, and their shapes.

namespace Nudge;

/// <summary>Parameters that are one tensor of a file.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Shape">How many there are along each dimension; none for a single number.</param>
/// <param name="Parameters">The parameters, row by row: the last dimension is the fastest.</param>
public sealed record ModuleTensor(string Name, IReadOnlyList<int> Shape, IReadOnlyList<Value> Parameters)
{
    internal double[] Numbers => [.. Parameters.Select(parameter => parameter.Data)];

    /// <summary>The tensors of a module, of which each parameter must be in one.</summary>
    /// <exception cref="InvalidOperationException">The module's own form leaves parameters out, has some twice, or shapes that do not fit.</exception>
    internal static ModuleTensor[] Of(Module module)
    {
        // Only a module that has its parameters in place may be read, and asking for them puts them there.
        ParameterList parameters = module.Parameters;
        ModuleTensor[] tensors = [.. module.Tensors];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<Value>();
        foreach (ModuleTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw Wrong($"the name '{tensor.Name}' twice");
            if (tensor.Shape.Aggregate(1L, (product, count) => product * count) != tensor.Parameters.Count)
                throw Wrong($"{tensor.Parameters.Count} numbers in '{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}]");
            foreach (Value parameter in tensor.Parameters)
            {
                if (parameters.PlaceOf(parameter) < 0)
                    throw Wrong($"a number in '{tensor.Name}' that is no parameter");
                if (!seen.Add(parameter))
                    throw Wrong($"a parameter twice, the second time in '{tensor.Name}'");
            }
        }
        return seen.Count == parameters.Count ? tensors : throw Wrong($"{seen.Count} of {parameters.Count} parameters");

        InvalidOperationException Wrong(string problem) => new($"The tensors of {module.GetType().Name} have {problem}; expected each parameter once, by names that differ and shapes that fit.");
    }
}
