// The rows that the model is furthest off at, as they stand in the file.

using System.Globalization;

namespace Nudge.Cli;

/// <summary>A row.</summary>
/// <param name="Place">Where it stands, as "line 12".</param>
/// <param name="Expected">What is true.</param>
/// <param name="Predicted">What was predicted, with its probability.</param>
/// <param name="Loss">How far off that is.</param>
/// <param name="Cells">The cells of the columns that are shown.</param>
internal sealed record WorstRow(string Place, string Expected, string Predicted, double Loss, IReadOnlyList<string> Cells);

/// <param name="Columns">The columns that are shown: what may name the row, then the most important.</param>
/// <param name="Rows">The rows, the worst first.</param>
internal sealed record WorstRows(IReadOnlyList<string> Columns, IReadOnlyList<WorstRow> Rows)
{
    private const int Most = 12, MostColumns = 10;

    /// <param name="model">The model.</param>
    /// <param name="evaluation">What it says about some rows.</param>
    /// <param name="importances">Which columns matter.</param>
    /// <param name="file">The file that they stand in; null for points made on the spot.</param>
    /// <param name="reading">What was read from it.</param>
    internal static WorstRows Of(TrainedModel model, ModelEvaluation evaluation, ColumnImportances importances, CsvFile? file, TableReading? reading)
    {
        Dataset data = evaluation.Data;
        int[] worst = [.. Enumerable.Range(0, data.Count).OrderByDescending(i => evaluation.Losses[i]).Take(Most)];
        string[] names =
        [
            .. model.Schema.Columns.OfType<UnusedColumn>().Where(column => column.Kind is ColumnKind.Text or ColumnKind.RowNumber).Take(2).Select(column => column.Name),
            .. importances.Columns.Select(one => one.Column.Name),
        ];
        names = [.. names.Take(MostColumns)];
        int[] columns = file is null ? [] : [.. names.Select(name => file.ColumnNames.ToList().IndexOf(name))];
        Dictionary<double[], int> places = file is null ? [] : PlacesOf([.. worst.Select(i => data.Inputs[i])], reading!);
        return new WorstRows(names, [.. worst.Select(Row)]);

        WorstRow Row(int i)
        {
            double[] inputs = data.Inputs[i];
            int? row = places.TryGetValue(inputs, out int found) ? found : null;
            string[] cells = row is { } at
                ? [.. columns.Select(column => column < 0 ? "" : file!.Field(at, column))]
                : [.. names.Select(name => data.InputNames.ToList().IndexOf(name) is >= 0 and var input ? Text.Short(inputs[input]) : "")];
            return new WorstRow(
                row is { } place ? string.Create(CultureInfo.InvariantCulture, $"line {file!.PositionOf(place, 0).Line}") : "",
                data.Classes is { } classes ? classes[(int)data.Targets[i][0]] : NumbersOf(data, data.Targets[i]),
                data.Classes is null ? NumbersOf(data, evaluation.Predictions[i]) : PredictedClass(model, evaluation, i),
                evaluation.Losses[i],
                cells);
        }
    }

    private static string NumbersOf(Dataset data, double[] numbers) =>
        numbers.Length == 1 ? Text.Size(numbers[0]) : string.Join("; ", data.TargetNames.Zip(numbers, (name, number) => $"{name} {Text.Size(number)}"));

    private static string PredictedClass(TrainedModel model, ModelEvaluation evaluation, int i)
    {
        double[] probabilities = evaluation.Predictions[i];
        int predicted = model.ClassOfProbabilities(probabilities);
        return evaluation.Calibration is null ? model.Classes![predicted] : $"{model.Classes![predicted]} ({Text.Percent(probabilities[predicted])})";
    }

    // The rows of a part are the same objects as those that were read.
    private static Dictionary<double[], int> PlacesOf(IReadOnlyList<double[]> rows, TableReading reading)
    {
        var sought = new HashSet<double[]>(rows, ReferenceEqualityComparer.Instance);
        var places = new Dictionary<double[], int>(ReferenceEqualityComparer.Instance);
        IReadOnlyList<double[]> inputs = reading.Data!.Inputs;
        for (int i = 0; i < inputs.Count && places.Count < sought.Count; i++)
        {
            if (sought.Contains(inputs[i]))
                places[inputs[i]] = reading.Places![i];
        }
        return places;
    }
}
