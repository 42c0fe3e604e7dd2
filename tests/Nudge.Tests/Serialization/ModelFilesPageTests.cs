// The Python program on the page about model files gives the numbers that the model gives.

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Nudge.Tests.Serialization;

public class ModelFilesPageTests
{
    [Fact]
    public void The_pages_python_program_predicts_what_the_model_predicts()
    {
        using var directory = new ScratchDirectory();
        TrainedModel model = Models.Classifier();
        model.Save(directory["model.safetensors"]);
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "model-files.md"));
        string program = page.Split("```python\n")[1].Split("```")[0];
        if (Run("python3", ["-c", program, directory["model.safetensors"], "2.5", "-2"]) is not { } printed)
            return; // there is no Python on this machine

        string[] lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("['setosa', '\"ö\" 🌸']", lines[0]);
        double[] expected = model.Network.Predict((2.5 - 1.5) / 0.1, 0);
        double[] outputs = [.. lines[1].Trim('[', ']').Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(expected.Length, outputs.Length);
        Assert.All(expected.Zip(outputs), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Nudge.slnx")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return directory;
    }

    private static string? Run(string program, string[] arguments)
    {
        try
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
        catch (Win32Exception)
        {
            return null;
        }
    }
}
