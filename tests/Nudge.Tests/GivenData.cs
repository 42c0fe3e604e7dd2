// Tests that read given data files: skipped, and said to be, where there are none.

namespace Nudge.Tests;

/// <summary>The folder of data files that the environment variable NUDGE_DATA names.</summary>
internal static class GivenData
{
    internal const string Missing = "NUDGE_DATA names no folder with iris.csv, wine_data.csv, breast_cancer.csv, digits.csv.gz and adbench-gmm.";

    internal static string? Folder { get; } =
        Environment.GetEnvironmentVariable("NUDGE_DATA") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>A file in it.</summary>
    internal static string File(params string[] path) => Path.Combine([Folder!, .. path]);
}

/// <summary>A test that needs given data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is none.</summary>
    public DataFactAttribute() => Skip = GivenData.Folder is null ? GivenData.Missing : null;
}

/// <summary>A test with several cases that needs given data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test where there is none.</summary>
    public DataTheoryAttribute() => Skip = GivenData.Folder is null ? GivenData.Missing : null;
}
