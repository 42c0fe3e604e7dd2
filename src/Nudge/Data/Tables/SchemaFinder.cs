// From a file and what is asked of it to a schema.

using System.Globalization;

namespace Nudge;

/// <summary>Finds the schema of a file.</summary>
internal sealed class SchemaFinder(CsvFile file, TableOptions options)
{
    private readonly List<string> _problems = [], _remarks = [];

    /// <exception cref="DataFormatException">Nothing can be learnt; the message says all that is wrong.</exception>
    internal TableSchema Find()
    {
        HashSet<int> ignored = Places("to be ignored", options.Ignore);
        HashSet<int> categories = Places("a category", options.Categories), numbers = Places("a number", options.Numbers), dates = Places("a date", options.Dates);
        int[] targets = options.Target is { } names ? TargetsOf(names) : [Enumerable.Range(0, file.ColumnNames.Count).LastOrDefault(column => !ignored.Contains(column), -1)];
        foreach (int target in targets.Where(ignored.Contains).Distinct())
            _problems.Add($"the column '{file.ColumnNames[target]}' is to be ignored and is the target; expected one of the two");
        foreach (int twice in categories.Intersect(numbers).Union(categories.Intersect(dates)).Union(numbers.Intersect(dates)))
            _problems.Add($"the column '{file.ColumnNames[twice]}' is said to be two kinds; expected one");
        if (file.ColumnNames.Count - ignored.Count - targets.Length < 1)
        {
            _problems.Add(file.ColumnNames.Count == 1
                ? "there is no column left for the inputs, since no tab, semicolon, bar, comma or blank divides the lines; expected at least one besides the target (--separator)"
                : "there is no column left for the inputs; expected at least one besides the target");
        }
        ThrowProblems();

        MissingMarks marks = new(options.MissingMarks ?? []);
        ColumnProfile[] profiles = ColumnProfile.Of(file, marks);
        LikelyMark[] likely = [.. profiles.Where(profile => !ignored.Contains(profile.Column) && !categories.Contains(profile.Column))
            .OrderByDescending(profile => targets.Contains(profile.Column)).SelectMany(profile => MarkerFinder.In(file.ColumnNames[profile.Column], profile))];
        if (options.MissingMarks is null && likely.Any(mark => mark.IsSure))
        {
            string[] sure = [.. likely.Where(mark => mark.IsSure).Select(mark => NumberText.NameOf(mark.Value)).Distinct()];
            _remarks.Add($"{likely.First(mark => mark.IsSure).Words}: taken for a missing value, there and elsewhere (--missing-marks none keeps it a number)");
            marks = new MissingMarks(sure);
            profiles = ColumnProfile.Of(file, marks);
            likely = [.. likely.Where(mark => !sure.Contains(NumberText.NameOf(mark.Value)))];
        }
        foreach (LikelyMark mark in likely.Take(5))
            _remarks.Add($"{mark.Words}: a mark for a missing value? If so, --missing-marks {NumberText.NameOf(mark.Value)}");

        var finder = new ColumnFinder(file, options.Missing, DecimalMark(profiles));
        TableTarget[] targetsFound = [.. targets.Select(target => new TargetFinder(file, profiles[target], finder, options.Task).Find())];
        TableTarget targetFound = targetsFound is [var one] ? one : TableTarget.Several(targetsFound);
        TableColumn[] columns = [.. profiles.Where(profile => !targets.Contains(profile.Column)).Select(Understand)];
        if (options.Missing == MissingPolicy.Refuse)
            RefuseMissing(columns, targetFound);
        ThrowProblems();
        if (!columns.Any(column => column.InputCount > 0))
            columns = KeepRowNumbers(columns, profiles, finder);
        if (!columns.Any(column => column.InputCount > 0))
            throw file.Error($"no column can be an input: {string.Join("; ", columns.Select(column => $"'{column.Name}' is {column.Becomes}"))}; expected one that can, or one to be taken as it is (--categories, --numbers or --dates NAME)");
        return new TableSchema(columns, targetFound, options.Missing, marks.More, file.HasHeader, file.HasHeader ? 0 : file.ColumnNames.Count, _remarks);

        TableColumn Understand(ColumnProfile profile)
        {
            string name = file.ColumnNames[profile.Column];
            TableColumn column = ignored.Contains(profile.Column) ? new UnusedColumn(name, ColumnKind.Ignored, "as asked", new ColumnFacts(profile.Distinct.Overflowed ? null : profile.Distinct.Count, profile.Missing))
                : categories.Contains(profile.Column) && finder.Category(profile, name, forced: true) is { } category ? category
                : numbers.Contains(profile.Column) ? finder.Number(profile, name)
                : dates.Contains(profile.Column) && finder.Date(profile, name, forced: true) is { } date ? date
                : finder.Find(profile);
            if (dates.Contains(profile.Column) && column is not DateColumn)
                _problems.Add($"no cell of '{name}' is a date; expected dates such as 2024-03-31 or 31.3.2024");
            if (numbers.Contains(profile.Column) && column.Facts.Unreadable == profile.Present)
                _problems.Add($"no cell of '{name}' is a number{(ColumnFinder.TooLarge(profile).Rows > 0 ? $" that is not {NumberText.TooLarge}" : "")}; expected numbers");
            if (column is NumberColumn or DateColumn or YesNoColumn && column.Facts.Unreadable > 0)
                _remarks.Add(Unreadable(profile, column));
            return column;
        }
    }

