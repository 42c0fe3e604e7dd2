// Reading a file for a network that was trained on another one.

namespace Nudge.Tests.Data;

public class TableForModelsTests
{
    private static readonly string[] s_names = ["length", "width"], s_positions = ["c1", "c2"], s_classes = ["setosa", "virginica"];

    [Fact]
    public void Inputs_are_found_by_name_in_any_order_among_other_columns()
    {
        IReadOnlyList<double[]> inputs = Inputs("id,width,note,length\na,2,,1\nb,4,?,3\n", s_names);
        Assert.Equal([[1, 2], [3, 4]], inputs);
    }

    [Fact]
    public void Without_names_on_both_sides_inputs_are_found_by_position()
    {
        Assert.Equal([[1, 2], [3, 4]], Inputs("1,2\n3,4\n", s_positions));
        // The target was the first column: a file of inputs alone, and a file like the one trained on.
        Assert.Equal([[1, 2], [3, 4]], Inputs("1,2\n3,4\n", ["c2", "c3"]));
        Assert.Equal([[1, 2], [3, 4]], Inputs("9,1,2\n9,3,4\n", ["c2", "c3"]));
    }

    [Fact]
    public void Files_without_names_and_with_other_columns_than_the_one_trained_on_are_refused()
    {
        Assert.Equal([[1, 2], [3, 4]], Inputs("1,2,0\n3,4,1\n", s_positions, 3));
        Assert.Equal([[1, 2], [3, 4]], Inputs("1,2\n3,4\n", s_positions, 4));
        Csv.Refused(1, 1, "the file has 4 columns without names; expected 3, as in the file that was trained on, or the 2 inputs alone",
            () => Inputs("1,2,0,9\n3,4,1,9\n", s_positions, 3));
        Csv.Refused(1, 1, "the file has 4 columns without names; expected 3, as in the file that was trained on",
            () => Examples("1,2,0,9\n3,4,1,9\n", s_positions, "c3", ["0", "1"], 3));
        Csv.Refused(1, 1, "the file has 3 columns without names; expected 5",
            () => Inputs("1,2,0\n3,4,1\n", s_positions, 5));
    }

    [Theory]
    [InlineData("1,2\n3,4\n", "the first line has no column names; expected a header with 'length', 'width'")]
    [InlineData("length,breadth\n3,4\n", "there is no column 'width'; expected one of 'length', 'breadth'")]
    public void Files_without_the_columns_are_refused(string text, string words)
    {
        Csv.Refused(1, 1, words, () => Inputs(text, s_names));
        Csv.Refused(1, 1, words.Split(';')[0], () => Examples(text, s_names, "species", s_classes));
    }

    [Fact]
    public void Files_with_too_few_or_named_columns_are_refused_by_a_network_without_names()
    {
        Csv.Refused(1, 1, "there is no column 'c2'", () => Inputs("1\n3\n", s_positions));
        Csv.Refused(1, 1, "there is no column 'c1'", () => Inputs("a,b\n1,2\n", s_positions));
    }

    [Fact]
    public void A_text_among_the_inputs_counts_as_missing_and_is_told()
    {
        TableReading reading = TableSchema.OfNumbers(s_names, "y", null, null).ReadInputs(Csv.Of("width,length\n1,2\nx,3\n"));
        Assert.Equal([[2, 1], [3, double.NaN]], reading.Rows);
        Assert.Equal(1, reading.MissingCells);
        Assert.Equal(["'width' is no number in 1 row and counts as missing there: 'x'"], reading.Remarks);
    }

    [Fact]
    public void Classes_are_those_of_the_network()
    {
        Dataset data = Examples("species,width,length\nvirginica,2,1\nvirginica,4,3\n", s_names, "species", s_classes);
        Assert.Equal(s_classes, data.Classes);
        Assert.Equal([1, 1], data.Targets.Select(row => row[0]));
        Assert.Equal([[1, 2], [3, 4]], data.Inputs);
        Assert.Equal("species", data.TargetName);
    }

    [Fact]
    public void A_class_that_the_network_does_not_know_is_refused() =>
        Csv.Refused(3, 5, "the network knows no class 'versicolor'; expected one of 'setosa', 'virginica'",
            () => Examples("length,width,species\n1,2,setosa\n1,2,versicolor\n", s_names, "species", s_classes));

    [Fact]
    public void Number_classes_are_known_in_each_spelling()
    {
        Dataset data = Examples("x,y\n1,10.0\n2,9\n3,1e1\n", ["x"], "y", ["9", "10"]);
        Assert.Equal([1, 0, 1], data.Targets.Select(row => row[0]));
        Csv.Refused(2, 3, "knows no class '10.5'", () => Examples("x,y\n1,10.5\n", ["x"], "y", ["9", "10"]));
        Csv.Refused(1, 1, "no row has a target", () => Examples("x,y\n1,\n", ["x"], "y", ["9", "10"]));
    }

    [Fact]
    public void Labels_of_scikit_learns_files_are_mapped_by_the_names_of_their_first_line()
    {
        Dataset data = Examples("2,1,virginica,setosa\n1,0\n2,1\n", ["c1"], "c2", s_classes);
        Assert.Equal([1, 0], data.Targets.Select(row => row[0]));
        Csv.Refused(3, 3, "knows no class 'versicolor'",
            () => Examples("2,1,virginica,versicolor\n1,0\n2,1\n", ["c1"], "c2", s_classes));
    }

    [Fact]
    public void Targets_of_regression_are_numbers_and_may_all_be_the_same()
    {
        Dataset data = Examples("y,x\n3,1\n3,2\n", ["x"], "y", null);
        Assert.Null(data.Classes);
        Assert.Equal([3, 3], data.Targets.Select(row => row[0]));
        Csv.Refused(2, 1, "'three' in the column 'y' is not a number", () => Examples("y,x\nthree,1\n", ["x"], "y", null));
    }

    private static IReadOnlyList<double[]> Inputs(string text, string[] names, int? columnCount = null)
    {
        TableSchema schema = TableSchema.OfNumbers(names, "y", null, columnCount);
        return schema.ReadInputs(Csv.Of(text, schema.Expecting())).Rows;
    }

    private static Dataset Examples(string text, string[] names, string target, string[]? classes, int? columnCount = null)
    {
        TableSchema schema = TableSchema.OfNumbers(names, target, classes, columnCount);
        return schema.Read(Csv.Of(text, schema.Expecting())).Data!;
    }
}
