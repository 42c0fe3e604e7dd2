// Classes and numbers predicted by one network: each command with them.

using System.Text.Json;
using System.Xml.Linq;
using Nudge.Cli;

namespace Nudge.Tests.Cli.Choosing;

public sealed class MixedTargetsTests : IDisposable
{
    private const string Targets = "churn,plan,spend";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table() => _folder.File("table.csv", "age,city,churn,plan,spend\n" + string.Concat(Enumerable.Range(0, 120).Select(i => FormattableString.Invariant(
        $"{20 + i * 37 % 60},{(i % 3 == 0 ? "Rome" : "Bern")},{(i * 37 % 60 > 30 ? "yes" : "no")},{(i * 37 % 60) switch { < 15 => "basic", < 40 => "silver", _ => "gold" }},{(i == 7 ? "" : $"{3 * (i * 37 % 60)}.5")}\n"))));

    [Fact]
    public void One_network_predicts_classes_and_numbers_and_each_is_shown_by_itself()
    {
        string table = Table(), model = _folder.File("model.safetensors"), report = _folder.File("run.html");
        CommandRun run = CommandRun.Of("train", table, "--target", Targets, "--test", "25%", "--out", model, "--report", report);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("3 targets, predicted together: target 'churn' has 2 different texts: classification; target 'plan' has 3 different texts: classification; target 'spend' has", run.Out.ReplaceLineEndings(" "));
        Assert.Contains("(churn: no, yes; plan: basic, gold, silver)", run.Out);
        Assert.Contains("1 row left out, since a value is missing there", run.Out);
        Assert.Contains("binary-cross-entropy + cross-entropy + mean-squared-error by adamw", run.Out);
        Assert.Matches(@"\n  accuracy or R² of each +training +test +largest class +straight line\n  churn +\S+ % +\S+ % +\S+ % +\S+ %\n  plan +\S+ % +\S+ % +\S+ % +\S+ %\n  spend +0\.\d+ +0\.\d+ +0\.\d+\n", run.Out);
        Assert.Contains("test, churn: true ↓ predicted →", run.Out);
        Assert.Contains("test, plan: true ↓ predicted →", run.Out);
        Assert.Matches(@"\n  errors    spend \S+ on average, in the test part\n  ROC       churn: area \S+ in the test part .*\n  ROC       plan: area ", run.Out);

        XElement page = ReportPageCheck.Read(report);
        Assert.Equal(["churn", "plan"], page.Table("Each target of classes by itself, in the test part").Select(row => row[0]));
        Assert.Equal(["spend"], page.Table("Each number by itself, in its own units, in the test part").Select(row => row[0]));
        Assert.Equal(["churn", "plan", "Numbers", "How churn depends on them", "How plan depends on them", "How spend depends on them"], page.Descendants("h3").Select(heading => heading.Value).Where(heading => heading is "churn" or "plan" or "Numbers" || heading.StartsWith("How ", StringComparison.Ordinal)));
        Assert.Matches(@"^churn \S+; plan \S+; spend \S+$", page.Table("Rows with the largest loss")[0][1]);

        string[] lines = CommandRun.Of("predict", model, table).Lines;
        Assert.Equal("churn,churn probability,plan,plan probability,spend", lines[0]);
        Assert.Equal(120, lines.Length - 1);
        string[] first = lines[1].Split(',');
        JsonElement asJson = CommandRun.Of("predict", model, table, "--json").Json[0];
        Assert.Equal((first[0], first[2]), (asJson.GetProperty("prediction").GetProperty("churn").GetString(), asJson.GetProperty("prediction").GetProperty("plan").GetString()));
        Assert.Equal(first[4], asJson.GetProperty("prediction").GetProperty("spend").GetRawText());
        Assert.Equal(first[3], asJson.GetProperty("probability").GetProperty("plan").GetRawText());
        Assert.Equal(1, asJson.GetProperty("probabilities").GetProperty("plan").EnumerateObject().Sum(share => share.Value.GetDouble()), 1e-9);

        JsonElement measured = Assert.Single(CommandRun.Of("evaluate", model, table, "--json").Json);
        Assert.Equal(["churn", "plan", "spend"], measured.GetProperty("each").EnumerateArray().Select(one => one.GetProperty("target").GetString()));
        int right = lines[1..].Zip(File.ReadLines(table).Skip(1)).Where(pair => !pair.Second.EndsWith(',')).Count(pair => pair.First.Split(',')[2] == pair.Second.Split(',')[3]);
        Assert.Equal(right / 119.0, measured.GetProperty("each")[1].GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Equal(3, measured.GetProperty("each")[1].GetProperty("roc").GetArrayLength());
        Assert.Contains("predicts  churn: no, yes; plan: basic, gold, silver; spend, a number\n", CommandRun.Of("inspect", model).Out);
    }

    [Fact]
    public void They_are_folded_searched_weighted_and_trained_on_like_any()
    {
        string table = Table(), model = _folder.File("model.safetensors");
        CommandRun folded = CommandRun.Of("train", table, "--target", Targets, "--folds", "3", "--epochs", "3");
        Assert.Equal((ExitCode.Done, ""), (folded.ExitCode, folded.Error));
        Assert.Matches(@"loss +churn: accuracy +largest class +plan: accuracy +largest class +spend: R² +the mean\n", folded.Out);
        Assert.Contains("all folds, plan: true ↓ predicted →", folded.Out);
        JsonElement summary = CommandRun.Of("train", table, "--target", Targets, "--folds", "3", "--epochs", "3", "--json", "--quiet").Json[^1];
        Assert.Equal(["accuracy", "accuracy", "rSquared"], summary.GetProperty("each").EnumerateArray().Select(one => one.EnumerateObject().Skip(1).First().Name));

        Assert.Equal(ExitCode.Done, CommandRun.Of("search", table, "--target", Targets, "--trials", "2", "--epochs", "1").ExitCode);
        CommandRun weighted = CommandRun.Of("train", table, "--target", Targets, "--epochs", "1", "--class-weight", "yes=5", "plan=gold=3", "--out", model);
        Assert.Contains("weights   no 1, yes 5, basic 1, gold 3, silver 1\n", weighted.Out);
        Assert.Contains("weights   ", CommandRun.Of("train", table, "--target", Targets, "--epochs", "1", "--class-weight", "balanced").Out);
        CommandRun again = CommandRun.Of("train", table, "--from", model, "--epochs", "1", "--class-weight", "balanced");
        Assert.Equal((ExitCode.Done, ""), (again.ExitCode, again.Error));
        Assert.Contains("has both, and not regression", CommandRun.Of("train", table, "--from", model, "--task", "regression").Error);

        string same = _folder.File("same.csv", "x,a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i % 3 == 0 ? "yes" : "no")},{(i % 5 == 0 ? "yes" : "no")}\n")));
        Assert.Contains("2 targets have a class 'yes'; expected the name of one before it, as a=yes=2", CommandRun.Of("train", same, "--target", "a,b", "--class-weight", "yes=2").Error);
        Assert.Contains("weights   no 1, yes 1, no 1, yes 2", CommandRun.Of("train", same, "--target", "a,b", "--epochs", "1", "--class-weight", "b=yes=2").Out);
    }

    [Fact]
    public void A_class_that_training_had_not_is_refused_by_target_and_an_odd_one_is_named()
    {
        string table = Table(), model = _folder.File("model.safetensors");
        CommandRun.Of("train", table, "--target", "plan,churn", "--epochs", "1", "--out", model);
        string other = _folder.File("other.csv", "age,city,spend,churn,plan\n30,Rome,1,yes,platinum\n");
        Assert.Contains("the network knows no class 'platinum' of 'plan'; expected one of 'basic', 'gold', 'silver'", CommandRun.Of("evaluate", model, other).Error);
        string odd = _folder.File("odd.csv", "x,a,b\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 37 % 60},{i * 37 % 60}.5,{(i * 37 % 60 > 30 ? "on" : i % 4 == 0 ? "Off" : "off")}\n")));
        Assert.Contains("the classes 'Off' and 'off' of 'b' differ only in case or blanks", CommandRun.Of("train", odd, "--target", "a,b", "--epochs", "1").Out.ReplaceLineEndings(" ").Replace("            ", "", StringComparison.Ordinal));
    }
}
