// Finds what peers need on this machine, and builds those in C.

using System.ComponentModel;
using System.Diagnostics;

namespace Nudge.Benchmarks;

/// <summary>Makes peers for a setting.</summary>
internal sealed class Toolchain(Setting setting)
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "peers");
    private static readonly string[] s_openBlas = ["-lopenblas", "-l:libopenblas.so.0"];

    private static readonly Lazy<string?> s_python = new(() => FindPython("import sys"));
    private static readonly Lazy<string?> s_pythonWithTorch = new(() => FindPython("import torch"));

    private string? _openBlasCore;

    /// <summary>The processor whose kernels OpenBLAS runs.</summary>
    internal string OpenBlasCore => _openBlasCore ??= AskOpenBlas();

    /// <summary>A peer in plain Python, given its row and its task's file.</summary>
    internal Peer Python(string script, string row, string file) =>
        new(setting, s_python.Value ?? throw new MissingException("no python3 on the PATH"), Path.Combine(s_folder, script), row, file);

    /// <summary>A peer that imports torch.</summary>
    internal Peer Torch(string script, string row, string file) =>
        new(setting, s_pythonWithTorch.Value ?? throw new MissingException("no python3 on the PATH can import torch"), Path.Combine(s_folder, script), row, file);

    /// <summary>A peer in C, built from one file; a name is built once for all rows.</summary>
    internal Peer C(string source, string name, string file, params string[] flags) => new(setting, Build(source, name, flags), file);

    /// <summary>A peer in C that calls OpenBLAS.</summary>
    /// <exception cref="MissingException">There is none, or it runs kernels that nothing should be compared with.</exception>
    internal Peer OpenBlas(string source, string name, string file, params string[] flags)
    {
        string core = OpenBlasCore;
        return Benchmarks.OpenBlas.IsFast(core)
            ? new(setting, BuildWithOpenBlas(source, name, flags), file)
            : throw new MissingException($"OpenBLAS runs kernels for {core}, older than AVX2, though it was asked for {Benchmarks.OpenBlas.CoreType(setting.VectorBits, Machine.Processor)}");
    }

    /// <summary>A contender of this program in a process of its own, on the one core or on all.</summary>
    internal Peer Own(string row, string name, bool onOneCore) => Peer.Own(setting, row, name, onOneCore);

    /// <summary>Whether there is a program of a name.</summary>
    internal static bool IsOnPath(string program) => Folders.Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string[] Folders => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    private string AskOpenBlas()
    {
        using Process process = Process.Start(new ProcessStartInfo(BuildWithOpenBlas("openblas_core.c", "openblas-core", []))
        {
            RedirectStandardOutput = true,
            Environment = { ["OPENBLAS_CORETYPE"] = Benchmarks.OpenBlas.CoreType(setting.VectorBits, Machine.Processor) },
        })!;
        string core = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return core;
    }

    private string BuildWithOpenBlas(string source, string name, string[] flags)
    {
        foreach (string library in s_openBlas)
        {
            try
            {
                return Build(source, name, [.. flags, library]);
            }
            catch (MissingException) when (library != s_openBlas[^1])
            {
                // the next spelling of its name may be the right one
            }
        }
        throw new UnreachableException();
    }

    private string Build(string source, string name, string[] flags)
    {
        string program = Path.Combine(s_folder, $"{name}-{setting.VectorBits}");
        (int code, string error) = Execute("gcc", [.. setting.CompilerFlags, "-o", program, Path.Combine(s_folder, source), .. flags, "-lm"]);
        return code == 0 ? program : throw new MissingException($"gcc cannot build {source}: {error.Trim().Split('\n')[0]}");
    }

    /// <summary>The first python3 on the PATH, of perhaps several, that can run a line.</summary>
    private static string? FindPython(string line) => Folders
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "python.exe" : "python3"))
        .FirstOrDefault(program => File.Exists(program) && Execute(program, ["-c", line]).Code == 0);

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
