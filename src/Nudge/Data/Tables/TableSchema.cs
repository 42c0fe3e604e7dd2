// What the columns of a table are and what they become: found once, shown, stored with a model, and used for every table after.

using System.Text;

namespace Nudge;

/// <summary>
/// The columns of a table, in their order, and the target. It does not change. <see cref="Infer"/> finds it from a file;
/// <see cref="Read"/> turns rows into the numbers of a <see cref="Dataset"/>.
/// </summary>
public sealed class TableSchema
{
    private const int MostInputs = 20_000;

    private readonly MissingMarks _marks;

    internal TableSchema(
        IReadOnlyList<TableColumn> columns, TableTarget target, MissingPolicy missing, IReadOnlyList<string> missingMarks, bool hasHeader, int columnCount, IReadOnlyList<string> remarks)
    {
        Columns = columns;
        Target = target;
        Missing = missing;
        _marks = new MissingMarks(missingMarks);
        HasHeader = hasHeader;
        ColumnCount = columnCount;
        Remarks = remarks;
        Inputs = [.. columns.Where(column => column.InputCount > 0)];
        InputNames = Different([.. Inputs.SelectMany(column => column.InputNames)], [target.Name, .. target.Columns.Select(column => column.Name)]);
        if (InputNames.Count > MostInputs)
            throw new ArgumentException($"The columns become {InputNames.Count} inputs; expected at most {MostInputs}.", nameof(columns));
    }

    /// <summary>All columns of the table but the target, used or not.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The columns that are used.</summary>
    public IReadOnlyList<TableColumn> Inputs { get; }

    /// <summary>The column to be predicted.</summary>
    public TableTarget Target { get; }

    /// <summary>What becomes of missing cells.</summary>
    public MissingPolicy Missing { get; }

    /// <summary>What stands for a missing value besides the usual marks.</summary>
    public IReadOnlyList<string> MissingMarks => _marks.More;

    /// <summary>Whether columns have names, and not only places.</summary>
    public bool HasHeader { get; }

    /// <summary>How many columns the table has, the target among them.</summary>
    public int ColumnCount { get; }

    /// <summary>The names of all inputs, in the order of the columns.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>What was found about the columns that a person should know, in words.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The columns that are left out without having been asked to be.</summary>
    public IEnumerable<UnusedColumn> LeftOut => Columns.OfType<UnusedColumn>().Where(column => column.Kind != ColumnKind.Ignored);

    /// <summary>Finds the schema of a file, from all its rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">What is not to be found but given.</param>
    /// <exception cref="DataFormatException">Columns that are asked for do not exist, or nothing can be learnt; the message says all that is wrong.</exception>
    public static TableSchema Infer(CsvFile file, TableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new SchemaFinder(file, options ?? new TableOptions()).Find();
    }

    /// <summary>A schema of numbers, each of which is an input.</summary>
    internal static TableSchema OfNumbers(IReadOnlyList<string> inputNames, string targetName, IReadOnlyList<string>? classes, int? columnCount) => new(
        [.. inputNames.Select(name => new NumberColumn(name, NumberStyle.Plain, false, new ColumnFacts()))],
        new TableTarget(targetName, classes is null ? LearningTask.Regression : LearningTask.Classification, "", classes, NumberStyle.Plain, 0),
        MissingPolicy.Fill, [], hasHeader: !inputNames.All(IsPosition), columnCount ?? 0, []);

    /// <summary>Reads examples. Rows without a target are left out, and so are those with a missing cell if that was asked for.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DataFormatException">A column does not exist, or a class is one that the schema does not know.</exception>
    public TableReading Read(CsvFile file) => new TableReader(this, _marks, file).Examples();

    /// <summary>Reads inputs alone, a row for each row of the file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DataFormatException">A column does not exist.</exception>
    public TableReading ReadInputs(CsvFile file) => new TableReader(this, _marks, file).InputsAlone();

