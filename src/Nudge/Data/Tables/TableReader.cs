// From the cells of a file to numbers, by a schema.

using System.Globalization;

namespace Nudge;

/// <summary>Reads a file by a schema.</summary>
internal sealed class TableReader
{
    private const int Shown = 3;

    private readonly TableSchema _schema;
    private readonly MissingMarks _marks;
    private readonly CsvFile _file;
    private readonly Trouble[] _troubles;
    private readonly TableColumn[] _inputs;
    private readonly int[] _counts; // how many numbers each input column becomes
    private readonly int _width;
    private int[] _columns = [];
    private int _missingCells;

    internal TableReader(TableSchema schema, MissingMarks marks, CsvFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        (_schema, _marks, _file) = (schema, marks, file);
        _troubles = [.. schema.Inputs.Select(_ => new Trouble())];
        _inputs = [.. schema.Inputs];
        _counts = [.. schema.Inputs.Select(column => column.InputCount)];
        _width = schema.InputNames.Count;
    }

    internal TableReading InputsAlone()
    {
        IReadOnlyList<TableColumn> inputs = _schema.Inputs;
        bool onlyInputs = !_file.HasHeader && !_schema.HasHeader && _file.ColumnNames.Count == inputs.Count;
        _columns = onlyInputs ? [.. Enumerable.Range(0, inputs.Count)] : TableColumns.FindAll(_file, [.. inputs.Select(column => column.Name)], _schema.HasHeader);
        if (!onlyInputs)
            RequireColumnCount($", or the {inputs.Count} inputs alone");
        var rows = new double[_file.RowCount][];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = ReadRow(row, out _);
        return new TableReading(rows, null, null, _missingCells, 0, Remarks());
    }

    internal TableReading Examples()
    {
        TableTarget target = _schema.Target;
        int[] columns = TableColumns.FindAll(_file, [.. _schema.Inputs.Select(column => column.Name), .. target.Columns.Select(column => column.Name)], _schema.HasHeader);
        RequireColumnCount("");
        int[] targetColumns = columns[_inputs.Length..];
        _columns = columns[.._inputs.Length];
        int timed = _schema.Inputs.TakeWhile(column => column is not DateColumn { HasDates: true }).Count();
        bool hasDates = timed < _schema.Inputs.Count;
        TimeParts? parts = hasDates ? null : TimeParts.In(_schema);
        List<double>? times = hasDates || parts is not null ? [] : null;
        double[][] rows = new double[_file.RowCount][], targets = new double[_file.RowCount][];
        var places = new int[_file.RowCount];
        int count = 0, untold = 0, leftOut = 0;
        for (int row = 0; row < _file.RowCount; row++)
        {
            if (ReadTarget(row, targetColumns) is not { } values)
            {
                untold++;
                continue;
            }
            double[] inputs = ReadRow(row, out int missing);
            if (missing > 0 && _schema.Missing == MissingPolicy.Drop)
            {
                leftOut++;
                continue;
            }
            (rows[count], targets[count], places[count]) = (inputs, values, row);
            count++;
            times?.Add(parts?.Of(inputs) ?? TimeOf(row, timed));
        }
        if (count == 0)
            throw _file.Error($"no row has a target and all its inputs ({untold} have no target, {leftOut} a missing cell); expected at least one (--missing fill)");
        Array.Resize(ref rows, count);
        Array.Resize(ref targets, count);
        Array.Resize(ref places, count);
        var data = new Dataset(rows, targets, [.. target.Columns.Select(column => column.Classes)], _schema.InputNames, target.Name) { Schema = _schema };
        return new TableReading(rows, data, times, _missingCells, untold + leftOut, Remarks()) { Places = places };
    }

    /// <summary>The numbers to be predicted; null where one is missing.</summary>
    private double[]? ReadTarget(int row, int[] columns)
    {
        IReadOnlyList<TableTarget> targets = _schema.Target.Columns;
        var values = new double[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ReadOnlySpan<byte> cell = _file.Cell(row, columns[i]);
            if (targets[i].IsMissing(cell, _marks))
                return null;
            // Labels of scikit-learn's files are places in the list of names that the file has.
            IReadOnlyList<string>? labels = targets[i].Classes is not null && columns[i] == _file.ColumnNames.Count - 1 ? _file.ClassNames : null;
            values[i] = labels is null ? targets[i].Read(cell) : ReadLabel(row, columns[i], targets[i].Classes!, labels);
            if (double.IsNaN(values[i]))
                throw BadTarget(row, columns[i], targets[i], labels);
        }
        return values;
    }

