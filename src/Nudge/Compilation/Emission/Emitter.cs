// Straight-line code and its loops as a method of the runtime's.

using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Nudge;

/// <summary>Emitted code: does what the statements of a piece do, in all lanes.</summary>
/// <param name="bases">Where each <see cref="Space"/> begins; first where the inputs do.</param>
/// <param name="trip">How often it has been done before: each place is so many strides further on.</param>
internal delegate void PieceCode(nint bases, nint trip);

/// <summary>Makes a method of loops over rows, for one number of lanes.</summary>
/// <param name="lanes">How many lanes rows have.</param>
/// <param name="inputs">How many rows are inputs.</param>
/// <param name="trips">How far places advance from trip to trip.</param>
[RequiresDynamicCode("Emits methods.")]
internal sealed partial class Emitter(int lanes, int inputs, Dictionary<Location, int> trips)
{
    /// <summary>What moves in the same way.</summary>
    /// <param name="Slot">Where it begins.</param>
    /// <param name="Trip">How far it advances from trip to trip.</param>
    /// <param name="Pitch">How many numbers a row has.</param>
    /// <param name="Row">How far it moves with the loops over rows.</param>
    private readonly record struct Way(int Slot, int Trip, int Pitch, RowStride Row);

    private const int BytesOfCall = 100;

    private readonly Dictionary<(int Slot, int Trip), LocalBuilder> _bases = [];
    private readonly Dictionary<Way, LocalBuilder> _pointers = []; // of the loop that is being written
    private ILGenerator _il = null!;
    private RowLoop _loop = null!;
    private bool[] _needed = [];
    private LocalBuilder[] _sums = [];
    private int _calls;
    private LocalBuilder? _at; // of the lanes, where there is a loop over them

    /// <summary>Makes the method.</summary>
    /// <param name="loops">The loops, one after the other.</param>
    internal PieceCode Emit(IEnumerable<RowLoop> loops)
    {
        var method = new DynamicMethod("piece", typeof(void), [typeof(nint), typeof(nint)], typeof(Emitter).Module, skipVisibility: true) { InitLocals = false };
        _il = method.GetILGenerator();
        foreach (RowLoop loop in loops)
            EmitLoop(loop);
        // The runtime's compiler inlines the more the longer a method is: what is never reached makes it longer.
        Label end = _il.DefineLabel();
        _il.Emit(OpCodes.Br, end);
        for (int i = 0; i < BytesOfCall * _calls; i++)
            _il.Emit(OpCodes.Nop);
        _il.MarkLabel(end);
        _il.Emit(OpCodes.Ret);
        return method.CreateDelegate<PieceCode>();
    }

    private RowMachine Machine => _loop.Machine;

    private void EmitLoop(RowLoop loop)
    {
        _loop = loop;
        _needed = loop.Code.Needed(loop.IsReadLater);
        _sums = [.. Enumerable.Range(0, loop.Code.Sums.Count * loop.Side).Select(_ => _il.DeclareLocal(Machine.Vector))];
        LoadPointers();
        BeginSums(ofAllRows: true);
        EmitCounted(loop.Outer, () =>
        {
            int tail = loop.Inner % loop.Step;
            EmitCounted(loop.Inner / loop.Step, () =>
            {
                EmitRow(loop.Step);
                Advance(stride => stride.Inner * loop.Step);
            });
            if (tail > 0)
                EmitRow(tail);
            if (loop.Outer > 1)
                Advance(stride => stride.Outer - stride.Inner * (loop.Inner - tail));
        });
        EndSums(ofAllRows: true);
    }

