// What stands in a column, seen once from its first row to its last.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Counts the cells of a column: missing, plain numbers and others, and how the numbers lie.</summary>
internal sealed class ColumnProfile(CsvFile file, int column, MissingMarks marks, int mostDistinct)
{
    /// <summary>How many rows are looked at column by column: as many as stay near at hand, and cells of one kind follow each other.</summary>
    private const int BlockRows = 256;

    private double _previous;

    internal int Column => column;

    internal int Rows { get; private set; }

    internal int Missing { get; private set; }

    /// <summary>How many cells are numbers with at most a decimal point.</summary>
    internal int Numbers { get; private set; }

    internal int Others { get; private set; }

    internal int Present => Rows - Missing;

    internal bool AllWhole { get; private set; } = true;

    /// <summary>The least number, in how many rows it stands, and the next.</summary>
    internal Extreme Least { get; private set; } = new(double.PositiveInfinity, 0, double.PositiveInfinity);

    /// <summary>The greatest number, negated.</summary>
    internal Extreme MostNegated { get; private set; } = new(double.PositiveInfinity, 0, double.PositiveInfinity);

    /// <summary>Whether the numbers are 0 or 1, and then in each row the same as before or one more.</summary>
    internal bool CountsUp { get; private set; } = true;

    /// <summary>Whether each number is greater than the one before.</summary>
    internal bool Rises { get; private set; } = true;

    internal DistinctCells Distinct { get; } = new(file, column, mostDistinct);

    internal static ColumnProfile[] Of(CsvFile file, MissingMarks marks)
    {
        // All columns together keep a bounded number of texts, whatever the file.
        int mostDistinct = Math.Clamp(4_000_000 / file.ColumnNames.Count, 100, 10_000);
        ColumnProfile[] profiles = [.. Enumerable.Range(0, file.ColumnNames.Count).Select(column => new ColumnProfile(file, column, marks, mostDistinct))];
        for (int row = 0; row < file.RowCount; row += BlockRows)
        {
            foreach (ColumnProfile profile in profiles)
                profile.AddRows(row, Math.Min(row + BlockRows, file.RowCount));
        }
        return profiles;
    }

    /// <summary>Shows the cells that are not missing: each text once where they are counted, or else each row.</summary>
    internal void Each(WeighedCell look)
    {
        if (!Distinct.Overflowed)
        {
            Distinct.Each(look);
            return;
        }
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<byte> cell = file.Cell(row, column);
            if (!IsMissing(cell) && !look(cell, 1))
                return;
        }
    }

    internal bool IsMissing(ReadOnlySpan<byte> cell) => NumberText.TryParse(cell, out double number) ? marks.Has(number) : marks.Has(cell);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows(int from, int to)
    {
        for (int row = from; row < to; row++)
        {
            ReadOnlySpan<byte> cell = file.Cell(row, column);
            bool isNumber = NumberText.TryParse(cell, out double number);
            Rows++;
            if (isNumber ? marks.Has(number) : marks.Has(cell))
            {
                Missing++;
                continue;
            }
            if (isNumber)
                AddNumber(number);
            else
                Others++;
            if (!Distinct.Overflowed)
                Distinct.Add(cell, row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddNumber(double number)
    {
        AllWhole &= number == Math.Floor(number);
        bool isFirst = Numbers++ == 0;
        CountsUp &= isFirst ? number is 0 or 1 : number == _previous || number == _previous + 1;
        Rises &= isFirst || number > _previous;
        _previous = number;
        if (number <= Least.Next)
            Least = Least.With(number);
        if (-number <= MostNegated.Next)
            MostNegated = MostNegated.With(-number);
    }
}

/// <summary>The least of some numbers.</summary>
/// <param name="Value">The number.</param>
/// <param name="Count">How often it stands there.</param>
/// <param name="Next">The least of the others.</param>
internal readonly record struct Extreme(double Value, int Count, double Next)
{
    internal Extreme With(double number) =>
        number == Value ? this with { Count = Count + 1 }
        : number < Value ? new Extreme(number, 1, Value)
        : this with { Next = Math.Min(Next, number) };
}
