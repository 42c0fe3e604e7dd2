// Columns that alone tell the target: often what is known only afterwards.

namespace Nudge;

internal static class LeakFinder
{
    private const int FewestRows = 30, MostRows = 20_000;

    /// <summary>The columns by which the target of every example is told: classes by a value or thresholds, numbers by a straight line.</summary>
    internal static IEnumerable<TableColumn> In(TableSchema schema, Dataset data)
    {
        int stride = Math.Max(1, data.Count / MostRows), at = 0;
        int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => row % stride == 0)];
        foreach (TableColumn column in schema.Inputs)
        {
            int input = at, count = column.InputCount;
            at += count;
            int[] present = [.. rows.Where(row => !double.IsNaN(data.Inputs[row][input]))];
            if (present.Length < FewestRows || present.Length < 0.8 * rows.Length || column is DateColumn)
                continue;
            bool tells = schema.Target.Classes is null
                ? column is NumberColumn && Enumerable.Range(0, data.TargetCount).Any(target => IsLine(data, present, input, target))
                : column is NumberColumn ? AreDivided(data, present, input, schema.Target.Classes.Count) : IsPure(data, present, input, count);
            if (tells)
                yield return column;
        }
    }

    // Sorted by the number, each class is one run of rows, and no number belongs to two classes.
    private static bool AreDivided(Dataset data, int[] rows, int input, int classes)
    {
        int[] sorted = [.. rows.OrderBy(row => data.Inputs[row][input])];
        int runs = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (data.Targets[sorted[i]][0] == data.Targets[sorted[i - 1]][0])
                continue;
            if (++runs > classes || data.Inputs[sorted[i]][input] == data.Inputs[sorted[i - 1]][input])
                return false;
        }
        return runs == classes;
    }

    private static bool IsPure(Dataset data, int[] rows, int input, int count)
    {
        var classOf = new Dictionary<int, double>();
        foreach (int row in rows)
        {
            // A name that has an input of its own is told by where its 1 stands; yes and no by the number.
            int value = count == 1 ? (int)data.Inputs[row][input] : data.Inputs[row].AsSpan(input, count).IndexOf(1);
            if (classOf.TryAdd(value, data.Targets[row][0]))
                continue;
            if (classOf[value] != data.Targets[row][0])
                return false;
        }
        return classOf.Count <= rows.Length / 5 && classOf.Values.Distinct().Count() > 1;
    }

    private static bool IsLine(Dataset data, int[] rows, int input, int target)
    {
        double meanX = rows.Average(row => data.Inputs[row][input]), meanY = rows.Average(row => data.Targets[row][target]);
        double xx = 0, yy = 0, xy = 0;
        foreach (int row in rows)
        {
            double x = data.Inputs[row][input] - meanX, y = data.Targets[row][target] - meanY;
            (xx, yy, xy) = (xx + x * x, yy + y * y, xy + x * y);
        }
        return xx > 0 && yy > 0 && xy * xy / (xx * yy) > 0.99999;
    }
}
