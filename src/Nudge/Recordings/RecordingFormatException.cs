// The one error that the content of a recording can cause.

namespace Nudge.Recordings;

/// <summary>A recording is damaged, foreign or of another version. The message reads <c>path: what was wrong; what was expected</c>.</summary>
public sealed class RecordingFormatException : FormatException
{
    /// <summary>An error in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What was wrong and what was expected.</param>
    public RecordingFormatException(string path, string problem)
        : base($"{path}: {problem}") => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
