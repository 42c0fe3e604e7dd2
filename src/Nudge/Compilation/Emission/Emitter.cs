// Straight-line code as a method of the runtime's.

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace Nudge;

/// <summary>Emitted code: does what the statements of a piece do, in all lanes.</summary>
/// <param name="bases">Where each <see cref="Space"/> begins; first where the inputs do.</param>
/// <param name="trip">How often it has been done before: each place is so many strides further on.</param>
internal delegate void PieceCode(nint bases, nint trip);

/// <summary>Makes methods of straight-line code, for one number of lanes.</summary>
[RequiresDynamicCode("Emits methods.")]
internal sealed class Emitter
{
    private readonly RowCode _code;
    private readonly RowMachine _machine;
    private readonly int _lanes, _inputs, _side;
    private readonly bool[] _needed;
    private readonly DynamicMethod _method;
    private readonly ILGenerator _il;
    private readonly Dictionary<Location, int> _strides;
    private readonly Dictionary<(int Slot, int Stride), LocalBuilder> _bases = [];
    private readonly LocalBuilder _at;
    private readonly LocalBuilder[] _sums;
    private readonly bool _isLoop;

    /// <summary>An emitter.</summary>
    /// <param name="code">The code.</param>
    /// <param name="machine">The vectors.</param>
    /// <param name="lanes">How many lanes rows have.</param>
    /// <param name="parts">In how many parts lanes are summed up.</param>
    /// <param name="inputs">How many rows are inputs.</param>
    /// <param name="strides">How far places advance from trip to trip.</param>
    /// <param name="isReadLater">Whether anybody else reads a row.</param>
    internal Emitter(RowCode code, RowMachine machine, int lanes, int parts, int inputs, Dictionary<Location, int> strides, Func<Location, bool> isReadLater)
    {
        (_code, _machine, _lanes, _inputs, _strides) = (code, machine, lanes, inputs, strides);
        _needed = code.Needed(isReadLater);
        // As many vectors side by side as the parts of a sum fill.
        int count = machine.VectorBytes / machine.NumberBytes;
        _side = code.Sums.Count == 0 ? 1 : Math.Min(lanes, parts) / count;
        _isLoop = lanes > _side * count;
        _method = new DynamicMethod("piece", typeof(void), [typeof(nint), typeof(nint)], typeof(Emitter).Module, skipVisibility: true) { InitLocals = false };
        _il = _method.GetILGenerator();
        _at = _il.DeclareLocal(typeof(nint));
        _sums = new LocalBuilder[code.Sums.Count * _side];
    }

