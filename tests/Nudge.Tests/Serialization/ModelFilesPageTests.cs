// The Python program on the page about model files gives the numbers that the model gives.

using System.Diagnostics;
using System.Globalization;
using Nudge.Tests.Lessons;

namespace Nudge.Tests.Serialization;

public class ModelFilesPageTests
{
    [PythonFact]
    public void The_pages_python_program_predicts_what_the_model_predicts()
    {
        using var folder = new TemporaryFolder();
        TrainedModel model = Models.Classifier();
        model.Save(folder.File("model.safetensors"));
        string page = File.ReadAllText(Path.Combine(Programs.Root, "docs", "model-files.md"));
        string program = page.Split("```python\n")[1].Split("```")[0];
        string printed = Run("python3", ["-c", program, folder.File("model.safetensors"), "2.5", "-2"]);

        string[] lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("['setosa', '\"ö\" 🌸']", lines[0]);
        double[] expected = model.Network.Predict((2.5 - 1.5) / 0.1, 0);
        double[] outputs = [.. lines[1].Trim('[', ']').Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(expected.Length, outputs.Length);
        Assert.All(expected.Zip(outputs), pair => Assert.Equal(pair.First, pair.Second, 1e-12));

        model = Models.WithRamps();
        model.Save(folder.File("ramps.safetensors"));
        string logit = Run("python3", ["-c", program, folder.File("ramps.safetensors"), "1.4", "-2"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1];
        double given = double.Parse(logit.Trim('[', ']'), CultureInfo.InvariantCulture);
        Assert.Equal(model.Predict(1.4, -2)[1], 1 / (1 + Math.Exp(-given)), 1e-12);
    }

    private static string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}

/// <summary>A test that runs a Python program, and is skipped where there is no python3.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is no python3.</summary>
    public PythonFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "python3")) || File.Exists(Path.Combine(folder, "python3.exe"))))
            Skip = "There is no python3 on the PATH.";
    }
}
