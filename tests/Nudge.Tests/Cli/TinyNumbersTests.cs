// Numbers of which every square is 0: they are scaled, learnt and told like any others.

using System.Globalization;
using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class TinyNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table(string exponent) => _folder.File($"table{exponent}.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i * 37 % 80 - 31.5}{exponent},{3 * (i * 37 % 80) + 2.25 * (i % 2) - 80.5}{exponent}\n"))));

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-300)]
    [InlineData(1e149)]
    public void Scales_are_those_of_usual_numbers_in_another_unit(double unit)
    {
        double[] numbers = [.. Enumerable.Range(0, 20).Select(i => i * 7 % 20 - 3.5)];
        Standardizer usual = Standardizer.Fit([.. numbers.Select(number => new[] { number, 2 })]);
        Standardizer other = Standardizer.Fit([.. numbers.Append(double.NaN).Select(number => new[] { number * unit, 2 * unit })]);
        Assert.Equal(usual.Scales[0], other.Scales[0] / unit, 1e-12);
        Assert.Equal(usual.Apply([7, 2])[0], other.Apply([7 * unit, 2 * unit])[0], 1e-12);
        Assert.Equal(1, other.Scales[1]);
    }

    [Fact]
    public void A_table_of_them_is_learnt_as_well_as_the_same_in_a_usual_unit()
    {
        JsonElement usual = Evaluated("", out JsonElement usualModel), tiny = Evaluated("e-200", out JsonElement tinyModel);
        Assert.InRange(usual.GetProperty("rSquared").GetDouble(), 0.9, 1);
        Assert.Equal(usual.GetProperty("rSquared").GetDouble(), tiny.GetProperty("rSquared").GetDouble(), 1e-3);
        foreach (string error in new[] { "meanAbsoluteError", "rootMeanSquaredError" })
            Assert.Equal(1, usual.GetProperty(error).GetDouble() / (tiny.GetProperty(error).GetDouble() * 1e200), 1e-2);
        Assert.Equal(usualModel.GetDouble(), tinyModel.GetDouble() * 1e200, Math.Abs(usualModel.GetDouble()) * 1e-2);
    }

    private JsonElement Evaluated(string exponent, out JsonElement firstPrediction)
    {
        string table = Table(exponent), model = _folder.File($"model{exponent}.safetensors");
        CommandRun run = CommandRun.Of("train", table, "--out", model, "--engine", "compiled", "--precision", "double");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        firstPrediction = CommandRun.Of("predict", model, table, "--json").Json[0].GetProperty("prediction");
        return Assert.Single(CommandRun.Of("evaluate", model, table, "--json").Json);
    }
}
