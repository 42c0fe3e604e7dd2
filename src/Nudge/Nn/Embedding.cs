// A table with a row of numbers for each token.

namespace Nudge;

/// <summary>
/// A table of trainable rows: what a token is to a network. Looking up a row is no arithmetic, so only the rows that were
/// looked up get a gradient. PyTorch's <c>Embedding</c>.
/// </summary>
public sealed class Embedding : Module
{
    // By columns, as a look-up chooses one number of each column. The parameters themselves lie row by row.
    private readonly Value[][] _columns;

    /// <summary>A table.</summary>
    /// <param name="rows">How many tokens there are, at least 1.</param>
    /// <param name="width">How many numbers each of them is given, at least 1.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="initialization">How the numbers start; normally distributed with deviation 1 if left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no row or no column.</exception>
    public Embedding(int rows, int width, Rng rng, Initialization? initialization = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(rng);
        Initialization start = initialization ?? Initialization.Normal(1);
        Value[] table = AddParameters("table", rows * width, () => start.Weight(rng, rows, width));
        _columns = new Value[width][];
        for (int column = 0; column < width; column++)
        {
            _columns[column] = new Value[rows];
            for (int row = 0; row < rows; row++)
                _columns[column][row] = table[row * width + column];
        }
    }

    /// <summary>How many tokens there are.</summary>
    public int RowCount => _columns[0].Length;

    /// <summary>How many numbers each of them is given.</summary>
    public int Width => _columns.Length;

    /// <inheritdoc/>
    public override IEnumerable<ModuleTensor> Tensors => [new("weight", [RowCount, Width], Parameters)];

    internal override string Description => $"Embedding {RowCount} × {Width}, {RowCount * Width} parameters";

    /// <summary>The row of a token.</summary>
    /// <param name="token">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Value[] Forward(IndexValue token) => Array.ConvertAll(_columns, column => Value.Select(column, token));
}
