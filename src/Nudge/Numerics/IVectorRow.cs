// Several vectors side by side as one: what register tiles are made of.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>One or a few vectors that lie side by side in memory, and stay in registers.</summary>
internal unsafe interface IVectorRow<TSelf, T>
    where TSelf : unmanaged, IVectorRow<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract int Count { get; }

    static abstract TSelf Load(T* source);

    static abstract TSelf Create(T number);

    static abstract void Store(in TSelf row, T* destination);

    /// <summary>a · b + c, with one number for all of a.</summary>
    static abstract TSelf MultiplyAdd(T a, in TSelf b, in TSelf c);

    /// <summary>a · b + c.</summary>
    static abstract TSelf MultiplyAdd(in TSelf a, in TSelf b, in TSelf c);
}

internal unsafe struct Row1<V, T> : IVectorRow<Row1<V, T>, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private V _a;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<V, T> Load(T* source) => new() { _a = V.Load(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<V, T> Create(T number) => new() { _a = V.Create(number) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in Row1<V, T> row, T* destination) => V.Store(row._a, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<V, T> MultiplyAdd(T a, in Row1<V, T> b, in Row1<V, T> c) => new() { _a = V.MultiplyAdd(V.Create(a), b._a, c._a) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<V, T> MultiplyAdd(in Row1<V, T> a, in Row1<V, T> b, in Row1<V, T> c) => new() { _a = V.MultiplyAdd(a._a, b._a, c._a) };
}

internal unsafe struct Row2<V, T> : IVectorRow<Row2<V, T>, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private V _a, _b;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * V.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<V, T> Load(T* source) => new() { _a = V.Load(source), _b = V.Load(source + V.Count) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<V, T> Create(T number)
    {
        V x = V.Create(number);
        return new() { _a = x, _b = x };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in Row2<V, T> row, T* destination)
    {
        V.Store(row._a, destination);
        V.Store(row._b, destination + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<V, T> MultiplyAdd(T a, in Row2<V, T> b, in Row2<V, T> c)
    {
        V x = V.Create(a);
        return new() { _a = V.MultiplyAdd(x, b._a, c._a), _b = V.MultiplyAdd(x, b._b, c._b) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<V, T> MultiplyAdd(in Row2<V, T> a, in Row2<V, T> b, in Row2<V, T> c) => new() { _a = V.MultiplyAdd(a._a, b._a, c._a), _b = V.MultiplyAdd(a._b, b._b, c._b) };
}

internal unsafe struct Row4<V, T> : IVectorRow<Row4<V, T>, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private V _a, _b, _c, _d;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 * V.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V, T> Load(T* source) => new()
    {
        _a = V.Load(source),
        _b = V.Load(source + V.Count),
        _c = V.Load(source + 2 * V.Count),
        _d = V.Load(source + 3 * V.Count),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V, T> Create(T number)
    {
        V x = V.Create(number);
        return new() { _a = x, _b = x, _c = x, _d = x };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in Row4<V, T> row, T* destination)
    {
        V.Store(row._a, destination);
        V.Store(row._b, destination + V.Count);
        V.Store(row._c, destination + 2 * V.Count);
        V.Store(row._d, destination + 3 * V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V, T> MultiplyAdd(T a, in Row4<V, T> b, in Row4<V, T> c)
    {
        V x = V.Create(a);
        return new()
        {
            _a = V.MultiplyAdd(x, b._a, c._a),
            _b = V.MultiplyAdd(x, b._b, c._b),
            _c = V.MultiplyAdd(x, b._c, c._c),
            _d = V.MultiplyAdd(x, b._d, c._d),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V, T> MultiplyAdd(in Row4<V, T> a, in Row4<V, T> b, in Row4<V, T> c) => new()
    {
        _a = V.MultiplyAdd(a._a, b._a, c._a),
        _b = V.MultiplyAdd(a._b, b._b, c._b),
        _c = V.MultiplyAdd(a._c, b._c, c._c),
        _d = V.MultiplyAdd(a._d, b._d, c._d),
    };
}
