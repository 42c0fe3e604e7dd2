// From alike nodes to instructions: where each number lives, which sums are matrix products, what runs side by side.

namespace Nudge;

/// <summary>Lays a tape out in memory and writes the instructions that compute it.</summary>
internal sealed class Planner
{
    private readonly Tape _tape;
    private readonly Flattening _sums;
    private readonly Place[] _places;
    private readonly bool[] _placed;
    private readonly List<Instruction> _uniform = [], _varying = [];
    private readonly List<double> _constants = [];
    private readonly int[] _indexBounds;
    private int _uniformSize, _varyingSize;

    private Planner(Tape tape, int inputCount, int indexCount)
    {
        _indexBounds = new int[indexCount];
        _indexBounds.AsSpan().Fill(int.MaxValue);
        _tape = tape;
        _sums = new Flattening(tape);
        _places = new Place[tape.Count];
        _placed = new bool[tape.Count];
        _varyingSize = inputCount;
    }

    /// <summary>Plans a tape whose last node is the result.</summary>
    internal static Plan Plan(Tape tape, int inputCount, int indexCount)
    {
        var planner = new Planner(tape, inputCount, indexCount);
        planner.PlaceLeaves();
        foreach (List<int> members in new StructuralClasses(tape, planner._sums).Members)
            planner.PlanClass(members);
        return new Plan(
            [.. planner._uniform],
            [.. planner._varying],
            [.. planner._constants],
            planner._uniformSize,
            planner._varyingSize,
            inputCount,
            planner._indexBounds,
            [planner._places[tape.Count - 1]]);
    }

    private void PlaceLeaves()
    {
        for (int i = 0; i < _tape.Count; i++)
        {
            switch (_tape.Operations[i])
            {
                case Operation.Parameter:
                    Put(i, new Place(Space.Parameters, _tape.First[i]));
                    break;
                case Operation.Leaf:
                    Put(i, new Place(Space.Varying, _tape.First[i]));
                    break;
                case Operation.Constant:
                    Put(i, new Place(Space.Uniform, _constants.Count));
                    _constants.Add(_tape.Numbers[i]);
                    break;
            }
        }
        _uniformSize = _constants.Count;
    }

    private void PlanClass(List<int> members)
    {
        int first = members[0];
        Operation operation = _tape.Operations[first];
        if (OperationTable.Arity(operation) == 0)
            return;
        if (_sums.IsSum(first))
        {
            PlanSums(members);
            return;
        }
        if (operation == Operation.Select)
        {
            foreach (int node in members)
            {
                ref int bound = ref _indexBounds[_tape.Second[node]];
                bound = Math.Min(bound, _tape.Choices[_tape.First[node]].Length);
                Place result = Allocate(1, varying: true);
                Emit(new SelectInstruction(result, Array.ConvertAll(_tape.Choices[_tape.First[node]], PlaceOf), _tape.Second[node]));
                Put(node, result);
            }
            return;
        }
        Place start = PutSideBySide(members);
        int arity = OperationTable.Arity(operation);
        Place[][] operands = [.. Enumerable.Range(0, arity).Select(k => members.Select(node => PlaceOf(k == 0 ? _tape.First[node] : _tape.Second[node])).ToArray())];
        ForEachRun(members.Count, operands, (from, count, runs) => Emit(arity == 1
            ? new UnaryInstruction(operation, Offset(start, from), count, runs[0])
            : new BinaryInstruction(operation, Offset(start, from), count, runs[0], runs[1])));
    }

    private void PlanSums(List<int> members)
    {
        var rest = new List<int>();
        foreach (List<int> rows in GroupBySecondFactors(members, rest))
            PlanProduct(rows);
        if (rest.Count == 0)
            return;
        if (rest.TrueForAll(IsPairOfPlainTerms))
        {
            PlanPairs(rest);
            return;
        }
        Place start = PutSideBySide(rest);
        Emit(SumOf(start, [.. rest.Select(node => TermPlaces(node, products: true, plain: true))]));
    }