    /// <summary>Makes the method.</summary>
    internal PieceCode Emit()
    {
        LoadBases();
        Label next = _il.DefineLabel();
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] = _il.DeclareLocal(_machine.Vector);
            EmitConstant(0);
            _il.Emit(OpCodes.Stloc, _sums[i]);
        }
        EmitOffset(0);
        _il.Emit(OpCodes.Stloc, _at);
        _il.MarkLabel(next);
        for (int side = 0; side < _side; side++)
            EmitBody(side);
        if (_isLoop)
        {
            _il.Emit(OpCodes.Ldloc, _at);
            EmitOffset(_side * _machine.VectorBytes);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Dup);
            _il.Emit(OpCodes.Stloc, _at);
            EmitOffset(_lanes * _machine.NumberBytes);
            _il.Emit(OpCodes.Blt, next);
        }
        EmitSums();
        _il.Emit(OpCodes.Ret);
        return _method.CreateDelegate<PieceCode>();
    }

    private void EmitBody(int side)
    {
        var values = new LocalBuilder?[_code.Steps.Count];
        for (int i = 0; i < values.Length; i++)
        {
            RowStep step = _code.Steps[i];
            if (!_needed[i] || step.Kind is RowStepKind.Constant or RowStepKind.Spread)
                continue;
            if (step.Kind == RowStepKind.Store)
            {
                EmitAddress(step.Place, side);
                Push(step.A);
                EmitStore();
                continue;
            }
            if (step.Kind is RowStepKind.Sum or RowStepKind.SumOfProducts)
            {
                LocalBuilder total = _sums[(int)step.Number * _side + side];
                Push(step.A);
                if (step.B >= 0)
                    Push(step.B);
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
            _il.Emit(OpCodes.Stloc, values[i] = _il.DeclareLocal(_machine.Vector));
        }
        void Push(int step)
        {
            if (values[step] is { } local)
            {
                _il.Emit(OpCodes.Ldloc, local);
            }
            else if (_code.Steps[step].Kind == RowStepKind.Constant)
            {
                EmitConstant(_code.Steps[step].Number);
            }
            else
            {
                EmitAddress(_code.Steps[step].Place, 0);
                EmitSpread();
            }
        }
    }

    private void EmitOperation(RowStep step)
    {
        RowInstructions? instructions = _machine.Instructions;
        switch (step.Kind)
        {
            case RowStepKind.Call:
                _il.Emit(OpCodes.Call, step.Method!);
                break;
            case RowStepKind.MultiplyAdd when instructions is null:
                _il.Emit(OpCodes.Call, _machine.Number == typeof(float) ? ((Func<float, float, float, float>)MathF.FusedMultiplyAdd).Method : ((Func<double, double, double, double>)Math.FusedMultiplyAdd).Method);
                break;
            case RowStepKind.MultiplyAdd:
                _il.Emit(OpCodes.Call, instructions.MultiplyAdd);
                break;
            case RowStepKind.Add:
                EmitInstruction(OpCodes.Add, instructions?.Add);
                break;
            case RowStepKind.Subtract:
                EmitInstruction(OpCodes.Sub, instructions?.Subtract);
                break;
            case RowStepKind.Multiply:
                EmitInstruction(OpCodes.Mul, instructions?.Multiply);
                break;
            case RowStepKind.Negate:
                EmitInstruction(OpCodes.Neg, instructions?.Negate);
                break;
            default:
                throw new InvalidOperationException($"{step.Kind} is no operation.");
        }
    }

    private void EmitInstruction(OpCode ofNumbers, MethodInfo? ofVectors)
    {
        if (ofVectors is null)
            _il.Emit(ofNumbers);
        else
            _il.Emit(OpCodes.Call, ofVectors);
    }

    // Each in its turn, four at once where they follow each other.
    private void EmitSums()
    {
        for (int i = 0; i < _code.Sums.Count; i++)
        {
            if (i + 4 <= _code.Sums.Count && _code.Sums.GetRange(i, 4).TrueForAll(sum => sum is { Factor: null, Scale: 1 }) && _code.Sums.GetRange(i, 4).DistinctBy(sum => sum.Y).Count() == 4)
            {
                for (int k = 0; k < 4; k++)
                    PushParts(i + k);
                for (int k = 0; k < 4; k++)
                    EmitAddress(_code.Sums[i + k].Y, 0);
                _il.Emit(OpCodes.Call, _machine.AddFour);
                i += 3;
                continue;
            }
            LaneSum sum = _code.Sums[i];
            PushParts(i);
            EmitAddress(sum.Y, 0);
            if (sum is { Factor: null, Scale: 1 })
            {
                _il.Emit(OpCodes.Call, _machine.AddTo);
                continue;
            }
            EmitNumber(sum.Scale);
            if (sum.Factor is { } factor)
                EmitAddress(factor, 0);
            _il.Emit(OpCodes.Call, sum.Factor is null ? _machine.AddScaled : _machine.AddProduct);
        }
    }

    // As the parts of a sum are folded that do not fill one vector alone.
    private void PushParts(int sum)
    {
        int first = sum * _side;
        _il.Emit(OpCodes.Ldloc, _sums[first]);
        if (_side == 2)
        {
            _il.Emit(OpCodes.Ldloc, _sums[first + 1]);
            EmitOperation(new(RowStepKind.Add));
        }
        else if (_side == 4)
        {
            _il.Emit(OpCodes.Ldloc, _sums[first + 2]);
            EmitOperation(new(RowStepKind.Add));
            _il.Emit(OpCodes.Ldloc, _sums[first + 1]);
            _il.Emit(OpCodes.Ldloc, _sums[first + 3]);
            EmitOperation(new(RowStepKind.Add));
            EmitOperation(new(RowStepKind.Add));
        }
    }

    private void EmitConstant(double number)
    {
        EmitNumber(number);
        if (_machine.Instructions is { } instructions)
            _il.Emit(OpCodes.Call, instructions.Create);
    }

    private void EmitNumber(double number)
    {
        if (_machine.Number == typeof(float))
            _il.Emit(OpCodes.Ldc_R4, (float)number);
        else
            _il.Emit(OpCodes.Ldc_R8, number);
    }

    private void EmitLoad()
    {
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(OpCodes.Ldobj, _machine.Vector);
    }

    private void EmitStore()
    {
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(OpCodes.Stobj, _machine.Vector);
    }

    private void EmitSpread()
    {
        _il.Emit(OpCodes.Ldobj, _machine.Number);
        if (_machine.Instructions is { } instructions)
            _il.Emit(OpCodes.Call, instructions.Create);
    }

    private void EmitOffset(int bytes)
    {
        _il.Emit(OpCodes.Ldc_I4, bytes);
        _il.Emit(OpCodes.Conv_I);
    }

    private void EmitAddress(Location place, int side)
    {
        _il.Emit(OpCodes.Ldloc, _bases[BaseOf(place)]);
        int offset = place.IsVarying
            ? checked(place.Index * _lanes * _machine.NumberBytes + side * _machine.VectorBytes)
            : checked(place.Index * _machine.NumberBytes);
        if (offset != 0)
        {
            EmitOffset(offset);
            _il.Emit(OpCodes.Add);
        }
        if (_isLoop && place.IsVarying)
        {
            _il.Emit(OpCodes.Ldloc, _at);
            _il.Emit(OpCodes.Add);
        }
    }

    private void LoadBases()
    {
        IEnumerable<Location> places = _code.Steps
            .Where((step, i) => _needed[i] && step.Kind is RowStepKind.Load or RowStepKind.Store or RowStepKind.Spread)
            .Select(step => step.Place)
            .Concat(_code.Sums.SelectMany(sum => (Location[])[sum.Y, sum.Factor ?? sum.Y]));
        foreach (Location place in places.DistinctBy(BaseOf))
        {
            (int slot, int stride) = BaseOf(place);
            _il.Emit(OpCodes.Ldarg_0);
            EmitOffset(slot * nint.Size);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Ldind_I);
            if (stride != 0)
            {
                _il.Emit(OpCodes.Ldarg_1);
                EmitOffset(checked(stride * (place.IsVarying ? _lanes : 1) * _machine.NumberBytes));
                _il.Emit(OpCodes.Mul);
                _il.Emit(OpCodes.Add);
            }
            _il.Emit(OpCodes.Stloc, _bases[(slot, stride)] = _il.DeclareLocal(typeof(nint)));
        }
    }

    private (int Slot, int Stride) BaseOf(Location place) =>
        (place.Space == Space.Varying && place.Index < _inputs ? 0 : (int)place.Space, _strides.GetValueOrDefault(place));
}
