// How columns become inputs and a target, which task the target asks for, and what is refused.

namespace Nudge.Tests.Data;

public class TableSchemaTests
{
    private const string Flowers = "length,width,species\n5,3,setosa\n6,2,virginica\n5,4,setosa\n7,1,other\n";

    [Fact]
    public void The_last_column_is_the_target_and_the_others_are_inputs()
    {
        LoadedTable load = Csv.Load(Flowers);
        Assert.Equal(["length", "width"], load.Data.InputNames);
        Assert.Equal("species", load.Data.TargetName);
        Assert.Equal([5, 3], load.Data.Inputs[0]);
        Assert.Equal([7, 1], load.Data.Inputs[3]);
        Assert.Equal(["other", "setosa", "virginica"], load.Data.Classes);
        Assert.Equal([1, 2, 1, 0], load.Data.Targets.Select(target => target[0]));
        Assert.Equal(LearningTask.Classification, load.Task);
        Assert.Equal("target 'species' has 3 different texts: classification", load.Reason);
    }

    [Theory]
    [InlineData("width")]
    [InlineData("2")]
    public void The_target_is_chosen_by_name_or_by_position_from_1(string target)
    {
        LoadedTable load = Csv.Load(Flowers, new TableOptions { Target = target, Ignore = ["species"] });
        Assert.Equal("width", load.Data.TargetName);
        Assert.Equal(["length"], load.Data.InputNames);
        Assert.Equal([3, 2, 4, 1], load.Data.Targets.Select(row => row[0]));
    }

    [Fact]
    public void A_missing_mark_is_no_number_and_so_may_name_a_column() =>
        Assert.Equal(["NA"], Csv.Load("NA,y\n1,2.5\n2,3.5\n").Data.InputNames);

    [Fact]
    public void The_default_target_is_the_last_column_that_is_not_ignored() =>
        Assert.Equal("width", Csv.Load(Flowers, new TableOptions { Ignore = ["species"] }).Data.TargetName);

    [Fact]
    public void Ignored_columns_may_hold_anything()
    {
        LoadedTable load = Csv.Load("id,x,note,y\na1,1,,0.5\n,2,NA,1.5\n", new TableOptions { Ignore = ["id", "3"] });
        Assert.Equal(["x"], load.Data.InputNames);
    }

    [Theory]
    [InlineData("0,1,0,1", "target 'y' has 2 different whole numbers: classification")]
    [InlineData("1.0,3,1e0,3", "target 'y' has 2 different whole numbers: classification")]
    [InlineData("1,2,2,1,7", "target 'y' has 3 different whole numbers, and 7 stands in one row only: regression")]
    [InlineData("0.5,1,0.5,1", "target 'y' has 2 different numbers: regression")]
    [InlineData("a,b,b", "target 'y' has 2 different texts: classification")]
    public void The_task_follows_from_the_target_and_is_explained(string targets, string reason)
    {
        LoadedTable load = Csv.Load(Column(targets));
        Assert.Equal(reason, load.Reason);
        Assert.EndsWith(load.Task == LearningTask.Regression ? ": regression" : ": classification", load.Reason, StringComparison.Ordinal);
        Assert.Equal(load.Task == LearningTask.Classification, load.Data.Classes is not null);
    }

    [Fact]
    public void Up_to_20_whole_numbers_are_classes_and_more_are_not()
    {
        static string Twice(int count) => string.Join(',', Enumerable.Range(0, 2 * count).Select(i => i % count));
        Assert.Equal("target 'y' has 20 different whole numbers: classification", Csv.Load(Column(Twice(20))).Reason);
        Assert.Equal("target 'y' has 21 different whole numbers, more than 20: regression", Csv.Load(Column(Twice(21))).Reason);
    }

    [Fact]
    public void A_task_that_is_asked_for_is_taken()
    {
        LoadedTable regression = Csv.Load(Column("0,1,0,1"), new TableOptions { Task = LearningTask.Regression });
        Assert.Equal("target 'y' has 2 different whole numbers: regression, as asked", regression.Reason);
        Assert.Null(regression.Data.Classes);
        LoadedTable classes = Csv.Load(Column("2.5,-1,10,2.5"), new TableOptions { Task = LearningTask.Classification });
        Assert.Equal("target 'y' has 3 different numbers: classification, as asked", classes.Reason);
        Assert.Equal(["-1", "2.5", "10"], classes.Data.Classes);
        Assert.Equal([1, 0, 2, 1], classes.Data.Targets.Select(row => row[0]));
    }

