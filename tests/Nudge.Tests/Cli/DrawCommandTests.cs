// nudge draw, and the picture of nudge train.

using System.Xml.Linq;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class DrawCommandTests : IDisposable
{
    private static readonly string[] s_worked = ["draw", "(w*x - y)^2", "w=1", "x=2", "y=6"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_expression_goes_to_the_standard_output_in_any_form()
    {
        XDocument.Parse(CommandRun.Of(s_worked).Out);
        string dot = CommandRun.Of([.. s_worked, "--format", "dot"]).Out;
        Assert.StartsWith("digraph", dot);
        Assert.Contains("grad=\"-16\"", dot);
        Assert.StartsWith("flowchart LR", CommandRun.Of([.. s_worked, "--format", "mermaid"]).Out);
    }

    [Theory]
    [InlineData("graph.svg", "<svg")]
    [InlineData("graph.dot", "digraph")]
    [InlineData("graph.mmd", "flowchart")]
    public void The_name_of_the_file_says_the_form(string name, string beginning)
    {
        string path = _folder.File(name);
        CommandRun run = CommandRun.Of([.. s_worked, "--out", path]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("7 nodes and 6 edges", run.Out);
        Assert.StartsWith(beginning, File.ReadAllText(path));
    }

    [Fact]
    public void A_model_is_drawn_folded_with_its_names_and_unfolds_where_asked()
    {
        string model = Train("colours.safetensors");
        string folded = CommandRun.Of("draw", model, "--format", "dot", "--fold", "neurons").Out;
        Assert.Contains("layers.0.neurons.3", folded);
        Assert.Contains("width", folded);
        Assert.DoesNotContain("w[0]", folded);
        string unfolded = CommandRun.Of("draw", model, "--format", "dot", "--fold", "layers", "--unfold", "layers.0.neurons.1").Out;
        Assert.Contains("layers.0.neurons.1.w[0]", unfolded);
        Assert.Contains("layers.1", unfolded);
    }

    [Fact]
    public void A_model_is_drawn_at_the_inputs_given_and_else_at_their_mean()
    {
        string path = Train("at.safetensors");
        TrainedModel model = TrainedModel.Load(path);
        string dot = CommandRun.Of("draw", path, "width=0.5", "--format", "dot", "--fold", "network").Out;
        double output = model.Network.Predict([(0.5 - model.Inputs.Means[0]) / model.Inputs.Scales[0], 0])[0];
        Assert.Contains(FormattableString.Invariant($"data=\"{output:R}\", grad=\"1\""), dot);
    }

    [Theory]
    [InlineData("there is no file none.safetensors", "none.safetensors")]
    [InlineData("--out: expected a name that ends in .svg, .dot or .mmd, got 'x.png'", "x", "x=1", "--out", "x.png")]
    [InlineData("'x' has no number; add x=NUMBER", "x")]
    [InlineData("--unfold: There is no 'layers.0' to unfold; there is no module", "x", "x=1", "--unfold", "layers.0")]
    [InlineData("there is no option '--fld'; did you mean --fold?", "x", "x=1", "--fld")]
    public void Mistakes_are_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(["draw", .. arguments]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.StartsWith("nudge draw: ", run.Error);
        Assert.Contains(message, run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_name_that_the_model_does_not_have_is_said_with_those_it_has()
    {
        CommandRun run = CommandRun.Of("draw", Train("names.safetensors"), "depth=1");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("no input 'depth'; its inputs are width, height", run.Error);
    }

    [Fact]
    public void Training_draws_its_loss_and_the_plane()
    {
        string path = _folder.File("run.svg");
        CommandRun run = CommandRun.Of("train", "--epochs", "5", "--points", "20", "--layers", "4", "--quiet", "--picture", path);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        string svg = XDocument.Load(path).ToString();
        Assert.Contains("loss by step", svg);
        Assert.Contains("class by x and y", svg);
        CommandRun refused = CommandRun.Of("train", "--picture", _folder.File("none/run.svg"));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("--picture: there is no directory", refused.Error);
    }

    private string Train(string name)
    {
        string path = _folder.File(name);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", _folder.TwoHeaps(), "--epochs", "3", "--layers", "4", "--quiet", "--out", path).ExitCode);
        return path;
    }
}
