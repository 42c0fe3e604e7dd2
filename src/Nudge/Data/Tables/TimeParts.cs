// When a row was, where its date stands in several columns of numbers.

namespace Nudge;

/// <summary>The inputs that say the year, month, day and hour of a row.</summary>
internal sealed class TimeParts
{
    private readonly int _year, _month, _day, _hour; // places among the inputs; −1 for a part that there is not

    private TimeParts(int year, int month, int day, int hour) => (_year, _month, _day, _hour) = (year, month, day, hour);

    /// <summary>Which columns they are, by their names; null without a year and a month, be they the same in every row, or where no part changes.</summary>
    internal static TimeParts? In(TableSchema schema)
    {
        int year = PlaceOf(schema, "year"), month = PlaceOf(schema, "month"), day = PlaceOf(schema, "day"), hour = PlaceOf(schema, "hour");
        bool isDate = (year >= 0 || IsConstant("year")) && (month >= 0 || IsConstant("month"));
        return isDate && Math.Max(Math.Max(year, month), Math.Max(day, hour)) >= 0 ? new TimeParts(year, month, day, hour) : null;

        bool IsConstant(string name) => schema.Columns.Any(column => column.Kind == ColumnKind.Constant && Is(column, name));
    }

    /// <summary>The time of a row in days; NaN where its parts make no date.</summary>
    internal double Of(double[] inputs)
    {
        // A part that is the same in all rows does not matter; these have every day.
        int year = Part(_year, 2000), month = Part(_month, 1), day = Part(_day, 1), hour = Part(_hour, 0);
        return year is >= 1 and < 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour is >= 0 and <= 24
            ? new DateTime(year, month, day).AddHours(hour).Ticks / (double)TimeSpan.TicksPerDay
            : double.NaN;

        int Part(int place, int without) => place < 0 ? without : inputs[place] is >= 0 and <= 9999 and double part && part == Math.Floor(part) ? (int)part : -1;
    }

    private static int PlaceOf(TableSchema schema, string name)
    {
        int at = 0;
        foreach (TableColumn column in schema.Inputs)
        {
            if (column is NumberColumn && Is(column, name))
                return at;
            at += column.InputCount;
        }
        return -1;
    }

    private static bool Is(TableColumn column, string name) => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase);
}
