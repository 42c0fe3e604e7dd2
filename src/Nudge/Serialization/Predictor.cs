// What a trained model says of new rows: the same thing again and again, as fast as it goes.

using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// Predicts with a <see cref="TrainedModel"/>, from rows in the data's own units. It is made once, which compiles the network,
/// and then used from any number of threads at once, also while the network is trained on: each call reads the parameters as
/// they are. Calls allocate nothing but the arrays that they return.
/// </summary>
public sealed class Predictor
{
    // Numbers on the stack, and numbers in rows that are computed together: enough for the widest vectors and within the cache.
    private const int FewNumbers = 256, NumbersTogether = 1 << 15, FewestTogether = 64;

    private readonly CompiledFunction _network;
    private readonly RowScaler _scaler;
    private readonly bool[] _mayBeMissing;
    private readonly int _rowsTogether;

    /// <summary>A predictor.</summary>
    /// <param name="model">What predicts.</param>
    /// <param name="precision">The numbers that the network is computed with.</param>
    /// <exception cref="InvalidOperationException">
    /// The network cannot be compiled: it branches on numbers that depend on its inputs, or float32 is not exact enough for it.
    /// </exception>
    public Predictor(TrainedModel model, Precision precision = Precision.Double)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _network = CompiledFunction.Compile(model.Network, precision);
        _scaler = new RowScaler(model.Inputs);
        InputCount = model.InputNames.Count;
        _mayBeMissing = [.. Enumerable.Range(0, InputCount).Select(model.Schema.MayBeMissing)];
        ResultCount = model.ResultCount;
        _rowsTogether = Math.Max(FewestTogether, NumbersTogether / (_network.InputCount + _network.OutputCount) / FewestTogether * FewestTogether);
    }

    /// <summary>What predicts.</summary>
    public TrainedModel Model { get; }

    /// <summary>The numbers that the network is computed with.</summary>
    public Precision Precision => _network.Precision;

    /// <summary>How many numbers a row has: <see cref="TrainedModel.InputNames"/>.</summary>
    public int InputCount { get; }

    /// <summary>How many numbers are predicted for a row: for each target a probability for each class, or the number itself.</summary>
    public int ResultCount { get; }

    /// <summary>
    /// The names of the classes of the only target, in the order of their probabilities; null where it is a number, and where there
    /// are several, which <see cref="TrainedModel.EachTarget"/> tells apart.
    /// </summary>
    public IReadOnlyList<string>? Classes => Model.Classes;

    /// <summary>What the columns of a table become to be inputs: <see cref="TableSchema.Inputs"/> are the cells of a row.</summary>
    public TableSchema Schema => Model.Schema;

    /// <summary>What is predicted for one row or for many.</summary>
    /// <param name="rows">The inputs of each row in the data's own units, one row after the other.</param>
    /// <param name="results">
    /// Room for <see cref="ResultCount"/> numbers for each row: for each target after the other the probability of each of its classes
    /// (for the hinge, which knows none, 1 for the class chosen), or the number predicted.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not make whole rows or not as many, or an input is not finite; the message says which.</exception>
    [OverloadResolutionPriority(1)]
    public void Predict(ReadOnlySpan<double> rows, Span<double> results)
    {
        RequireRows(rows.Length, results.Length, ResultCount);
        RequireFinite(rows);
        Compute<double, double>(rows, results);
    }

    /// <inheritdoc cref="Predict(ReadOnlySpan{double}, Span{double})"/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> results)
    {
        RequireRows(rows.Length, results.Length, ResultCount);
        RequireFinite(rows);
        Compute<float, float>(rows, results);
    }

    /// <summary>What is predicted for one row.</summary>
    /// <param name="row">The inputs in the data's own units.</param>
    /// <returns>For each target the probability of each class, or the number predicted.</returns>
    /// <exception cref="ArgumentException">There are too many or too few, or one is not finite; the message says which.</exception>
    public double[] Predict(params ReadOnlySpan<double> row)
    {
        RequireRow(row.Length);
        RequireFinite(row);
        var results = new double[ResultCount];
        Compute<double, double>(row, results);
        return results;
    }

    /// <summary>What is predicted for one row that is there as the cells of a table.</summary>
    /// <param name="cells">
    /// The texts of the columns of <see cref="Schema"/>'s <see cref="TableSchema.Inputs"/>, in their order. One that is empty is
    /// missing, and a name that training did not have is none to refuse.
    /// </param>
    /// <param name="results">Room for <see cref="ResultCount"/> numbers.</param>
    /// <exception cref="ArgumentException">There are too many or too few cells, or one is not what its column is; the message says which.</exception>
    public void PredictCells(ReadOnlySpan<string?> cells, Span<double> results)
    {
        if (results.Length != ResultCount)
            throw new ArgumentException($"Expected room for {ResultCount} results, got {results.Length}.", nameof(results));
        double[]? rented = null;
        Span<double> row = InputCount <= FewNumbers ? stackalloc double[FewNumbers] : (rented = ArrayPool<double>.Shared.Rent(InputCount));
        row = row[..InputCount];
        Schema.ReadCells(cells, row);
        Compute<double, double>(row, results);
        if (rented is not null)
            ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The class predicted for one row, as its place in <see cref="Classes"/>.</summary>
    /// <param name="row">The inputs in the data's own units.</param>
    /// <exception cref="InvalidOperationException">The model predicts a number, or several targets.</exception>
    /// <exception cref="ArgumentException">There are too many or too few, or one is not finite; the message says which.</exception>
    [OverloadResolutionPriority(1)]
    public int ClassOf(params ReadOnlySpan<double> row)
    {
        RequireRow(row.Length);
        int one = 0;
        ClassesOf(row, new Span<int>(ref one));
        return one;
    }

    /// <inheritdoc cref="ClassOf(ReadOnlySpan{double})"/>
    public int ClassOf(ReadOnlySpan<float> row)
    {
        RequireRow(row.Length);
        int one = 0;
        ClassesOf(row, new Span<int>(ref one));
        return one;
    }

    /// <summary>The name of the class predicted for one row.</summary>
    /// <inheritdoc cref="ClassOf(ReadOnlySpan{double})"/>
    public string ClassNameOf(params ReadOnlySpan<double> row) => Classes is { } classes ? classes[ClassOf(row)] : throw NoClasses();

    /// <summary>The classes predicted for many rows, as their places in <see cref="Classes"/>.</summary>
    /// <param name="rows">The inputs of each row in the data's own units, one row after the other.</param>
    /// <param name="classes">Room for a class for each row.</param>
    /// <exception cref="InvalidOperationException">The model predicts a number, or several targets.</exception>
    /// <exception cref="ArgumentException">The lengths do not make whole rows or not as many, or an input is not finite; the message says which.</exception>
    [OverloadResolutionPriority(1)]
    public void ClassesOf(ReadOnlySpan<double> rows, Span<int> classes)
    {
        RequireRows(rows.Length, classes.Length, 1);
        RequireFinite(rows);
        Choose(rows, classes);
    }

    /// <inheritdoc cref="ClassesOf(ReadOnlySpan{double}, Span{int})"/>
    public void ClassesOf(ReadOnlySpan<float> rows, Span<int> classes)
    {
        RequireRows(rows.Length, classes.Length, 1);
        RequireFinite(rows);
        Choose(rows, classes);
    }

    /// <summary>The same for rows in arrays of their own, in which NaN always stands for a number that is missing.</summary>
    internal double[][] PredictTable(IReadOnlyList<double[]> rows)
    {
        var results = new double[rows.Count][];
        int most = Math.Min(_rowsTogether, rows.Count);
        double[] numbers = new double[most * InputCount], predictions = new double[most * ResultCount];
        for (int start = 0; start < rows.Count; start += most)
        {
            int count = Math.Min(most, rows.Count - start);
            for (int i = 0; i < count; i++)
            {
                RequireRow(rows[start + i].Length);
                rows[start + i].CopyTo(numbers, i * InputCount);
            }
            Compute<double, double>(numbers.AsSpan(0, count * InputCount), predictions.AsSpan(0, count * ResultCount));
            for (int i = 0; i < count; i++)
                results[start + i] = predictions.AsSpan(i * ResultCount, ResultCount).ToArray();
        }
        return results;
    }

    // A network's outputs for some rows at a time, and what they stand for.
    private void Compute<T, TResult>(ReadOnlySpan<T> rows, Span<TResult> results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TResult : unmanaged, IBinaryFloatingPointIeee754<TResult>
    {
        int inputs = _network.InputCount, outputs = _network.OutputCount, size = inputs + outputs + ResultCount;
        int count = results.Length / ResultCount, most = Math.Min(count, _rowsTogether);
        double[]? rented = null;
        Span<double> room = most * size <= FewNumbers ? stackalloc double[FewNumbers] : (rented = ArrayPool<double>.Shared.Rent(most * size));
        for (int start = 0; start < count; start += most)
        {
            int some = Math.Min(most, count - start);
            Span<double> scaled = room[..(some * inputs)], given = room.Slice(some * inputs, some * outputs), row = room.Slice(some * (inputs + outputs), ResultCount);
            for (int i = 0; i < some; i++)
                _scaler.Apply(rows.Slice((start + i) * InputCount, InputCount), scaled.Slice(i * inputs, inputs));
            _network.Evaluate(scaled, given);
            for (int i = 0; i < some; i++)
            {
                Model.Read(given.Slice(i * outputs, outputs), row);
                Span<TResult> to = results.Slice((start + i) * ResultCount, ResultCount);
                for (int j = 0; j < to.Length; j++)
                    to[j] = TResult.CreateTruncating(row[j]);
            }
        }
        if (rented is not null)
            ArrayPool<double>.Shared.Return(rented);
    }

    private void Choose<T>(ReadOnlySpan<T> rows, Span<int> classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Classes is null)
            throw NoClasses();
        int most = Math.Min(classes.Length, _rowsTogether);
        double[]? rented = null;
        Span<double> room = most * ResultCount <= FewNumbers ? stackalloc double[FewNumbers] : (rented = ArrayPool<double>.Shared.Rent(most * ResultCount));
        for (int start = 0; start < classes.Length; start += most)
        {
            int some = Math.Min(most, classes.Length - start);
            Span<double> probabilities = room[..(some * ResultCount)];
            Compute(rows.Slice(start * InputCount, some * InputCount), probabilities);
            for (int i = 0; i < some; i++)
                classes[start + i] = Model.Objective.ClassOfProbabilities(probabilities.Slice(i * ResultCount, ResultCount));
        }
        if (rented is not null)
            ArrayPool<double>.Shared.Return(rented);
    }

    private void RequireRows(int numbers, int results, int resultsOfRow)
    {
        int count = results / resultsOfRow;
        if (count == 0 || results != count * resultsOfRow || numbers != count * InputCount)
        {
            throw new ArgumentException(
                $"Expected {InputCount} inputs and room for {resultsOfRow} results for each row and at least one row, got {numbers} and {results}.", nameof(numbers));
        }
    }

    private void RequireRow(int numbers)
    {
        if (numbers != InputCount)
            throw new ArgumentException($"Expected {InputCount} inputs, got {numbers}.", nameof(numbers));
    }

    private void RequireFinite<T>(ReadOnlySpan<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (!T.IsFinite(rows[i]) && !(T.IsNaN(rows[i]) && _mayBeMissing[i % InputCount]))
                throw new ArgumentException(NotFinite(i, double.CreateTruncating(rows[i]), rows.Length > InputCount), nameof(rows));
        }
    }

    private string NotFinite(int place, double number, bool isOneOfMany) =>
        $"The input '{Model.InputNames[place % InputCount]}'{(isOneOfMany ? $" of row {place / InputCount}" : "")} is {number.ToString(CultureInfo.InvariantCulture)}; expected a finite number.";

    private InvalidOperationException NoClasses() => new(Model.TargetClasses.Count == 1
        ? $"The model predicts the number '{Model.TargetName}', and no class."
        : $"The model predicts {Model.TargetClasses.Count} targets ('{Model.TargetName}'), and no class of a single one; {nameof(TrainedModel.EachTarget)} tells them apart.");
}
