// Runs programs of one file as a reader would, with `dotnet run`, and finds the root of the repository to do it from.

using System.Diagnostics;

namespace Nudge.Tests.Lessons;

/// <summary>Tests that build through `dotnet run` form one collection: one after the other, since they share the build of the library.</summary>
[CollectionDefinition(nameof(Programs))]
public sealed class Programs
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Runs a program of one file, or a project, in the release build and returns the lines it printed.</summary>
    internal static string[] Run(string file, bool isProject = false)
    {
        string[] arguments = isProject ? ["run", "-c", "Release", "--project", file] : ["run", "-c", "Release", file];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No build process that outlives the run.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet run {file} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
        return Lines(output);
    }

    internal static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Nudge.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"There is no Nudge.slnx above {AppContext.BaseDirectory}.");
    }
}
