// Memory that kernels reach by a pointer.

using System.Runtime.CompilerServices;

namespace Nudge.Tests.Numerics;

public unsafe class AlignedArrayTests
{
    [Fact]
    public void Its_memory_is_its_own_for_as_long_as_it_is_held()
    {
        for (int i = 0; i < 20; i++)
            Assert.Equal(1000 * 2.0, SumWhileOthersAreMade(1000));
    }

    // Optimised, as hot code is: then the runtime sees that the object itself is not needed beyond its pointer and length.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumWhileOthersAreMade(int length)
    {
        var array = new AlignedArray<double>(length);
        double* numbers = array.Pointer;
        new Span<double>(numbers, length).Fill(2);
        GC.Collect();
        MakeOther(length);
        double sum = 0;
        for (int i = 0; i < array.Length; i++)
            sum += numbers[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeOther(int length)
    {
        for (int i = 0; i < 10; i++)
            new AlignedArray<double>(length).Span.Fill(3);
    }
}