    /// <summary>The inputs of one row, of which the cells of the columns that are used are given.</summary>
    /// <exception cref="ArgumentException">A cell is not what its column is; the message says which.</exception>
    internal void ReadCells(ReadOnlySpan<string?> cells, Span<double> inputs)
    {
        if (cells.Length != Inputs.Count)
            throw new ArgumentException($"Expected {Inputs.Count} cells, those of {string.Join(", ", Inputs.Select(column => $"'{column.Name}'"))}, got {cells.Length}.", nameof(cells));
        Span<byte> room = stackalloc byte[256];
        for (int i = 0; i < cells.Length; i++)
        {
            ReadOnlySpan<char> text = cells[i].AsSpan().Trim();
            Span<byte> cell = Encoding.UTF8.GetMaxByteCount(text.Length) <= room.Length ? room : new byte[Encoding.UTF8.GetByteCount(text)];
            cell = cell[..Encoding.UTF8.GetBytes(text, cell)];
            TableColumn column = Inputs[i];
            int count = column.InputCount;
            if (column.Read(cell, _marks, inputs[..count]) == CellReading.Unreadable)
                throw new ArgumentException($"The column '{column.Name}' has '{text}'; expected {column.Expected}.", nameof(cells));
            inputs = inputs[count..];
        }
    }

    /// <summary>
    /// The columns that alone tell the target of every example: classes by their value or by thresholds, numbers by a
    /// straight line. Often they are known only when the target is.
    /// </summary>
    /// <param name="examples">Examples of this schema.</param>
    public IEnumerable<TableColumn> LeaksIn(Dataset examples) => LeakFinder.In(this, examples);

    /// <summary>How a file for this schema is read: its header is known by the names.</summary>
    /// <param name="format">What is said about the file besides.</param>
    public CsvFormat Expecting(CsvFormat? format = null) => (format ?? new CsvFormat()) with { Expected = HasHeader ? [.. Inputs.Select(column => column.Name)] : [] };

    /// <summary>
    /// The scales of inputs, measured on the examples to train on: numbers by their mean and standard deviation; yes and no,
    /// and what says that a value is missing, by their mean and 0.5, so that they count as much as a number at most;
    /// categories by their mean alone.
    /// </summary>
    /// <param name="training">Examples of this schema.</param>
    /// <param name="ramps">Into how many parts ramps divide each column of numbers (<see cref="Standardizer.Knots"/>); 0 for no ramps.</param>
    public Standardizer Fit(Dataset training, int ramps = 0)
    {
        ArgumentNullException.ThrowIfNull(training);
        Standardizer measured = Standardizer.Fit(training.Inputs);
        double[] scales = [.. measured.Scales];
        int at = 0;
        foreach (TableColumn column in Inputs)
        {
            for (int i = 0; i < column.InputCount; i++, at++)
                scales[at] = column.ScaleOf(i) ?? scales[at];
        }
        var fitted = new Standardizer(measured.Means, scales);
        if (ramps == 0)
            return fitted;
        bool[] isNumber = [.. Inputs.SelectMany(column => Enumerable.Range(0, column.InputCount).Select(i => column is NumberColumn && i == 0))];
        return fitted.WithRamps(training.Inputs, ramps, column => isNumber[column]);
    }

    /// <summary>Whether an input may be missing where it is given as a number: NaN, with its indicator at 1.</summary>
    internal bool MayBeMissing(int input)
    {
        foreach (TableColumn column in Inputs)
        {
            if (input < column.InputCount)
                return column.HasIndicator;
            input -= column.InputCount;
        }
        return false;
    }

    // A category may have a value that reads as another input: "mode=another".
    private static string[] Different(string[] names, IEnumerable<string> targets)
    {
        HashSet<string> seen = new(targets, StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            for (int copy = 2; !seen.Add(names[i]); copy++)
                names[i] = FormattableString.Invariant($"{name} ({copy})");
        }
        return names;
    }

    /// <summary>Whether a name only says where its column stands.</summary>
    internal static bool IsPosition(string name) => name is ['c', .. var digits]
        && int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int position)
        && position >= 1
        && CsvHeader.PositionName(position - 1) == name;
}
