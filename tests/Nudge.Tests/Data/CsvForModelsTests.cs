// Reading a file for a network that was trained on another one.

namespace Nudge.Tests.Data;

public class CsvForModelsTests
{
    private static readonly string[] s_names = ["length", "width"], s_positions = ["c1", "c2"], s_classes = ["setosa", "virginica"];

    [Fact]
    public void Inputs_are_found_by_name_in_any_order_among_other_columns()
    {
        double[][] inputs = CsvDataset.LoadInputs(Csv.Of("id,width,note,length\na,2,,1\nb,4,?,3\n"), s_names);
        Assert.Equal([[1, 2], [3, 4]], inputs);
    }

    [Fact]
    public void Without_names_on_both_sides_inputs_are_found_by_position()
    {
        Assert.Equal([[1, 2], [3, 4]], CsvDataset.LoadInputs(Csv.Of("1,2\n3,4\n"), s_positions));
        // The target was the first column: a file of inputs alone, and a file like the one trained on.
        Assert.Equal([[1, 2], [3, 4]], CsvDataset.LoadInputs(Csv.Of("1,2\n3,4\n"), ["c2", "c3"]));
        Assert.Equal([[1, 2], [3, 4]], CsvDataset.LoadInputs(Csv.Of("9,1,2\n9,3,4\n"), ["c2", "c3"]));
    }

    [Fact]
    public void Files_without_names_and_with_other_columns_than_the_one_trained_on_are_refused()
    {
        Assert.Equal([[1, 2], [3, 4]], CsvDataset.LoadInputs(Csv.Of("1,2,0\n3,4,1\n"), s_positions, columnCount: 3));
        Assert.Equal([[1, 2], [3, 4]], CsvDataset.LoadInputs(Csv.Of("1,2\n3,4\n"), s_positions, columnCount: 4));
        Csv.Refused(1, 1, "the file has 4 columns without names; expected 3, as in the file that was trained on, or the 2 inputs alone",
            () => CsvDataset.LoadInputs(Csv.Of("1,2,0,9\n3,4,1,9\n"), s_positions, columnCount: 3));
        Csv.Refused(1, 1, "the file has 4 columns without names; expected 3, as in the file that was trained on",
            () => CsvDataset.LoadExamples(Csv.Of("1,2,0,9\n3,4,1,9\n"), s_positions, "c3", ["0", "1"], columnCount: 3));
        Csv.Refused(1, 1, "the file has 3 columns without names; expected 5",
            () => CsvDataset.LoadInputs(Csv.Of("1,2,0\n3,4,1\n"), s_positions, columnCount: 5));
    }

    [Theory]
    [InlineData("1,2\n3,4\n", "the first line has no column names; expected a header with 'length', 'width'")]
    [InlineData("length,breadth\n3,4\n", "there is no column 'width'; expected one of 'length', 'breadth'")]
    public void Files_without_the_columns_are_refused(string text, string words)
    {
        Csv.Refused(1, 1, words, () => CsvDataset.LoadInputs(Csv.Of(text), s_names));
        Csv.Refused(1, 1, words, () => CsvDataset.LoadExamples(Csv.Of(text), s_names, "species", s_classes));
    }

    [Fact]
    public void Files_with_too_few_or_named_columns_are_refused_by_a_network_without_names()
    {
        Csv.Refused(1, 1, "there is no column 'c2'", () => CsvDataset.LoadInputs(Csv.Of("1\n3\n"), s_positions));
        Csv.Refused(1, 1, "there is no column 'c1'", () => CsvDataset.LoadInputs(Csv.Of("a,b\n1,2\n"), s_positions));
    }

    [Fact]
    public void A_text_among_the_inputs_is_refused_with_its_place() =>
        Csv.Refused(3, 1, "'x' in the column 'width'", () => CsvDataset.LoadInputs(Csv.Of("width,length\n1,2\nx,3\n"), s_names));

    [Fact]
    public void Classes_are_those_of_the_network()
    {
        Dataset data = CsvDataset.LoadExamples(Csv.Of("species,width,length\nvirginica,2,1\nvirginica,4,3\n"), s_names, "species", s_classes);
        Assert.Equal(s_classes, data.Classes);
        Assert.Equal([1, 1], data.Targets.Select(row => row[0]));
        Assert.Equal([[1, 2], [3, 4]], data.Inputs);
        Assert.Equal("species", data.TargetName);
    }

    [Fact]
    public void A_class_that_the_network_does_not_know_is_refused() =>
        Csv.Refused(3, 5, "the network knows no class 'versicolor'; expected one of 'setosa', 'virginica'",
            () => CsvDataset.LoadExamples(Csv.Of("length,width,species\n1,2,setosa\n1,2,versicolor\n"), s_names, "species", s_classes));

    [Fact]
    public void Number_classes_are_known_in_each_spelling()
    {
        Dataset data = CsvDataset.LoadExamples(Csv.Of("x,y\n1,10.0\n2,9\n3,1e1\n"), ["x"], "y", ["9", "10"]);
        Assert.Equal([1, 0, 1], data.Targets.Select(row => row[0]));
        Csv.Refused(2, 3, "knows no class '10.5'", () => CsvDataset.LoadExamples(Csv.Of("x,y\n1,10.5\n"), ["x"], "y", ["9", "10"]));
        Csv.Refused(2, 3, "there is nothing in the column 'y'", () => CsvDataset.LoadExamples(Csv.Of("x,y\n1,\n"), ["x"], "y", ["9", "10"]));
    }

    [Fact]
    public void Labels_of_scikit_learns_files_are_mapped_by_the_names_of_their_first_line()
    {
        Dataset data = CsvDataset.LoadExamples(Csv.Of("2,1,virginica,setosa\n1,0\n2,1\n"), ["c1"], "c2", s_classes);
        Assert.Equal([1, 0], data.Targets.Select(row => row[0]));
        Csv.Refused(3, 3, "knows no class 'versicolor'",
            () => CsvDataset.LoadExamples(Csv.Of("2,1,virginica,versicolor\n1,0\n2,1\n"), ["c1"], "c2", s_classes));
    }

    [Fact]
    public void Targets_of_regression_are_numbers_and_may_all_be_the_same()
    {
        Dataset data = CsvDataset.LoadExamples(Csv.Of("y,x\n3,1\n3,2\n"), ["x"], "y", null);
        Assert.Null(data.Classes);
        Assert.Equal([3, 3], data.Targets.Select(row => row[0]));
        Csv.Refused(2, 1, "'three' in the column 'y' is not a number", () => CsvDataset.LoadExamples(Csv.Of("y,x\nthree,1\n"), ["x"], "y", null));
    }
}
