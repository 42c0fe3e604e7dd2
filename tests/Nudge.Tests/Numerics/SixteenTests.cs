// Long sums: the same bits from vectors of every width, in the order that is written down.

using System.Numerics;

namespace Nudge.Tests.Numerics;

public unsafe class SixteenTests
{
    [Fact]
    public void Parts_are_added_up_in_one_tree_whatever_holds_them()
    {
        Check<float>();
        Check<double>();
    }

    private static void Check<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rng = new Rng(3);
        T* parts = stackalloc T[Sixteen<T>.Parts];
        bool orderMatters = false;
        for (int round = 0; round < 200; round++)
        {
            T inTurn = T.Zero;
            for (int i = 0; i < Sixteen<T>.Parts; i++)
                inTurn += parts[i] = T.CreateTruncating(rng.Uniform(-1, 1) * Math.Pow(10, rng.Next(6)));
            T expected = Tree(parts, 0, 1);
            Assert.Equal(expected, Wide512<T>.Sum(Wide512<T>.Load(parts)));
            CheckParts<Wide512<T>, T>(expected, parts);
            CheckParts<Wide256<T>, T>(expected, parts);
            CheckParts<Wide128<T>, T>(expected, parts);
            orderMatters |= inTurn != expected;
        }
        Assert.True(orderMatters);
    }

    private static void CheckParts<V, T>(T expected, T* numbers)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SixteenParts<V, T> parts = default;
        parts.Add(numbers);
        Assert.Equal(expected, parts.Sum);
        T* four = stackalloc T[4];
        SixteenParts<V, T>.Store(parts, parts, parts, parts, four);
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected, four[i]);
    }

    // All parts i, i + step, i + 2 · step, …: the first half of them and the second half, of which each is such a tree.
    private static T Tree<T>(T* parts, int first, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => step == Sixteen<T>.Parts
        ? parts[first]
        : Tree(parts, first, 2 * step) + Tree(parts, first + step, 2 * step);
}
