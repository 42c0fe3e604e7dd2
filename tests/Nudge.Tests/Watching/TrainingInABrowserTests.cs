// Compiled programs in a browser give what they give here.

using System.Diagnostics;
using Nudge.BrowserTests;
using Nudge.Tests.Lessons;

namespace Nudge.Tests.Watching;

public sealed class TrainingInABrowserTests
{
    private static readonly string s_published = Path.Combine(Programs.Root, "artifacts", "publish", "Nudge.BrowserTests", "release", "wwwroot");

    [PublishedFact]
    public async Task Training_in_a_browser_gives_the_same_numbers_as_here()
    {
        var start = new ProcessStartInfo("node", ["compute.mjs", s_published]) { WorkingDirectory = BrowserTheoryAttribute.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, printed + await errors);
        Dictionary<string, TrainedNumbers> results = printed.Split('\n')
            .Where(line => line.StartsWith("result ", StringComparison.Ordinal))
            .Select(line => line["result ".Length..].Split('\t', 2))
            .ToDictionary(parts => parts[0], parts => TrainedNumbers.Parse(parts[1]));
        var wrong = new List<string>();
        foreach (TrainingRun run in TrainingRun.All)
        {
            TrainedNumbers here = run.Make(), there = results[run.Name];
            double losses = Difference(here.Losses, there.Losses), parameters = Difference(here.Parameters, there.Parameters);
            string line = $"{run.Name}: {run.Steps} steps, {there.StepsPerSecond:F0} a second (here {here.StepsPerSecond:F0}); losses differ by {losses:G2}, parameters by {parameters:G2}";
            Console.WriteLine(line);
            // WebAssembly has no fused multiply-add: each step rounds otherwise. Measured: up to 5e-16 in double, 7e-7 in float.
            double tolerance = run.Precision == Precision.Double ? 1e-12 : 1e-4;
            if (!(losses <= tolerance && parameters <= tolerance))
                wrong.Add(line);
        }
        Assert.Empty(wrong);
    }

    private static double Difference(double[] expected, double[] got)
    {
        Assert.Equal(expected.Length, got.Length);
        double scale = expected.Max(Math.Abs);
        // Not with Max, which a NaN could pass.
        return expected.Zip(got).All(pair => double.IsFinite(pair.Second)) ? expected.Zip(got).Max(pair => Math.Abs(pair.First - pair.Second)) / scale : double.NaN;
    }

    /// <summary>A test that needs a browser and what is published for it, and says so where it is skipped.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PublishedFactAttribute : FactAttribute
    {
        public PublishedFactAttribute() => Skip = BrowserTheoryAttribute.WhyNot()
            ?? (Directory.Exists(s_published) ? null : "SKIPPED: run dotnet publish -c Release tests/Nudge.BrowserTests first");
    }
}
