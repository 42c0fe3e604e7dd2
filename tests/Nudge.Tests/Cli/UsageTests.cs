// Wrong usage and wrong files: one clear line, exit code 2, and what is allowed.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--learning-rate: expected a number above 0, got '0'", "--learning-rate", "0")]
    [InlineData("--learning-rate: expected a number above 0, got 'inf'", "--learning-rate", "inf")]
    [InlineData("--learning-rate: expected a number above 0, got '0,1'", "--learning-rate", "0,1")]
    [InlineData("--epochs: expected a whole number from 1 to 1000000, got '0'", "--epochs", "0")]
    [InlineData("--epochs: expected a whole number from 1 to 1000000, got '2.5'", "--epochs", "2.5")]
    [InlineData("--batch: expected a whole number from 1 to 1000000, or full, got 'half'", "--batch", "half")]
    [InlineData("--momentum: expected a number from 0 to below 1, got '1'", "--optimizer", "sgd", "--momentum", "1")]
    [InlineData("--weight-decay: expected a number of at least 0, got '-1'", "--weight-decay", "-1")]
    [InlineData("--l2: expected a number of at least 0", "--l2", "-0.1")]
    [InlineData("--clip-norm: expected a number of at least 0", "--clip-norm", "-1")]
    [InlineData("--validation: expected a share from 0 to below 1, as 0.2 or 20%, got '100%'", "--validation", "100%")]
    [InlineData("--test: expected a share from 0 to below 1, as 0.2 or 20%, got '20 percent'", "--test", "20 percent")]
    [InlineData("expected less than 100 % together, got 110.0 %", "--test", "50%", "--validation", "0.6")]
    [InlineData("--patience: expected a whole number from 0", "--patience", "-1")]
    [InlineData("--seed: expected a whole number from 0 to 18446744073709551615, got '-3'", "--seed", "-3")]
    [InlineData("--layers: expected up to 20 whole numbers from 1 to 1000 with commas between them, as 16,16, or none, got '16,0'", "--layers", "16,0")]
    [InlineData("--layers: expected", "--layers", "16;16")]
    [InlineData("--activation: expected one of tanh, relu, sigmoid, linear, got 'gelu'", "--activation", "gelu")]
    [InlineData("--optimizer: expected one of adam, adamw, sgd, rmsprop", "--optimizer", "adagrad")]
    [InlineData("--schedule: expected one of constant, step, linear, cosine", "--schedule", "up")]
    [InlineData("--engine: expected one of compiled, eager, got 'fast'", "--engine", "fast")]
    [InlineData("--precision: expected one of float, double, got 'half'", "--precision", "half")]
    [InlineData("--precision is for the compiled engine, and the eager one computes in double", "--engine", "eager", "--precision", "double")]
    [InlineData("--loss: expected one of cross-entropy, binary-cross-entropy, hinge, mean-squared-error, sum-of-squares", "--loss", "l1")]
    [InlineData("--data: expected one of moons, circles, spirals, blobs, xor, yin-yang, sine, lesson", "--data", "sun")]
    [InlineData("--points: expected a whole number from 2", "--points", "1")]
    [InlineData("--points: expected at least 3 for blobs, got 2", "--data", "blobs", "--points", "2")]
    [InlineData("--points: xor always has the same four examples", "--data", "xor", "--points", "9")]
    [InlineData("--noise: yin-yang has none", "--data", "yin-yang", "--noise", "0.1")]
    [InlineData("--noise: expected a number of at least 0", "--noise", "-1")]
    [InlineData("--momentum is for sgd and rmsprop, and the optimizer is adam", "--momentum", "0.9")]
    [InlineData("--target is for files", "--target", "y")]
    [InlineData("--task is for files", "--task", "regression")]
    [InlineData("--plot and --json cannot be combined", "--plot", "--json")]
    [InlineData("hinge is for two classes, and", "--data", "blobs", "--loss", "hinge")]
    [InlineData("cross-entropy needs classes", "--data", "sine", "--loss", "cross-entropy")]
    [InlineData("4 examples are too few", "--data", "xor", "--test", "1%")]
    [InlineData("there is no option '--epoch'; did you mean --epochs?", "--epoch", "5")]
    [InlineData("there is no option '--epochz'; did you mean --epochs?", "--epochz=5")]
    [InlineData("there is no file nowhere.csv", "nowhere.csv")]
    [InlineData("--points is for points made on the spot; leave it out with a file", "nowhere.csv", "--points", "5")]
    [InlineData("'two.csv' is one argument too many", "one.csv", "two.csv")]
    [InlineData("--learning-rate", "--learning-rate")]
    public void Train_refuses_what_it_cannot_use(string message, params string[] arguments)
    {
        AssertRefused("nudge train: ", message, ["train", .. arguments]);
    }

    [Fact]
    public void Places_that_cannot_be_written_are_refused_before_training()
    {
        using var folder = new TemporaryFolder();
        AssertRefused("nudge train: --out: ", "is a directory", "train", "--out", folder.File(""));
        AssertRefused("nudge train: --out: ", "there is no directory", "train", "--out", folder.File("nowhere/model.safetensors"));
    }

    [Fact]
    public void Files_that_are_no_data_are_refused_with_their_place()
    {
        using var folder = new TemporaryFolder();
        AssertRefused("nudge train: ", "is a directory; expected a file", "train", folder.File(""));
        string hole = folder.File("hole.csv", "a,b,c\n1,2,x\n3,,y\n");
        AssertRefused($"nudge train: {hole}:1:1: ", "values are missing: 'b' in 1 rows", "train", hole, "--missing", "refuse");
        string ragged = folder.File("ragged.csv", "a,b,c\n1,2,x\n3,4\n");
        AssertRefused($"nudge train: {ragged}:3:", "", "train", ragged);
        AssertRefused("nudge train: ", "colour", "train", folder.TwoHeaps(), "--target", "colours");
    }

    [Fact]
    public void Files_that_are_no_model_are_refused()
    {
        using var folder = new TemporaryFolder();
        string data = folder.TwoHeaps(), foreign = folder.File("foreign.safetensors", "this is no model");
        AssertRefused($"nudge predict: {foreign}: ", "", "predict", foreign, data);
        AssertRefused($"nudge inspect: {foreign}: ", "", "inspect", foreign);
        AssertRefused("nudge evaluate: there is no file ", "", "evaluate", folder.File("nowhere"), data);
        AssertRefused("nudge inspect: there is no option '--jsn'; did you mean --json?", "", "inspect", "--jsn");
    }

    [Fact]
    public void An_unknown_command_is_answered_with_the_nearest()
    {
        AssertRefused("nudge: there is no command 'trian'; did you mean train?", "", "trian");
        AssertRefused("nudge: there is no command 'zzz'; the commands are train, find-rate, search, columns, predict, evaluate, inspect, explain-plan, view, diff, lab, names, train-text, generate, lesson, grad, draw", "", "zzz");
    }

    [Fact]
    public void Without_a_command_and_with_help_the_commands_are_listed_with_examples()
    {
        foreach (string[] arguments in new[] { Array.Empty<string>(), ["--help"], ["-h"] })
        {
            CommandRun run = CommandRun.Of(arguments);
            Assert.Equal(ExitCode.Done, run.ExitCode);
            foreach (string command in new[] { "train", "predict", "evaluate", "inspect", "explain-plan", "names", "train-text", "generate", "lesson", "grad", "Examples:", "nudge lesson" })
                Assert.Contains(command, run.Out);
        }
    }

    [Theory]
    [InlineData("train", "--learning-rate", "nudge train --data spirals --plot")]
    [InlineData("find-rate", "--highest", "nudge find-rate houses.csv --target price")]
    [InlineData("search", "--trials", "nudge search iris.csv")]
    [InlineData("predict", "--out", "nudge predict iris.safetensors flowers.csv")]
    [InlineData("evaluate", "--json", "nudge evaluate iris.safetensors iris.csv")]
    [InlineData("inspect", "--json", "nudge inspect iris.safetensors")]
    [InlineData("explain-plan", "--layers", "nudge explain-plan --layers 784,128,64,10")]
    [InlineData("names", "--out", "nudge names --out names.safetensors")]
    [InlineData("train-text", "--look-every", "nudge train-text names.txt --model mlp")]
    [InlineData("generate", "--top-p", "nudge generate names.safetensors --prompt mar")]
    [InlineData("lesson", "--no-zero", "nudge lesson --learning-rate 0.26")]
    [InlineData("grad", "--check", "w=1 x=2 y=6")]
    public void Every_command_explains_its_options_and_gives_examples(string command, string option, string example)
    {
        CommandRun run = CommandRun.Of(command, "--help");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"nudge {command}", run.Out);
        Assert.Contains(option, run.Out);
        Assert.Contains(example, run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_version_is_told()
    {
        CommandRun run = CommandRun.Of("--version");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Out);
    }

    private static void AssertRefused(string start, string message, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.StartsWith(start, run.Error);
        Assert.Contains(message, run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", run.Out);
    }
}