    // Sums that multiply the same varying numbers by uniform ones are the rows of one matrix product.
    private List<List<int>> GroupBySecondFactors(List<int> members, List<int> rest)
    {
        var groups = new List<List<int>>();
        var byFactors = new Dictionary<Factors, List<int>>();
        foreach (int node in members)
        {
            if (SecondFactors(node) is not { } factors)
            {
                rest.Add(node);
                continue;
            }
            if (!byFactors.TryGetValue(factors, out List<int>? group))
            {
                byFactors.Add(factors, group = []);
                groups.Add(group);
            }
            group.Add(node);
        }
        return groups;
    }

    private Factors? SecondFactors(int node)
    {
        var factors = new List<int>();
        foreach ((int u, int v, bool negative) in _sums.TermsOf(node))
        {
            if (v < 0)
                continue;
            if (negative || PlaceOf(u).IsVarying == PlaceOf(v).IsVarying)
                return null;
            factors.Add((PlaceOf(u).IsVarying ? PlaceOf(u) : PlaceOf(v)).Index);
        }
        return factors.Count >= 2 ? new Factors([.. factors]) : null;
    }

    private void PlanProduct(List<int> rows)
    {
        int depth = SecondFactors(rows[0])!.Value.Indices.Length;
        var a = new Place[rows.Count * depth];
        var b = new Place[depth];
        for (int row = 0; row < rows.Count; row++)
        {
            int k = 0;
            foreach ((int u, int v, _) in _sums.TermsOf(rows[row]))
            {
                if (v < 0)
                    continue;
                (Place uniform, Place varying) = PlaceOf(u).IsVarying ? (PlaceOf(v), PlaceOf(u)) : (PlaceOf(u), PlaceOf(v));
                a[row * depth + k] = uniform;
                b[k++] = varying;
            }
        }
        Place start = PutSideBySide(rows);
        Run? bias = BiasOf(rows);
        bool accumulate = bias is null && PlanPlainTerms(rows, start);
        (Place matrix, int rowStride, int columnStride) = AsMatrix(a, rows.Count, depth);
        Emit(new ProductInstruction(
            start, rows.Count, depth, matrix, rowStride, columnStride, AsRows(b), bias, accumulate));
    }

    /// <summary>The one uniform number that each row adds, where they lie at a constant stride.</summary>
    private Run? BiasOf(List<int> rows)
    {
        Term[][] plain = [.. rows.Select(node => TermPlaces(node, products: false, plain: true))];
        if (!plain.All(terms => terms is [{ Negative: false, First.IsVarying: false }]))
            return null;
        Place first = plain[0][0].First;
        var run = new Run(first, plain.Length > 1 ? plain[1][0].First.Index - first.Index : 0);
        for (int row = 0; row < plain.Length; row++)
        {
            if (plain[row][0].First != new Place(run.Space, run.At(row)))
                return null;
        }
        return run;
    }

    /// <summary>Sets the results to the terms that are no products. False where there are none.</summary>
    private bool PlanPlainTerms(List<int> rows, Place start)
    {
        Term[][] plain = [.. rows.Select(node => TermPlaces(node, products: false, plain: true))];
        if (plain.All(terms => terms.Length == 0))
            return false;
        Emit(SumOf(start, plain));
        return true;
    }

    private static SumInstruction SumOf(Place start, Term[][] terms)
    {
        var ends = new int[terms.Length];
        for (int i = 0, end = 0; i < ends.Length; i++)
            ends[i] = end += terms[i].Length;
        return new SumInstruction(start, [.. terms.SelectMany(row => row)], ends);
    }

    private bool IsPairOfPlainTerms(int node) =>
        _sums.TermsOf(node) is [{ V: < 0, Negative: false }, { V: < 0 }];

    private void PlanPairs(List<int> members)
    {
        Place start = PutSideBySide(members);
        Place[] a = [.. members.Select(node => PlaceOf(_sums.TermsOf(node)[0].U))], b = [.. members.Select(node => PlaceOf(_sums.TermsOf(node)[1].U))];
        Operation operation = _sums.TermsOf(members[0])[1].Negative ? Operation.Subtract : Operation.Add;
        ForEachRun(members.Count, [a, b], (from, count, runs) =>
            Emit(new BinaryInstruction(operation, Offset(start, from), count, runs[0], runs[1])));
    }

