// From alike nodes to statements: where each number lives, and what runs side by side.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>Lays a tape out in memory and writes the statements that compute it.</summary>
internal sealed partial class Planner : IDisposable
{
    // Where the uniform space has a 0, for what a matrix does not have.
    private static readonly Location s_zero = new(Space.Uniform, 0);

    private readonly Flattening _nodes;
    private readonly ScratchArray<Location> _locations;
    private readonly List<Statement> _uniform = [], _varying = [];
    private readonly int[] _indexBounds;
    private readonly ScratchArray<int>? _levels; // of a sequence, the first step that needs a node
    private readonly List<int> _rowLevels = [];  // and a row
    private int _uniformSize, _varyingSize;
    private bool _isByShape;

    // A network has some ten classes a layer.
    private const int ManyClasses = 200, FewerByShape = 2;

    private Planner(Tape tape, int inputCount, int indexCount, int rootsInStep)
    {
        _nodes = new Flattening(tape);
        _locations = new(_nodes.Count);
        _locations.Span.Clear();
        _indexBounds = new int[indexCount];
        _indexBounds.AsSpan().Fill(int.MaxValue);
        _levels = rootsInStep > 0 ? LevelsOf(_nodes, rootsInStep) : null;
        Allocate(inputCount, varying: true);
    }

    /// <summary>Plans a tape.</summary>
    /// <param name="tape">What was recorded.</param>
    /// <param name="inputCount">How many numbers an example has.</param>
    /// <param name="indexCount">How many whole numbers.</param>
    /// <param name="rootsInStep">Of a sequence, how many roots each of its steps gives; 0 where all are computed together.</param>
    /// <param name="byShape">Whether nodes are alike by shape rather than by history; null leaves it to the tape.</param>
    internal static Plan Plan(Tape tape, int inputCount, int indexCount, int rootsInStep, bool? byShape = null)
    {
        using var planner = new Planner(tape, inputCount, indexCount, rootsInStep);
        planner.LocateLeaves();
        using StructuralClasses classes = planner.Classify(byShape);
        for (int i = 0; i < classes.Count; i++)
            planner.PlanClass(classes.MembersOf(i));
        Location[] roots = Array.ConvertAll(planner._nodes.Roots, planner.LocationOf);
        var plan = new Plan(
            [.. planner._uniform],
            [.. SoftmaxFinder.Find(planner._varying, roots, planner._levels is null ? null : planner._rowLevels)],
            [0, .. planner._nodes.Numbers],
            planner._uniformSize,
            planner._varyingSize,
            inputCount,
            planner._indexBounds,
            roots,
            planner._levels is null ? null : [.. planner._rowLevels]);
        Verifier.CheckForward(plan);
        return plan;
    }

    // Where the history of nodes tells most of them from each other, as in a simulation, and shapes do not, they are alike by shape. A shorter
    // sequence is the beginning of each class only by history.
    private StructuralClasses Classify(bool? wanted)
    {
        var byHistory = new StructuralClasses(_nodes);
        if (_levels is not null || !(wanted ?? byHistory.Count >= ManyClasses))
            return byHistory;
        var byShape = new StructuralClasses(_nodes, byShape: true);
        _isByShape = wanted ?? FewerByShape * byShape.Count < byHistory.Count;
        (_isByShape ? byHistory : byShape).Dispose();
        return _isByShape ? byShape : byHistory;
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _locations.Dispose();
        _levels?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LocateLeaves()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            switch (_nodes.Operations[i])
            {
                case Operation.Parameter:
                    Put(i, new Location(Space.Parameters, _nodes.First[i]));
                    break;
                case Operation.Leaf:
                    Put(i, new Location(Space.Varying, _nodes.First[i]));
                    break;
                case Operation.Constant:
                    Put(i, new Location(Space.Uniform, 1 + _nodes.First[i]));
                    break;
            }
        }
        _uniformSize = 1 + _nodes.Numbers.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ScratchArray<int> LevelsOf(Flattening nodes, int rootsInStep)
    {
        var levels = new ScratchArray<int>(nodes.Count);
        levels.Span.Fill(int.MaxValue);
        for (int i = 0; i < nodes.Roots.Length; i++)
            Lower(nodes.Roots[i], i / rootsInStep);
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            int level = levels[i];
            if (nodes.IsSum(i) || nodes.IsMaximum(i))
            {
                foreach (FlatTerm term in nodes.TermsOf(i))
                {
                    Lower(term.U, level);
                    if (term.V >= 0)
                        Lower(term.V, level);
                }
                continue;
            }
            switch (OperationTable.Arity(nodes.Operations[i]))
            {
                case 1 when nodes.Operations[i] == Operation.Select:
                    foreach (int choice in nodes.Choices[nodes.First[i]])
                        Lower(choice, level);
                    break;
                case 1:
                    Lower(nodes.First[i], level);
                    break;
                case 2:
                    Lower(nodes.First[i], level);
                    Lower(nodes.Second[i], level);
                    break;
            }
        }
        return levels;

