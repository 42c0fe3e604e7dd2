// The finished plan of a program: immutable, shared by all runs.

namespace Nudge;

/// <summary>What a compiled program does, without the numbers it does it with.</summary>
/// <param name="Uniform">The instructions that run once for all examples.</param>
/// <param name="Varying">The instructions that run for every lane.</param>
/// <param name="Constants">The first numbers of the uniform space.</param>
/// <param name="UniformSize">How many numbers the uniform space holds.</param>
/// <param name="VaryingSize">How many rows the varying space holds.</param>
/// <param name="InputCount">How many inputs it has: the first rows of the varying space.</param>
/// <param name="IndexBounds">For each index input, how many choices it chooses from.</param>
/// <param name="Roots">Where the results are.</param>
internal sealed record Plan(
    Instruction[] Uniform,
    Instruction[] Varying,
    double[] Constants,
    int UniformSize,
    int VaryingSize,
    int InputCount,
    int[] IndexBounds,
    Place[] Roots);
