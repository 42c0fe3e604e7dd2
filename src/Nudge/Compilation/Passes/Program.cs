// A plan with what differentiates it.

namespace Nudge;

/// <summary>A plan and its backward passes, which are written when they are asked for. It is immutable.</summary>
internal sealed class Program(Plan plan)
{
    private Differentiation? _toParameters, _toInputs;

    internal Plan Plan { get; } = plan;

    internal Differentiation ToParameters => _toParameters ?? Keep(ref _toParameters, new(Plan, toParameters: true, inputs: 0));

    internal Differentiation ToInputs => _toInputs ?? Keep(ref _toInputs, new(Plan, toParameters: false, Plan.InputCount));

    // Of two threads that ask at once, both get what the first has written.
    private static Differentiation Keep(ref Differentiation? place, Differentiation written) =>
        Interlocked.CompareExchange(ref place, written, null) ?? written;
}
