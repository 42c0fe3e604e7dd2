// Everything that a plan is run as: whole, its first steps, each step alone.

namespace Nudge;

/// <summary>
/// The programs of a plan, each written when it is first asked for. Engines of every precision run the same ones, and so
/// does the check of a plan before it is given out. Threads may ask at once.
/// </summary>
internal sealed class PlannedPrograms
{
    private readonly Program?[] _forLength, _forLengthPacked, _forStep;
    private readonly Lazy<Plan> _packed;

    /// <summary>The programs of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rootsInStep">Of a sequence, how many results each of its steps gives; 0 where there are no steps.</param>
    internal PlannedPrograms(Plan plan, int rootsInStep)
    {
        Plan = plan;
        RootsInStep = rootsInStep;
        Whole = new Program(plan);
        int steps = rootsInStep > 0 ? plan.Roots.Length / rootsInStep : 0;
        _forLength = new Program?[steps + 1];
        _forLengthPacked = new Program?[steps + 1];
        _forStep = new Program?[steps];
        _packed = new(() => rootsInStep == 1 ? Packing.Of(plan) ?? plan : plan);
    }

    /// <summary>What they are made from.</summary>
    internal Plan Plan { get; }

    /// <summary>Of a sequence, how many results each of its steps gives; 0 where there are no steps.</summary>
    internal int RootsInStep { get; }

    /// <summary>All of the plan.</summary>
    internal Program Whole { get; }

    /// <summary>The plan for so many lanes: of documents side by side it may have packed rows.</summary>
    internal Plan PlanFor(int lanes) => lanes == 1 ? Plan : _packed.Value;

    /// <summary>The first steps of a sequence, for so many lanes.</summary>
    internal Program ForLength(int steps, int lanes)
    {
        Program?[] programs = lanes == 1 ? _forLength : _forLengthPacked;
        return programs[steps] ??= new Program(PlanFor(lanes).ForSteps(0, steps, RootsInStep));
    }

    /// <summary>One step of a sequence, when those before it have been computed.</summary>
    internal Program ForStep(int step) => _forStep[step] ??= new Program(Plan.ForSteps(step, step + 1, RootsInStep));
}
