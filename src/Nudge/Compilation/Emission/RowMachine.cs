// The vectors of a machine, as emitted code sees them: types, and methods that are single instructions.

using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Nudge;

/// <summary>The methods of one of the runtime's own types of vectors that become single instructions.</summary>
internal sealed record RowInstructions(MethodInfo Create, MethodInfo Add, MethodInfo Subtract, MethodInfo Multiply, MethodInfo Negate, MethodInfo MultiplyAdd);

/// <summary>What code over vectors of one type is made of. Nothing here is found by name, so that a trimmed application keeps it.</summary>
internal abstract class RowMachine
{
    /// <summary>The type of a vector, or of a number where there is one lane.</summary>
    internal abstract Type Vector { get; }

    /// <summary>The type of a number.</summary>
    internal abstract Type Number { get; }

    /// <summary>How many bytes a vector has.</summary>
    internal abstract int VectorBytes { get; }

    /// <summary>How many bytes a number has.</summary>
    internal abstract int NumberBytes { get; }

    /// <summary>How many numbers a vector has.</summary>
    internal int Count => VectorBytes / NumberBytes;

    /// <summary>The instructions for vectors; null for single numbers.</summary>
    internal RowInstructions? Instructions { get; init; }

    /// <summary>The greater of two.</summary>
    internal abstract MethodInfo Max { get; }

    /// <inheritdoc cref="RowSteps{V, T, TRaw}.First"/>
    internal abstract MethodInfo First { get; }

    /// <inheritdoc cref="RowSteps{V, T, TRaw}.StoreFirst"/>
    internal abstract MethodInfo StoreFirst { get; }

    /// <inheritdoc cref="RowSteps{V, T, TRaw}.Sum"/>
    internal abstract MethodInfo Sum { get; }

    /// <inheritdoc cref="RowSteps{V, T, TRaw}.AddFour"/>
    internal abstract MethodInfo AddFour { get; }

    /// <summary>What a map does in one vector.</summary>
    internal abstract MethodInfo Of(Map map);

    /// <summary>Whether an operation takes tens of instructions, and not one or a few.</summary>
    internal static bool IsLong(Operation operation) =>
        operation is not (Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Divide or Operation.Negate or Operation.Relu or Operation.Abs or Operation.Sqrt or Operation.Max or Operation.Min or Operation.Detach);

    /// <summary>
    /// Whether code for vectors of a width is made here: they and fused multiply–add have instructions, without which the bits would not be
    /// those of the kernels.
    /// </summary>
    /// <param name="bits">How wide vectors are.</param>
    internal static bool IsSupported(int bits) =>
        RuntimeFeature.IsDynamicCodeCompiled && (bits == 512 ? Avx512F.IsSupported : bits == 256 ? Fma.IsSupported : Fma.IsSupported || AdvSimd.IsSupported);

    /// <summary>The machine for vectors of a width, or for numbers of a single lane.</summary>
    internal static RowMachine For<V, T>()
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(V) == typeof(Wide512<T>) ? new RowMachine<V, T, Vector512<T>> { Instructions = InstructionsOf512<T>() }
        : typeof(V) == typeof(Wide256<T>) ? new RowMachine<V, T, Vector256<T>> { Instructions = InstructionsOf256<T>() }
        : typeof(V) == typeof(Wide128<T>) ? new RowMachine<V, T, Vector128<T>> { Instructions = InstructionsOf128<T>() }
        : new RowMachine<V, T, T>();

    private static RowInstructions InstructionsOf512<T>()
        where T : unmanaged => InstructionsOf<T, Vector512<T>>(
        Vector512.Create,
        Vector512.Add,
        Vector512.Subtract,
        Vector512.Multiply,
        Vector512.Negate,
        typeof(T) == typeof(float)
            ? (Func<Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>>)Vector512.FusedMultiplyAdd
            : (Func<Vector512<double>, Vector512<double>, Vector512<double>, Vector512<double>>)Vector512.FusedMultiplyAdd);

    private static RowInstructions InstructionsOf256<T>()
        where T : unmanaged => InstructionsOf<T, Vector256<T>>(
        Vector256.Create,
        Vector256.Add,
        Vector256.Subtract,
        Vector256.Multiply,
        Vector256.Negate,
        typeof(T) == typeof(float)
            ? (Func<Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>>)Vector256.FusedMultiplyAdd
            : (Func<Vector256<double>, Vector256<double>, Vector256<double>, Vector256<double>>)Vector256.FusedMultiplyAdd);

