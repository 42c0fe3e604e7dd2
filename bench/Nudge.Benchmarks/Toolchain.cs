// Finds what peers need on this machine, and builds those in C.

using System.ComponentModel;
using System.Diagnostics;

namespace Nudge.Benchmarks;

internal static class Toolchain
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "peers");
    private static readonly string[] s_openBlas = ["-lopenblas", "-l:libopenblas.so.0"];

    private static readonly Lazy<string?> s_python = new(() => FindPython("import sys"));
    private static readonly Lazy<string?> s_pythonWithTorch = new(() => FindPython("import torch"));

    /// <summary>A peer in plain Python, given its row and its task's file.</summary>
    internal static Peer Python(string script, string row, string file) =>
        new(s_python.Value ?? throw new MissingException("no python3 on the PATH"), Path.Combine(s_folder, script), row, file);

    /// <summary>A peer that imports torch.</summary>
    internal static Peer Torch(string script, string row, string file) =>
        new(s_pythonWithTorch.Value ?? throw new MissingException("no python3 on the PATH can import torch"), Path.Combine(s_folder, script), row, file);

    /// <summary>A peer in C, built from one file; a name is built once for all rows.</summary>
    internal static Peer C(string source, string name, string file, params string[] flags) =>
        new(Build(source, name, [.. flags, "-lm"]), file);

    /// <summary>A peer in C that calls OpenBLAS.</summary>
    internal static Peer OpenBlas(string source, string name, string file, params string[] flags)
    {
        foreach (string library in s_openBlas)
        {
            try
            {
                return C(source, name, file, [.. flags, library]);
            }
            catch (MissingException) when (library != s_openBlas[^1])
            {
                // the next spelling of its name may be the right one
            }
        }
        throw new UnreachableException();
    }

    private static string Build(string source, string name, string[] flags)
    {
        string program = Path.Combine(s_folder, name);
        (int code, string error) = Execute("gcc", ["-Ofast", "-march=native", "-o", program, Path.Combine(s_folder, source), .. flags]);
        return code == 0 ? program : throw new MissingException($"gcc cannot build {source}: {error.Trim().Split('\n')[0]}");
    }

    /// <summary>The first python3 on the PATH, of perhaps several, that can run a line.</summary>
    private static string? FindPython(string line)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "python.exe" : "python3"))
            .FirstOrDefault(program => File.Exists(program) && Execute(program, ["-c", line]).Code == 0);
    }

    private static (int Code, string Error) Execute(string program, IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (Win32Exception)
        {
            return (-1, $"there is no {program} on the PATH");
        }
    }
}
