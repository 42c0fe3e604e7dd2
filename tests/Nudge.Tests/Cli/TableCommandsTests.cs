// Tables as people have them, by the commands that they would type; and that what is printed about them is true.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class TableCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Trips() => _folder.File("trips.csv", "id,km,mode,rain,day,note,late\n" + Rows(80, i =>
        $"{i + 1},{(i % 9 == 4 ? "" : $"{i * 7 % 41}")},{Word(i, "bus", "train", "bike")},{Word(i / 3, "yes", "no")},{new DateTime(2024, 1, 1).AddDays(i):yyyy-MM-dd},note {i},{Word(i, "on time", "late")}"));

    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(i => row(i) + "\n"));

    private static string Word(int i, params string[] words) => words[i * 7 % words.Length];

    // In a pipe nothing is broken between words.
    private static string Fact(CommandRun run, string label) => run.Lines.Single(line => line.StartsWith($"  {label} ", StringComparison.Ordinal))[12..];

    [Fact]
    public void Columns_says_what_each_is_and_what_becomes_of_it()
    {
        CommandRun run = CommandRun.Of("columns", Trips());
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"\n  id +row number +80 +· +· +left out: it numbers the rows\n", run.Out);
        Assert.Matches(@"\n  km +number +40 +9 +2 +itself, and whether it is missing\n", run.Out);
        Assert.Matches(@"\n  mode +category +3 +· +3 +an input for each\n", run.Out);
        Assert.Matches(@"\n  rain +yes/no +2 +· +1 +1 for yes, 0 for no\n", run.Out);
        Assert.Matches(@"\n  day +date +80 +· +4 +day of year, weekday\n", run.Out);
        Assert.Equal("1 number, 1 category, 1 yes/no, 1 date → 10 inputs", Fact(run, "columns"));
        Assert.Equal("id (it numbers the rows); note (free text, 80 different in 80 rows)", Fact(run, "left out"));
        Assert.Contains("--ignore id note", run.Out);
        JsonElement json = Assert.Single(CommandRun.Of("columns", Trips(), "--ignore", "note", "--json").Json);
        Assert.Equal(["row number", "number", "category", "yes/no", "date", "ignored"], json.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("kind").GetString()));
    }

    [Fact]
    public void A_table_of_all_kinds_trains_predicts_and_is_measured()
    {
        string trips = Trips(), model = _folder.File("trips.safetensors");
        CommandRun run = CommandRun.Of("train", trips, "--test", "25%", "--epochs", "3", "--out", model);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.EndsWith("80 examples, 4 columns (km, mode, rain, day), 9 missing cells filled", Fact(run, "data"));
        Assert.Contains("rows are held back at random", run.Out);
        Assert.Equal(ExitCode.Done, CommandRun.Of("evaluate", model, trips).ExitCode);
        CommandRun predicted = CommandRun.Of("predict", model, _folder.File("new.csv", "day;rain;mode;km\n2024-02-01;maybe;tram;NA\n;no;bus;7\n"));
        Assert.Equal((ExitCode.Done, 3), (predicted.ExitCode, predicted.Lines.Length));
        Assert.Contains("3 missing cells filled", predicted.Error);
        Assert.Contains("'rain' says neither yes nor no in 1 row and counts as missing there: 'maybe'", predicted.Error);
        Assert.Contains("'mode' has a value that training had not in 1 row: 'tram'", predicted.Error);
        Assert.Contains("1 number, 1 category, 1 yes/no, 1 date", CommandRun.Of("inspect", model).Out);
    }

    [Fact]
    public void The_next_command_is_the_same_run()
    {
        string odd = _folder.File("od'd name.csv", "x;y;n\n" + Rows(60, i => $"{i},5;{2 * i};car {i}"));
        CommandRun run = CommandRun.Of("train", odd, "--target", "y", "--ignore", "n", "--layers", "4", "--seed", "3", "--epochs", "5", "--separator", "semicolon");
        string next = Fact(run, "next").Split("   ")[0];
        Assert.Equal($"nudge train '{odd.Replace("'", "'\\''")}' --target y --ignore n --layers 4 --seed 3 --epochs 5 --separator semicolon --out model.safetensors", next);
        string model = _folder.File("model.safetensors");
        CommandRun again = CommandRun.Of(["train", odd, .. next.Split("csv' ")[1].Split(' ')[..^1], model]);
        Assert.Equal(run.Lines.Where(line => line.Contains("training ")).Last(), again.Lines.Where(line => line.Contains("training ")).Last());
        Assert.EndsWith(" --separator semicolon", Fact(again, "next"));
    }

    [Fact]
    public void Few_rows_are_all_trained_on()
    {
        string xor = _folder.File("xor.tsv", "x\ty\tz\n1\t0\t1\n0\t1\t1\n1\t1\t0\n0\t0\t0\n");
        CommandRun run = CommandRun.Of("train", xor);
        Assert.Equal("4 to train on, none to validate with, as they are few", Fact(run, "split"));
        Assert.Matches(@"training +4 +\S+ +100\.0 %", run.Out);
        CommandRun two = CommandRun.Of("train", _folder.File("two.csv", "x,y\n1.5,2\n2.5,3.5\n"), "--validation", "15%");
        Assert.Equal(ExitCode.BadInput, two.ExitCode);
        Assert.Contains("two.csv: 2 examples are too few to split off 15 %; expected more rows, a larger part, or none (--validation 0", two.Error);
    }

    [Fact]
    public void Only_a_model_that_is_worse_than_nothing_is_said_to_be()
    {
        string good = _folder.File("good.csv", "bill,tip\n" + Rows(120, i => FormattableString.Invariant($"{i * 37 % 100}.5,{(i * 37 % 100) * 0.15 + i % 7 * 0.3:F2}")));
        Assert.DoesNotContain("It is worse", CommandRun.Of("train", good, "--learning-rate", "0.003", "--epochs", "20").Out);
        CommandRun bad = CommandRun.Of("train", "--optimizer", "sgd", "--learning-rate", "1000", "--epochs", "5", "--quiet");
        Assert.Contains("It is worse than always the shares of the classes, even on the training part", bad.Out.ReplaceLineEndings(" ").Replace("   ", " "));
    }

    [Fact]
    public void A_class_that_is_never_predicted_is_said_and_weights_mend_it()
    {
        string fraud = _folder.File("fraud.csv", "amount,hour,fraud\n" + Rows(400, i => $"{i * 61 % 199}.5,{i * 7 % 24},{(i % 50 == 7 ? "yes" : "no")}"));
        CommandRun run = CommandRun.Of("train", fraud, "--epochs", "10", "--layers", "2", "--learning-rate", "0.03", "--validation", "15%");
        string plain = run.Out.ReplaceLineEndings(" ").Replace("   ", " ");
        Assert.Contains("Never predicted in the validation part: 'yes' (1 row). With --class-weight balanced", plain);
        Assert.Matches(@"validation +60 +\S+ +98\.3 % +98\.3 %", run.Out);
        // A class that is as frequent as the other is not helped by a weight.
        string even = _folder.File("even.csv", "x,y\n" + Rows(60, i => $"{i * 37 % 60}.5,{(i % 2 == 0 ? "a" : "b")}"));
        string never = CommandRun.Of("train", even, "--epochs", "0", "--layers", "none").Out + CommandRun.Of("train", even, "--epochs", "1", "--learning-rate", "1e-9", "--layers", "none").Out;
        Assert.DoesNotContain("--class-weight", never);
        CommandRun weighed = CommandRun.Of("train", fraud, "--epochs", "10", "--layers", "2", "--learning-rate", "0.03", "--class-weight", "yes=200", "--json");
        Assert.True(weighed.Json[^1].GetProperty("training").GetProperty("confusion")[1][1].GetInt32() > 0);
        Assert.Matches(@"weights   no 0\.5\d+, yes 2\d", CommandRun.Of("train", fraud, "--epochs", "1", "--layers", "2", "--validation", "0.15", "--class-weight", "balanced").Out);
        Assert.Contains("expected balanced, or a class and a number above 0, as no=5, got 'maybe=2'; the classes are no, yes", CommandRun.Of("train", fraud, "--class-weight", "maybe=2").Error);
        Assert.Contains("is a number; leave it out", CommandRun.Of("train", fraud, "--target", "amount", "--class-weight", "balanced").Error);
    }

    [Fact]
    public void A_result_that_is_better_than_a_constant_is_not_said_to_be_none()
    {
        // Half of the answer follows from x: R² is far above 0, and the accuracy above the largest share, and neither is near 1.
        string numbers = _folder.File("numbers.csv", "x,y\n" + Rows(300, i => FormattableString.Invariant($"{i * 37 % 100},{i * 37 % 100 + i * 7919 % 211 * 0.7:F1}")));
        CommandRun run = CommandRun.Of("train", numbers, "--test", "25%", "--layers", "none", "--json");
        Assert.InRange(run.Json[^1].GetProperty("test").GetProperty("rSquared").GetDouble(), 0.1, 0.5);
        Assert.DoesNotContain("no better than always", run.Out);
        string kinds = _folder.File("kinds.csv", "x,y\n" + Rows(300, i => $"{i * 37 % 100},{(i * 37 % 100 + i * 7919 % 211 * 0.4 > 90 ? "yes" : "no")}"));
        run = CommandRun.Of("train", kinds, "--test", "25%", "--layers", "none", "--json");
        JsonElement test = run.Json[^1].GetProperty("test");
        Assert.True(test.GetProperty("accuracy").GetDouble() > test.GetProperty("largestClass").GetDouble());
        Assert.DoesNotContain("no better than always", run.Out);
    }

    [Fact]
    public void A_straight_line_is_measured_on_the_same_rows()
    {
        JsonElement summary = CommandRun.Of("train", _folder.TwoHeaps(), "--validation", "15%", "--test", "25%", "--epochs", "2", "--json").Json[^1], line = summary.GetProperty("straightLine");
        foreach (string part in new[] { "training", "validation", "test" })
            Assert.Equal(Rows(summary.GetProperty(part)), Rows(line.GetProperty(part)));

        static int Rows(JsonElement metrics) => metrics.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32()));
    }

    [Fact]
    public void Classes_that_only_a_part_held_back_has_are_named()
    {
        string table = _folder.File("late.csv", "day,x,kind\n" + Rows(80, i => $"{new DateTime(2024, 1, 1).AddDays(i):yyyy-MM-dd},{i * 7 % 31},{(i >= 75 ? "new" : i < 5 ? "old" : Word(i, "a", "b"))}"));
        CommandRun run = CommandRun.Of("train", table, "--split", "time", "--test", "25%", "--layers", "none", "--epochs", "300");
        // A class that the part has not is not missed there.
        Assert.Contains("'new' (5 rows)", run.Out.ReplaceLineEndings(" ").Replace("   ", " "));
        Assert.DoesNotContain("'old' (", run.Out);
        Assert.DoesNotMatch(@"part: 'new' \(5 rows\)\.\s+With", run.Out); // no weight helps it
        Assert.Contains("the test part has classes that the training part has not: 'new'", run.Out);
        Assert.DoesNotContain("has classes that", CommandRun.Of("train", table, "--test", "25%", "--epochs", "2").Out);
    }

    [Fact]
    public void Rows_in_two_parts_are_counted_where_they_are_more_than_a_few()
    {
        // A tenth of the rows twice.
        string table = _folder.File("twice.csv", "x,y\n" + Rows(200, i => $"{(i < 20 ? i : i < 40 ? i - 20 : i)}.5,{Word(i < 40 ? i % 20 : i, "a", "b")}"));
        Assert.Matches(@"\d+ rows? of the test part stands? in the training part too, the same in every column", CommandRun.Of("train", table, "--test", "25%", "--epochs", "1").Out);
        Assert.DoesNotContain("in the training part too", CommandRun.Of("train", _folder.File("once.csv", "x,y\n" + Rows(200, i => $"{i}.5,{Word(i, "a", "b")}")), "--test", "25%", "--epochs", "1").Out);
    }

    [Fact]
    public void A_column_that_gives_the_target_away_is_named()
    {
        string table = _folder.File("people.csv", "a,alive,grade,survived\n" + Rows(80, i => $"{i * 37 % 80},{(i % 3 == 0 ? "yes" : "no")},{(i % 3 == 0 ? 10 + i % 5 : i % 10)},{(i % 3 == 0 ? 1 : 0)}"));
        Assert.Contains("'alive' and 'grade' alone tell 'survived' in every row: a leak, if it is known only afterwards; --ignore alive grade", Fact(CommandRun.Of("train", table, "--epochs", "1"), "note"));
        Assert.DoesNotContain("leak", CommandRun.Of("train", table, "--epochs", "1", "--ignore", "alive", "grade").Out);
    }

    [Fact]
    public void Odd_classes_are_named()
    {
        string table = _folder.File("odd.csv", "x,class\n" + Rows(60, i => $"{i * 37 % 60}.5,{Word(i, "Yes", "yes", "no")}"));
        Assert.Contains("the classes 'Yes' and 'yes' differ only in case or blanks", CommandRun.Of("train", table, "--epochs", "1").Out);
        string names = _folder.File("names.csv", "x,y,name\n" + Rows(60, i => $"{i * 37 % 60}.5,{i * 7 % 60},car {i}"));
        Assert.Contains("60 classes in 60 rows", CommandRun.Of("train", names, "--epochs", "1").Out);
    }

    [Fact]
    public void A_split_by_time_holds_back_the_last()
    {
        string table = _folder.File("temps.csv", "day,temp\n" + Rows(100, i => $"{new DateTime(2024, 1, 1).AddDays(i * 37 % 100):yyyy-MM-dd},{i * 37 % 100}.5"));
        CommandRun run = CommandRun.Of("train", table, "--split", "time", "--test", "20%", "--validation", "15%", "--epochs", "1");
        Assert.Equal("65 to train on, 15 to validate with, 20 held back to test with, the last in time", Fact(run, "split"));
        Assert.DoesNotContain("at random", run.Out);
        string heaps = _folder.TwoHeaps();
        Assert.Contains("--split time: no column has dates", CommandRun.Of("train", heaps, "--split", "time").Error);
    }

    [Theory]
    [InlineData("Year,month,day,hour", "2023-12-30")]
    [InlineData("year,Month,day,hour", "2024-02-27")] // one year
    [InlineData("year,Month,day,hour", "2024-02-03")] // one month
    public void A_date_in_parts_is_a_date_for_the_split(string names, string first)
    {
        var start = DateTime.Parse(first, System.Globalization.CultureInfo.InvariantCulture);
        string table = _folder.File("parts.csv", $"{names},temp\n" + Rows(100, i =>
        {
            DateTime time = start.AddHours(i * 37 % 100);
            return FormattableString.Invariant($"{time.Year},{time.Month},{time.Day},{(i == 5 ? "" : $"{time.Hour}")},{i * 37 % 100}.5");
        }));
        Assert.Contains("rows are held back at random, so that neighbours in time stand on both sides", CommandRun.Of("train", table, "--test", "20%", "--epochs", "1").Out);
        CommandRun run = CommandRun.Of("train", table, "--split", "time", "--test", "20%", "--epochs", "1");
        Assert.Contains("20 held back to test with, the last in time", Fact(run, "split"));
        Assert.DoesNotContain("at random", run.Out);

        TableReading reading = TableSchema.Infer(CsvFile.Read(table)).Read(CsvFile.Read(table));
        // The targets say which hour it is; one cell is missing, so that its row has no time and counts as before all.
        Assert.Equal(5, Assert.Single(Enumerable.Range(0, 100), i => double.IsNaN(reading.Times![i])));
        double[] known = [.. Enumerable.Range(0, 100).Where(i => i != 5).OrderBy(i => reading.Times![i]).Select(i => reading.Data!.Targets[i][0])];
        Assert.Equal(known.Order(), known);
        Assert.Equal(99 / 24.0, reading.Times![27] - reading.Times[0], 1e-6); // 27 · 37 = 999
    }

    [Theory]
    [InlineData("year,day,x,temp")] // no month
    [InlineData("month,day,x,temp")] // of which year?
    [InlineData("year of,month,x,temp")]
    public void Parts_that_make_no_date_are_said_to_be_wanted(string names)
    {
        string table = _folder.File("parts.csv", $"{names}\n" + Rows(60, i => $"{2000 + i % 5},{1 + i % 12},{i * 7 % 31},{i}.5"));
        CommandRun run = CommandRun.Of("train", table, "--split", "time", "--test", "20%", "--epochs", "1");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("no column has dates, and none are numbers named year and month (with day and hour, if there are such)", run.Error);
        Assert.DoesNotContain("at random", CommandRun.Of("train", table, "--test", "20%", "--epochs", "1").Out);
    }

    [Fact]
    public void What_is_no_model_is_called_what_it_is()
    {
        foreach ((string content, string words) in new[]
        {
            ("<!DOCTYPE html><html>404</html>", "looks like an HTML page"), ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "a Git LFS pointer"),
            ("PK\u0003\u0004 and more of it", "a zip archive"), ("a,b\n1,2\n3,4\n", "looks like text"),
        })
        {
            Assert.Contains(words, CommandRun.Of("inspect", _folder.File("m.safetensors", content)).Error);
        }
        string header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""";
        File.WriteAllBytes(_folder.File("twice.safetensors"), [.. BitConverter.GetBytes((ulong)header.Length), .. System.Text.Encoding.UTF8.GetBytes(header), .. new byte[8]]);
        Assert.Contains("property 'a'", CommandRun.Of("inspect", _folder.File("twice.safetensors")).Error);
    }

    [Fact]
    public void A_checkpoint_is_called_one()
    {
        string text = _folder.File("names.txt", Rows(60, i => Word(i, "anna", "bob", "carla", "dora")));
        string checkpoint = _folder.File("run.checkpoint");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train-text", text, "--model", "bigram", "--steps", "4", "--checkpoint", checkpoint, "--quiet").ExitCode);
        foreach (string command in new[] { "generate", "inspect" })
            Assert.Contains("this is a checkpoint of a run that goes on, and no model", CommandRun.Of(command, checkpoint).Error);
    }

    [Fact]
    public void A_text_that_cannot_be_split_names_the_way_out()
    {
        string error = CommandRun.Of("train-text", _folder.File("line.txt", "the quick brown fox\n")).Error;
        Assert.Contains("line.txt: 1 document is too few to split off 5 %; each line is a document: expected more lines, --by-character", error);
    }

    [Fact]
    public void A_text_model_worse_than_knowing_nothing_is_said_to_be()
    {
        string text = _folder.File("names.txt", Rows(200, i => Word(i, "anna", "bob", "carla", "dora", "emil")));
        CommandRun run = CommandRun.Of("train-text", text, "--model", "mlp", "--optimizer", "sgd", "--learning-rate", "100", "--steps", "20", "--clip-norm", "0", "--samples", "0");
        Assert.Contains("It is worse than knowing nothing", run.Out);
        Assert.DoesNotContain("worse than knowing nothing", CommandRun.Of("train-text", text, "--model", "bigram", "--steps", "50", "--samples", "0").Out);
    }

    [Theory]
    [InlineData("relu(x)", "a kink: slope 0 below 0, 1 above")]
    [InlineData("relu(-2*x)", "a kink: slope -2 below 0, 0 above")]
    public void A_kink_is_no_failed_check(string expression, string words)
    {
        CommandRun run = CommandRun.Of("grad", expression, "x=0", "--check");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(words, run.Out);
    }

    [Fact]
    public void A_number_that_is_none_is_remarked_upon() =>
        Assert.Contains("log(x) is NaN, since x is -1", CommandRun.Of("grad", "2*log(x)", "x=-1").Out);
}
