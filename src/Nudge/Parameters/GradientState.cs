// What a gradient stands for at this moment: the key to "not computed yet" and to stale gradients.

namespace Nudge;

internal enum GradientState : byte
{
    /// <summary>No backward pass has reached it and nobody has set it.</summary>
    NotComputed,

    /// <summary>Set to zero and ready to accumulate into.</summary>
    Zero,

    /// <summary>Belongs to the data as it is now.</summary>
    Current,

    /// <summary>Computed, and then the data changed: adding to it mixes gradients of two different points.</summary>
    Stale,
}
