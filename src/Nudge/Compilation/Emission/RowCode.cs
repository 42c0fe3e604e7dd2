// Straight-line code over rows: what a piece of a program does in one vector of lanes.

using System.Reflection;

namespace Nudge;

/// <summary>What a step of straight-line code does.</summary>
internal enum RowStepKind : byte
{
    /// <summary>Reads a row.</summary>
    Load,

    /// <summary>Reads a number that is the same for all lanes.</summary>
    Spread,

    /// <summary>A constant.</summary>
    Constant,

    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b.</summary>
    Multiply,

    /// <summary>−a.</summary>
    Negate,

    /// <summary>a · b + c, rounded once.</summary>
    MultiplyAdd,

    /// <summary>A method of <see cref="RowSteps{V, T, TRaw}"/>.</summary>
    Call,

    /// <summary>Writes a row.</summary>
    Store,

    /// <summary>Adds a row to the parts of a sum over lanes.</summary>
    Sum,

    /// <summary>Adds a · b to them.</summary>
    SumOfProducts,
}

/// <summary>A step. Operands are the numbers of earlier steps; −1 where there is none.</summary>
internal readonly record struct RowStep(
    RowStepKind Kind, Location Place = default, double Number = 0, MethodInfo? Method = null, int A = -1, int B = -1, int C = -1, int D = -1);

/// <summary>A sum over all lanes, in sixteen parts: y += scale · factor · Σ.</summary>
/// <param name="Y">Where it goes.</param>
/// <param name="Factor">What all is multiplied with.</param>
/// <param name="Scale">And this.</param>
/// <param name="IsOfAllRows">Whether it goes over all rows.</param>
/// <param name="IsSet">Whether y is set, and not added to.</param>
internal readonly record struct LaneSum(Location Y, Location? Factor, double Scale, bool IsOfAllRows, bool IsSet)
{
    /// <summary>Whether it is added as it is.</summary>
    internal bool IsPlain => this is { Factor: null, Scale: 1, IsSet: false };
}

/// <summary>Writes steps. What has been read, computed or written in the same code is not read or computed again.</summary>
internal sealed class RowCode
{
    private readonly Dictionary<RowStep, int> _known = [];
    private readonly Dictionary<Location, int> _rows = [];
    private readonly Dictionary<Location, int> _stores = [];

    internal List<RowStep> Steps { get; } = [];

    internal List<LaneSum> Sums { get; } = [];

    /// <summary>What has been written.</summary>
    internal IReadOnlyDictionary<Location, int> Stores => _stores;

    internal int Constant(double number) => Step(new(RowStepKind.Constant, Number: number));

    internal int Spread(Location number) => Step(new(RowStepKind.Spread, number));

    internal int Add(int a, int b) => Step(new(RowStepKind.Add, A: a, B: b));

    internal int Subtract(int a, int b) => Step(new(RowStepKind.Subtract, A: a, B: b));

    internal int Multiply(int a, int b) => Step(new(RowStepKind.Multiply, A: a, B: b));

    internal int Negate(int a) => Step(new(RowStepKind.Negate, A: a));

    internal int MultiplyAdd(int a, int b, int c) => Step(new(RowStepKind.MultiplyAdd, A: a, B: b, C: c));

    internal int Call(MethodInfo method, int a, int b = -1, int c = -1, int d = -1) => Step(new(RowStepKind.Call, Method: method, A: a, B: b, C: c, D: d));

    /// <summary>A row as it is now.</summary>
    internal int Read(Location row)
    {
        if (!_rows.TryGetValue(row, out int value))
            _rows.Add(row, value = Step(new(RowStepKind.Load, row)));
        return value;
    }

    /// <summary>Gives a row another value. Only the last one is stored.</summary>
    internal void Write(Location row, int value)
    {
        if (_stores.TryGetValue(row, out int earlier))
            Steps[earlier] = default(RowStep) with { Kind = RowStepKind.Constant };
        _rows[row] = value;
        _stores[row] = Steps.Count;
        Steps.Add(new(RowStepKind.Store, row, A: value));
    }

    /// <summary>Adds a row, or the product of two, to a sum of its own over all lanes.</summary>
    internal void Sum(LaneSum sum, int a, int b = -1)
    {
        Steps.Add(new(b >= 0 ? RowStepKind.SumOfProducts : RowStepKind.Sum, Number: Sums.Count, A: a, B: b));
        Sums.Add(sum);
    }

    /// <summary>Of each step, whether anything needs it, if rows that nobody else reads are not stored.</summary>
    internal bool[] Needed(Func<Location, bool> isReadLater)
    {
        var needed = new bool[Steps.Count];
        for (int i = Steps.Count - 1; i >= 0; i--)
        {
            RowStep step = Steps[i];
            needed[i] |= step.Kind is RowStepKind.Sum or RowStepKind.SumOfProducts || (step.Kind == RowStepKind.Store && isReadLater(step.Place));
            if (!needed[i])
                continue;
            foreach (int operand in (ReadOnlySpan<int>)[step.A, step.B, step.C, step.D])
            {
                if (operand >= 0)
                    needed[operand] = true;
            }
        }
        return needed;
    }

    private int Step(RowStep step)
    {
        if (!_known.TryGetValue(step, out int at))
        {
            _known.Add(step, at = Steps.Count);
            Steps.Add(step);
        }
        return at;
    }
}
