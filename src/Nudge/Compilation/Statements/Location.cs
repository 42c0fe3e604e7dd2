// Where numbers live.

namespace Nudge;

/// <summary>A space of numbers, and for each of values one of their gradients.</summary>
internal enum Space : byte
{
    /// <summary>Nowhere yet.</summary>
    None,

    /// <summary>The parameters: the same for all examples.</summary>
    Parameters,

    /// <summary>Numbers computed from parameters and constants alone: once for all examples.</summary>
    Uniform,

    /// <summary>Numbers that differ from example to example: a row of lanes each, one lane an example.</summary>
    Varying,

    /// <summary>The gradients of the parameters.</summary>
    ParameterGradients,

    /// <summary>The gradients of the uniform numbers.</summary>
    UniformGradients,

    /// <summary>The gradients of the varying numbers.</summary>
    VaryingGradients,

    /// <summary>Rows that live from one statement to the next.</summary>
    Temporary,

    /// <summary>The same, as long as packed rows are.</summary>
    PackedTemporary,

    /// <summary>Single numbers that live from one statement to the next.</summary>
    UniformTemporary,
}

/// <summary>A number or a row in one of the spaces.</summary>
internal readonly record struct Location(Space Space, int Index)
{
    /// <summary>Whether it is a row of lanes.</summary>
    internal bool IsVarying => Space is Space.Varying or Space.VaryingGradients or Space.Temporary or Space.PackedTemporary;

    /// <summary>Whether it is a gradient.</summary>
    internal bool IsGradient => Space is Space.ParameterGradients or Space.UniformGradients or Space.VaryingGradients;

    /// <summary>Where the gradient of a value is.</summary>
    internal Location Gradient => this with
    {
        Space = Space switch
        {
            Space.Parameters => Space.ParameterGradients,
            Space.Uniform => Space.UniformGradients,
            Space.Varying => Space.VaryingGradients,
            _ => throw new InvalidOperationException($"{this} is no value."),
        },
    };

    internal Location Offset(int by) => this with { Index = Index + by };

    public override string ToString() => $"{Space}[{Index}]";
}
