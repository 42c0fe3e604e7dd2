// What a model file names that does not come with Nudge.

namespace Nudge;

/// <summary>Parts of your own that a model file has by name, given when it is read. Default: none.</summary>
public sealed record ModelParts
{
    internal static ModelParts None { get; } = new();

    /// <summary>Objectives of your own, found by <see cref="Objective.Name"/>.</summary>
    public IReadOnlyList<Objective> Objectives { get; init; } = [];

    /// <summary>Activations of your own, found by <see cref="Activation.Name"/>.</summary>
    public IReadOnlyList<Activation> Activations { get; init; } = [];

    /// <summary>
    /// Networks of your own: by the name of the type, what makes one from its <see cref="Network.Architecture"/>. Its numbers are then
    /// those of the file. The text may come from anywhere; an <see cref="ArgumentException"/> or a <see cref="FormatException"/> says
    /// that it is not right.
    /// </summary>
    public IReadOnlyDictionary<string, Func<string, Network>> Networks { get; init; } = new Dictionary<string, Func<string, Network>>();
}
