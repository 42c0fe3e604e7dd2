// Single instructions of emitted code.

using System.Reflection;
using System.Reflection.Emit;

namespace Nudge;

internal sealed partial class Emitter
{
    private void EmitOperation(RowStep step)
    {
        RowInstructions? instructions = Machine.Instructions;
        switch (step.Kind)
        {
            case RowStepKind.Call:
                _il.Emit(OpCodes.Call, step.Method!);
                _calls++;
                break;
            case RowStepKind.MultiplyAdd when instructions is null:
                _il.Emit(OpCodes.Call, Machine.Number == typeof(float) ? ((Func<float, float, float, float>)MathF.FusedMultiplyAdd).Method : ((Func<double, double, double, double>)Math.FusedMultiplyAdd).Method);
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

    private void EmitConstant(double number)
    {
        EmitNumber(number);
        if (Machine.Instructions is { } instructions)
            _il.Emit(OpCodes.Call, instructions.Create);
    }

    private void EmitNumber(double number)
    {
        if (Machine.Number == typeof(float))
            _il.Emit(OpCodes.Ldc_R4, (float)number);
        else
            _il.Emit(OpCodes.Ldc_R8, number);
    }

    private void EmitLoad()
    {
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(OpCodes.Ldobj, Machine.Vector);
    }

    // All numbers of a vector, or the first.
    private void EmitStore(int? count)
    {
        if (count is { } first)
        {
            _il.Emit(OpCodes.Ldc_I4, first);
            _il.Emit(OpCodes.Call, Machine.StoreFirst);
            return;
        }
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(OpCodes.Stobj, Machine.Vector);
    }

    private void EmitSpread()
    {
        _il.Emit(OpCodes.Ldobj, Machine.Number);
        if (Machine.Instructions is { } instructions)
            _il.Emit(OpCodes.Call, instructions.Create);
    }

    private void EmitOffset(int bytes)
    {
        _il.Emit(OpCodes.Ldc_I4, bytes);
        _il.Emit(OpCodes.Conv_I);
    }
}
