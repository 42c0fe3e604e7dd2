// Dates and times as people write them.

using System.Text;

namespace Nudge;

/// <summary>In which order a date has its parts.</summary>
public enum DateOrder
{
    /// <summary>2024-03-31.</summary>
    YearMonthDay,

    /// <summary>31.3.2024.</summary>
    DayMonthYear,

    /// <summary>3/31/2024.</summary>
    MonthDayYear,
}

/// <summary>A moment as a cell has it.</summary>
/// <param name="Time">The date, and the time of the day; of a time alone, on the first day there is.</param>
/// <param name="HasDate">Whether there is a date.</param>
/// <param name="HasTime">Whether there is a time of the day.</param>
internal readonly record struct Moment(DateTime Time, bool HasDate, bool HasTime);

internal static class DateText
{
    private const int LongestDate = 48;

    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Reads a date, a time, or both.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> cell, DateOrder order, out Moment moment)
    {
        moment = default;
        if (cell.Length is < 3 or > LongestDate)
            return false;
        var reader = new Reader(cell);
        int year = 1, month = 1, day = 1;
        bool hasDate = !reader.IsTime;
        if (hasDate && !reader.Date(order, out year, out month, out day))
            return false;
        if (hasDate && !reader.AtEnd && !reader.Gap())
            return false;
        double seconds = 0;
        bool hasTime = !reader.AtEnd;
        if (hasTime && !reader.Time(out seconds))
            return false;
        if (!reader.AtEnd || year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        moment = new Moment(new DateTime(year, month, day).AddSeconds(seconds), hasDate, hasTime);
        return true;
    }

    /// <summary>Reads a cell from left to right.</summary>
    private ref struct Reader(ReadOnlySpan<byte> cell)
    {
        private readonly ReadOnlySpan<byte> _cell = cell;
        private int _at;

        internal readonly bool AtEnd => _at == _cell.Length;

        /// <summary>Whether a time stands where a date could begin.</summary>
        internal readonly bool IsTime => _cell.IndexOf((byte)':') is 1 or 2 && (uint)(_cell[0] - '0') <= 9;

        internal bool Date(DateOrder order, out int year, out int month, out int day)
        {
            (year, month, day) = (0, 0, 0);
            if (Word() is { Length: > 0 } weekday && !TryName(weekday, s_days, out _))
                _at = 0;
            else
                Skip(", ");
            Span<int> parts = stackalloc int[3], lengths = stackalloc int[3];
            int named = -1;
            for (int i = 0; i < 3; i++)
            {
                if (i > 0 && !AtEnd && !Skip("-/., "))
                    return false;
                if (Word() is { Length: > 0 } name)
                {
                    if (named >= 0 || !TryName(name, s_months, out parts[i]))
                        return false;
                    named = i;
                }
                else if (!Whole(out parts[i], out lengths[i]))
                {
                    // 2024-03 is a month, and stands for its first day.
                    if (i < 2 || !AtEnd || lengths[0] != 4)
                        return false;
                    (parts[2], lengths[2], order) = (1, 1, DateOrder.YearMonthDay);
                }
            }
            (int y, int m, int d) = (named, order) switch
            {
                (0, _) => (2, 0, 1),
                (1, _) => lengths[0] == 4 ? (0, 1, 2) : (2, 1, 0),
                // A year that comes first is one in any column.
                _ when lengths[0] == 4 => (0, 1, 2),
                (_, DateOrder.YearMonthDay) => (0, 1, 2),
                (_, DateOrder.DayMonthYear) => (2, 1, 0),
                _ => (2, 0, 1),
            };
            if (lengths[y] is not (2 or 4) || lengths[d] is 0 or > 2 || lengths[m] > 2)
                return false;
            (year, month, day) = (parts[y], parts[m], parts[d]);
            if (lengths[y] == 2)
                year += year < 70 ? 2000 : 1900;
            return true;
        }

        /// <summary>What stands between date and time.</summary>
        internal bool Gap()
        {
            if (_cell[_at] is (byte)'T' or (byte)'t' or (byte)',')
                _at++;
            else if (_cell[_at] != ' ')
                return false;
            return Skip(" ") || !AtEnd;
        }

        internal bool Time(out double seconds)
        {
            seconds = 0;
            int second = 0;
            if (!Whole(out int hour, out int digits) || digits > 2 || AtEnd || _cell[_at++] != ':' || !Whole(out int minute, out digits) || digits != 2)
                return false;
            if (!AtEnd && _cell[_at] == ':')
            {
                _at++;
                if (!Whole(out second, out digits) || digits != 2)
                    return false;
                if (!AtEnd && _cell[_at] is (byte)'.' or (byte)',')
                {
                    _at++;
                    while (!AtEnd && (uint)(_cell[_at] - '0') <= 9)
                        _at++;
                }
            }
            Skip(" ");
            string suffix = Word();
            if (suffix is "am" or "pm")
            {
                if (hour is < 1 or > 12)
                    return false;
                hour = hour % 12 + (suffix == "pm" ? 12 : 0);
                suffix = "";
            }
            // The hour on the clock there is what repeats; the zone is passed over.
            if (suffix is "z" or "utc")
                suffix = "";
            else if (!AtEnd && _cell[_at] is (byte)'+' or (byte)'-')
                SkipZone();
            seconds = 3600 * hour + 60 * minute + second;
            return suffix.Length == 0 && hour < 24 && minute < 60 && second < 61;
        }

        private void SkipZone()
        {
            _at++;
            while (!AtEnd && _cell[_at] is >= (byte)'0' and <= (byte)':')
                _at++;
        }

        private bool Whole(out int number, out int digits)
        {
            number = digits = 0;
            for (; !AtEnd && digits < 5 && (uint)(_cell[_at] - '0') <= 9; _at++, digits++)
                number = 10 * number + _cell[_at] - '0';
            return digits > 0;
        }

        private string Word()
        {
            int start = _at;
            while (!AtEnd && (_cell[_at] | 0x20) is >= 'a' and <= 'z')
                _at++;
            return _at - start is 0 or > 12 ? "" : Encoding.ASCII.GetString(_cell[start.._at]).ToLowerInvariant();
        }

        private bool Skip(string any)
        {
            int start = _at;
            while (!AtEnd && any.Contains((char)_cell[_at], StringComparison.Ordinal))
                _at++;
            return _at > start;
        }

        private static bool TryName(string word, string[] names, out int number)
        {
            number = word.Length >= 3 ? Array.FindIndex(names, name => word.StartsWith(name, StringComparison.Ordinal)) + 1 : 0;
            return number > 0;
        }
    }
}
