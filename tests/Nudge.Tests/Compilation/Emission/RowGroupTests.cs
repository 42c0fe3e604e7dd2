// Which statements go over rows together.

namespace Nudge.Tests.Compilation.Emission;

public class RowGroupTests
{
    [Theory]
    [InlineData(40, 60, true)] // nothing of the other's
    [InlineData(40, 20, true)] // reads what has just been written for the row
    [InlineData(40, 21, false)] // for the next row
    [InlineData(40, 19, false)] // for the row before
    [InlineData(0, 60, true)] // writes over what has just been read for the row
    [InlineData(1, 60, false)] // over what is still to be read
    [InlineData(20, 60, true)]
    [InlineData(25, 60, false)]
    public void Each_row_keeps_to_itself(int writes, int reads, bool isTogether)
    {
        RowGroup group = RowGroup.Of(FormOf(20, 0))!;
        Assert.Equal(isTogether, group.TryAdd(FormOf(writes, reads)));
        Assert.Equal(isTogether ? 2 : 1, group.Forms.Count);
    }

    private static RowForm FormOf(int y, int a) =>
        RowForm.Of(new Map(MapKind.Apply, Operation.Tanh, new Extent(1, 10), RowsAt(y), [RowsAt(a)]), _ => null)!.Single();

    private static Address RowsAt(int first) => new(new Location(Space.Varying, first), 1);
}
