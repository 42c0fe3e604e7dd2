// The field's small data sets, by the command a user would type, over several seeds.

namespace Nudge.Tests.Cli;

[Trait("Needs", "data")]
public class RealDataTests
{
    // 38 test examples are few, and a split can hold more than its share of the examples that lie between two species:
    // over single seeds the accuracy goes from 87 to 100 %. Its mean says how good the network is.
    [DataFact]
    public void Iris_reaches_94_percent_on_average() =>
        Assert.True(Enumerable.Range(1, 10).Average(seed => Accuracy("iris.csv", seed, "--epochs", "60", "--l2", "0.003")) >= 0.94);

    [DataFact]
    public void Wine_reaches_95_percent_with_each_seed() => EachSeedReaches(0.95, "wine_data.csv");

    [DataFact]
    public void Breast_cancer_reaches_95_percent_with_each_seed() => EachSeedReaches(0.95, "breast_cancer.csv", "--epochs", "60");

    [DataFact]
    public void Digits_reach_94_percent_with_each_seed() => EachSeedReaches(0.94, "digits.csv.gz", "--layers", "32", "--epochs", "10");

    private static void EachSeedReaches(double least, string file, params string[] options)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            double accuracy = Accuracy(file, seed, options);
            Assert.True(accuracy >= least, $"{file}, seed {seed}: {accuracy:P1}");
        }
    }

    private static double Accuracy(string file, int seed, params string[] options)
    {
        CommandRun run = CommandRun.Of(["train", GivenData.File(file), "--test", "25%", "--seed", $"{seed}", "--json", .. options]);
        Assert.Equal(0, run.ExitCode);
        return run.Json[^1].GetProperty("test").GetProperty("accuracy").GetDouble();
    }
}
