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

    private static Process Start(params string[] arguments)
    {
        // A shell makes what it starts in the background deaf to an interrupt, and so are the children of that.
        string[] command = [.. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(), "dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], Path.Combine(AppContext.BaseDirectory, "Nudge.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
