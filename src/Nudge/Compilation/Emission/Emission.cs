// A program with emitted code in it.

using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Nudge;

/// <summary>
/// Puts pieces of emitted code in the place of statements that follow each other and do little each, for one number of lanes. What stays
/// between the statements of a piece is not stored. The numbers are the same.
/// </summary>
/// <param name="program">The program.</param>
/// <param name="backward">Its backward pass; null if there will be none.</param>
/// <param name="linker">Finds the kernels of statements.</param>
/// <param name="lanes">For how many lanes.</param>
internal sealed class Emission<V, T>(Program program, Differentiation? backward, Linker<V, T> linker, int lanes)
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Plan _plan = program.Plan;
    private readonly Pieces<V, T> _once = new(linker, 1, 0), _ofLanes = new(linker, lanes, program.Plan.InputCount);

    /// <summary>How many steps the pieces would have.</summary>
    internal int Steps => _once.StepsIn(_plan.Uniform) + _ofLanes.StepsIn(_plan.Varying)
        + (backward is null ? 0 : _ofLanes.StepsIn(backward.Varying) + _once.StepsIn(backward.Uniform));

    /// <summary>The same program with pieces in it.</summary>
    [RequiresDynamicCode("Emits methods.")]
    internal Program Emit()
    {
        HashSet<Location> roots = [.. _plan.Roots], readBackward = [.. PlacesOf(backward?.Varying), .. PlacesOf(backward?.Uniform)], readByLanes = [.. PlacesOf(_plan.Varying)];
        return program.With(
            _once.Cut(_plan.Uniform, place => roots.Contains(place) || readByLanes.Contains(place) || readBackward.Contains(place)),
            _ofLanes.Cut(_plan.Varying, place => roots.Contains(place) || readBackward.Contains(place)),
            backward?.With(
                _ofLanes.Cut(backward.Varying, place => !place.IsVarying || (place.Space == Space.VaryingGradients && place.Index < _plan.InputCount)),
                _once.Cut(backward.Uniform, place => place.Space == Space.ParameterGradients)));
    }

    private static IEnumerable<Location> PlacesOf(Statement[]? statements) => statements?.SelectMany(statement => statement.Places) ?? [];
}
