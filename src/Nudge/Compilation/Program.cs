// A plan with what differentiates it.

namespace Nudge;

/// <summary>A plan and its backward passes, which are written when they are asked for. It is immutable.</summary>
internal sealed class Program
{
    private readonly Lazy<Differentiation> _toParameters, _toInputs;

    internal Program(Plan plan)
    {
        Plan = plan;
        _toParameters = new(() => new Differentiation(plan, toParameters: true, inputs: 0));
        _toInputs = new(() => new Differentiation(plan, toParameters: false, plan.InputCount));
    }

    internal Plan Plan { get; }

    internal Differentiation ToParameters => _toParameters.Value;

    internal Differentiation ToInputs => _toInputs.Value;
}
