// How exactly a compiled program computes.

namespace Nudge;

/// <summary>The numbers that a compiled program computes with.</summary>
public enum Precision
{
    /// <summary>float32: twice as many numbers in a vector, about seven digits.</summary>
    Single,

    /// <summary>float64: the numbers of <see cref="Value"/> itself.</summary>
    Double,
}
