// The finished plan of a program: immutable, shared by all runs.

namespace Nudge;

/// <summary>What a compiled program does, without the numbers it does it with.</summary>
/// <param name="Uniform">The instructions that run once for all examples.</param>
/// <param name="Varying">The instructions that run for every lane.</param>
/// <param name="Constants">The first numbers of the uniform space.</param>
/// <param name="UniformSize">How many numbers the uniform space holds.</param>
/// <param name="VaryingSize">How many rows the varying space holds.</param>
/// <param name="IndexCount">How many index inputs it has.</param>
/// <param name="Root">Where the result is.</param>
internal sealed record Plan(
    Instruction[] Uniform, Instruction[] Varying, double[] Constants, int UniformSize, int VaryingSize, int IndexCount, Place Root);
