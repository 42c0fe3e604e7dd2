// From a table of texts to examples: numbers for a network, and errors that point at the field.

namespace Nudge;

/// <summary>Makes data sets from CSV files.</summary>
public static class CsvDataset
{
    /// <summary>
    /// Reads a file to learn from. Where no task is asked for, it is found from the target: texts are classes; whole
    /// numbers are classes if there are at most 20 different ones and each stands in at least two rows; other numbers
    /// are for regression. Classes are sorted: numbers by size, texts by their characters' codes.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Which columns are what; the defaults if left out.</param>
    /// <exception cref="DataFormatException">
    /// A column that is asked for does not exist, a value is missing or not a finite number, or the target has only one value.
    /// </exception>
    public static CsvLoad Load(CsvFile file, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new CsvOptions();
        HashSet<int> ignored = [.. options.Ignore.Select(name => CsvColumn.Find(file, name))];
        int[] used = [.. Enumerable.Range(0, file.ColumnNames.Count).Where(column => !ignored.Contains(column))];
        int target = options.Target is not null ? CsvColumn.Find(file, options.Target) : used.LastOrDefault(-1);
        if (ignored.Contains(target))
            throw file.Error($"the column '{file.ColumnNames[target]}' is to be ignored and is the target; expected one of the two");
        int[] columns = [.. used.Where(column => column != target)];
        if (columns.Length == 0)
            throw file.Error("there is no column left for the inputs; expected at least one besides the target");

        CsvTarget read = CsvTarget.Read(file, target, options.Task);
        string[] names = Array.ConvertAll(columns, column => file.ColumnNames[column]);
        var data = new Dataset(
            Inputs(file, columns), Array.ConvertAll(read.Numbers, number => new[] { number }), read.Classes, names, file.ColumnNames[target]);
        return new CsvLoad(data, read.Task, read.Reason, file.HasHeader ? null : file.ColumnNames.Count);
    }

    /// <summary>
    /// Reads the inputs of a network that was trained on other examples. A file with a header has a column for each
    /// name, in any order; other columns are passed over. Where neither the file nor the names come from a header, the
    /// file has just the inputs, or the same columns as the file that was trained on.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="inputNames">The names of the inputs, in the order of the network.</param>
    /// <param name="columnCount">How many columns the file trained on had, where it had no header; null if that is not known.</param>
    /// <returns>A row of inputs for each row of the file.</returns>
    /// <exception cref="DataFormatException">A column does not exist, or a value is missing or not a finite number.</exception>
    public static double[][] LoadInputs(CsvFile file, IReadOnlyList<string> inputNames, int? columnCount = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(inputNames);
        bool onlyInputs = !file.HasHeader && file.ColumnNames.Count == inputNames.Count && inputNames.All(CsvColumn.IsPositionName);
        if (onlyInputs)
            return Inputs(file, [.. Enumerable.Range(0, inputNames.Count)]);
        int[] columns = CsvColumn.FindAll(file, inputNames);
        RequireColumnCount(file, columnCount, $", or the {inputNames.Count} inputs alone");
        return Inputs(file, columns);
    }

    /// <summary>
    /// Reads examples to measure a trained network with: inputs and target by name, as the network knows them. Where
    /// neither the file nor the names come from a header, the file has the same columns as the file that was trained on.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="inputNames">The names of the inputs, in the order of the network.</param>
    /// <param name="targetName">The name of the target.</param>
    /// <param name="classes">The names of the classes in the order of the network; null for regression.</param>
    /// <param name="columnCount">How many columns the file trained on had, where it had no header; null if that is not known.</param>
    /// <exception cref="DataFormatException">
    /// A column does not exist, a value is missing or not a finite number, or the network does not know a class.
    /// </exception>
    public static Dataset LoadExamples(
        CsvFile file, IReadOnlyList<string> inputNames, string targetName, IReadOnlyList<string>? classes, int? columnCount = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(inputNames);
        int[] columns = CsvColumn.FindAll(file, [.. inputNames, targetName]);
        RequireColumnCount(file, columnCount, "");
        int target = columns[^1];
        Func<int, double> read = classes is null
            ? row => CsvColumn.Number(file, row, target)
            : ClassReader(file, target, classes);
        double[][] targets = [.. Enumerable.Range(0, file.RowCount).Select(row => new[] { read(row) })];
        return new Dataset(Inputs(file, columns[..^1]), targets, classes, inputNames, targetName);
    }

    // Positions mean something in a file of the same columns only.
    private static void RequireColumnCount(CsvFile file, int? expected, string orElse)
    {
        if (!file.HasHeader && expected is { } count && file.ColumnNames.Count != count)
            throw file.Error(FormattableString.Invariant($"the file has {file.ColumnNames.Count} columns without names; expected {count}, as in the file that was trained on{orElse}"));
    }

    private static double[][] Inputs(CsvFile file, int[] columns)
    {
        var inputs = new double[file.RowCount][];
        for (int row = 0; row < inputs.Length; row++)
            inputs[row] = Array.ConvertAll(columns, column => CsvColumn.Number(file, row, column));
        return inputs;
    }

    private static Func<int, double> ClassReader(CsvFile file, int column, IReadOnlyList<string> classes)
    {
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < classes.Count; i++)
            indices.Add(classes[i], i);
        IReadOnlyList<string>? labels = column == file.ColumnNames.Count - 1 ? file.ClassNames : null;
        return row =>
        {
            bool isNumber = CsvColumn.TryRead(file, row, column, out double number);
            string name = labels is null ? file.Field(row, column) : labels[CsvTarget.LabelAt(file, row, column, labels)];
            if (indices.TryGetValue(name, out int index) || (isNumber && indices.TryGetValue(CsvNumber.NameOf(number), out index)))
                return index;
            throw file.Error(row, column, $"the network knows no class '{name}'; expected {CsvColumn.Several("one of ", classes)}");
        };
    }
}