    private void EmitCounted(int count, Action emitBody)
    {
        if (count == 0)
            return;
        if (count == 1)
        {
            emitBody();
            return;
        }
        LocalBuilder counter = _il.DeclareLocal(typeof(int));
        Label next = _il.DefineLabel();
        _il.Emit(OpCodes.Ldc_I4, count);
        _il.Emit(OpCodes.Stloc, counter);
        _il.MarkLabel(next);
        emitBody();
        _il.Emit(OpCodes.Ldloc, counter);
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Stloc, counter);
        _il.Emit(OpCodes.Brtrue, next);
    }

    // A row in all lanes, or so many rows of a single lane.
    private void EmitRow(int rows)
    {
        BeginSums(ofAllRows: false);
        if (lanes <= _loop.Side * Machine.Count)
        {
            EmitVectors(rows);
        }
        else
        {
            _at = _il.DeclareLocal(typeof(nint));
            Label next = _il.DefineLabel();
            EmitOffset(0);
            _il.Emit(OpCodes.Stloc, _at);
            _il.MarkLabel(next);
            EmitVectors(rows);
            _il.Emit(OpCodes.Ldloc, _at);
            EmitOffset(_loop.Side * Machine.VectorBytes);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Dup);
            _il.Emit(OpCodes.Stloc, _at);
            EmitOffset(lanes * Machine.NumberBytes);
            _il.Emit(OpCodes.Blt, next);
            _at = null;
        }
        EndSums(ofAllRows: false);
    }

    private void EmitVectors(int rows)
    {
        for (int side = 0; side < _loop.Side; side++)
        {
            int left = _loop.Step == 1 ? Machine.Count : Math.Min(rows - side * Machine.Count, Machine.Count);
            if (left > 0)
                EmitSteps(side, left);
        }
    }

    // Of a vector the first numbers count.
    private void EmitSteps(int side, int count)
    {
        List<RowStep> steps = _loop.Code.Steps;
        var values = new LocalBuilder?[steps.Count];
        bool isPart = count < Machine.Count;
        for (int i = 0; i < values.Length; i++)
        {
            RowStep step = steps[i];
            if (!_needed[i] || step.Kind is RowStepKind.Constant or RowStepKind.Spread)
                continue;
            if (step.Kind == RowStepKind.Store)
            {
                EmitAddress(step.Place, side);
                Push(step.A);
                EmitStore(isPart ? count : null);
                continue;
            }
            if (step.Kind is RowStepKind.Sum or RowStepKind.SumOfProducts)
            {
                LocalBuilder total = _sums[(int)step.Number * _loop.Side + side];
                PushPart(step.A);
                if (step.B >= 0)
                    PushPart(step.B);
                _il.Emit(OpCodes.Ldloc, total);
                EmitOperation(new(step.B >= 0 ? RowStepKind.MultiplyAdd : RowStepKind.Add));
                _il.Emit(OpCodes.Stloc, total);
                continue;
            }
            if (step.Kind == RowStepKind.Load)
            {
                EmitAddress(step.Place, side);
                EmitLoad();
            }
            else
            {
                foreach (int operand in (ReadOnlySpan<int>)[step.A, step.B, step.C, step.D])
                {
                    if (operand >= 0)
                        Push(operand);
                }
                EmitOperation(step);
            }
            _il.Emit(OpCodes.Stloc, values[i] = _il.DeclareLocal(Machine.Vector));
        }

        void Push(int step)
        {
            if (values[step] is { } local)
            {
                _il.Emit(OpCodes.Ldloc, local);
            }
            else if (steps[step].Kind == RowStepKind.Constant)
            {
                EmitConstant(steps[step].Number);
            }
            else
            {
                EmitAddress(steps[step].Place, 0);
                EmitSpread();
            }
        }

        void PushPart(int step)
        {
            Push(step);
            if (!isPart)
                return;
            _il.Emit(OpCodes.Ldc_I4, count);
            _il.Emit(OpCodes.Call, Machine.First);
        }
    }

    private void BeginSums(bool ofAllRows)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            if (_loop.Code.Sums[i / _loop.Side].IsOfAllRows != ofAllRows)
                continue;
            EmitConstant(0);
            _il.Emit(OpCodes.Stloc, _sums[i]);
        }
    }

    // Each in its turn, four at once where they follow each other.
    private void EndSums(bool ofAllRows)
    {
        List<LaneSum> sums = _loop.Code.Sums;
        for (int i = 0; i < sums.Count; i++)
        {
            if (sums[i].IsOfAllRows != ofAllRows)
                continue;
            if (i + 4 <= sums.Count && sums.GetRange(i, 4) is var four && four.TrueForAll(sum => sum.IsPlain && sum.IsOfAllRows == ofAllRows) && four.DistinctBy(sum => sum.Y).Count() == 4)
            {
                for (int k = 0; k < 4; k++)
                    PushParts(i + k);
                for (int k = 0; k < 4; k++)
                    EmitAddress(four[k].Y, 0);
                _il.Emit(OpCodes.Call, Machine.AddFour);
                i += 3;
                continue;
            }
            EndSum(sums[i], i);
        }
    }

    // y += scale · (Σ · factor).
    private void EndSum(LaneSum sum, int number)
    {
        EmitAddress(sum.Y, 0);
        if (!sum.IsSet)
        {
            EmitAddress(sum.Y, 0);
            _il.Emit(OpCodes.Ldobj, Machine.Number);
        }
        PushParts(number);
        _il.Emit(OpCodes.Call, Machine.Sum);
        if (sum.Factor is { } factor)
        {
            EmitAddress(factor, 0);
            _il.Emit(OpCodes.Ldobj, Machine.Number);
            _il.Emit(OpCodes.Mul);
        }
        if (sum.Scale != 1)
        {
            EmitNumber(sum.Scale);
            _il.Emit(OpCodes.Mul);
        }
        if (!sum.IsSet)
            _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stobj, Machine.Number);
    }

    // As the parts of a sum are folded that do not fill one vector alone.
    private void PushParts(int sum)
    {
        int first = sum * _loop.Side;
        _il.Emit(OpCodes.Ldloc, _sums[first]);
        if (_loop.Side == 2)
        {
            _il.Emit(OpCodes.Ldloc, _sums[first + 1]);
            EmitOperation(new(RowStepKind.Add));
        }
        else if (_loop.Side == 4)
        {
            _il.Emit(OpCodes.Ldloc, _sums[first + 2]);
            EmitOperation(new(RowStepKind.Add));
            _il.Emit(OpCodes.Ldloc, _sums[first + 1]);
            _il.Emit(OpCodes.Ldloc, _sums[first + 3]);
            EmitOperation(new(RowStepKind.Add));
            EmitOperation(new(RowStepKind.Add));
        }
    }

    // The pointers of a loop begin where those of the trip do. What stays in place needs none of its own.
    private void LoadPointers()
    {
        _pointers.Clear();
        IEnumerable<Location> places = _loop.Code.Steps
            .Where((step, i) => _needed[i] && step.Kind is RowStepKind.Load or RowStepKind.Store or RowStepKind.Spread)
            .Select(step => step.Place)
            .Concat(_loop.Code.Sums.SelectMany(sum => (Location[])[sum.Y, sum.Factor ?? sum.Y]));
        foreach (Way way in places.Select(WayOf).Distinct())
        {
            LocalBuilder start = BaseOf(way);
            if (way.Row != default && !_loop.IsSingle)
            {
                _il.Emit(OpCodes.Ldloc, start);
                _il.Emit(OpCodes.Stloc, start = _il.DeclareLocal(typeof(nint)));
            }
            _pointers.Add(way, start);
        }
    }

    private LocalBuilder BaseOf(Way way)
    {
        if (_bases.TryGetValue((way.Slot, way.Trip), out LocalBuilder? known))
            return known;
        _il.Emit(OpCodes.Ldarg_0);
        EmitOffset(way.Slot * nint.Size);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I);
        if (way.Trip != 0)
        {
            _il.Emit(OpCodes.Ldarg_1);
            EmitOffset(checked(way.Trip * way.Pitch * Machine.NumberBytes));
            _il.Emit(OpCodes.Mul);
            _il.Emit(OpCodes.Add);
        }
        LocalBuilder start = _il.DeclareLocal(typeof(nint));
        _il.Emit(OpCodes.Stloc, start);
        _bases.Add((way.Slot, way.Trip), start);
        return start;
    }

    private void Advance(Func<RowStride, int> by)
    {
        if (_loop.IsSingle)
            return;
        foreach ((Way way, LocalBuilder pointer) in _pointers)
        {
            int rows = by(way.Row);
            if (rows == 0)
                continue;
            _il.Emit(OpCodes.Ldloc, pointer);
            EmitOffset(checked(rows * way.Pitch * Machine.NumberBytes));
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Stloc, pointer);
        }
    }

    private Way WayOf(Location place) => new(
        place.Space == Space.Varying && place.Index < inputs ? 0 : (int)place.Space,
        trips.GetValueOrDefault(place),
        place.IsVarying ? lanes : 1,
        _loop.StrideOf(place));

    // Vectors side by side are of lanes or, of a single lane, of rows.
    private void EmitAddress(Location place, int side)
    {
        Way way = WayOf(place);
        _il.Emit(OpCodes.Ldloc, _pointers[way]);
        bool isAlong = _loop.Step == 1 ? place.IsVarying : way.Row.Inner != 0;
        int offset = checked(place.Index * way.Pitch * Machine.NumberBytes + (isAlong ? side * Machine.VectorBytes : 0));
        if (offset != 0)
        {
            EmitOffset(offset);
            _il.Emit(OpCodes.Add);
        }
        if (_at is not null && place.IsVarying)
        {
            _il.Emit(OpCodes.Ldloc, _at);
            _il.Emit(OpCodes.Add);
        }
    }
}