    private static RowInstructions InstructionsOf128<T>()
        where T : unmanaged => InstructionsOf<T, Vector128<T>>(
        Vector128.Create,
        Vector128.Add,
        Vector128.Subtract,
        Vector128.Multiply,
        Vector128.Negate,
        typeof(T) == typeof(float)
            ? (Func<Vector128<float>, Vector128<float>, Vector128<float>, Vector128<float>>)Vector128.FusedMultiplyAdd
            : (Func<Vector128<double>, Vector128<double>, Vector128<double>, Vector128<double>>)Vector128.FusedMultiplyAdd);

    private static RowInstructions InstructionsOf<T, TRaw>(
        Func<T, TRaw> create, Func<TRaw, TRaw, TRaw> add, Func<TRaw, TRaw, TRaw> subtract, Func<TRaw, TRaw, TRaw> multiply, Func<TRaw, TRaw> negate, Delegate multiplyAdd) =>
        new(create.Method, add.Method, subtract.Method, multiply.Method, negate.Method, multiplyAdd.Method);
}

/// <inheritdoc/>
internal sealed class RowMachine<V, T, TRaw> : RowMachine
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRaw : unmanaged
{
    internal override Type Vector => typeof(TRaw);

    internal override Type Number => typeof(T);

    internal override int VectorBytes => Unsafe.SizeOf<TRaw>();

    internal override int NumberBytes => Unsafe.SizeOf<T>();

    internal override MethodInfo Max { get; } = ((Func<TRaw, TRaw, TRaw>)RowSteps<V, T, TRaw>.Max).Method;

    internal override MethodInfo First { get; } = ((Func<TRaw, int, TRaw>)RowSteps<V, T, TRaw>.First).Method;

    internal override MethodInfo StoreFirst { get; } = ((Action<nint, TRaw, int>)RowSteps<V, T, TRaw>.StoreFirst).Method;

    internal override MethodInfo Sum { get; } = ((Func<TRaw, T>)RowSteps<V, T, TRaw>.Sum).Method;

    internal override MethodInfo AddFour { get; } = ((Action<TRaw, TRaw, TRaw, TRaw, nint, nint, nint, nint>)RowSteps<V, T, TRaw>.AddFour).Method;

    internal override MethodInfo Of(Map map)
    {
        if (OperationTable.Arity(map.Operation) == 1)
        {
            var one = new OfOne { Kind = map.Kind, IsLong = IsLong(map.Operation) };
            OperationTable.Unary(map.Operation).Accept(ref one);
            return one.Method;
        }
        var two = new OfTwo { Kind = map.Kind, IsLong = IsLong(map.Operation) };
        OperationTable.Binary(map.Operation).Accept(ref two);
        return two.Method;
    }

    private struct OfOne : IUnaryVisitor
    {
        internal MapKind Kind;
        internal bool IsLong;
        internal MethodInfo Method;

        public void Visit<TOperation>()
            where TOperation : struct, IUnaryOperation => Method = Kind == MapKind.Apply
                ? ((Func<TRaw, TRaw>)(IsLong ? RowSteps<V, T, TRaw>.ApplyApart<TOperation> : RowSteps<V, T, TRaw>.Apply<TOperation>)).Method
                : ((Func<TRaw, TRaw, TRaw, TRaw>)(IsLong ? RowSteps<V, T, TRaw>.SlopeApart<TOperation> : RowSteps<V, T, TRaw>.Slope<TOperation>)).Method;
    }

    private struct OfTwo : IBinaryVisitor
    {
        internal MapKind Kind;
        internal bool IsLong;
        internal MethodInfo Method;

        public void Visit<TOperation>()
            where TOperation : struct, IBinaryOperation => Method = Kind switch
            {
                MapKind.Apply => ((Func<TRaw, TRaw, TRaw>)(IsLong ? RowSteps<V, T, TRaw>.ApplyToTwoApart<TOperation> : RowSteps<V, T, TRaw>.ApplyToTwo<TOperation>)).Method,
                MapKind.SlopeOfFirst => ((Func<TRaw, TRaw, TRaw, TRaw, TRaw>)(IsLong ? RowSteps<V, T, TRaw>.SlopeOfFirstApart<TOperation> : RowSteps<V, T, TRaw>.SlopeOfFirst<TOperation>)).Method,
                _ => ((Func<TRaw, TRaw, TRaw, TRaw, TRaw>)(IsLong ? RowSteps<V, T, TRaw>.SlopeOfSecondApart<TOperation> : RowSteps<V, T, TRaw>.SlopeOfSecond<TOperation>)).Method,
            };
    }
}
