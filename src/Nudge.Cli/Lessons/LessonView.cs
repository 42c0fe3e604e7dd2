// The lesson as it is printed: a derivative, one weight, a network, with the numbers that the engine computes.

using System.Globalization;

namespace Nudge.Cli;

internal sealed class LessonView(Terminal terminal, LessonSettings settings)
{
    private const int WeightSteps = 8, NetworkSteps = 20;

    private static readonly int[] s_shownSteps = [0, 1, 2, 5, 10, NetworkSteps];

    private string Rate { get; } = Text.Number(settings.LearningRate);

    internal void Write()
    {
        // The engine notices a gradient that was not zeroed; the lesson says it once and in its own words.
        bool stale = false;
        int thread = Environment.CurrentManagedThreadId;
        void Notice(Value leaf) => stale |= Environment.CurrentManagedThreadId == thread;
        StaleGradients.Detected += Notice;
        try
        {
            WriteDerivative();
            WriteOneWeight();
            WriteNetwork();
        }
        finally
        {
            StaleGradients.Detected -= Notice;
        }
        if (stale)
            terminal.WriteParagraph("The engine noticed it at the second step: a gradient was added to one that was stale.");
        WriteEnding();
    }

    private void WriteDerivative()
    {
        const double nudge = 0.001;
        double at = WorkedExample.LossAt(WorkedExample.Start), beside = WorkedExample.LossAt(WorkedExample.Start + nudge);
        Heading("1", "A derivative is what a nudge shows");
        terminal.WriteLine("  loss(w) = (w*x - y)^2   with w = 1, x = 2, y = 6");
        terminal.WriteLine();
        var table = new Table(false, false);
        table.Add("loss(1)", $"= {Text.Number(at)}");
        table.Add($"loss({Text.Number(1 + nudge)})", $"= {Text.Number(beside)}");
        table.Add("slope", $"= ({Text.Number(beside)} - {Text.Number(at)}) / {Text.Number(nudge)} = {Text.Number((beside - at) / nudge)}");
        table.Add("gradient", new($"= {Text.Number(WorkedExample.GradientAtStart())}", Style.Bold));
        table.Write(terminal);
        terminal.WriteLine();
        terminal.WriteParagraph("The gradient is exact: going backward, 2*(w*x - y) * x = -8 * 2.");
    }

    private void WriteOneWeight()
    {
        Heading("2", $"One weight learns: w = w {settings.Sign} {Rate} * gradient");
        var table = new Table(true, true, true, true, true, true);
        table.Add(Header("step"), Header("w"), Header("w*x"), Header("loss"), Header("gradient"), Header("next w"));
        int number = 0;
        foreach (WorkedStep step in new WorkedExample().Run(settings, WeightSteps))
        {
            table.Add(
                Text.Count(number++), Text.Number(step.Weight), Text.Number(step.Prediction), new(Text.Number(step.Loss), Style.Bold),
                Text.Number(step.Gradient), Text.Number(step.Next));
        }
        table.Write(terminal);
        terminal.WriteLine();
        foreach (string sentence in ExplainOneWeight())
            terminal.WriteParagraph(sentence);
    }

    private IEnumerable<string> ExplainOneWeight()
    {
        if (!settings.Zero)
        {
            yield return "Without zeroing, each gradient still holds the ones before it: w runs past its goal and back, like a ball without friction, and never settles.";
            yield break;
        }
        // w ← w + step · 2x(w·x − y), so the distance w·x − y is multiplied by 1 + step · 2x².
        double factor = 1 + settings.Step * 2 * WorkedExample.Input * WorkedExample.Input;
        // Rounding must not hide the two borders, 0 and 1.
        factor = Math.Round(factor, 12);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Each step multiplies the error w*x - y by 1 {settings.Sign} 8*{Rate} = {Text.Number(factor)}, and the loss by its square, {Text.Number(factor * factor)}.");
        yield return Math.Abs(factor) switch
        {
            0 => "That is 0: it lands exactly in one step. No other rate can do better here.",
            < 1 when factor < 0 => "It overshoots each time, by less and less, and arrives.",
            < 1 => "So the loss goes to 0.",
            1 => "It jumps from one side of the valley to the other and back, for ever: the rate is just too large.",
            _ when settings.FlipSign => "It walks uphill: the sign of the update is wrong.",
            _ => "It jumps across the valley and lands higher each time: the rate is too large, and the loss diverges.",
        };
    }

    private void WriteNetwork()
    {
        var network = new LessonNetwork(settings);
        Heading("3", string.Create(CultureInfo.InvariantCulture, $"{network.ParameterCount} weights learn by the same loop: new Mlp(3, [4, 4, 1], new Rng({settings.Seed}))"));
        WriteLoop();
        double[] before = network.Predictions;
        double[] losses = network.Run(NetworkSteps);
        double[] after = network.Predictions;
        double final = network.Run(1)[0];

        losses = [.. losses, final];
        var course = new Table([false, .. s_shownSteps.Select(_ => true)]);
        course.Add([Header("step"), .. s_shownSteps.Select(step => Header(Text.Count(step)))]);
        course.Add(["loss", .. s_shownSteps.Select(step => new Cell(Text.Short(losses[step]), Style.Bold))]);
        course.Write(terminal);
        terminal.WriteLine($"        {terminal.Paint(Sparkline.Draw(losses), Style.Cyan)}");
        terminal.WriteLine();
        var table = new Table(false, true, true, true);
        table.Add(Header("inputs"), Header("target"), Header("before"), Header("after"));
        for (int i = 0; i < before.Length; i++)
        {
            table.Add(
                string.Join("  ", network.Data.Inputs[i].Select(x => Text.Number(x).PadLeft(4))), Text.Number(network.Data.Targets[i][0]),
                Fixed(before[i]), new(Fixed(after[i]), Style.Bold));
        }
        table.Write(terminal);
        terminal.WriteLine();
        double saturated = network.SaturatedShare;
        terminal.WriteParagraph($"Neurons stuck at ±1, where hardly any gradient passes: {Text.Percent(saturated)}." +
            (saturated > 0.5 ? " Whatever the loss says, this network can hardly learn any more." : ""));
    }

    private void WriteLoop()
    {
        var table = new Table(false, false);
        void Beat(string code, string what, bool isDone = true) => table.Add(
            new(isDone ? code : $"// {code}", isDone ? Style.Plain : Style.Dim), new(isDone ? what : $"{what}: left out", Style.Dim));
        Beat("loss = the sum of (prediction - target)^2", "forward");
        Beat("net.ZeroGradients()", "zero", settings.Zero);
        Beat("loss.Backward()", "backward");
        Beat($"p.Data {settings.Sign}= {Rate} * p.Grad, for each p", "update");
        table.Write(terminal, "    ");
        terminal.WriteLine();
    }

    private void WriteEnding()
    {
        terminal.WriteLine();
        terminal.WriteFact("break it", "nudge lesson --learning-rate 0.26, or --flip-sign, or --no-zero");
        terminal.WriteFact("go on", "nudge grad \"(w*x - y)^2\" w=1 x=2 y=6   and   nudge train");
    }

    private void Heading(string number, string title)
    {
        terminal.WriteLine();
        terminal.WriteLine(terminal.Paint(Text.Fit($"{number}  {title}", terminal.LineLimit), Style.Bold));
        terminal.WriteLine();
    }

    private static string Fixed(double number) => number.ToString("F3", CultureInfo.InvariantCulture);

    private static Cell Header(string text) => new(text, Style.Dim);
}