    [Fact]
    public void Number_classes_are_sorted_by_size_and_text_classes_by_their_codes()
    {
        Assert.Equal(["-1", "2", "10"], Csv.Load(Column("10,2,-1,10,2,-1")).Data.Classes);
        Assert.Equal(["10", "2", "B", "a", "ä"], Csv.Load(Column("ä,a,10,B,2"), new TableOptions { Task = LearningTask.Classification }).Data.Classes);
    }

    [Fact]
    public void Minus_zero_and_zero_are_one_class() =>
        Assert.Equal(["0", "1"], Csv.Load(Column("-0,1,0,1.0")).Data.Classes);

    [Fact]
    public void Labels_of_scikit_learns_files_are_places_in_the_list_of_classes()
    {
        LoadedTable load = Csv.Load("3,1,setosa,versicolor,virginica\n1,2\n2,0\n3,2\n");
        Assert.Equal(["setosa", "versicolor", "virginica"], load.Data.Classes);
        Assert.Equal([2, 0, 2], load.Data.Targets.Select(row => row[0]));
        Assert.Equal("target 'c2' has the 3 classes that the first line names: classification", load.Reason);
        Csv.Refused(3, 3, "'3' is not the number of a class; expected 0 to 2", () => Csv.Load("2,1,setosa,versicolor,virginica\n1,2\n2,3\n"));
        Csv.Refused(3, 3, "'0.5'", () => Csv.Load("2,1,setosa,versicolor,virginica\n1,2\n2,0.5\n"));
        Assert.Null(Csv.Load("2,1,setosa,versicolor\n1,0\n2,1\n", new TableOptions { Task = LearningTask.Regression }).Data.Classes);
        Assert.Null(Csv.Load("2,1,setosa,versicolor\n1.5,0\n2,1\n", new TableOptions { Target = "1" }).Data.Classes);
    }

    [Fact]
    public void Different_numbers_of_the_target_are_counted_however_many_and_however_written()
    {
        string rows = string.Concat(Enumerable.Range(0, 13_000).Select(i => FormattableString.Invariant($"{i % 7},{i * 37L % 11_500 - 5_000}.5{(i >= 11_500 ? "0" : "")}\n")));
        Assert.Equal("target 'y' has more than 10,000 different values, all of them numbers: regression", Csv.Load("a,y\n" + rows).Reason);
        Assert.Equal("target 'y' has 9000 different numbers: regression", Csv.Load("a,y\n" + string.Concat(Enumerable.Range(0, 9_000).Select(i => $"{i % 7},{i}.5\n"))).Reason);
        Assert.Equal("target 'y' has 3 different whole numbers, and 2 stands in one row only: regression", Csv.Load("a,y\n1,0\n2,-0.0\n5,2\n3,1\n4,1.0\n").Reason);
        Assert.Equal(["0", "1", "2"], Csv.Load("a,y\n1,0\n2,-0.0\n5,2\n3,1\n4,1.0\n6,2e0\n").Schema.Target.Classes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("n/a")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("NULL")]
    [InlineData("?")]
    [InlineData("-")]
    [InlineData(" ")]
    [InlineData("\"\"")]
    public void A_missing_number_is_marked_and_a_row_without_a_target_is_no_example(string missing)
    {
        LoadedTable load = Csv.Load($"a,b,y\n1,2,0\n1.5,{missing},1\n1,3,1\n2,4,{missing}\n3,5,0\n");
        Assert.Equal(["a", "b", "b is missing"], load.Data.InputNames);
        Assert.Equal([1.5, double.NaN, 1], load.Data.Inputs[1]);
        Assert.Equal([3, 5, 0], load.Data.Inputs[3]);
        Assert.Equal([0, 1, 1, 0], load.Data.Targets.Select(target => target[0]));
        Assert.Equal((1, 1), (load.Reading.MissingCells, load.Reading.RowsLeftOut));
        LoadedTable dropped = Csv.Load($"a,b,y\n1,2,0\n1.5,{missing},1\n1,3,1\n2,4,{missing}\n3,5,0\n", new TableOptions { Missing = MissingPolicy.Drop });
        Assert.Equal(["a", "b"], dropped.Data.InputNames);
        Assert.Equal((3, 2), (dropped.Data.Count, dropped.Reading.RowsLeftOut));
        Csv.Refused(1, 1, "values are missing: 'b' in 1 rows, the target 'y' in 1 rows",
            () => Csv.Load($"a,b,y\n1,2,0\n1.5,{missing},1\n1,3,1\n2,4,{missing}\n3,5,0\n", new TableOptions { Missing = MissingPolicy.Refuse }));
    }

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    public void Infinite_numbers_are_none(string infinite)
    {
        string rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}.5,{i % 2}\n"));
        LoadedTable load = Csv.Load($"a,y\n{infinite},1\n{rows}");
        Assert.Equal((1, double.NaN), (load["a"].Facts.Unreadable, load.Data.Inputs[0][0]));
        Assert.Contains($"'a' is no number in 1 row and counts as missing there: '{infinite}'", Assert.Single(load.Reading.Remarks), StringComparison.Ordinal);
        Csv.Refused(2, 3, "is not a number", () => Csv.Load($"a,y\n1,{infinite}\n2,2\n3,1\n"));
    }

