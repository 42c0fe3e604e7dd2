// The real process: pipes, signals, exit codes.

using System.Diagnostics;
using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ProcessTests
{
    [Fact]
    public async Task Redirected_output_has_no_escapes_and_ends_with_the_commands_exit_code()
    {
        using Process good = Start("grad", "a*b", "a=2", "b=3");
        string output = await good.StandardOutput.ReadToEndAsync();
        await good.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, good.ExitCode);
        Assert.DoesNotContain('\e', output);
        Assert.Contains("└─ b", output);

        using Process bad = Start("grad", "a*", "a=2");
        string error = await bad.StandardError.ReadToEndAsync();
        await bad.WaitForExitAsync();
        Assert.Equal(ExitCode.BadInput, bad.ExitCode);
        Assert.StartsWith("nudge grad: character 3: ", error);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_finishes_the_step_and_saves(string signal)
    {
        if (OperatingSystem.IsWindows())
            return; // has no signals to send
        using var folder = new TemporaryFolder();
        string model = folder.File("moons.safetensors");
        using Process process = Start("train", "--epochs", "1000000", "--json", "--out", model);
        using var hung = new Timer(_ => process.Kill(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        string? line = await process.StandardOutput.ReadLineAsync();
        Assert.Contains("start", line);
        while (!(await process.StandardOutput.ReadLineAsync())!.Contains("\"epoch\":3,"))
        {
        }
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString()]))
            await kill.WaitForExitAsync();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        JsonElement summary = JsonDocument.Parse(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Equal("interrupted", summary.GetProperty("end").GetString());
        Assert.Equal(337, TrainedModel.Load(model).Network.ParameterCount);
    }

    [Theory]
    [InlineData("predict")]
    [InlineData("evaluate")]
    [InlineData("train")]
    public async Task Ctrl_C_while_a_table_is_read_ends_with_one_line_and_leaves_no_file(string command)
    {
        if (OperatingSystem.IsWindows())
            return; // has no signals to send
        using var folder = new TemporaryFolder();
        string model = folder.File("model.safetensors");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", folder.TwoHeaps(), "--epochs", "1", "--out", model).ExitCode);
        string[] before = folder.Files;
        // Standard input that never ends.
        string[] arguments = command switch
        {
            "predict" => ["predict", model, "-", "--out", folder.File("out.csv")],
            "evaluate" => ["evaluate", model, "-", "--report", folder.File("out.html")],
            _ => ["train", "-", "--out", folder.File("out.safetensors"), "--report", folder.File("out.html")],
        };
        using Process process = Start(arguments);
        using var hung = new Timer(_ => process.Kill(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        // More than a pipe holds: when it is taken, somebody reads.
        await process.StandardInput.WriteAsync("width,height,colour\n" + string.Concat(Enumerable.Repeat("1,2,red\n", 40_000)));
        await process.StandardInput.FlushAsync();
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
            await kill.WaitForExitAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((ExitCode.Interrupted, "nudge: interrupted\n"), (process.ExitCode, error));
        Assert.Equal(before, folder.Files);
    }

    [Theory]
    [InlineData("names", "--steps", "1000000", "--out")]
    [InlineData("train-text", "TEXT", "--model", "mlp", "--steps", "10000000", "--out")]
    [InlineData("search", "TABLE", "--epochs", "100000", "--patience", "0", "--layers", "64,64")]
    [InlineData("train", "TABLE", "--folds", "4", "--epochs", "1000000", "--patience", "0")]
    public async Task Ctrl_C_sums_up_what_there_is_in_every_long_command(params string[] command)
    {
        if (OperatingSystem.IsWindows())
            return; // has no signals to send
        using var folder = new TemporaryFolder();
        string text = folder.File("text.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"{"abcd"[i % 4]}{"efg"[i % 3]}{"hi"[i % 2]}\n")));
        string table = folder.TwoHeaps(), model = folder.File("model.safetensors");
        string[] arguments = [.. command.Select(word => word switch { "TEXT" => text, "TABLE" => table, _ => word })];
        bool saves = arguments[^1] == "--out";
        using Process process = Start([.. arguments, .. saves ? [model] : Array.Empty<string>()]);
        using var hung = new Timer(_ => process.Kill(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("  engine", StringComparison.Ordinal))
        {
        }
        await Task.Delay(TimeSpan.FromSeconds(1));
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
            await kill.WaitForExitAsync();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Single(rest.Split('\n'), line => line.Contains("Interrupted", StringComparison.Ordinal));
        Assert.DoesNotContain(folder.Files, name => name.EndsWith(".tmp", StringComparison.Ordinal));
        // A model that is there can be loaded; where no step was made there is none.
        if (File.Exists(model))
            TrainedLanguageModel.Load(model);
        Assert.Equal(saves && !rest.Contains("before the first step", StringComparison.Ordinal), File.Exists(model));
    }

    private static Process Start(params string[] arguments)
    {
        // A shell makes what it starts in the background deaf to an interrupt, and so are the children of that.
        string[] command = [.. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(), "dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], Path.Combine(AppContext.BaseDirectory, "Nudge.Cli.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
