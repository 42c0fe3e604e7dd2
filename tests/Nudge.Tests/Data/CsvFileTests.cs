// What is a CSV file: separators, quotes, headers, and the error for everything that is not one.

using System.IO.Compression;
using System.Text;

namespace Nudge.Tests.Data;

public class CsvFileTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n")]
    [InlineData("a,b\n1,2\n3,4")]
    [InlineData("a,b\n1,2\n3,4\n\n\r\n")]
    [InlineData("a;b\n1;2\n3;4\n")]
    [InlineData("a\tb\n1\t2\n3\t4\n")]
    [InlineData("\uFEFFa,b\n1,2\n3,4\n")]
    [InlineData("\"a\",\"b\"\r\n\"1\",2\r\n3,\"4\"\r\n")]
    [InlineData(" a , \"b\" \n 1, 2\n3 ,  \"4\"  ")]
    public void The_same_table_in_each_of_its_spellings(string text)
    {
        CsvFile file = Csv.Of(text);
        Assert.True(file.HasHeader);
        Assert.Equal(["a", "b"], file.ColumnNames);
        Assert.Equal(2, file.RowCount);
        Assert.Equal("1 2 3 4", $"{file.Field(0, 0)} {file.Field(0, 1)} {file.Field(1, 0)} {file.Field(1, 1)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b,c\n")]
    [InlineData("a,b,c\n1000000000,2000000000,3000000000\n")]
    public void What_is_kept_besides_the_text_is_four_bytes_for_each_cell(string first)
    {
        const int rows = 20_000;
        using var folder = new TemporaryFolder();
        string path = folder.File("table.csv", first + string.Concat(Enumerable.Repeat("1,2,3\n", rows)));
        CsvFile.Read(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.InRange(CsvFile.Read(path).RowCount, rows, rows + 1);
        long text = new FileInfo(path).Length, cells = 4 * sizeof(int) * rows, buffer = 1 << 16;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, text + cells, text + cells + buffer + 50_000);
    }

    [Fact]
    public void Fields_of_any_length_end_where_they_do()
    {
        var rng = new Rng(5);
        string[] ends = ["\n", "\r\n"], contents = ["", "x", "é", "\"q, \"\"q\nq\"", " y "];
        for (int round = 0; round < 300; round++)
        {
            string separator = rng.Next(2) == 0 ? "," : ";";
            string end = ends[rng.Next(2)];
            int width = 2 + rng.Next(4);
            string[][] rows = [.. Enumerable.Range(0, 1 + rng.Next(12)).Select(_ => Enumerable.Range(0, width).Select(_ => Field()).ToArray())];
            string header = string.Join(separator, Enumerable.Range(0, width).Select(column => $"name{column}"));
            CsvFile file = Csv.Of($"{header}{end}{string.Concat(rows.Select(row => string.Join(separator, row) + end))}");
            Assert.Equal(rows.Select(row => row.Select(Meant)), Enumerable.Range(0, file.RowCount).Select(row => Enumerable.Range(0, width).Select(column => file.Field(row, column))));
        }

        // Long ones pass over blocks of bytes without an end, and short ones have several in one.
        string Field()
        {
            string content = contents[rng.Next(contents.Length)];
            return content is ['"', ..] ? content : $"a{content}{new string('z', rng.Next(4) == 0 ? rng.Next(200) : rng.Next(3))}b";
        }

        static string Meant(string field) => field is ['"', ..] ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field;
    }

    [Fact]
    public void Quoted_fields_hold_separators_quotes_spaces_and_line_ends()
    {
        CsvFile file = Csv.Of("name,n\n\"a,b;\t\"\"c\"\"\r\nd \",1\n\"\",2\n");
        Assert.Equal("a,b;\t\"c\"\r\nd ", file.Field(0, 0));
        Assert.Equal("", file.Field(1, 0));
        Assert.Equal((4, 1), file.PositionOf(1, 0));
    }

    [Fact]
    public void Positions_count_lines_and_characters_not_bytes()
    {
        CsvFile file = Csv.Of("\uFEFFä,ö\n1,2\n\"é\n\",é3\n");
        Assert.Equal((2, 3), file.PositionOf(0, 1));
        Assert.Equal((3, 1), file.PositionOf(1, 0));
        Assert.Equal((4, 3), file.PositionOf(1, 1));
    }

    [Fact]
    public void A_separator_within_quotes_in_the_first_line_is_none() =>
        Assert.Equal(["a;b", "c\td"], Csv.Of("\"a;b\",\"c\td\"\n1,2\n").ColumnNames);

    [Fact]
    public void A_first_line_with_a_number_is_data_and_columns_are_named_by_position()
    {
        CsvFile file = Csv.Of("1,2,setosa\n3,4,virginica\n");
        Assert.False(file.HasHeader);
        Assert.Equal(["c1", "c2", "c3"], file.ColumnNames);
        Assert.Equal(2, file.RowCount);
    }

    [Theory]
    [InlineData("NaN,NA,x\n1,2,3\n")]
    [InlineData("x,y,z\na,b,c\n")]
    public void A_first_line_without_a_number_is_a_header(string text)
    {
        CsvFile file = Csv.Of(text);
        Assert.True(file.HasHeader);
        Assert.Equal(1, file.RowCount);
    }

    [Fact]
    public void A_column_with_an_empty_name_is_named_by_position() =>
        Assert.Equal(["c1", "a", "c3"], Csv.Of(",a,\n0,1,2\n").ColumnNames);

    [Fact]
    public void The_first_line_of_scikit_learns_files_names_the_classes()
    {
        CsvFile file = Csv.Of("3,4,setosa,versicolor,virginica\n1,2,3,4,0\n1,2,3,4,1\n1,2,3,5,2\n");
        Assert.Equal(["setosa", "versicolor", "virginica"], file.ClassNames);
        Assert.False(file.HasHeader);
        Assert.Equal((3, 5), (file.RowCount, file.ColumnNames.Count));
        Assert.Equal((2, 1), file.PositionOf(0, 0));
    }

    [Fact]
    public void Scikit_learns_first_line_may_be_shorter_or_longer_than_the_rows()
    {
        Assert.Equal(["yes", "no"], Csv.Of("2,1,yes,no\n1,0\n2,1\n").ClassNames);
        Assert.Equal(["yes", "no"], Csv.Of("2,5,yes,no\n1,2,3,4,5,0\n1,2,3,4,5,1\n").ClassNames);
    }

    [Theory]
    [InlineData("2,4,a,b,c\n1,2,3,4,0\n1,2,3,4,1\n1,2,3,4,1\n")] // 3 rows, not 2
    [InlineData("3,5,a,b,c\n1,2,3,4,0\n1,2,3,4,1\n1,2,3,4,1\n")] // 4 inputs, not 5
    [InlineData("3,4,a,b,7\n1,2,3,4,0\n1,2,3,4,1\n1,2,3,4,1\n")] // a number is no class name
    [InlineData("3,4,a,b,a\n1,2,3,4,0\n1,2,3,4,1\n1,2,3,4,1\n")] // a class is named once
    public void A_first_line_that_only_looks_like_scikit_learns_names_columns(string text)
    {
        CsvFile file = Csv.Of(text);
        Assert.Null(file.ClassNames);
        Assert.True(file.HasHeader);
    }

    [Fact]
    public void A_packed_file_reads_as_the_plain_one()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] packed = Packed("a,b\n1,2\n"u8.ToArray());
            File.WriteAllBytes(path, packed);
            CsvFile file = CsvFile.Read(path);
            Assert.Equal(path, file.Path);
            Assert.Equal("2", file.Field(0, 1));
            File.WriteAllText(path, "a,b\n1,3\n");
            Assert.Equal("3", CsvFile.Read(path).Field(0, 1));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_packed_file_that_is_cut_off_or_changed_is_refused()
    {
        byte[] packed = Packed(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i},{i * i}\n"))));
        for (int length = 2; length < packed.Length; length += length > 40 && length < packed.Length - 140 ? 97 : 1)
            Csv.Refused(1, 1, "gzip", () => Csv.Of(packed[..length]));
        packed[^6] ^= 1; // the checksum
        Csv.Refused(1, 1, "gzip", () => Csv.Of(packed));
    }

    [Fact]
    public void A_packed_file_of_several_members_is_their_texts_in_a_row() =>
        Assert.Equal(2, Csv.Of([.. Packed("a,b\n1,2\n"u8.ToArray()), .. Packed("3,4\n"u8.ToArray())]).RowCount);

    [Fact]
    public void A_text_longer_than_the_limit_is_refused_packed_or_not()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1,2\n", 1000)));
        Assert.Equal(1000, Csv.Of(text, 4000).RowCount);
        Csv.Refused(1, 1, "longer than 3999 bytes", () => Csv.Of(text, 3999));
        Csv.Refused(1, 1, "longer than 3999 bytes", () => Csv.Of(Packed(text), 3999));
    }

    [Fact]
    public void A_small_packed_file_cannot_fill_the_memory()
    {
        byte[] bomb = Packed(new byte[CsvFile.MaxLength / 16]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Csv.Refused(1, 1, "longer than 1000000 bytes", () => Csv.Of(bomb, 1_000_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Theory]
    [InlineData("", 1, 1, "empty")]
    [InlineData("\uFEFF", 1, 1, "empty")]
    [InlineData("\r\n\n\n", 1, 1, "empty")]
    [InlineData("a,b\n", 1, 1, "header")]
    [InlineData("a,b\n1,2\n3\n", 3, 1, "1 fields; expected 2")]
    [InlineData("a,b\n1,2,3\n", 2, 1, "3 fields; expected 2")]
    [InlineData("7,1,yes,no\n1,0\n2,1\n", 1, 1, "announces 7 rows, and there are 2")]
    [InlineData("a,b\n1,\"2\n3,4\n", 2, 3, "never closed")]
    [InlineData("a,b\n\"1\"2,3\n", 2, 4, "text after the closing quote")]
    [InlineData("a,b\r1,2\n", 1, 4, "carriage return alone")]
    [InlineData("a,b\n1,\"2\"\r", 2, 6, "carriage return alone")]
    [InlineData("a,b\n1,2\0", 2, 4, "zero byte")]
    public void What_is_no_table_is_refused_with_its_place(string text, int line, int column, string words) =>
        Csv.Refused(line, column, words, () => Csv.Of(text));

    [Fact]
    public void Bytes_that_are_not_utf_8_are_refused_with_their_place()
    {
        Csv.Refused(2, 4, "byte 0xE4", () => Csv.Of([.. "ä,ö\n1,ß"u8, 0xE4, (byte)'\n']));
        Csv.Refused(1, 1, "byte 0xC3", () => Csv.Of([0xC3]));
        Csv.Refused(1, 1, "UTF-16", () => Csv.Of([0xFF, 0xFE, 97]));
    }

    [Fact]
    public void Absurdly_long_fields_and_rows_are_refused()
    {
        string field = new('x', CsvScanner.MaxFieldLength);
        Assert.Equal(field, Csv.Of($"a,b\n1,{field}\n").Field(0, 1));
        Csv.Refused(2, 3, "longer than", () => Csv.Of($"a,b\n1,{field}x\n"));
        string row = string.Join(',', Enumerable.Repeat("1", CsvScanner.MaxColumns));
        Assert.Equal(CsvScanner.MaxColumns, Csv.Of(row).ColumnNames.Count);
        Csv.Refused(1, 1, "more than", () => Csv.Of(row + ",1"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_by_name() =>
        Assert.Contains("nowhere.csv", Assert.Throws<FileNotFoundException>(() => CsvFile.Read("nowhere.csv")).Message, StringComparison.Ordinal);

    internal static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
