// A program without its kernels: what its statements say, done one number after the other in double.

using System.Buffers;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// Runs a program for one example, exactly as its statements read. Kernels do the same faster and in any order; for a float32
/// program there is no need to have those of double compiled, only to see that its statements are right.
/// </summary>
internal sealed class StatementSweep : IDisposable
{
    private readonly PackedRows? _packed;
    private readonly int _firstPacked, _positions;
    private readonly double[][] _spaces = new double[Enum.GetValues<Space>().Length][]; // lent by a pool, and longer than is needed
    private readonly int[] _lengths = new int[Enum.GetValues<Space>().Length];
    private readonly int _parameterCount;
    private Plan _plan;
    private int[] _indices = [];

    /// <summary>The numbers of a program.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="parameters">The numbers of the parameters.</param>
    /// <param name="steps">Of a sequence, how many steps the program has.</param>
    internal StatementSweep(Plan plan, double[] parameters, int steps = 0)
    {
        (_plan, _packed) = (plan, plan.Packed);
        _firstPacked = _packed?.Start ?? _plan.VaryingSize;
        // A packed row holds a number for each position of the only document.
        _positions = _packed is null ? 1 : Math.Max(0, steps - _packed.FirstLevel);
        Array.Fill(_spaces, []);
        _spaces[(int)Space.Parameters] = parameters;
        _parameterCount = parameters.Length;
        MakeRoom(Space.Uniform, _plan.UniformSize);
        MakeRoom(Space.Varying, OffsetOf(new Location(Space.Varying, _plan.VaryingSize)));
        _plan.Constants.CopyTo(_spaces[(int)Space.Uniform], 0);
    }

    public void Dispose()
    {
        for (int i = 0; i < _spaces.Length; i++)
        {
            if (_lengths[i] > 0)
                ArrayPool<double>.Shared.Return(_spaces[i]);
            (_spaces[i], _lengths[i]) = ([], 0);
        }
    }

    // Once for each space; its numbers are 0.
    private Span<double> MakeRoom(Space space, int length)
    {
        if (length == 0)
            return [];
        (_spaces[(int)space], _lengths[(int)space]) = (ArrayPool<double>.Shared.Rent(length), length);
        Span<double> room = _spaces[(int)space].AsSpan(0, length);
        room.Clear();
        return room;
    }

    /// <summary>The numbers of a space, but for the parameters.</summary>
    internal ReadOnlySpan<double> NumbersOf(Space space) => _spaces[(int)space].AsSpan(0, _lengths[(int)space]);

    /// <summary>Computes all results.</summary>
    internal void Forward(double[] inputs, int[] indices)
    {
        _indices = indices;
        inputs.CopyTo(_spaces[(int)Space.Varying], 0);
        Run(_plan.Uniform);
        Run(_plan.Varying);
    }

    /// <summary>Goes on with the next step of a sequence.</summary>
    internal void Continue(Plan next)
    {
        _plan = next;
        Run(_plan.Varying);
    }

    /// <summary>The results one by one: of packed ones each position's.</summary>
    internal IEnumerable<double> Results => _plan.Roots.SelectMany(root =>
        Enumerable.Range(0, IsPacked(root) ? _positions : 1).Select(position => _spaces[(int)root.Space][OffsetOf(root) + position]));

    /// <summary>Computes the gradients of the sum of all results, each of which counts so much.</summary>
    internal void Backward(Differentiation differentiation, double share)
    {
        MakeRoom(Space.ParameterGradients, _parameterCount);
        MakeRoom(Space.UniformGradients, _plan.UniformSize);
        // What is read before it is written shows.
        MakeRoom(Space.VaryingGradients, _lengths[(int)Space.Varying]).Fill(double.NaN);
        MakeRoom(Space.Temporary, differentiation.Temporaries);
        MakeRoom(Space.PackedTemporary, differentiation.PackedTemporaries * _positions);
        MakeRoom(Space.UniformTemporary, differentiation.UniformTemporaries);
        foreach (Location root in _plan.Roots)
        {
            if (root.IsVarying)
                Gradients(root).Clear();
        }
        foreach (Location root in _plan.Roots)
        {
            foreach (ref double gradient in Gradients(root))
                gradient += share;
        }
        Run(differentiation.Varying);
        Run(differentiation.Uniform);
    }

    private Span<double> Gradients(Location root) =>
        _spaces[(int)root.Gradient.Space].AsSpan(OffsetOf(root.Gradient), IsPacked(root) ? _positions : 1);

    private bool IsPacked(Location place) =>
        place.Space == Space.PackedTemporary || (place.Space is Space.Varying or Space.VaryingGradients && place.Index >= _firstPacked);

    private int OffsetOf(Location place) => !IsPacked(place) ? place.Index
        : place.Space == Space.PackedTemporary ? place.Index * _positions
        : _firstPacked + (place.Index - _firstPacked) * _positions;

    private void Run(Statement[] statements)
    {
        foreach (Statement statement in statements)
            Run(statement);
    }

