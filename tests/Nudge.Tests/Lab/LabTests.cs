// The lab's numbers: the scenarios as one can work them out by hand.

using Nudge.Cli;
using Nudge.Tests.Cli;

namespace Nudge.Tests.Lab;

public sealed class LabTests
{
    [Theory]
    [InlineData("rate-exact", new[] { 16.0, 0, 0, 0 })]
    [InlineData("rate-bounce", new[] { 16.0, 16, 16, 16 })]
    [InlineData("rate-diverge", new[] { 16, 18.6624, 21.76782336, 25.389989167 })]
    [InlineData("sign", new[] { 16, 51.84, 167.9616, 544.195584 })]
    [InlineData("zero", new[] { 16, 0.64, 9.2416, 19.784704, 5.27896576, 2.8590751744 })]
    public void One_weight_goes_as_worked_out_by_hand(string name, double[] losses)
    {
        (RecordedStep[] right, RecordedStep[] broken) = Run(name);
        AssertClose([16, 0.64, 0.0256, 0.001024], right);
        AssertClose(losses, broken);
        Assert.Equal(1.0, broken[0].Parameters[0]);
        Assert.Equal(-16.0, broken[0].Gradients[0]);
    }

    [Fact]
    public void The_lessons_rate_gives_its_weights_and_gradients()
    {
        (RecordedStep[] right, _) = Run("zero");
        Assert.Equal([1, 2.6, 2.92], right.Take(3).Select(step => Math.Round(step.Parameters[0], 12)));
        Assert.Equal([-16, -3.2, -0.64], right.Take(3).Select(step => Math.Round(step.Gradients[0], 12)));
        Assert.Equal(3.24, Run("sign").Broken[5].Loss / Run("sign").Broken[4].Loss, 1e-9);
    }

    [Fact]
    public void On_the_network_forgetting_to_zero_looks_like_success_and_saturates()
    {
        (RecordedStep[] right, RecordedStep[] broken) = Run("net-zero");
        Assert.Equal(right[0].Loss, broken[0].Loss);
        Assert.True(broken[49].Loss < 1e-20 && right[49].Loss > 1e-3);
        Assert.InRange(LabReport.SaturatedShare(broken[99]), 0.9, 1);
        Assert.InRange(LabReport.SaturatedShare(right[99]), 0, 0.2);
    }

    [Fact]
    public void The_other_networks_do_not_learn()
    {
        Assert.InRange(Run("net-sign").Broken[99].Loss, 7.9, 8);
        Assert.InRange(Run("net-rate").Broken[99].Loss, 7.9, 8.1);
        Assert.All(Run("net-same").Broken, step => Assert.Equal((4, 0), (step.Loss, step.GradientNorm)));
        RecordedStep[] huge = Run("net-huge").Broken;
        Assert.Equal(8, huge[99].Loss, 1e-2);
        Assert.InRange(LabReport.SaturatedShare(huge[0]), 0.9, 1);
    }

    [Fact]
    public void Right_and_broken_start_from_the_same_numbers_and_their_code_differs_by_one_token()
    {
        foreach (LabScenario scenario in Nudge.Cli.Lab.Scenarios)
        {
            (RecordedStep[] right, RecordedStep[] broken) = Run(scenario.Name);
            if (scenario.Right.Scale == scenario.Broken.Scale)
                Assert.Equal(right[0].Parameters, broken[0].Parameters);
            Assert.Equal(scenario.Right.Scale != scenario.Broken.Scale, scenario.CodeOf(scenario.Right)[0].EndsWith("// once, before the first step"));
            string[] before = Tokens(scenario.CodeOf(scenario.Right)), after = Tokens(scenario.CodeOf(scenario.Broken));
            if (before.Length == after.Length)
                Assert.Single(before.Zip(after), pair => pair.First != pair.Second);
            else
                Assert.Equal(before, after.Where(token => token != "//"));
        }

        static string[] Tokens(IReadOnlyList<string> code) => string.Join(' ', code).Replace(";", " ;").Split(' ');
    }

    [Fact]
    public void Only_outputs_first_gives_the_true_gradient()
    {
        Assert.Equal(4, VisitOrder.Truth());
        Assert.Equal([0.0, 4], VisitOrder.OutputsFirst().Select(visit => visit.GradientOfA));
        Assert.Equal([0.0, 2, 2, 6], VisitOrder.EdgeByEdge().Select(visit => visit.GradientOfA));
    }

    [Fact]
    public void The_command_lists_runs_and_refuses()
    {
        CommandRun list = CommandRun.Of("lab");
        Assert.All(Nudge.Cli.Lab.Scenarios, scenario => Assert.Contains(scenario.Name, list.Out));
        CommandRun zero = CommandRun.Of("lab", "zero");
        Assert.Contains("  - w.Grad = 0;\n  + // w.Grad = 0;", zero.Out);
        Assert.Contains("19.7847", zero.Out);
        Assert.Contains("6", CommandRun.Of("lab", "order").Out);
        CommandRun slip = CommandRun.Of("lab", "zeros");
        Assert.Equal(ExitCode.BadInput, slip.ExitCode);
        Assert.Contains("did you mean zero?", slip.Error);
    }

    [Fact]
    public void A_saved_page_has_its_scenarios_in_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("lab.html");
        Assert.Equal(ExitCode.Done, CommandRun.Of("lab", "zero", "--save-page", path).ExitCode);
        string page = File.ReadAllText(path);
        Assert.Contains($"\"labData\":{{\"zero\":\"{Convert.ToBase64String(Nudge.Cli.Lab.Record("zero")!)}\"}}", page);
        Assert.Contains("\"openLab\":\"zero\"", page);
        Assert.Contains("--watch and --save-page cannot be combined", CommandRun.Of("lab", "--watch", "--save-page", path).Error);
    }

    private static (RecordedStep[] Right, RecordedStep[] Broken) Run(string name)
    {
        byte[] both = Nudge.Cli.Lab.Record(name)!;
        int second = both.AsSpan(1).LastIndexOf(RecordingFormat.Magic) + 1;
        return ([.. RunRecording.Open(both.AsMemory(0, second), "right").Steps()], [.. RunRecording.Open(both.AsMemory(second), "broken").Steps()]);
    }

    private static void AssertClose(double[] expected, RecordedStep[] steps)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], steps[i].Loss, 1e-6);
    }
}
