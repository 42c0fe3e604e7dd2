// From alike nodes to instructions: where each number lives, and what runs side by side.

namespace Nudge;

/// <summary>Lays a tape out in memory and writes the instructions that compute it.</summary>
internal sealed partial class Planner
{
    // Where the uniform space has a 0, for what a matrix does not have.
    private static readonly Place s_zero = new(Space.Uniform, 0);

    private readonly Tape _tape;
    private readonly Flattening _sums;
    private readonly Place[] _places;
    private readonly bool[] _placed;
    private readonly List<Instruction> _uniform = [], _varying = [];
    private readonly int[] _indexBounds;
    private int _uniformSize, _varyingSize;

    private Planner(Tape tape, int inputCount, int indexCount)
    {
        _tape = tape;
        _sums = new Flattening(tape);
        _places = new Place[tape.Count];
        _placed = new bool[tape.Count];
        _indexBounds = new int[indexCount];
        _indexBounds.AsSpan().Fill(int.MaxValue);
        _varyingSize = inputCount;
    }

    /// <summary>Plans a tape.</summary>
    internal static Plan Plan(Tape tape, int inputCount, int indexCount)
    {
        var planner = new Planner(tape, inputCount, indexCount);
        planner.PlaceLeaves();
        var classes = new StructuralClasses(tape, planner._sums);
        for (int i = 0; i < classes.Count; i++)
            planner.PlanClass(classes.MembersOf(i));
        return new Plan(
            [.. planner._uniform],
            [.. planner._varying],
            [0, .. tape.Numbers],
            planner._uniformSize,
            planner._varyingSize,
            inputCount,
            planner._indexBounds,
            Array.ConvertAll(tape.Roots, planner.PlaceOf));
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
                    Put(i, new Place(Space.Uniform, 1 + _tape.First[i]));
                    break;
            }
        }
        _uniformSize = 1 + _tape.Numbers.Count;
    }

    private void PlanClass(ReadOnlySpan<int> members)
    {
        int first = members[0];
        Operation operation = _tape.Operations[first];
        int arity = OperationTable.Arity(operation);
        if (arity == 0)
            return;
        if (_sums.IsSum(first))
        {
            PlanSums(members);
        }
        else if (operation == Operation.Select)
        {
            foreach (int node in members)
                PlanSelect(node);
        }
        else
        {
            Place start = PutSideBySide(members);
            Place[] a = PlacesOf(members, _tape.First);
            if (arity == 1)
                EmitRuns(a, a, (from, count, run, _) => new UnaryInstruction(operation, Offset(start, from), count, run));
            else
                EmitRuns(a, PlacesOf(members, _tape.Second), (from, count, runA, runB) => new BinaryInstruction(operation, Offset(start, from), count, runA, runB));
        }
    }

    private void PlanSelect(int node)
    {
        int[] choices = _tape.Choices[_tape.First[node]];
        int index = _tape.Second[node];
        _indexBounds[index] = Math.Min(_indexBounds[index], choices.Length);
        Place result = Allocate(1, varying: true);
        Emit(new SelectInstruction(result, Array.ConvertAll(choices, PlaceOf), index));
        Put(node, result);
    }

    /// <summary>Cuts operands into the longest runs in which each advances by a constant stride.</summary>
    private void EmitRuns(Place[] a, Place[] b, Func<int, int, Run, Run, Instruction> instruction)
    {
        for (int from = 0, to; from < a.Length; from = to)
        {
            Run runA = StartOf(a, from), runB = StartOf(b, from);
            to = from + 1;
            while (to < a.Length && Continues(runA, a, from, to) && Continues(runB, b, from, to))
                to++;
            Emit(instruction(from, to - from, runA, runB));
        }
    }

    private static Run StartOf(Place[] operand, int from) =>
        new(operand[from], from + 1 < operand.Length ? operand[from + 1].Index - operand[from].Index : 1);

    private static bool Continues(Run run, Place[] operand, int from, int at) =>
        operand[at] == new Place(run.Space, run.At(at - from));

    private Place[] PlacesOf(ReadOnlySpan<int> members, int[] inputs)
    {
        var places = new Place[members.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = PlaceOf(inputs[members[i]]);
        return places;
    }

    private Place PutSideBySide(ReadOnlySpan<int> members)
    {
        Place start = Allocate(members.Length, _tape.Varying[members[0]]);
        for (int i = 0; i < members.Length; i++)
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
}