    private Term[] TermPlaces(int node, bool products, bool plain)
    {
        var terms = new List<Term>();
        foreach ((int u, int v, bool negative) in _sums.TermsOf(node))
        {
            if (v >= 0 ? products : plain)
                terms.Add(new Term(PlaceOf(u), v < 0 ? null : PlaceOf(v), negative));
        }
        return [.. terms];
    }

    /// <summary>
    /// Uniform numbers as a matrix with constant strides, brought together first where they have none, or where one
    /// number stands in several places: the gradients of several places could not be stored side by side.
    /// </summary>
    private (Place Start, int RowStride, int ColumnStride) AsMatrix(Place[] elements, int rows, int columns)
    {
        Place start = elements[0];
        int rowStride = rows > 1 ? elements[columns].Index - start.Index : 0, columnStride = elements[1].Index - start.Index;
        bool distinct = columnStride > 0 && (rows == 1 || rowStride >= columns * columnStride);
        for (int i = 0; i < elements.Length; i++)
        {
            if (!distinct || elements[i] != new Place(start.Space, start.Index + i / columns * rowStride + i % columns * columnStride))
            {
                Place together = Allocate(elements.Length, varying: false);
                Emit(new GatherInstruction(together, elements));
                return (together, columns, 1);
            }
        }
        return (start, rowStride, columnStride);
    }

    /// <summary>Varying numbers as consecutive rows, brought together first where they are not.</summary>
    private Place AsRows(Place[] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Index != rows[0].Index + i)
            {
                Place together = Allocate(rows.Length, varying: true);
                Emit(new GatherInstruction(together, rows));
                return together;
            }
        }
        return rows[0];
    }

    /// <summary>Cuts operands into the longest runs in which each advances by a constant stride.</summary>
    private static void ForEachRun(int count, Place[][] operands, Action<int, int, Run[]> emit)
    {
        int from = 0;
        while (from < count)
        {
            var runs = Array.ConvertAll(operands, operand => new Run(operand[from], from + 1 < count ? operand[from + 1].Index - operand[from].Index : 1));
            int to = from + 1;
            while (to < count && Continues(operands, runs, to, to - from))
                to++;
            emit(from, to - from, runs);
            from = to;
        }
    }

    private static bool Continues(Place[][] operands, Run[] runs, int at, int distance)
    {
        for (int k = 0; k < runs.Length; k++)
        {
            if (operands[k][at] != new Place(runs[k].Space, runs[k].At(distance)))
                return false;
        }
        return true;
    }

    private Place PutSideBySide(List<int> members)
    {
        Place start = Allocate(members.Count, _tape.Varying[members[0]]);
        for (int i = 0; i < members.Count; i++)
            Put(members[i], Offset(start, i));
        return start;
    }

    private static Place Offset(Place start, int by) => start with { Index = start.Index + by };

    private Place Allocate(int count, bool varying)
    {
        ref int size = ref varying ? ref _varyingSize : ref _uniformSize;
        size += count;
        return new Place(varying ? Space.Varying : Space.Uniform, size - count);
    }

    private void Emit(Instruction instruction) =>
        (instruction.Result.IsVarying ? _varying : _uniform).Add(instruction);

    private void Put(int node, Place place)
    {
        _places[node] = place;
        _placed[node] = true;
    }

    private Place PlaceOf(int node) => _placed[node]
        ? _places[node]
        : throw new InvalidOperationException("A value was planned before its inputs: two different structures were taken for one. Please report the expression.");

    /// <summary>A list of places that compares by its contents.</summary>
    private readonly struct Factors(int[] indices) : IEquatable<Factors>
    {
        internal int[] Indices { get; } = indices;

        public bool Equals(Factors other) => Indices.AsSpan().SequenceEqual(other.Indices);

        public override bool Equals(object? obj) => obj is Factors other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int index in Indices)
                hash.Add(index);
            return hash.ToHashCode();
        }
    }
}
