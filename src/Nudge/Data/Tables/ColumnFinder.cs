// From what stands in a column to what it is.

using System.Globalization;
using System.Text;

namespace Nudge;

/// <summary>Understands the columns of a file.</summary>
/// <param name="file">The file.</param>
/// <param name="missing">What becomes of missing cells.</param>
/// <param name="decimalMark">The decimal mark where it is said, or known from other columns.</param>
internal sealed class ColumnFinder(CsvFile file, MissingPolicy missing, char? decimalMark)
{
    /// <summary>How much of a column may be something else, which then counts as missing.</summary>
    private const double MostUnreadable = 0.05;

    private const int MostOwnInputs = 100, MostRareNames = 1000, FewestCounted = 10;
    private const long MostNumbers = 50_000_000;

    private static readonly string[] s_idNames = ["id", "index", "idx", "no", "no.", "nr", "nr.", "number", "row", "rownum", "rowid", "#", "key", "unnamed: 0"];

    /// <summary>What a column is by itself.</summary>
    internal TableColumn Find(ColumnProfile profile)
    {
        string name = file.ColumnNames[profile.Column];
        ColumnFacts facts = FactsOf(profile);
        if (profile.Present == 0)
            return new UnusedColumn(name, ColumnKind.Constant, "empty in every row", facts);
        if (profile.Distinct is { Overflowed: false, Count: 1 } && profile.Missing == 0)
            return new UnusedColumn(name, ColumnKind.Constant, $"'{Shortened(file.Field(profile.Distinct.RowOf(0), profile.Column))}' in every row", facts);
        if (profile.Others == 0 && profile.Distinct.Count > 1)
            return IsRowNumber(profile, name) is { } why ? new UnusedColumn(name, ColumnKind.RowNumber, why, facts) : Number(profile, name);
        if (IsYesNo(profile))
            return new YesNoColumn(name, HasIndicator(profile, 0), facts);
        if (Date(profile, name, forced: false) is { } date)
            return date;
        if (Number(profile, name) is { } number && number.Facts.Unreadable <= MostUnreadable * profile.Present && !IsFewNames(profile, number))
            return number;
        return Category(profile, name, forced: false) ?? (TableColumn)new UnusedColumn(name, ColumnKind.Text, TextReason(profile), facts with { Unreadable = TooLarge(profile).Rows });
    }

    /// <summary>A column as numbers, whatever it looks like.</summary>
    internal NumberColumn Number(ColumnProfile profile, string name)
    {
        NumberStyle style = NumberStyle.Plain;
        int unreadable = 0;
        if (profile.Others > 0 || decimalMark == ',')
        {
            style = NumberStyle.Find(profile.Each, file.Format.Separator == ',', decimalMark);
            NumberStyle found = style;
            profile.Each((cell, count) =>
            {
                unreadable += found.TryRead(cell, out _) ? 0 : count;
                return true;
            });
        }
        return new NumberColumn(name, style, HasIndicator(profile, unreadable), FactsOf(profile) with { Unreadable = unreadable });
    }

    /// <summary>A column as names; null where too few of them repeat.</summary>
    internal CategoryColumn? Category(ColumnProfile profile, string name, bool forced)
    {
        DistinctCells distinct = profile.Distinct;
        if (distinct.Overflowed && !forced)
            return null;
        int fewest = Math.Clamp(profile.Rows / 100, 2, FewestCounted);
        int most = (int)Math.Clamp(MostNumbers / profile.Rows / file.ColumnNames.Count, 4, MostOwnInputs);
        int[] own = [.. Enumerable.Range(0, distinct.Count).Where(place => distinct.CountOf(place) >= fewest)
            .OrderByDescending(distinct.CountOf).Take(most)];
        if (forced && own.Length == 0)
            own = [.. Enumerable.Range(0, distinct.Count).Take(most)];
        if (!forced && own.Sum(place => (long)distinct.CountOf(place)) < profile.Present / 2)
            return null;
        HashSet<int> isOwn = [.. own];
        string[] rare = [.. Enumerable.Range(0, distinct.Count).Where(place => !isOwn.Contains(place)).Select(Text).Take(MostRareNames)];
        return new CategoryColumn(
            name, [.. own.Select(Text).Order(StringComparer.Ordinal)], [.. rare.Order(StringComparer.Ordinal)], HasIndicator(profile, 0), FactsOf(profile));

        string Text(int place) => file.Field(distinct.RowOf(place), profile.Column);
    }

    /// <summary>A column as dates or times; null where too few cells are.</summary>
    internal DateColumn? Date(ColumnProfile profile, string name, bool forced)
    {
        DateOrder[] orders = Enum.GetValues<DateOrder>();
        var readable = new int[orders.Length];
        int seen = 0;
        profile.Each((cell, count) =>
        {
            seen += count;
            for (int i = 0; i < orders.Length; i++)
                readable[i] += DateText.TryParse(cell, orders[i], out _) ? count : 0;
            return readable.Max() >= (1 - MostUnreadable) * seen - 20 || forced;
        });
        int best = Array.IndexOf(readable, readable.Max());
        // 03/04/2024 is 4 March in America and 3 April elsewhere; with points or dashes, elsewhere is meant.
        bool isAmbiguous = readable[(int)DateOrder.DayMonthYear] == readable[(int)DateOrder.MonthDayYear] && best == (int)DateOrder.DayMonthYear;
        bool hasSlashes = false;
        if (isAmbiguous)
            profile.Each((cell, _) => !(hasSlashes |= cell.Contains((byte)'/')));
        if (hasSlashes)
            best = (int)DateOrder.MonthDayYear;
        if (forced ? readable[best] == 0 : seen < profile.Present || readable[best] < (1 - MostUnreadable) * profile.Present)
            return null;
        int unreadable = profile.Present - readable[best];
        return new DateColumn(
            name, orders[best], PartsOf(profile, orders[best]), HasIndicator(profile, unreadable), FactsOf(profile) with { Unreadable = unreadable });
    }

