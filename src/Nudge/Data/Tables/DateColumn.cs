// A column of dates or times.

namespace Nudge;

/// <summary>The parts of dates and times that a network can use.</summary>
[Flags]
public enum DateParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The year with the part of it that has passed: what goes on and on.</summary>
    Year = 1,

    /// <summary>The day of the year, as a place on a circle.</summary>
    DayOfYear = 2,

    /// <summary>The day of the week, as a place on a circle.</summary>
    Weekday = 4,

    /// <summary>The time of the day, as a place on a circle.</summary>
    Hour = 8,
}

/// <summary>
/// Dates and times: the year as one input, and for each part that repeats the sine and cosine of its place on a circle, so
/// that 31 December lies next to 1 January.
/// </summary>
public sealed class DateColumn : TableColumn
{
    private static readonly (DateParts Part, string Name)[] s_allParts =
        [(DateParts.Year, "year"), (DateParts.DayOfYear, "day of year"), (DateParts.Weekday, "weekday"), (DateParts.Hour, "hour")];

    private readonly string[] _names;

    internal DateColumn(string name, DateOrder order, DateParts parts, bool hasIndicator, ColumnFacts facts)
        : base(name, ColumnKind.Date, hasIndicator, facts)
    {
        Order = order;
        Parts = parts;
        _names = [.. NamesOf(name, parts)];
    }

    /// <summary>In which order a date has its parts.</summary>
    public DateOrder Order { get; }

    /// <summary>The parts that are used.</summary>
    public DateParts Parts { get; }

    /// <inheritdoc/>
    public override string Becomes => string.Join(", ", Each().Select(part => part.Name));

    private protected override IReadOnlyList<string> ValueNames => _names;

    /// <summary>Whether it has dates, so that rows have an order in time.</summary>
    internal bool HasDates => (Parts & ~DateParts.Hour) != 0;

    private protected override CellReading ReadValue(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs)
    {
        if (IsMissing(cell, marks))
            return CellReading.Missing;
        if (!DateText.TryParse(cell, Order, out Moment moment))
            return CellReading.Unreadable;
        DateTime time = moment.Time;
        double days = time.DayOfYear - 1 + time.TimeOfDay.TotalDays, length = DateTime.IsLeapYear(time.Year) ? 366 : 365;
        int at = 0;
        if (Parts.HasFlag(DateParts.Year))
            inputs[at++] = time.Year + days / length;
        Circle(DateParts.DayOfYear, days / length, inputs);
        Circle(DateParts.Weekday, (int)time.DayOfWeek / 7.0, inputs);
        Circle(DateParts.Hour, time.TimeOfDay.TotalDays, inputs);
        return CellReading.Known;

        void Circle(DateParts part, double turn, Span<double> to)
        {
            if (!Parts.HasFlag(part))
                return;
            (to[at], to[at + 1]) = Math.SinCos(2 * Math.PI * turn);
            at += 2;
        }
    }

    private IEnumerable<(DateParts Part, string Name)> Each() => s_allParts.Where(part => Parts.HasFlag(part.Part));

    private static IEnumerable<string> NamesOf(string name, DateParts parts)
    {
        foreach ((DateParts part, string word) in s_allParts)
        {
            if (!parts.HasFlag(part))
                continue;
            if (part == DateParts.Year)
            {
                yield return $"{name}: {word}";
                continue;
            }
            yield return $"{name}: {word} (sine)";
            yield return $"{name}: {word} (cosine)";
        }
    }
}
