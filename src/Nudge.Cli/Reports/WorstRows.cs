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
                Joined(evaluation.OfEach.Select(one => one.Data.Classes is { } classes ? classes[(int)one.Data.Targets[i][0]] : Text.Size(one.Data.Targets[i][0]))),
                Joined(model.EachTarget.Select(target => Predicted(target, evaluation.Predictions[i]))),
                evaluation.Losses[i],
                cells);
        }

        string Joined(IEnumerable<string> ofEach) => string.Join("; ", data.TargetCount == 1 ? ofEach : data.TargetNames.Zip(ofEach, (name, text) => $"{name} {text}"));
    }

    private static string Predicted(ModelTarget target, double[] prediction)
    {
        double[] own = prediction[target.Results];
        if (target.Classes is not { } classes)
            return Text.Size(own[0]);
        int predicted = target.ClassOf(prediction);
        return target.Objective.GivesProbabilities ? $"{classes[predicted]} ({Text.Percent(own[predicted])})" : classes[predicted];
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
