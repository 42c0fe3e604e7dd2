// What a target asks for.

namespace Nudge;

/// <summary>What is to be predicted.</summary>
public enum LearningTask
{
    /// <summary>One class of several.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}
