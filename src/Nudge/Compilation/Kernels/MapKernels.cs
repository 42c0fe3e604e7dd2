// Operations over rows, and their slopes times a gradient: the few loops that all of them share.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Finds the kernel of a map.</summary>
internal static unsafe class MapKernels
{
    /// <summary>The kernel over the widest vectors that fit rows which are no whole vectors, as those of a single example.</summary>
    internal static nint Choose<V, T>(MapKind kind, Operation operation, int width, bool isPacked)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        isPacked || width % V.Count == 0 ? MapKernels<V, T>.Choose(kind, operation)
        : width >= Wide512<T>.Count && VectorWidth.Has512 ? MapKernels<Wide512<T>, T>.Choose(kind, operation)
        : width >= Wide256<T>.Count && VectorWidth.Has256 ? MapKernels<Wide256<T>, T>.Choose(kind, operation)
        : width > 1 ? MapKernels<Wide128<T>, T>.Choose(kind, operation)
        : MapKernels<Wide1<T>, T>.Choose(kind, operation);
}

/// <summary>Maps over vectors of one width.</summary>
internal static unsafe class MapKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static nint Choose(MapKind kind, Operation operation)
    {
        if (OperationTable.Arity(operation) == 1)
        {
            var one = new OfOne { Kind = kind };
            OperationTable.Unary(operation).Accept(ref one);
            return one.Kernel;
        }
        var two = new OfTwo { Kind = kind };
        OperationTable.Binary(operation).Accept(ref two);
        return two.Kernel;
    }

    private struct OfOne : IUnaryVisitor
    {
        internal MapKind Kind;
        internal nint Kernel;

        public void Visit<TOperation>()
            where TOperation : struct, IUnaryOperation => Kernel = Linker<V, T>.Pointer(Kind == MapKind.Apply ? &Apply<TOperation> : &Slope<TOperation>);
    }

    private struct OfTwo : IBinaryVisitor
    {
        internal MapKind Kind;
        internal nint Kernel;

        public void Visit<TOperation>()
            where TOperation : struct, IBinaryOperation => Kernel = Linker<V, T>.Pointer(
            Kind == MapKind.Apply ? &ApplyToTwo<TOperation> : Kind == MapKind.SlopeOfFirst ? &SlopeOfTwo<TOperation, First> : &SlopeOfTwo<TOperation, Second>);
    }

    // y = f(a).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TOperation>(ref Call<T> call)
        where TOperation : struct, IUnaryOperation
    {
        bool rowA = call.A.IsRow;
        int width = WidthOf(call), whole = width / V.Count * V.Count;
        for (int outer = 0; outer < call.Outer; outer++)
        {
            T* y = call.Y.At + outer * call.Y.Outer, a = call.A.At + outer * call.A.Outer;
            for (int inner = 0; inner < call.Inner; inner++, y += call.Y.Inner, a += call.A.Inner)
            {
                for (int i = 0; i < whole; i += V.Count)
                    V.Store(TOperation.Apply<V, T>(Load(a, rowA, i)), y + i);
                if (whole < width)
                    VectorTail<V, T>.Store(TOperation.Apply<V, T>(Load(a, rowA, whole)), y + whole, width - whole);
            }
        }
    }

    // s (+)= g · f′(a), with a in B and f(a) in C.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slope<TOperation>(ref Call<T> call)
        where TOperation : struct, IUnaryOperation
    {
        bool adds = call.Adds, rowA = call.B.IsRow;
        int width = WidthOf(call), whole = width / V.Count * V.Count;
        for (int outer = 0; outer < call.Outer; outer++)
        {
            T* s = call.Y.At + outer * call.Y.Outer, g = call.A.At + outer * call.A.Outer, a = call.B.At + outer * call.B.Outer, y = call.C.At + outer * call.C.Outer;
            for (int inner = 0; inner < call.Inner; inner++, s += call.Y.Inner, g += call.A.Inner, a += call.B.Inner, y += call.C.Inner)
            {
                for (int i = 0; i < whole; i += V.Count)
                {
                    V slope = V.Load(g + i) * TOperation.Derivative<V, T>(Load(a, rowA, i), V.Load(y + i));
                    V.Store(adds ? V.Load(s + i) + slope : slope, s + i);
                }
                if (whole < width)
                {
                    V slope = V.Load(g + whole) * TOperation.Derivative<V, T>(Load(a, rowA, whole), V.Load(y + whole));
                    VectorTail<V, T>.Store(adds ? V.Load(s + whole) + slope : slope, s + whole, width - whole);
                }
            }
        }
    }

    // y = f(a, b).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyToTwo<TOperation>(ref Call<T> call)
        where TOperation : struct, IBinaryOperation
    {
        bool rowA = call.A.IsRow, rowB = call.B.IsRow;
        int width = WidthOf(call), whole = width / V.Count * V.Count;
        for (int outer = 0; outer < call.Outer; outer++)
        {
            T* y = call.Y.At + outer * call.Y.Outer, a = call.A.At + outer * call.A.Outer, b = call.B.At + outer * call.B.Outer;
            for (int inner = 0; inner < call.Inner; inner++, y += call.Y.Inner, a += call.A.Inner, b += call.B.Inner)
            {
                for (int i = 0; i < whole; i += V.Count)
                    V.Store(TOperation.Apply<V, T>(Load(a, rowA, i), Load(b, rowB, i)), y + i);
                if (whole < width)
                    VectorTail<V, T>.Store(TOperation.Apply<V, T>(Load(a, rowA, whole), Load(b, rowB, whole)), y + whole, width - whole);
            }
        }
    }

    // s (+)= g · ∂f(a, b), with a in B, b in C and f(a, b) in D.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SlopeOfTwo<TOperation, TSide>(ref Call<T> call)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
    {
        bool adds = call.Adds, rowA = call.B.IsRow, rowB = call.C.IsRow;
        int width = WidthOf(call), whole = width / V.Count * V.Count;
        for (int outer = 0; outer < call.Outer; outer++)
        {
            T* s = call.Y.At + outer * call.Y.Outer, g = call.A.At + outer * call.A.Outer, a = call.B.At + outer * call.B.Outer;
            T* b = call.C.At + outer * call.C.Outer, y = call.D.At + outer * call.D.Outer;
            for (int inner = 0; inner < call.Inner; inner++)
            {
                for (int i = 0; i < width; i += V.Count)
                {
                    TOperation.Derivatives<V, T>(Load(a, rowA, i), Load(b, rowB, i), V.Load(y + i), out V first, out V second);
                    V slope = V.Load(g + i) * TSide.Pick(first, second);
                    slope = adds ? V.Load(s + i) + slope : slope;
                    if (i < whole)
                        V.Store(slope, s + i);
                    else
                        VectorTail<V, T>.Store(slope, s + i, width - i);
                }
                s += call.Y.Inner;
                g += call.A.Inner;
                a += call.B.Inner;
                b += call.C.Inner;
                y += call.D.Inner;
            }
        }
    }

    // Packed rows have room up to the end of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WidthOf(in Call<T> call) => call.IsPacked ? (call.Width + V.Count - 1) / V.Count * V.Count : call.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* numbers, bool isRow, int at) => isRow ? V.Load(numbers + at) : V.Create(*numbers);

    /// <summary>Which of two operands.</summary>
    private interface ISide
    {
        static abstract TVector Pick<TVector>(TVector first, TVector second);
    }

    private readonly struct First : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Pick<TVector>(TVector first, TVector second) => first;
    }

    private readonly struct Second : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Pick<TVector>(TVector first, TVector second) => second;
    }
}
