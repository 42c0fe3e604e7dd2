// How a model's answer depends on one column.

using System.Globalization;

namespace Nudge.Evaluation;

/// <summary>What a model answers on average when a column has one value in every row.</summary>
/// <param name="Label">The value in words.</param>
/// <param name="Value">The value as a number, where it has a place among others; else null.</param>
/// <param name="Answer">The mean of the predictions: the probability of each class, or the numbers predicted.</param>
public sealed record DependencePoint(string Label, double? Value, IReadOnlyList<double> Answer);

/// <summary>
/// Partial dependence (Friedman, "Greedy function approximation: a gradient boosting machine", 2001): the mean of the model's
/// answers over some rows, in all of which a column has been given the same value. It tells the effect of the column only as far
/// as it does not depend on the others.
/// </summary>
/// <param name="Column">The column.</param>
/// <param name="Part">Of a date, the part of it that is changed; else empty.</param>
/// <param name="Points">
/// The values and the answers: for numbers, quantiles 5 % apart; for categories up to 20 of the most frequent names; for yes and no
/// both; for dates years by their quantiles, and twelve places of what repeats. Last the answer where the value is missing, if the
/// model has an input for that.
/// </param>
/// <param name="Rows">How many rows the mean is of: all, or where that is too much work a sample.</param>
public sealed record ColumnDependence(TableColumn Column, string Part, IReadOnlyList<DependencePoint> Points, int Rows)
{
    private const int MostRows = 500, MostNames = 20, Quantiles = 20, Places = 12;

    private static readonly string[] s_months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] s_days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>Measures how a model's answer depends on some of its columns.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Examples in the data's own units.</param>
    /// <param name="columns">The columns, of <see cref="TableSchema.Inputs"/> of the model.</param>
    /// <param name="rng">Which rows are asked about.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    /// <returns>For each column one, and for a date one for each part of it.</returns>
    /// <exception cref="ArgumentException">The examples have other inputs, targets or classes than the model.</exception>
    public static IReadOnlyList<ColumnDependence> Measure(
        TrainedModel model, Dataset data, IReadOnlyList<TableColumn> columns, Rng rng, GraphEngine engine = GraphEngine.Compiled, Precision precision = Precision.Double)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rng);
        if (columns.Count == 0)
            return [];
        var probe = new ColumnProbe(model, data, MostRows, columns.Count * (Quantiles + 1), rng, engine, precision);
        Dictionary<TableColumn, int> starts = ColumnProbe.ColumnsOf(model, int.MaxValue).ToDictionary(one => one.Column, one => one.Start);
        var all = new List<ColumnDependence>();
        foreach (TableColumn column in columns)
        {
            int start = starts.TryGetValue(column, out int found) ? found : throw new ArgumentException($"The model does not use the column '{column.Name}'.", nameof(columns));
            foreach ((string part, int offset, IEnumerable<Setting> settings) in SettingsOf(column, probe.Raw, start))
            {
                DependencePoint[] points = [.. settings.Select(setting => new DependencePoint(setting.Label, setting.Value, probe.MeanPrediction(start + offset, setting.Inputs)))];
                if (column.HasIndicator && points.Length > 0)
                    points = [.. points, new DependencePoint("missing", null, probe.MeanPrediction(start, MissingInputs(column)))];
                if (points.Length > 1)
                    all.Add(new ColumnDependence(column, part, points, probe.Raw.Count));
            }
        }
        return all;
    }

    private static IEnumerable<(string Part, int Offset, IEnumerable<Setting> Settings)> SettingsOf(TableColumn column, Dataset data, int start)
    {
        double[] known = column.HasIndicator ? [0] : [];
        switch (column)
        {
            case CategoryColumn category:
                yield return ("", 0, NamesOf(category, data, start));
                break;
            case YesNoColumn:
                yield return ("", 0, [new Setting("no", null, [0, .. known]), new Setting("yes", null, [1, .. known])]);
                break;
            case DateColumn date:
                foreach ((string Part, int Offset, IEnumerable<Setting> Settings) part in PartsOf(date, data, start))
                    yield return part;
                break;
            default:
                yield return ("", 0, QuantilesOf(data, start).Select(number => new Setting(TextOf(number), number, [number, .. known])));
                break;
        }
    }

    private static IEnumerable<(string Part, int Offset, IEnumerable<Setting> Settings)> PartsOf(DateColumn date, Dataset data, int start)
    {
        int offset = 0;
        if (date.Parts.HasFlag(DateParts.Year))
        {
            yield return ("year", 0, QuantilesOf(data, start).Select(number => new Setting(TextOf(number), number, [number])));
            offset++;
        }
        foreach ((DateParts part, string name, Func<int, string> label, int count) in new (DateParts, string, Func<int, string>, int)[]
        {
            (DateParts.DayOfYear, "month", place => s_months[place], Places),
            (DateParts.Weekday, "weekday", place => s_days[place], s_days.Length),
            (DateParts.Hour, "hour", place => (2 * place).ToString(CultureInfo.InvariantCulture) + " h", Places),
        })
        {
            if (!date.Parts.HasFlag(part))
                continue;
            // The middle of a month, and the beginning of all else.
            double shift = part == DateParts.DayOfYear ? 0.5 : 0;
            yield return (name, offset, Enumerable.Range(0, count).Select(place =>
            {
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * (place + shift) / count);
                return new Setting(label(place), null, [sine, cosine]);
            }));
            offset += 2;
        }
    }

    private static IEnumerable<Setting> NamesOf(CategoryColumn column, Dataset data, int start)
    {
        string[] names = column.Rare.Count > 0 ? [.. column.Values, "another"] : [.. column.Values];
        int[] counts = [.. names.Select((_, place) => data.Inputs.Count(row => row[start + place] == 1))];
        foreach (int place in Enumerable.Range(0, names.Length).OrderByDescending(place => counts[place]).Take(MostNames).Where(place => counts[place] > 0).Order())
        {
            var inputs = new double[column.InputCount];
            inputs[place] = 1;
            yield return new Setting(names[place], null, inputs);
        }
    }

    private static double[] QuantilesOf(Dataset data, int input)
    {
        double[] sorted = [.. data.Inputs.Select(row => row[input]).Where(number => !double.IsNaN(number)).Order()];
        return sorted.Length == 0 ? [] : [.. Enumerable.Range(0, Quantiles + 1).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / Quantiles)]).Distinct()];
    }

    private static double[] MissingInputs(TableColumn column)
    {
        var inputs = new double[column.InputCount];
        if (column is not CategoryColumn)
            Array.Fill(inputs, double.NaN);
        inputs[^1] = 1;
        return inputs;
    }

    private static string TextOf(double number) => (number + 0.0).ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A value of a column, as inputs.</summary>
    private sealed record Setting(string Label, double? Value, double[] Inputs);
}