        void Lower(int node, int level) => levels[node] = Math.Min(levels[node], level);
    }

    // Puts members in the order in which their operands lie, if these lie side by side.
    private void FollowOperands(Span<int> members, Location[] operands)
    {
        if (_levels is not null || operands.Length < 2)
            return;
        int start = int.MaxValue;
        foreach (Location operand in operands)
            start = Math.Min(start, operand.Index);
        var inOrder = new int[operands.Length];
        inOrder.AsSpan().Fill(NoNode);
        for (int i = 0; i < operands.Length; i++)
        {
            int at = operands[i].Index - start;
            if (operands[i].Space != operands[0].Space || at >= inOrder.Length || inOrder[at] != NoNode)
                return;
            inOrder[at] = members[i];
        }
        for (int i = 0; i < operands.Length; i++)
            operands[i] = operands[0] with { Index = start + i };
        inOrder.CopyTo(members);
    }

    // What is needed first comes first, so that a shorter sequence is the beginning of each statement.
    private void PutInOrder(Span<int> nodes)
    {
        if (_levels is not { } levels)
            nodes.Sort();
        else if (!AreInOrder(nodes, levels))
            nodes.Sort((a, b) => levels[a] != levels[b] ? levels[a].CompareTo(levels[b]) : a.CompareTo(b));

        // They mostly are.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static bool AreInOrder(ReadOnlySpan<int> nodes, ScratchArray<int> levels)
        {
            for (int i = 1; i < nodes.Length; i++)
            {
                (int before, int node) = (nodes[i - 1], nodes[i]);
                if (levels[before] > levels[node] || (levels[before] == levels[node] && before > node))
                    return false;
            }
            return true;
        }
    }

    private void PlanClass(Span<int> members)
    {
        if (_levels is not null)
            PutInOrder(members);
        int first = members[0];
        Operation operation = _nodes.Operations[first];
        int arity = OperationTable.Arity(operation);
        if (arity == 0)
            return;
        if (_nodes.IsSum(first))
        {
            PlanSums(members);
        }
        else if (_nodes.IsMaximum(first))
        {
            PlanMaxima(members);
        }
        else if (operation == Operation.Select)
        {
            PlanSelects(members);
        }
        else
        {
            if (_isByShape)
                Disentangle(members);
            Location[] a = LocationsOf(members, _nodes.First);
            FollowOperands(members, a);
            Location start = CanBeInPlace(operation, members, a) ? PutAt(a[0], members) : PutSideBySide(members);
            Location[][] operands = arity == 1 ? [a] : [a, LocationsOf(members, _nodes.Second)];
            EmitRows(operation, start, operands);
        }
    }

    // The maximum of one is that one, cut off from its gradient.
    private void PlanMaxima(ReadOnlySpan<int> members)
    {
        Location start = PutSideBySide(members);
        Term[] terms = TermsOf(members, start, products: false).Terms;
        if (Array.TrueForAll(terms, term => !term.Adds && (term.Count == 1 || term.YAdvances)))
            EmitRows(Operation.Detach, start, [[.. terms.SelectMany(term => Enumerable.Range(0, term.Count).Select(i => term.A.Offset(term.AAdvances ? i : 0)))]]);
        else
            Emit(new Maxima(terms));
    }

    // Lookups by one index whose choices advance together are one lookup of a row.
    private void PlanSelects(ReadOnlySpan<int> members)
    {
        Location start = PutSideBySide(members);
        Location[][] choices = Array.ConvertAll(members.ToArray(), node => Array.ConvertAll(_nodes.Choices[_nodes.First[node]], LocationOf));
        bool goesOn = false;
        for (int from = 0, to; from < choices.Length; from = to)
        {
            int index = _nodes.Second[members[from]], stride = 0;
            for (to = from + 1; to < choices.Length && _nodes.Second[members[to]] == index; to++)
            {
                if (to == from + 1)
                    stride = choices[to][0].Index - choices[from][0].Index;
                if (!Advances(choices[from], choices[to], (to - from) * stride))
                    break;
            }
            _indexBounds[index] = Math.Min(_indexBounds[index], choices[from].Length);
            var select = new Select(start.Offset(from), new Extent(1, to - from), choices[from], stride, 0, index);
            bool isOneLevel = IsOneLevel(select.Result, select.Count);
            if (isOneLevel && goesOn && _varying[^1] is Select last && last.With(select) is { } both)
                _varying[^1] = both;
            else
                Emit(select);
            goesOn = isOneLevel;
        }
    }

    private static bool Advances(Location[] from, Location[] to, int by)
    {
        if (from.Length != to.Length)
            return false;
        for (int i = 0; i < from.Length; i++)
        {
            if (to[i] != from[i].Offset(by))
                return false;
        }
        return true;
    }

    /// <summary>Cuts operands into the longest rows in which each advances by a constant stride, and into rounds of these.</summary>
    private List<Map> MapsOf(Operation operation, Location start, Location[][] operands)
    {
        var maps = new List<Map>();
        int count = operands[0].Length;
        for (int from = 0, to; from < count; from = to)
        {
            int[] strides = Array.ConvertAll(operands, operand => from + 1 < count ? operand[from + 1].Index - operand[from].Index : 1);
            to = from + 1;
            while (to < count && Continues(operands, strides, from, to))
                to++;
            to = EndOfWholeLevels(start, from, to);
            int length = to - from;
            bool isWhole = IsOneLevel(start.Offset(from), length);
            while (isWhole && Array.TrueForAll(operands, operand => IsRound(operand, from, to, length)) && IsOneLevel(start.Offset(to), length) && !GoesOn(operands, strides, to, length))
                to += length;
            var extent = new Extent((to - from) / length, length);
            maps.Add(new Map(
                MapKind.Apply,
                operation,
                extent,
                new Address(start.Offset(from), extent.Outer == 1 ? 0 : length, 1),
                [.. operands.Select((operand, i) => new Address(operand[from], extent.Outer == 1 ? 0 : operand[from + length].Index - operand[from].Index, strides[i]))]));
        }
        return maps;
    }

    // A run that goes on into the next level by chance, and ends within it, leaves to it what is its own.
    private int EndOfWholeLevels(Location start, int from, int to)
    {
        if (IsOneLevel(start.Offset(from), to - from) || to == _rowLevels.Count - start.Index || !IsOneLevel(start.Offset(to - 1), 2))
            return to;
        int end = to;
        while (IsOneLevel(start.Offset(end - 1), to - end + 2))
            end--;
        return end;
    }

    // A shorter sequence must not end within a repeat.
    private bool IsOneLevel(Location start, int count) =>
        _levels is null || !start.IsVarying || _rowLevels[start.Index] == _rowLevels[start.Index + count - 1];

    // Whether the next operands are the first ones again, as far from them as the second ones were, or the second ones.
    private static bool IsRound(Location[] operand, int from, int at, int length)
    {
        if (at + length > operand.Length)
            return false;
        int outer = (operand[from + length].Index - operand[from].Index) * ((at - from) / length);
        for (int i = 0; i < length; i++)
        {
            if (operand[at + i] != operand[from + i].Offset(outer))
                return false;
        }
        return true;
    }

    // A round that could be longer is the beginning of something else.
    private static bool GoesOn(Location[][] operands, int[] strides, int from, int length)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (from + length == operands[i].Length || operands[i][from + length] != operands[i][from].Offset(length * strides[i]))
                return false;
        }
        return true;
    }

    private static bool Continues(Location[][] operands, int[] strides, int from, int at)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (operands[i][at] != operands[i][from].Offset((at - from) * strides[i]))
                return false;
        }
        return true;
    }

    private Location[] LocationsOf(ReadOnlySpan<int> members, ScratchArray<int> inputs)
    {
        var places = new Location[members.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = LocationOf(inputs[members[i]]);
        return places;
    }

    // A function whose slope is known from its result takes the place of its input, if nothing else reads that, and how it
    // was made needs it no more.
    private bool CanBeInPlace(Operation operation, ReadOnlySpan<int> members, Location[] a)
    {
        if (operation is not (Operation.Tanh or Operation.Sigmoid or Operation.Relu or Operation.Exp or Operation.Sqrt))
            return false;
        for (int i = 0; i < members.Length; i++)
        {
            int input = _nodes.First[members[i]];
            if (a[i] != a[0].Offset(i) || !_nodes.IsUsedOnce(input) || !(_nodes.IsSum(input) || _nodes.Operations[input] == Operation.Multiply))
                return false;
        }
        return true;
    }

    private Location PutSideBySide(ReadOnlySpan<int> members) =>
        PutAt(Allocate(members.Length, _nodes.Varying[members[0]]), members);

    private Location PutAt(Location start, ReadOnlySpan<int> members)
    {
        for (int i = 0; i < members.Length; i++)
            Put(members[i], start.Offset(i));
        return start;
    }

    private Location Allocate(int count, bool varying)
    {
        ref int size = ref varying ? ref _varyingSize : ref _uniformSize;
        size += count;
        if (varying && _levels is not null)
            CollectionsMarshal.SetCount(_rowLevels, size);
        return new Location(varying ? Space.Varying : Space.Uniform, size - count);
    }

    private void Emit(Statement statement) =>
        (statement.Result.IsVarying ? _varying : _uniform).Add(statement);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int node, Location place)
    {
        _locations[node] = place;
        if (place.IsVarying && _levels is not null)
            _rowLevels[place.Index] = _levels[node];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Location LocationOf(int node) => _locations[node] is { Space: not Space.None } place ? place : throw PlannedTooEarly();

    private static InvalidOperationException PlannedTooEarly() =>
        new("A value was planned before its inputs: two different structures were taken for one. Please report the expression.");
}