    private string Unreadable(ColumnProfile profile, TableColumn column)
    {
        (int tooLarge, string first) = column is NumberColumn ? ColumnFinder.TooLarge(profile) : default;
        string what = tooLarge == 0 ? $"no {(column is DateColumn ? "dates" : "numbers")}"
            : tooLarge == column.Facts.Unreadable ? NumberText.TooLarge
            : $"no numbers, or {NumberText.TooLarge},";
        string where = tooLarge == 0 ? "" : $": '{first}' at {Where(profile.Column, first)} (--ignore leaves the column out)";
        return string.Create(CultureInfo.InvariantCulture, $"{column.Facts.Unreadable:N0} of {profile.Present:N0} cells of '{column.Name}' are {what} and count as missing{where}");
    }

    private string Where(int column, string text)
    {
        byte[] cell = System.Text.Encoding.UTF8.GetBytes(text);
        int row = Enumerable.Range(0, file.RowCount).First(row => file.Cell(row, column).SequenceEqual(cell));
        return string.Create(CultureInfo.InvariantCulture, $"line {file.PositionOf(row, column).Line}");
    }

    // "a,b" are two columns, unless one has that name.
    private int[] TargetsOf(string names)
    {
        if (!names.Contains(',') || TableColumns.Find(file, names) >= 0)
            return [Place(names)];
        int[] targets = [.. names.Split(',').Select(name => Place(name.Trim()))];
        foreach (IGrouping<int, int> twice in targets.Where(target => target >= 0).GroupBy(target => target).Where(group => group.Count() > 1))
            _problems.Add($"the column '{file.ColumnNames[twice.Key]}' is the target twice; expected different ones");
        return targets;
    }

    /// <summary>A comma where most numbers of some column have it as their decimal mark.</summary>
    private char? DecimalMark(ColumnProfile[] profiles)
    {
        if (file.Format.Decimal is { } said)
            return said;
        if (file.Format.Separator == ',')
            return null;
        var finder = new ColumnFinder(file, options.Missing, null);
        bool hasCommas = profiles.Any(profile => profile.Others > profile.Present / 2 && finder.Number(profile, "") is { Style.Decimal: ',' } column
            && column.Facts.Unreadable <= profile.Present / 20);
        return hasCommas ? ',' : null;
    }

    // What numbers the rows is no input, unless it is all there is.
    private TableColumn[] KeepRowNumbers(TableColumn[] columns, ColumnProfile[] profiles, ColumnFinder finder) => [.. columns.Select(column =>
    {
        if (column.Kind != ColumnKind.RowNumber)
            return column;
        _remarks.Add($"'{column.Name}': {((UnusedColumn)column).Reason}, and is used since no other column can be");
        return finder.Number(profiles.First(profile => file.ColumnNames[profile.Column] == column.Name), column.Name);
    })];

    private void RefuseMissing(TableColumn[] columns, TableTarget target)
    {
        string[] incomplete = [.. columns.Where(column => column.InputCount > 0 && column.Facts.Missing + column.Facts.Unreadable > 0)
            .Select(column => string.Create(CultureInfo.InvariantCulture, $"'{column.Name}' in {column.Facts.Missing + column.Facts.Unreadable:N0} rows"))];
        incomplete = [.. incomplete, .. target.Columns.Where(column => column.Missing > 0).Select(column => string.Create(CultureInfo.InvariantCulture, $"the target '{column.Name}' in {column.Missing:N0} rows"))];
        if (incomplete.Length > 0)
            _problems.Add($"values are missing: {string.Join(", ", incomplete)}; expected none, as asked (--missing fill or drop takes them)");
    }

    private HashSet<int> Places(string what, IReadOnlyList<string> names)
    {
        string[] unknown = [.. names.Where(name => TableColumns.Find(file, name) < 0)];
        if (unknown.Length > 0)
            _problems.Add($"{TableColumns.Unknown(file, unknown, OrPosition)}, for what is {what}");
        return [.. names.Select(name => TableColumns.Find(file, name)).Where(column => column >= 0)];
    }

    private int Place(string name)
    {
        int column = TableColumns.Find(file, name);
        if (column < 0)
            _problems.Add($"{TableColumns.Unknown(file, [name], OrPosition)}, for the target");
        return column;
    }

    private string OrPosition => string.Create(CultureInfo.InvariantCulture, $", or a position from 1 to {file.ColumnNames.Count}");

    private void ThrowProblems()
    {
        if (_problems.Count > 0)
            throw file.Error(string.Join("; ", _problems));
    }
}