    [Theory]
    [InlineData("a,y\n1,5\n2,6\n3,x\n", 4, 3, "'x' in the target 'y' is not a number, and 2 other rows have numbers there, 1 has none")]
    [InlineData("a,y\n1,5\n2,5\n", 2, 3, "'y' is 5 in every row")]
    [InlineData("a,y\n1,x\n2,x\n", 2, 3, "'y' is 'x' in every row")]
    [InlineData("y\n1\n2\n", 1, 1, "no column left for the inputs")]
    public void What_cannot_be_learnt_from_is_refused_with_its_place(string text, int line, int column, string words) =>
        Csv.Refused(line, column, words, () => Csv.Load(text));

    [Fact]
    public void Columns_that_do_not_exist_are_refused_with_those_that_do()
    {
        const string expected = "there is no column 'colour'; expected one of 'length', 'width', 'species', or a position from 1 to 3";
        Csv.Refused(1, 1, expected, () => Csv.Load(Flowers, new TableOptions { Target = "colour" }));
        Csv.Refused(1, 1, expected, () => Csv.Load(Flowers, new TableOptions { Ignore = ["colour"] }));
        Csv.Refused(1, 1, "there is no column '4'", () => Csv.Load(Flowers, new TableOptions { Target = "4" }));
        Csv.Refused(1, 1, "there is no column '0'", () => Csv.Load(Flowers, new TableOptions { Target = "0" }));
        Csv.Refused(1, 1, "ignored and is the target", () => Csv.Load(Flowers, new TableOptions { Target = "width", Ignore = ["2"] }));
        string wide = string.Join(',', Enumerable.Range(0, 30).Select(i => $"n{i}")) + "\n" + string.Join(',', Enumerable.Range(0, 30));
        Csv.Refused(1, 1, "'n19' … (30 in all)", () => Csv.Load(wide, new TableOptions { Target = "x" }));
    }

    [Fact]
    public void Regression_that_is_asked_for_refuses_texts() =>
        Csv.Refused(3, 5, "'b' in the target 'y' is not a number, and 2 other rows have numbers there, 1 has none; expected numbers for regression",
            () => Csv.Load(Column("1,b,3"), new TableOptions { Task = LearningTask.Regression }));

    [Fact]
    public void A_thousand_classes_are_the_most()
    {
        Assert.Equal(1000, Csv.Load(Column(string.Join(',', Enumerable.Range(0, 1000).Select(i => $"n{i}")))).Data.Classes!.Count);
        Csv.Refused(2, 5, "1001 different values; expected at most 1000 classes",
            () => Csv.Load(Column(string.Join(',', Enumerable.Range(0, 1001).Select(i => $"n{i}")))));
    }

    private static string Column(string targets) =>
        "x,y\n" + string.Concat(targets.Split(',').Select((target, i) => $"{i}.5,{target}\n"));
}
