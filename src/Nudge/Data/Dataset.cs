// Examples: inputs, targets, and what they are called.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// Examples to learn from. A target is a number to predict, or the index of a class. An example has one target or several.
/// </summary>
public sealed partial class Dataset
{
    private readonly IReadOnlyList<double[]> _inputs;
    private readonly IReadOnlyList<double[]> _targets;

    /// <summary>A data set.</summary>
    /// <param name="inputs">One row of numbers for each example, all of the same length.</param>
    /// <param name="targets">One row for each example, all of the same length: the class index, or the numbers to predict.</param>
    /// <param name="classes">The names of the classes; null for regression.</param>
    /// <param name="inputNames">The names of the inputs; x0, x1 … if left out.</param>
    /// <param name="targetName">The name of the target.</param>
    /// <exception cref="ArgumentException">There is no example, rows differ in length, or a class index is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public Dataset(
        double[][] inputs,
        double[][] targets,
        IReadOnlyList<string>? classes = null,
        IReadOnlyList<string>? inputNames = null,
        string targetName = "y")
        : this(inputs, targets, OfOnly(classes), inputNames, targetName)
    {
    }

    /// <summary>A data set of several targets, classes and numbers in any mix.</summary>
    /// <param name="inputs">One row of numbers for each example, all of the same length.</param>
    /// <param name="targets">One row for each example, all of the same length: for each target the class index, or the number to predict.</param>
    /// <param name="targetClasses">For each target the names of its classes, or null for a number; null where all are numbers.</param>
    /// <param name="inputNames">The names of the inputs; x0, x1 … if left out.</param>
    /// <param name="targetName">The name of all targets together.</param>
    /// <exception cref="ArgumentException">There is no example, rows differ in length, or a class index is out of range.</exception>
    public Dataset(
        double[][] inputs,
        double[][] targets,
        IReadOnlyList<IReadOnlyList<string>?>? targetClasses,
        IReadOnlyList<string>? inputNames = null,
        string targetName = "y")
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Length == 0)
            throw new ArgumentException("Expected at least one example, got none.", nameof(inputs));
        if (inputs.Length != targets.Length)
            throw new ArgumentException($"Expected a target for each of {inputs.Length} examples, got {targets.Length}.", nameof(targets));
        RequireSameLength(inputs, nameof(inputs));
        RequireSameLength(targets, nameof(targets));
        TargetClasses = targetClasses ?? new IReadOnlyList<string>?[targets[0].Length];
        if (TargetClasses.Count != targets[0].Length)
            throw new ArgumentException($"Expected classes or null for each of {targets[0].Length} targets, got {TargetClasses.Count}.", nameof(targetClasses));
        RequireClassIndices(targets, TargetClasses);
        if (inputNames is not null && inputNames.Count != inputs[0].Length)
            throw new ArgumentException($"Expected a name for each of {inputs[0].Length} inputs, got {inputNames.Count}.", nameof(inputNames));
        _inputs = inputs;
        _targets = targets;
        InputNames = inputNames ?? [.. Enumerable.Range(0, inputs[0].Length).Select(i => $"x{i}")];
        TargetName = targetName;
    }

    // Rows that are right because those of the other are.
    private Dataset(IReadOnlyList<double[]> inputs, IReadOnlyList<double[]> targets, Dataset like, IReadOnlyList<string>? inputNames = null)
    {
        _inputs = inputs;
        _targets = targets;
        (TargetClasses, InputNames, TargetName, Schema) = (like.TargetClasses, inputNames ?? like.InputNames, like.TargetName, like.Schema);
    }

    // One target of several.
    private Dataset(Dataset all, int target)
    {
        (_inputs, _targets) = (all._inputs, new TargetRows(all._targets, target));
        (TargetClasses, InputNames, TargetName) = ([all.TargetClasses[target]], all.InputNames, all.TargetNames[target]);
    }

    /// <summary>How many examples there are.</summary>
    public int Count => _inputs.Count;

    /// <summary>How many inputs each has.</summary>
    public int InputCount => _inputs[0].Length;

    /// <summary>How many targets each has.</summary>
    public int TargetCount => _targets[0].Length;

    /// <summary>The inputs, a row for each example; NaN where a number is missing.</summary>
    public IReadOnlyList<double[]> Inputs => _inputs;

    /// <summary>The targets, a row for each example.</summary>
    public IReadOnlyList<double[]> Targets => _targets;

    /// <summary>For each target the names of its classes, or null for a number.</summary>
    public IReadOnlyList<IReadOnlyList<string>?> TargetClasses { get; }

    /// <summary>The names of the classes of the only target; null where it is a number, and where there are several.</summary>
    public IReadOnlyList<string>? Classes => TargetClasses is [var only] ? only : null;

    /// <summary>Whether some target is a class.</summary>
    public bool HasClasses => TargetClasses.Any(classes => classes is not null);

    /// <summary>The names of the inputs.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The name of the target, or of all of them.</summary>
    public string TargetName { get; }

    /// <summary>The name of each target: of several that of its column.</summary>
    public IReadOnlyList<string> TargetNames => TableTarget.NamesOf(Schema, TargetName, TargetCount);

    /// <summary>What the columns are that the inputs were made of; null where they were numbers from the start.</summary>
    public TableSchema? Schema { get; init; }

    /// <summary>Reads a table from a file: see <see cref="TableSchema"/> for what becomes of its columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Which columns are what, where that is not to be found.</param>
    /// <param name="format">How the file is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The file is no table, or nothing can be learnt from it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset FromCsv(string path, TableOptions? options = null, CsvFormat? format = null)
    {
        CsvFile file = CsvFile.Read(path, format);
        return TableSchema.Infer(file, options).Read(file).Data!;
    }

    /// <summary>Reads a table from text that is no file.</summary>
    /// <param name="reader">The text; it is read to its end.</param>
    /// <param name="options">Which columns are what, where that is not to be found.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The text is no table, or nothing can be learnt from it.</exception>
    public static Dataset FromCsv(TextReader reader, TableOptions? options = null, CsvFormat? format = null)
    {
        CsvFile file = CsvFile.Read(reader, format);
        return TableSchema.Infer(file, options).Read(file).Data!;
    }

    /// <summary>Reads a table from a stream, to its end.</summary>
    /// <param name="stream">The text, plain or packed with gzip.</param>
    /// <param name="options">Which columns are what, where that is not to be found.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The text is no table, or nothing can be learnt from it.</exception>
    public static Dataset FromCsv(Stream stream, TableOptions? options = null, CsvFormat? format = null)
    {
        CsvFile file = CsvFile.Read(stream, format);
        return TableSchema.Infer(file, options).Read(file).Data!;
    }

    /// <summary>Reads a table that lies in memory.</summary>
    /// <param name="bytes">The text, plain or packed with gzip.</param>
    /// <param name="options">Which columns are what, where that is not to be found.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The text is no table, or nothing can be learnt from it.</exception>
    public static Dataset FromCsv(ReadOnlyMemory<byte> bytes, TableOptions? options = null, CsvFormat? format = null)
    {
        CsvFile file = CsvFile.Read(bytes, format);
        return TableSchema.Infer(file, options).Read(file).Data!;
    }

    /// <summary>Takes items of any kind as examples of numbers.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <param name="items">The items; they are gone through once.</param>
    /// <param name="inputs">The inputs of an item, as many of each.</param>
    /// <param name="target">The numbers to predict for it.</param>
    /// <exception cref="ArgumentException">There is no item, or rows differ in length.</exception>
    public static Dataset From<T>(IEnumerable<T> items, Func<T, double[]> inputs, Func<T, double[]> target)
    {
        (double[][] rows, double[][] targets) = RowsOf(items, inputs, target);
        return new Dataset(rows, targets);
    }

    /// <summary>Takes items of any kind as examples of classes.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <param name="items">The items; they are gone through once.</param>
    /// <param name="inputs">The inputs of an item, as many of each.</param>
    /// <param name="className">The name of its class. The classes are those of the items, in the order of their names.</param>
    /// <exception cref="ArgumentException">There is no item, or rows differ in length.</exception>
    public static Dataset From<T>(IEnumerable<T> items, Func<T, double[]> inputs, Func<T, string> className)
    {
        ArgumentNullException.ThrowIfNull(className);
        var names = new List<string>();
        (double[][] rows, double[][] targets) = RowsOf(items, inputs, item =>
        {
            names.Add(className(item));
            return new double[1];
        });
        string[] classes = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        for (int i = 0; i < targets.Length; i++)
            targets[i][0] = Array.BinarySearch(classes, names[i], StringComparer.Ordinal);
        return new Dataset(rows, targets, classes);
    }

    /// <summary>
    /// Takes records of one's own as rows of a table: their public properties are its columns, and what they become is found
    /// as for a file. A null is missing.
    /// </summary>
    /// <typeparam name="T">The records.</typeparam>
    /// <param name="records">The records.</param>
    /// <param name="options">Which properties are what, where that is not to be found.</param>
    /// <exception cref="DataFormatException">Nothing can be learnt from them; the message says why.</exception>
    public static Dataset From<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        IEnumerable<T> records, TableOptions? options = null)
    {
        CsvFile file = RecordTable.Of(records);
        return TableSchema.Infer(file, options).Read(file).Data!;
    }

    /// <summary>The examples at given places, in that order.</summary>
    /// <param name="indices">Places from 0 to <see cref="Count"/> − 1.</param>
    public Dataset Subset(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Count == 0)
            throw new ArgumentException("Expected at least one example, got none.", nameof(indices));
        return new Dataset(indices.Select(i => _inputs[i]).ToArray(), indices.Select(i => _targets[i]).ToArray(), this);
    }

    /// <summary>
    /// Two parts at random: the second gets the fraction, the first the rest. For classification each class is divided
    /// by itself (stratified), so that both parts have the classes in the same shares; of several targets, each combination.
    /// </summary>
    /// <param name="fraction">The second part's share, above 0 and below 1.</param>
    /// <param name="rng">Which examples go where.</param>
    /// <exception cref="ArgumentException">A part would have no example.</exception>
    public (Dataset First, Dataset Second) Split(double fraction, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (fraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected a number above 0 and below 1.");
        var first = new List<int>();
        var second = new List<int>();
        // Cutting at the rounded running total, not each class by itself, makes the parts' sizes right as a whole.
        int seen = 0;
        foreach (int[] group in Groups())
        {
            rng.Shuffle<int>(group);
            int cut = Rounded(seen + group.Length) - Rounded(seen);
            seen += group.Length;
            second.AddRange(group[..cut]);
            first.AddRange(group[cut..]);
        }
        if (first.Count == 0 || second.Count == 0)
            throw TooFew(fraction);
        first.Sort();
        second.Sort();
        return (Subset(first), Subset(second));

        int Rounded(int count) => (int)Math.Round(count * fraction, MidpointRounding.AwayFromZero);
    }

    /// <summary>Two parts in the order of the examples: the second gets the fraction at the end, the first the rest.</summary>
    /// <param name="fraction">The second part's share, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">A part would have no example.</exception>
    public (Dataset First, Dataset Second) SplitInOrder(double fraction)
    {
        if (fraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected a number above 0 and below 1.");
        int cut = Count - (int)Math.Round(Count * fraction, MidpointRounding.AwayFromZero);
        if (cut == 0 || cut == Count)
            throw TooFew(fraction);
        return (Subset([.. Enumerable.Range(0, cut)]), Subset([.. Enumerable.Range(cut, Count - cut)]));
    }

    private static IReadOnlyList<IReadOnlyList<string>?>? OfOnly(IReadOnlyList<string>? classes) => classes is null ? null : [classes];

    private static (double[][] Rows, double[][] Targets) RowsOf<T>(IEnumerable<T> items, Func<T, double[]> inputs, Func<T, double[]> target)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(target);
        var rows = new List<double[]>();
        var targets = new List<double[]>();
        foreach (T item in items)
        {
            rows.Add(inputs(item));
            targets.Add(target(item));
        }
        return ([.. rows], [.. targets]);
    }

    private ArgumentException TooFew(double fraction) =>
        new($"{Count} {(Count == 1 ? "example is" : "examples are")} too few to split off {fraction:P0}.", nameof(fraction));

    /// <summary>The same examples, each scaled whenever it is looked at: a copy of all would take as much memory again.</summary>
    /// <param name="inputs">The scales of the inputs.</param>
    /// <param name="targets">The scales of the targets; null to leave them as they are.</param>
    internal Dataset Scaled(Standardizer inputs, Standardizer? targets) =>
        new(new ScaledRows(_inputs, inputs), targets is null ? _targets : new ScaledRows(_targets, targets), this, inputs.OutputNames(InputNames));

    /// <summary>The same examples, each scaled once and kept, for who looks at them again and again.</summary>
    internal Dataset Kept() => _inputs is ScaledRows || _targets is ScaledRows ? new([.. _inputs], [.. _targets], this, InputNames) : this;

    /// <summary>The same examples with one of the targets alone.</summary>
    /// <param name="target">Which, from 0 to <see cref="TargetCount"/> − 1.</param>
    public Dataset OfTarget(int target) => TargetCount == 1 ? this : new(this, target);

    // The examples that have the same classes, those of the first target after each other.
    private IEnumerable<int[]> Groups() => HasClasses
        ? Enumerable.Range(0, Count).GroupBy(ClassesOf).OrderBy(group => group.Key).Select(group => group.ToArray())
        : [[.. Enumerable.Range(0, Count)]];

    private double ClassesOf(int example)
    {
        double number = 0;
        for (int t = 0; t < TargetCount; t++)
            number = TargetClasses[t] is { } classes ? number * classes.Count + _targets[example][t] : number;
        return number;
    }

    private static void RequireSameLength(double[][] rows, string name)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != rows[0].Length || rows[i].Length == 0)
                throw new ArgumentException($"Expected {Math.Max(1, rows[0].Length)} numbers in row {i}, got {rows[i].Length}.", name);
        }
    }

    private static void RequireClassIndices(double[][] targets, IReadOnlyList<IReadOnlyList<string>?> targetClasses)
    {
        for (int t = 0; t < targetClasses.Count; t++)
        {
            if (targetClasses[t] is not { Count: var classCount })
                continue;
            for (int i = 0; i < targets.Length; i++)
            {
                double index = targets[i][t];
                if (!(index >= 0 && index < classCount && index == Math.Floor(index)))
                    throw new ArgumentException($"Expected a class index from 0 to {classCount - 1} in row {i}, got {index}.", nameof(targets));
            }
        }
    }
}
