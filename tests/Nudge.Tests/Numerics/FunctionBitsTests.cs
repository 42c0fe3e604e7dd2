// Values and slopes of all operations are the same bits at every width, and those that the program compiled ahead of time has to give.

using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Nudge.AotTests;

namespace Nudge.Tests.Numerics;

public class FunctionBitsTests
{
    [Fact]
    public void All_operations_give_the_same_bits_at_every_width()
    {
        ulong[] single = FunctionBits.Of<float>(), twice = FunctionBits.Of<double>();
        Assert.Single(single.Distinct());
        Assert.Single(twice.Distinct());
        if (Fma.IsSupported || AdvSimd.IsSupported)
            Assert.Equal((FunctionBits.Single, FunctionBits.Double), (single[0], twice[0]));
    }
}
