// Tables as people have them: each kind of trouble as a small file, and what it must be read as.

using System.Text;

namespace Nudge.Tests.Data;

public class TableKindsTests
{
    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(i => row(i) + "\n"));

    private static string Word(int i, params string[] words) => words[i * 7 % words.Length];

    [Fact]
    public void A_column_of_names_becomes_an_input_for_each_name()
    {
        LoadedTable table = Csv.Load("km,mode,late\n" + Rows(60, i => $"{i * 3 % 41},{Word(i, "bus", "train", "bike")},{Word(i, "yes", "no")}"));
        Assert.Equal(["km", "mode=bike", "mode=bus", "mode=train"], table.Data.InputNames);
        Assert.Equal([0, 0, 1, 0], table.Data.Inputs[0]);
        Assert.Equal([3, 0, 0, 1], table.Data.Inputs[1]);
        Assert.Equal(ColumnKind.Category, table["mode"].Kind);
    }

    [Fact]
    public void Rare_names_share_an_input_and_a_name_that_was_not_there_counts_as_rare()
    {
        LoadedTable table = Csv.Load("who,x,y\n" + Rows(40, i => $"{(i < 38 ? Word(i, "a", "b") : $"z{i}")},{i}.5,{i % 2}"));
        Assert.Equal(["who=a", "who=b", "who=another", "x"], table.Data.InputNames);
        Assert.Equal(1, table.Row(39)["who=another"]);
        TableReading reading = table.Schema.ReadInputs(Csv.Of("who,x\nnew,1\na,2\nz38,3\n"));
        Assert.Equal([[0, 0, 1, 1], [1, 0, 0, 2], [0, 0, 1, 3]], reading.Rows);
        Assert.Equal(["'who' has a value that training had not in 1 row: 'new'"], reading.Remarks);
    }

    [Fact]
    public void A_name_that_was_not_there_is_none_of_those_that_were()
    {
        LoadedTable table = Csv.Load("mode,x,y\n" + Rows(40, i => $"{Word(i, "bus", "bike")},{i}.5,{i % 2}"));
        TableReading reading = table.Schema.ReadInputs(Csv.Of("mode,x\ntram,1\n,2\n"));
        Assert.Equal([[0, 0, 1], [0, 0, 2]], reading.Rows);
        Assert.Equal((1, 1), (reading.MissingCells, reading.Remarks.Count));
    }

    [Fact]
    public void Missing_numbers_are_marked_and_their_mean_is_that_of_the_others()
    {
        LoadedTable table = Csv.Load("area,beds,price\n" + Rows(60, i => $"{(i is 7 or 27 or 47 ? Word(i, "NA", "", "?") : $"{40 + i}")},{1 + i % 5},{1000 * i + 7}"));
        Assert.Equal(["area", "area is missing", "beds"], table.Data.InputNames);
        Assert.Equal(3, table["area"].Facts.Missing);
        double[] present = [.. table.Data.Inputs.Select(row => row[0]).Where(double.IsFinite)];
        Standardizer scales = table.Schema.Fit(table.Data);
        Assert.Equal(57, present.Length);
        Assert.Equal(present.Average(), scales.Means[0], 1e-9);
        Assert.Equal(0, scales.Apply(table.Data.Inputs[7])[0]);
    }

    [Theory]
    [InlineData("0,1,2,3,4")]
    [InlineData("0,1,2,3,2020")]
    public void A_first_row_of_column_numbers_names_the_columns(string first)
    {
        bool countsUp = !first.EndsWith("2020", StringComparison.Ordinal);
        CsvFile file = Csv.Of(first + "\n" + Rows(30, i => $"{0.01 * i:F2},{1 - 0.03 * i:F2},-0.5{i % 10},0.{i % 7}1,{i % 3}.0"));
        Assert.Equal((countsUp, countsUp ? 30 : 31), (file.HasHeader, file.RowCount));
        if (!countsUp)
            return;
        LoadedTable table = Csv.Load(file);
        Assert.Equal("target '4' has 3 different whole numbers: classification", table.Reason);
        Assert.Contains("taken for names", Assert.Single(file.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_years_stand_above_numbers_of_another_size()
    {
        CsvFile file = Csv.Of("country,2019,2020\n" + Rows(20, i => $"land {i},{i}.5,{2 * i}"));
        Assert.Equal(["country", "2019", "2020"], file.ColumnNames);
    }

    [Fact]
    public void A_first_row_whose_texts_stand_below_it_is_data()
    {
        CsvFile file = Csv.Of(Rows(40, i => $"{Word(i, "40-49", "50-59", "30-39")},{Word(i, "left", "right")},{Word(i / 2, "no", "yes")}"));
        Assert.Equal((false, 40), (file.HasHeader, file.RowCount));
        Assert.Contains("'40-49' stands below it", Assert.Single(file.Remarks), StringComparison.Ordinal);
        Assert.True(Csv.Of("40-49,no\n40-49,no\n", new CsvFormat { Header = true }).HasHeader);
        Assert.False(Csv.Of("a,b\n1,2\n", new CsvFormat { Header = false }).HasHeader);
    }

    [Fact]
    public void All_that_cannot_be_used_is_left_out_with_its_reason_and_the_rest_is_used()
    {
        LoadedTable table = Csv.Load("a,b,c,d,e,f,y\n" + Rows(40, i => $"{i},{Word(i, "p", "q")},{(i % 6 == 0 ? "" : $"{i}")},2024-01-{1 + i % 28:00},text {i},same,{i % 2}"));
        Assert.Equal(["a", "e", "f"], table.Schema.LeftOut.Select(column => column.Name));
        Assert.Equal([ColumnKind.RowNumber, ColumnKind.Text, ColumnKind.Constant], table.Schema.LeftOut.Select(column => column.Kind));
        Assert.Equal(["it numbers the rows", "free text, 40 different in 40 rows", "'same' in every row"], table.Schema.LeftOut.Select(column => column.Reason));
        Assert.Equal(["b", "c", "d"], table.Schema.Inputs.Select(column => column.Name));
    }

    [Fact]
    public void All_that_was_asked_wrongly_is_said_at_once() =>
        Csv.Refused(1, 1, "there is no column 'q', 'r'; expected one of 'a', 'b', 'y', or a position from 1 to 3, for what is to be ignored; there is no column 'z'", () => Csv.Load(
            "a,b,y\n1,2,0\n3,4,1\n", new TableOptions { Ignore = ["q", "r"], Target = "z" }));

    [Fact]
    public void Mistakes_are_listed_by_option_and_then_by_column()
    {
        var options = new TableOptions
        {
            Ignore = ["q", "a", "y"],
            Categories = ["r", "b", "c"],
            Numbers = ["s", "c", "b"],
            Dates = ["t", "b"],
            Target = "y,u,y",
        };
        DataFormatException error = Assert.Throws<DataFormatException>(() => Csv.Load("a,b,c,y\n1,2,3,0\n3,4,5,1\n", options));
        string known = "expected one of 'a', 'b', 'c', 'y', or a position from 1 to 4";
        Assert.Equal(
            string.Join("; ", [
                $"there is no column 'q'; {known}, for what is to be ignored",
                $"there is no column 'r'; {known}, for what is a category",
                $"there is no column 's'; {known}, for what is a number",
                $"there is no column 't'; {known}, for what is a date",
                $"there is no column 'u'; {known}, for the target",
                "the column 'y' is the target twice; expected different ones",
                "the column 'y' is to be ignored and is the target; expected one of the two",
                "the column 'b' is said to be two kinds; expected one",
                "the column 'c' is said to be two kinds; expected one",
                "there is no column left for the inputs; expected at least one besides the target",
            ]),
            error.Problem);
    }

    [Fact]
    public void Mistakes_about_cells_are_listed_in_the_order_of_the_columns()
    {
        var options = new TableOptions { Numbers = ["b"], Dates = ["c", "a"], Missing = MissingPolicy.Refuse };
        DataFormatException error = Assert.Throws<DataFormatException>(() => Csv.Load("a,b,c,d,y\n" + Rows(20, i => $"word,{Word(i, "p", "q")},{i}x,{(i == 3 ? "" : $"{i % 7}")},{i}.5"), options));
        Assert.Matches("^no cell of 'a' is a date; .*; no cell of 'b' is a number; .*; no cell of 'c' is a date; .*; values are missing: .*'d' in 1 rows", error.Problem);
    }

    [Fact]
    public void A_comma_is_the_decimal_mark_where_fields_stand_apart_by_something_else()
    {
        LoadedTable table = Csv.Load("CO;T;big;RH;;\n" + Rows(40, i => $"{2 + i % 7},{i % 10};1{i},0;1.{100 + i},5;{i},25;;") + ";;;;;\n;;;;;\n");
        Assert.Equal(["CO", "T", "big"], table.Data.InputNames);
        Assert.Equal([5.3, 13, 1103.5], table.Data.Inputs[3]);
        Assert.Equal([3.25], table.Data.Targets[3]);
        Assert.Equal(40, table.Data.Count);
        Assert.Equal("decimal comma", ((NumberColumn)table["CO"]).Style.Words);
    }

    [Theory]
    [InlineData("$1,234.50", 1234.5)]
    [InlineData("\u20AC 1,234", 1234)]
    [InlineData("-$5", -5)]
    [InlineData("12 %", 12)]
    [InlineData("12%", 12)]
    [InlineData("1'234.5", 1234.5)]
    [InlineData("1 234.5", 1234.5)]
    [InlineData("1\u00A0234.5", 1234.5)]
    [InlineData("5.5 kg", 5.5)]
    [InlineData("1,234,567", 1234567)]
    [InlineData(".5 kg", .5)]
    [InlineData("1e3 kg", 1000)]
    public void Numbers_have_marks_and_units(string cell, double number)
    {
        LoadedTable table = Csv.Load("a,x,y\n" + Rows(30, i => $"\"{cell}\",{i}.5,{i % 2}"), new TableOptions { Numbers = ["a"] });
        Assert.Equal(number, table.Data.Inputs[0][0]);
    }

    [Theory]
    [InlineData("A11")]
    [InlineData("11th")]
    [InlineData("1-2")]
    [InlineData("1.2.3")]
    [InlineData("12,34,5")]
    public void Codes_are_no_numbers(string cell) =>
        Csv.Refused(1, 1, "no cell of 'a' is a number", () => Csv.Load("a,x,y\n" + Rows(30, i => $"\"{cell}\",{i}.5,{i % 2}"), new TableOptions { Numbers = ["a"] }));

    [Fact]
    public void Dates_of_which_some_begin_with_the_year_are_one_column()
    {
        LoadedTable table = Csv.Load("day,y\n" + Rows(60, i => (i % 2 == 0 ? $"2023-{1 + i % 12:00}-{1 + i * 7 % 28:00}" : $"{1 + i * 7 % 28}/{1 + i % 12}/2024") + $",{i}.5"));
        var column = (DateColumn)table["day"];
        Assert.Equal((DateOrder.DayMonthYear, 0, 0), (column.Order, column.Facts.Missing, column.Facts.Unreadable));
        // By slashes it is America's order where nothing says otherwise, wherever the first of them stands.
        LoadedTable few = Csv.Load("day,y\n" + Rows(40, i => (i % 2 == 0 ? $"2023-{1 + i % 12:00}-{1 + i * 7 % 12:00}" : $"{1 + i * 7 % 12}/{1 + i % 12}/2024") + $",{i}.5"));
        Assert.Equal(DateOrder.MonthDayYear, ((DateColumn)few["day"]).Order);
    }

    [Fact]
    public void Minus_is_read_as_accounts_and_typesetters_write_it()
    {
        LoadedTable table = Csv.Load("amount,y\n" + Rows(60, i => (i % 4) switch { 0 => $"({i}.5)", 1 => $"−{i}", 2 => $"\"−$1,{100 + i}\"", _ => $"\"($2,{100 + i}.25)\"" } + $",{i}.5"));
        Assert.Equal((ColumnKind.Number, 0), (table["amount"].Kind, table["amount"].Facts.Unreadable));
        Assert.Equal([-0.5, -1, -1102, -2103.25, -4.5], table.Data.Inputs.Take(5).Select(row => row[0] + 0.0));
        Assert.IsType<CategoryColumn>(Csv.Load("amount,y\n" + Rows(60, i => $"({Word(i, "a1", "b2")}),{i}.5"))["amount"]);
    }

    [Fact]
    public void Lines_of_an_old_Macintosh_and_utf_16_without_its_mark_are_known()
    {
        string text = "a,b,y\n" + Rows(30, i => $"{i * 7 % 11},{i % 4}.5,{Word(i, "k", "l")}");
        CsvFile file = Csv.Of(text.Replace('\n', '\r'));
        Assert.Equal((30, "l", (3, 1)), (file.RowCount, file.Field(1, 2), file.PositionOf(1, 0)));
        byte[] wide = System.Text.Encoding.Unicode.GetBytes(text);
        Csv.Refused(1, 2, "expected text, or the encoding to be named (--encoding utf-16)", () => Csv.Of(wide));
        Assert.Equal(30, CsvFile.Read(new MemoryStream(wide), new CsvFormat { Encoding = "utf-16" }, "wide.csv").RowCount);
    }

    [Theory]
    [InlineData("2024-03-31", DateOrder.YearMonthDay)]
    [InlineData("2024/3/31", DateOrder.YearMonthDay)]
    [InlineData("31.3.2024", DateOrder.DayMonthYear)]
    [InlineData("31/03/24", DateOrder.DayMonthYear)]
    [InlineData("3/31/2024", DateOrder.MonthDayYear)]
    [InlineData("31 Mar 2024", DateOrder.DayMonthYear)]
    [InlineData("March 31, 2024", DateOrder.MonthDayYear)]
    [InlineData("31-Mar-24", DateOrder.DayMonthYear)]
    [InlineData("Sun, 31 Mar 2024", DateOrder.DayMonthYear)]
    public void A_date_is_read_as_people_write_it(string cell, DateOrder order)
    {
        Assert.True(DateText.TryParse(Encoding.UTF8.GetBytes(cell), order, out Moment moment));
        Assert.Equal((new DateTime(2024, 3, 31), true, false), (moment.Time, moment.HasDate, moment.HasTime));
        Assert.True(DateText.TryParse(Encoding.UTF8.GetBytes(cell + " 18:30"), order, out moment));
        Assert.Equal(new DateTime(2024, 3, 31, 18, 30, 0), moment.Time);
    }

    [Theory]
    [InlineData("18:30:00", 18.5)]
    [InlineData("6:30 PM", 18.5)]
    [InlineData("12:30 am", 0.5)]
    [InlineData("2024-03-31T18:30:00Z", 18.5)]
    [InlineData("2024-03-31T18:30:00.123+02:00", 18.5)]
    public void A_time_is_read_as_people_write_it(string cell, double hours)
    {
        Assert.True(DateText.TryParse(Encoding.UTF8.GetBytes(cell), DateOrder.YearMonthDay, out Moment moment));
        Assert.Equal(hours, moment.Time.TimeOfDay.TotalHours, 1e-9);
        Assert.True(moment.HasTime);
    }

    [Theory]
    [InlineData("40-49")]
    [InlineData("1.2.3")]
    [InlineData("2024-13-01")]
    [InlineData("2023-02-29")]
    [InlineData("25:00")]
    [InlineData("10:65")]
    [InlineData("12")]
    [InlineData("-")]
    [InlineData("1:2:3:4")]
    [InlineData("127.0.0.1")]
    public void What_only_looks_like_a_date_is_none(string cell) =>
        Assert.All(Enum.GetValues<DateOrder>(), order => Assert.False(DateText.TryParse(Encoding.UTF8.GetBytes(cell), order, out _)));

    [Fact]
    public void Dates_become_the_parts_that_repeat()
    {
        LoadedTable table = Csv.Load("day,temp\n" + Rows(200, i => $"{new DateTime(2023, 1, 1).AddDays(i):yyyy-MM-dd},{i % 17}.5"));
        Assert.Equal(
            ["day: day of year (sine)", "day: day of year (cosine)", "day: weekday (sine)", "day: weekday (cosine)"], table.Data.InputNames);
        Assert.Equal([0, 1, 0, 1], table.Data.Inputs[0]); // 1 January, a Sunday
        Assert.Equal(Math.Sin(2 * Math.PI * 3 / 7), table.Data.Inputs[3][2], 1e-12);
        LoadedTable years = Csv.Load("when,y\n" + Rows(60, i => $"{new DateTime(2020, 1, 1).AddDays(20.3 * i):yyyy-MM-dd HH:mm},{i % 17}.5"));
        Assert.Equal(7, years.Data.InputCount);
        Assert.Equal(2020, years.Data.Inputs[0][0]);
    }

    [Fact]
    public void Days_stand_first_where_only_that_is_a_date()
    {
        LoadedTable table = Csv.Load("d,y\n" + Rows(40, i => $"{1 + i % 28:00}/{1 + i % 12:00}/2024,{i % 5}.5"));
        Assert.Equal(DateOrder.DayMonthYear, ((DateColumn)table["d"]).Order);
    }

    [Theory]
    [InlineData("True", "False")]
    [InlineData("yes", "NO")]
    [InlineData("t", "f")]
    [InlineData("Y", "N")]
    [InlineData("on", "off")]
    public void Yes_and_no_are_one_input(string yes, string no)
    {
        LoadedTable table = Csv.Load("temp,rain,won\n" + Rows(40, i => $"{i}.5,{(i % 3 == 0 ? yes : no)},{Word(i, "a", "b")}"));
        Assert.Equal(ColumnKind.YesNo, table["rain"].Kind);
        Assert.Equal([1, 0, 0, 1], table.Data.Inputs.Take(4).Select(row => row[1]));
    }

    [Fact]
    public void A_row_number_is_left_out_unless_it_is_all_there_is()
    {
        LoadedTable table = Csv.Load("Id,noise,kind\n" + Rows(60, i => $"{i + 1},0.{i * 37 % 100:00},{"abc"[i / 20]}"));
        Assert.Equal(["noise"], table.Data.InputNames);
        Assert.Equal("it numbers the rows", Assert.Single(table.Schema.LeftOut).Reason);
        LoadedTable alone = Csv.Load("x,y\n" + Rows(30, i => $"{i},{3 * i}.5"));
        Assert.Equal(["x"], alone.Data.InputNames);
        Assert.Contains("is used since no other column can be", Assert.Single(alone.Schema.Remarks), StringComparison.Ordinal);
        Assert.Equal(["Id", "noise"], Csv.Load("Id,noise,kind\n" + Rows(60, i => $"{i + 1},0.{i * 37 % 100:00},{"abc"[i / 20]}"), new TableOptions { Numbers = ["Id"] }).Data.InputNames);
    }

    [Theory]
    [InlineData("a|b|y\n", "|")]
    [InlineData("a b y\n", " ")]
    [InlineData("a   b \t y\n", "  \t ")]
    [InlineData("sep=;\na;b;y\n", ";")]
    [InlineData("# lab 3\n# room 4, left\na,b,y\n", ",")]
    [InlineData("// lab 3\na\tb\ty\n", "\t")]
    public void Separators_and_comments_are_found(string head, string separator)
    {
        string[] rows = ["3", "5", "4"];
        LoadedTable table = Csv.Load(head + Rows(20, i => string.Join(separator, [$"{i * 3 % 20}", $"{rows[i % 3]}", $"{i % 2}"])));
        Assert.Equal(["a", "b"], table.Data.InputNames);
        Assert.Equal([9, 3], table.Data.Inputs[3]);
        Assert.Equal(20, table.Data.Count);
    }

    [Fact]
    public void A_header_that_begins_like_a_comment_is_one() =>
        Assert.Equal(["#Label", "length", "width"], Csv.Of("#Label\tlength\twidth\n0\t5,1\t3,5\n1\t4,9\t3,0\n").ColumnNames);

    [Fact]
    public void Comments_between_rows_are_passed_over_where_asked() =>
        Assert.Equal(2, Csv.Of("a,b\n1,2\n% here,there\n3,4\n", new CsvFormat { Comment = "%" }).RowCount);

    [Fact]
    public void Quotes_may_be_single_or_characters_like_others()
    {
        Assert.Equal(["a", "b"], Csv.Of("'a','b'\n'x, y','2'\n").ColumnNames);
        Assert.Equal("x, y", Csv.Of("'a','b'\n'x, y','2'\n").Field(0, 0));
        Assert.Equal("5\" pipe", Csv.Of("what,n\n5\" pipe,2\n").Field(0, 0));
        Csv.Refused(2, 1, "--quotes none", () => Csv.Of("what,n\n\"5 pipe,2\n6,3\n"));
        Assert.Equal("\"5 pipe", Csv.Of("what,n\n\"5 pipe,2\n6,3\n", new CsvFormat { Quotes = CsvFormat.NoQuotes }).Field(0, 0));
    }

    [Fact]
    public void Names_that_stand_twice_or_nowhere_are_made_different()
    {
        CsvFile file = Csv.Of("a,,a,a (2)\n1,2,3,4\n");
        Assert.Equal(["a", "c2", "a (2)", "a (2) (2)"], file.ColumnNames);
        Assert.Contains("'a (2)'", Assert.Single(file.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Row_names_without_a_name_are_a_column() =>
        Assert.Equal(["c1", "mpg", "kg"], Csv.Of("mpg kg\n\"Fiat 500\" 40 900\n\"Golf\" 30 1200\n").ColumnNames);

    [Fact]
    public void Fields_beyond_the_header_may_be_empty()
    {
        Assert.Equal((2, 2), (Csv.Of("a,b\n1,2,\n3,4,,\n").RowCount, Csv.Of("a,b\n1,2,\n3,4,,\n").ColumnNames.Count));
        Csv.Refused(3, 1, "3 fields; expected 2, as in the rows before it; 1 more row has another number of fields, too", () => Csv.Of("a,b\n1,2\n3,4,5\n6,7\n8\n"));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Utf_16_is_known_by_its_mark(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        CsvFile file = Csv.Of([.. encoding.GetPreamble(), .. encoding.GetBytes("größe,y\n1,2\n")]);
        Assert.Equal(["größe", "y"], file.ColumnNames);
    }

    [Fact]
    public void Windows_1252_is_read_where_it_is_said_and_named_where_it_is_not()
    {
        byte[] bytes = [.. "gr"u8, 0xF6, 0xDF, .. "e,"u8, 0x80, .. "\n1,2\n"u8];
        Csv.Refused(1, 3, "--encoding windows-1252", () => Csv.Of(bytes));
        Assert.Equal(["größe", "€"], Csv.Of(bytes, format: new CsvFormat { Encoding = "windows-1252" }).ColumnNames);
    }

    [Fact]
    public void A_number_far_outside_and_again_and_again_is_taken_or_named_as_a_mark()
    {
        string air = "t,co\n" + Rows(200, i => $"{(i % 9 == 0 ? "-9999" : $"{i % 31}.5")},{(i % 11 == 0 ? -9999 : i % 17)}.0");
        LoadedTable table = Csv.Load(air);
        Assert.Equal((19, 23), (table.Reading.RowsLeftOut, table["t"].Facts.Missing));
        Assert.Contains("-9999 stands in 19 rows of 'co', far outside 0 … 16: taken for a missing value", table.Schema.Remarks[0], StringComparison.Ordinal);
        Assert.Equal(200, Csv.Load(air, new TableOptions { MissingMarks = [] }).Data.Count);

        string named = "t,x,y\n" + Rows(200, i => $"{(i % 9 == 0 ? "-200" : $"{i % 31}.5")},{i % 13}.5,{i % 2}");
        Assert.Equal("-200 stands in 23 rows of 't', far outside 0.5 … 30.5: a mark for a missing value? If so, --missing-marks -200", Assert.Single(Csv.Load(named).Schema.Remarks));
        Assert.Equal(23, Csv.Load(named, new TableOptions { MissingMarks = ["-200"] })["t"].Facts.Missing);
        Assert.Empty(Csv.Load("t,x,y\n" + Rows(200, i => $"{i % 31}.5,{i % 3},{i % 2}")).Schema.Remarks);
    }

    [Fact]
    public void What_is_said_of_a_column_overrules_what_is_found()
    {
        string text = "zip,when,y\n" + Rows(60, i => $"{10000 + i % 3},{(i == 5 ? "soon" : $"2024-01-{1 + i % 28:00}")},{i % 2}");
        Assert.Equal(["zip=10000", "zip=10001", "zip=10002"], Csv.Load(text, new TableOptions { Categories = ["zip"] })["zip"].InputNames);
        LoadedTable dates = Csv.Load(text, new TableOptions { Dates = ["2"], Ignore = ["1"] });
        Assert.Equal((ColumnKind.Date, 1), (dates["when"].Kind, dates["when"].Facts.Unreadable));
        Assert.Equal(1, dates.Row(5)["when is missing"]);
        Csv.Refused(1, 1, "no cell of 'zip' is a date", () => Csv.Load(text, new TableOptions { Dates = ["zip"] }));
        Csv.Refused(1, 1, "is said to be two kinds", () => Csv.Load(text, new TableOptions { Numbers = ["zip"], Categories = ["1"] }));
    }

    [Fact]
    public void Kinds_are_found_from_the_whole_column()
    {
        LoadedTable table = Csv.Load("x,z,y\n" + Rows(3000, i => $"{(i > 2800 ? Word(i, "p", "q") : $"{i % 4}")},{i}.5,{i % 2}"));
        Assert.Equal(ColumnKind.Category, table["x"].Kind);
        Assert.Equal(6, table["x"].InputNames.Count);
    }

    [Fact]
    public void A_few_cells_of_a_column_of_numbers_may_be_none()
    {
        LoadedTable table = Csv.Load("x,z,y\n" + Rows(300, i => $"{(i % 100 == 50 ? "broken" : $"{i}.25")},{i * 7 % 300},{i % 2}"));
        Assert.Equal((ColumnKind.Number, 3), (table["x"].Kind, table["x"].Facts.Unreadable));
        Assert.Contains("3 of 300 cells of 'x' are no numbers and count as missing", table.Schema.Remarks);
    }

    private sealed record Trip(double Km, Mode? Mode, bool Rain, DateTime Start, string? Note, bool Late);

    private enum Mode
    {
        Bus,
        Bike,
    }

    [Fact]
    public void Records_of_a_program_are_a_table_too()
    {
        Dataset data = Dataset.From(Enumerable.Range(0, 40).Select(i => new Trip(
            0.1 * (i * 7 % 40), i == 3 ? null : (Mode)(i * 7 % 2), i % 3 == 0, new DateTime(2024, 1, 1).AddHours(31 * i), $"note, \"{i}\"", i % 2 == 0)));
        Assert.Equal(["False", "True"], data.Classes);
        Assert.Equal(["Km", "Mode=Bike", "Mode=Bus", "Mode is missing", "Rain"], data.InputNames.Take(5));
        Assert.Equal(0.1 * 7, data.Inputs[1][0]);
        Assert.Equal([0, 0, 1], data.Inputs[3][1..4]);
        Assert.Equal("Note", Assert.Single(data.Schema!.LeftOut).Name);
        var network = new Mlp(data.InputCount, [1], new Rng(1));
        TrainedModel model = new TrainedModel(
            network, Objective.BinaryCrossEntropy, data.InputNames, data.TargetName, data.Classes, data.Schema.Fit(data)).With(data.Schema);
        Assert.Equal(2, Assert.Single(model.PredictRecords([new { Km = 1.5, Mode = "Tram", Rain = "no", Start = new DateOnly(2024, 5, 1) }])).Length);
    }
}