    private void Run(Statement statement)
    {
        switch (statement)
        {
            case Nest nest:
                Run(nest);
                break;
            case Map map:
                Run(map);
                break;
            case Sums sums:
                Run(sums.Terms, isMaximum: false);
                break;
            case Maxima maxima:
                Run(maxima.Terms, isMaximum: true);
                break;
            case SoftmaxLists softmax:
                Run(softmax);
                break;
            case SoftmaxSlope slope:
                Run(slope);
                break;
            case Select select:
                Run(select, null);
                break;
            case Scatter scatter:
                Run(scatter.Of, scatter.Needed);
                break;
            case Regroup regroup:
                Run(regroup);
                break;
            case Spread spread:
                Run(spread, isSpread: true);
                break;
            case Collect collect:
                Run(collect.Of, isSpread: false);
                break;
            case Clear clear:
                Run(clear);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what '{statement}' means.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(Nest nest)
    {
        (int outer, int inner, int depth) = (nest.Extent.Outer, nest.Extent.Inner, nest.Extent.Depth);
        Operand y = Find(nest.Y), a = Find(nest.A), b = nest.B is { } factor ? Find(factor) : s_one, bias = nest.Bias is { } start ? Find(start) : s_zero;
        int lanes = y.Lane + a.Lane + b.Lane > 0 ? _positions : 1;
        double sign = nest.Negative ? -1 : 1;
        for (int pass = nest.Adds ? 1 : 0; pass < 2; pass++)
        {
            for (int i = 0; i < outer; i++)
            {
                for (int j = 0; j < inner; j++)
                {
                    for (int lane = 0; lane < lanes; lane++)
                    {
                        int atY = y.At(i, j, lane), atA = a.At(i, j, lane), atB = b.At(i, j, lane), atBias = bias.At(i, j, lane);
                        for (int k = 0; k < depth; k++)
                        {
                            ref double result = ref y.Numbers[atY + k * y.Depth];
                            if (pass == 0)
                                result = bias.Numbers[atBias + k * bias.Depth];
                            else
                                result += sign * a.Numbers[atA + k * a.Depth] * b.Numbers[atB + k * b.Depth];
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(Map map)
    {
        Operand y = Find(map.Y), first = Find(map.Operands[0]);
        Operand second = map.Operands.Length > 1 ? Find(map.Operands[1]) : s_zero, third = map.Operands.Length > 2 ? Find(map.Operands[2]) : s_zero;
        Operand fourth = map.Operands.Length > 3 ? Find(map.Operands[3]) : third;
        int lanes = y.Lane > 0 ? _positions : 1;
        for (int i = 0; i < map.Extent.Outer; i++)
        {
            for (int j = 0; j < map.Extent.Inner; j++)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    double f = first.Numbers[first.At(i, j, lane)], s = second.Numbers[second.At(i, j, lane)], t = third.Numbers[third.At(i, j, lane)];
                    ref double result = ref y.Numbers[y.At(i, j, lane)];
                    double number;
                    if (map.Kind == MapKind.Apply)
                    {
                        number = OperationTable.Apply(map.Operation, f, s);
                    }
                    else
                    {
                        // The operands are the gradient, a, for two inputs b, and the value.
                        (double ofFirst, double ofSecond) = OperationTable.Derivatives(map.Operation, s, t, fourth.Numbers[fourth.At(i, j, lane)]);
                        number = f * (map.Kind == MapKind.SlopeOfFirst ? ofFirst : ofSecond);
                    }
                    result = map.Adds ? result + number : number;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(Term[] terms, bool isMaximum)
    {
        foreach (ref readonly Term term in terms.AsSpan())
        {
            Operand y = Find(new Address(term.Y, term.YAdvances ? 1 : 0)), a = Find(new Address(term.A, term.AAdvances ? 1 : 0));
            Operand b = term.B is { } factor ? Find(new Address(factor, term.BAdvances ? 1 : 0)) : s_one;
            int lanes = y.Lane + a.Lane + b.Lane > 0 ? _positions : 1;
            for (int i = 0; i < term.Count; i++)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    double number = a.Numbers[a.At(0, i, lane)] * b.Numbers[b.At(0, i, lane)];
                    ref double result = ref y.Numbers[y.At(0, i, lane)];
                    bool isFirst = !term.Adds && (i == 0 || term.YAdvances) && (lane == 0 || y.Lane > 0);
                    if (isMaximum)
                        result = isFirst ? number : Math.Max(result, number);
                    else
                        result = (isFirst ? 0 : result) + term.Scale * number;
                }
            }
        }
    }

    private void Run(SoftmaxLists softmax)
    {
        Operand y = Find(new Address(softmax.Y, 1)), a = Find(new Address(softmax.A, 1));
        int lanes = y.Lane > 0 ? _positions : 1;
        for (int lane = 0; lane < lanes; lane++)
        {
            int from = 0;
            foreach (int end in softmax.Ends)
            {
                double maximum = double.NegativeInfinity, sum = 0;
                for (int i = from; i < end; i++)
                    maximum = Math.Max(maximum, a.Numbers[a.At(0, i, lane)]);
                for (int i = from; i < end; i++)
                    sum += y.Numbers[y.At(0, i, lane)] = Math.Exp(a.Numbers[a.At(0, i, lane)] - maximum);
                for (; from < end; from++)
                    y.Numbers[y.At(0, from, lane)] /= sum;
            }
        }
    }

    private void Run(SoftmaxSlope slope)
    {
        Operand s = Find(new Address(slope.S, 1)), g = Find(new Address(slope.G, 1)), y = Find(new Address(slope.Y, 1));
        int lanes = s.Lane > 0 ? _positions : 1;
        for (int lane = 0; lane < lanes; lane++)
        {
            int from = 0;
            foreach (int end in slope.Ends)
            {
                double mean = 0;
                for (int i = from; i < end; i++)
                    mean += g.Numbers[g.At(0, i, lane)] * y.Numbers[y.At(0, i, lane)];
                for (; from < end; from++)
                {
                    double number = y.Numbers[y.At(0, from, lane)] * (g.Numbers[g.At(0, from, lane)] - mean);
                    ref double result = ref s.Numbers[s.At(0, from, lane)];
                    result = slope.Adds ? result + number : number;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(Select select, bool[]? scattered)
    {
        bool isPacked = IsPacked(select.Y);
        int lanes = isPacked ? _positions : 1;
        for (int i = 0; i < select.Extent.Outer; i++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                int token = isPacked ? _packed!.IndexNumbers[select.IndexNumber + i] + lane : select.IndexNumber + i, chosen = _indices[token];
                if (scattered is not null && !scattered[chosen])
                    continue;
                Location choice = scattered is null ? select.Choices[chosen] : select.Choices[chosen].Gradient;
                Operand y = Find(new Address(scattered is null ? select.Y : select.Y.Gradient, select.Extent.Inner, 1)), from = Find(select.RowsOf(choice));
                for (int j = 0; j < select.Extent.Inner; j++)
                {
                    if (scattered is null)
                        y.Numbers[y.At(i, j, lane)] = from.Numbers[from.At(i, j, lane)];
                    else
                        from.Numbers[from.At(i, j, lane)] += y.Numbers[y.At(i, j, lane)];
                }
            }
        }
    }

    private void Run(Regroup regroup)
    {
        Operand y = Find(new Address(regroup.Y, regroup.Packs ? 0 : regroup.Rows, 1)), a = Find(new Address(regroup.A, regroup.Packs ? regroup.Rows : 0, 1));
        for (int level = 0; level < regroup.Levels; level++)
        {
            for (int row = 0; row < regroup.Rows; row++)
            {
                double number = a.Numbers[a.At(level, row, level)];
                ref double result = ref y.Numbers[y.At(level, row, level)];
                result = regroup.Adds ? result + number : number;
            }
        }
    }

    private void Run(Spread spread, bool isSpread)
    {
        Operand y = Find(new Address(isSpread ? spread.Y : spread.Y.Gradient, 1)), a = Find(new Address(isSpread ? spread.A : spread.A.Gradient, spread.Outer, spread.Stride));
        for (int level = 0; level < spread.Levels; level++)
        {
            for (int row = 0; row < spread.Rows; row++)
            {
                if (isSpread)
                    y.Numbers[y.At(0, row, level)] = a.Numbers[a.At(level, row, 0)];
                else
                    a.Numbers[a.At(level, row, 0)] += y.Numbers[y.At(0, row, level)];
            }
        }
    }

    private void Run(Clear clear) =>
        _spaces[(int)clear.Start.Space].AsSpan(OffsetOf(clear.Start), clear.Rows * (IsPacked(clear.Start) ? _positions : 1)).Clear();

    private static readonly Operand s_one = new([1], default, 0, 0), s_zero = new([0], default, 0, 0);

    private Operand Find(Address address)
    {
        bool isPacked = IsPacked(address.Start);
        return new(_spaces[(int)address.Start.Space], address, OffsetOf(address.Start), isPacked ? _positions : 0);
    }

    /// <summary>Where an operand is: in numbers, not in rows.</summary>
    private readonly struct Operand
    {
        private readonly int _start, _outer, _inner;

        internal Operand(double[] numbers, Address address, int start, int pitch)
        {
            int row = Math.Max(1, pitch);
            (Numbers, _start, _outer, _inner, Depth, Lane) = (numbers, start, address.Outer * row, address.Inner * row, address.Depth * row, pitch > 0 ? 1 : 0);
        }

        internal double[] Numbers { get; }

        internal int Depth { get; }

        /// <summary>1 for a row of positions, 0 for one number.</summary>
        internal int Lane { get; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal int At(int outer, int inner, int lane) => _start + outer * _outer + inner * _inner + lane * Lane;
    }
}