    /// <summary>Why a column says nothing about other rows; null where it may.</summary>
    private static string? IsRowNumber(ColumnProfile profile, string name)
    {
        if (!profile.AllWhole || profile.Missing > 0)
            return null;
        int distinct = profile.Distinct.Overflowed ? profile.Rows : profile.Distinct.Count;
        if (profile.CountsUp && distinct >= Math.Max(FewestCounted, profile.Rows / 10))
            return distinct == profile.Rows ? "it numbers the rows" : "it counts up in the order of the rows";
        string lower = name.ToLowerInvariant();
        bool isId = s_idNames.Contains(lower) || lower.EndsWith("_id", StringComparison.Ordinal) || lower.EndsWith(" id", StringComparison.Ordinal)
            || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("ID", StringComparison.Ordinal);
        bool allDifferent = profile.Rises || (!profile.Distinct.Overflowed && distinct == profile.Rows);
        return isId && allDifferent && distinct >= FewestCounted ? "another number in every row" : null;
    }

    private static bool IsYesNo(ColumnProfile profile)
    {
        if (profile.Distinct.Overflowed || profile.Distinct.Count > 4)
            return false;
        bool all = true;
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int yes = 0, no = 0;
        profile.Each((cell, _) =>
        {
            bool? answer = YesNo.Read(cell);
            all &= answer is not null;
            words.Add(Encoding.UTF8.GetString(cell));
            yes += answer == true ? 1 : 0;
            no += answer == false ? 1 : 0;
            return all;
        });
        return all && words.Count <= 2 && (words.Count == 1 || (yes > 0 && no > 0));
    }

    // "1", "2" and "3+" are names: only numbers of many values may have a few cells that are none.
    private static bool IsFewNames(ColumnProfile profile, NumberColumn number) =>
        number.Facts.Unreadable > 0 && !profile.Distinct.Overflowed && profile.Distinct.Count <= 20;

    private bool HasIndicator(ColumnProfile profile, int unreadable) => missing == MissingPolicy.Fill && profile.Missing + unreadable > 0;

    private static DateParts PartsOf(ColumnProfile profile, DateOrder order)
    {
        DateTime first = DateTime.MaxValue, last = DateTime.MinValue;
        bool hasDates = false, severalHours = false;
        int hour = -1;
        profile.Each((cell, _) =>
        {
            if (!DateText.TryParse(cell, order, out Moment moment))
                return true;
            hasDates |= moment.HasDate;
            (first, last) = (moment.Time < first ? moment.Time : first, moment.Time > last ? moment.Time : last);
            int minute = (int)moment.Time.TimeOfDay.TotalMinutes;
            severalHours |= hour >= 0 && minute != hour;
            hour = minute;
            return true;
        });
        double days = (last - first).TotalDays;
        DateParts parts = severalHours || !hasDates ? DateParts.Hour : DateParts.None;
        if (!hasDates)
            return parts;
        if (days >= 14)
            parts |= DateParts.Weekday;
        if (days >= 60)
            parts |= DateParts.DayOfYear;
        if (first.Year != last.Year || parts == DateParts.None)
            parts |= DateParts.Year;
        return parts;
    }

    private static string TextReason(ColumnProfile profile)
    {
        int tooLarge = TooLarge(profile).Rows;
        return tooLarge > 0 ? string.Create(CultureInfo.InvariantCulture, $"{NumberText.TooLarge} in {tooLarge:N0} of {profile.Present:N0} rows")
            : profile.Distinct.Overflowed ? "free text, nearly all different"
            : string.Create(CultureInfo.InvariantCulture, $"free text, {profile.Distinct.Count:N0} different in {profile.Present:N0} rows");
    }

    /// <summary>In how many rows a number is too large to compute with, and the first such.</summary>
    internal static (int Rows, string First) TooLarge(ColumnProfile profile)
    {
        int rows = 0;
        string first = "";
        if (profile.Others == 0)
            return (rows, first);
        profile.Each((cell, count) =>
        {
            if (!NumberText.IsTooLarge(cell))
                return true;
            first = rows == 0 ? Encoding.UTF8.GetString(cell) : first;
            rows += count;
            return true;
        });
        return (rows, first);
    }

    private static ColumnFacts FactsOf(ColumnProfile profile) =>
        new(profile.Distinct.Overflowed ? null : profile.Distinct.Count, profile.Missing);

    private static string Shortened(string text) => text.Length <= 24 ? text : text[..23] + "…";
}
