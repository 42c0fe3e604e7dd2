// nudge explain-plan: the program of a model or of a shape.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ExplainPlanCommandTests
{
    [Fact]
    public void A_shape_is_compiled_into_a_product_for_each_layer()
    {
        CommandRun run = CommandRun.Of("explain-plan", "--layers", "12,8,6,3");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("12 → 8 → 6 → 3, tanh, 179 parameters", run.Out);
        Assert.Contains("cross-entropy", run.Out);
        Assert.All(["8 × 12", "6 × 8", "3 × 6"], product => Assert.Contains($"product {product}", run.Out));
        Assert.Contains("of the arithmetic in matrix products", run.Out);
    }

    [Fact]
    public void Without_anything_it_is_the_network_that_train_makes_of_the_moons() =>
        Assert.Contains("2 → 16 → 16 → 1, tanh, 337 parameters", CommandRun.Of("explain-plan").Out);

    [Fact]
    public void A_language_model_is_compiled_for_its_longest_document()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("gpt.safetensors");
        var model = new Gpt(4, 3, new Rng(1), new GptOptions { Width = 8, Heads = 2 });
        new TrainedLanguageModel(model, new Tokenizer("abc")).Save(path);
        CommandRun run = CommandRun.Of("explain-plan", path);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("product 24 × 8, 3 times", run.Out);
        Assert.Contains("of its own", run.Out);
        Assert.Contains("--l2", CommandRun.Of("explain-plan", path, "--l2", "1").Error);
    }

    [Fact]
    public void A_model_is_compiled_with_its_own_loss()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("line.safetensors");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", folder.Line(), "--epochs", "1", "--layers", "5", "--activation", "sigmoid", "--quiet", "--out", model).ExitCode);
        CommandRun run = CommandRun.Of("explain-plan", model, "--l2", "0.1", "--precision", "double");
        Assert.Contains("1 → 5 → 1, sigmoid, 16 parameters", run.Out);
        Assert.Contains("mean-squared-error", run.Out);
    }

    [Theory]
    [InlineData("--layers: expected from 2 to 20 whole numbers from 1 to 10000 with commas between them, as 784,128,64,10, got '5'", "--layers", "5")]
    [InlineData("--loss: hinge needs one output, and --layers ends with 3", "--layers", "2,3", "--loss", "hinge")]
    [InlineData("--layers is for a network without a model", "some.safetensors", "--layers", "2,3")]
    [InlineData("there is no file some.safetensors", "some.safetensors")]
    public void What_cannot_be_compiled_is_refused(string message, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(["explain-plan", .. arguments]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("nudge explain-plan: ", run.Error);
        Assert.Contains(message, run.Error);
    }
}