    private double[] ReadRow(int row, out int missing)
    {
        missing = 0;
        var inputs = new double[_width];
        int at = 0;
        for (int i = 0; i < _columns.Length; i++)
        {
            ReadOnlySpan<byte> cell = _file.Cell(row, _columns[i]);
            CellReading reading = _inputs[i].Read(cell, _marks, inputs.AsSpan(at, _counts[i]));
            at += _counts[i];
            if (reading == CellReading.Known)
                continue;
            if (reading != CellReading.Unseen)
                missing++;
            if (reading != CellReading.Missing)
                _troubles[i].Add(reading, cell);
        }
        _missingCells += missing;
        return inputs;
    }

    private double TimeOf(int row, int input)
    {
        var column = (DateColumn)_schema.Inputs[input];
        return DateText.TryParse(_file.Cell(row, _columns[input]), column.Order, out Moment moment) ? moment.Time.Ticks / (double)TimeSpan.TicksPerDay : double.NaN;
    }

    private double ReadLabel(int row, int column, IReadOnlyList<string> classes, IReadOnlyList<string> labels)
    {
        if (!NumberText.TryParse(_file.Cell(row, column), out double label) || !(label >= 0 && label < labels.Count && label == Math.Floor(label)))
            throw _file.Error(row, column, string.Create(CultureInfo.InvariantCulture, $"'{_file.Field(row, column)}' is not the number of a class; expected 0 to {labels.Count - 1}, for the {labels.Count} classes that the first line names"));
        int place = classes.ToList().IndexOf(labels[(int)label]);
        return place < 0 ? double.NaN : place;
    }

    private DataFormatException BadTarget(int row, int column, TableTarget target, IReadOnlyList<string>? labels)
    {
        string text = _file.Field(row, column);
        if (target.Classes is not { } classes)
            return _file.Error(row, column, $"'{text}' in the column '{target.Name}' is not a number; expected a number");
        string name = labels is null ? text : labels[int.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)];
        return _file.Error(row, column, $"the network knows no class '{name}'{(_schema.Target.Columns.Count > 1 ? $" of '{target.Name}'" : "")}; expected {TableColumns.Several("one of ", classes)}");
    }

    // Positions mean something in a file of the same columns only.
    private void RequireColumnCount(string orElse)
    {
        if (!_file.HasHeader && _schema.ColumnCount > 0 && _file.ColumnNames.Count != _schema.ColumnCount)
            throw _file.Error(FormattableString.Invariant($"the file has {_file.ColumnNames.Count} columns without names; expected {_schema.ColumnCount}, as in the file that was trained on{orElse}"));
    }

    private string[] Remarks()
    {
        var remarks = new List<string>();
        for (int i = 0; i < _troubles.Length; i++)
        {
            Trouble trouble = _troubles[i];
            TableColumn column = _schema.Inputs[i];
            string what = column.Kind switch { ColumnKind.Number => trouble.HasTooLarge ? "is no number that can be computed with" : "is no number", ColumnKind.Date => "is no date", _ => "says neither yes nor no" };
            if (trouble.Unreadable > 0)
                remarks.Add($"'{column.Name}' {what} in {Rows(trouble.Unreadable)} and counts as missing there: {trouble.Examples}");
            if (trouble.Unseen > 0)
                remarks.Add($"'{column.Name}' has a value that training had not in {Rows(trouble.Unseen)}: {trouble.Examples}");
        }
        return [.. remarks];

        static string Rows(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "row" : "rows")}");
    }

    /// <summary>The cells of a column that are not as they should be.</summary>
    private sealed class Trouble
    {
        private readonly List<string> _texts = [];

        internal int Unreadable { get; private set; }

        internal int Unseen { get; private set; }

        internal bool HasTooLarge { get; private set; }

        internal string Examples => string.Join(", ", _texts.Take(Shown)) + (_texts.Count > Shown ? " …" : "");

        internal void Add(CellReading reading, ReadOnlySpan<byte> cell)
        {
            if (reading == CellReading.Unseen)
                Unseen++;
            else
                (Unreadable, HasTooLarge) = (Unreadable + 1, HasTooLarge || NumberText.IsTooLarge(cell));
            if (_texts.Count > Shown)
                return;
            string text = System.Text.Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 40)]);
            if (!_texts.Contains($"'{text}'"))
                _texts.Add($"'{text}'");
        }
    }
}
