// The page in a real browser: each scenario of tests/browser/browser.mjs.

using System.Diagnostics;
using Nudge.Cli;
using Nudge.Tests.Lessons;
using Nudge.Tests.Recordings;

namespace Nudge.Tests.Watching;

public sealed class BrowserTests
{
    [BrowserTheory]
    [InlineData("live")]
    [InlineData("keys")]
    [InlineData("edit")]
    [InlineData("lab")]
    [InlineData("scrub")]
    [InlineData("backward")]
    [InlineData("large")]
    [InlineData("accessibility")]
    [InlineData("report")]
    [InlineData("pictures")]
    public async Task In_a_browser(string scenario) => await Run(scenario, "", _ => Task.CompletedTask);

    [BrowserFact]
    public async Task A_page_finds_its_way_back_when_the_server_stops_and_starts_again()
    {
        const string token = "0123456789abcdef";
        PageServer server = Serve(0, token);
        int port = server.Port;
        await Run("reconnect", server.Url, async what =>
        {
            if (what == "stop")
                await server.DisposeAsync();
            else
                server = Serve(port, token);
        });
        await server.DisposeAsync();

        static PageServer Serve(int port, string token)
        {
            var feed = new RunFeed();
            foreach (byte[] record in RunRecording.Open(LessonRun.Record(20), "run").Records())
                feed.Append(record);
            return new PageServer(new PageServerContent(PageSource.Make("view", "lesson"), feed, _ => null), port, token);
        }
    }

    private static async Task Run(string scenario, string url, Func<string, Task> please)
    {
        string dll = Path.Combine(AppContext.BaseDirectory, "Nudge.Cli.dll");
        var start = new ProcessStartInfo("node", ["browser.mjs", scenario, dll, Path.Combine(Programs.Root, "artifacts", "pictures"), url])
        {
            WorkingDirectory = BrowserTheoryAttribute.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string printed = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            printed += line + "\n";
            if (!line.StartsWith("please ", StringComparison.Ordinal))
                continue;
            await please(line["please ".Length..]);
            await process.StandardInput.WriteLineAsync("done");
            await process.StandardInput.FlushAsync();
        }
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{scenario}:\n{printed}{await errors}");
        Console.WriteLine($"{scenario}: {printed.Trim().Replace("\n", "; ")}");
    }
}

/// <summary>A test that needs Node, Chromium and the packages of tests/browser, and says so where it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = WhyNot();

    internal static string Folder { get; } = Path.Combine(Programs.Root, "tests", "browser");

    internal static string? WhyNot()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string chromium = Environment.GetEnvironmentVariable("NUDGE_CHROMIUM") ?? "/usr/bin/chromium";
        return !folders.Any(folder => File.Exists(Path.Combine(folder, "node"))) ? "SKIPPED: there is no node; install Node 20 or later"
            : !File.Exists(chromium) ? $"SKIPPED: there is no {chromium}; install Chromium, or name it in NUDGE_CHROMIUM"
            : !Directory.Exists(Path.Combine(Folder, "node_modules")) ? "SKIPPED: run npm ci in tests/browser first"
            : null;
    }
}

/// <summary>As <see cref="BrowserTheoryAttribute"/>, for one case.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserTheoryAttribute.WhyNot();
}
