// How much a recorder keeps.

namespace Nudge.Recordings;

/// <summary>How much a <see cref="RunRecorder"/> keeps. The defaults keep every step whole.</summary>
public sealed record RecorderOptions
{
    /// <summary>
    /// How many nodes the expression of a loss may have for every node of every whole step to be kept. Default 2,000: the
    /// lesson's network on its four examples has about 400.
    /// </summary>
    public int MostNodes { get; init => field = Require.AtLeast(0, value); } = 2000;

    /// <summary>
    /// How many nodes a larger expression may have for its nodes to be kept now and then: in the first step, and after that
    /// as often as they make up a quarter of the recording. The other steps keep their parameters and gradients, as all
    /// steps of still larger expressions do. Default 100,000: at 16 bytes a node, a step has 1.6 MB.
    /// </summary>
    public int MostNodesAtTimes { get; init => field = Require.AtLeast(0, value); } = 100_000;

    /// <summary>
    /// The least time between two steps that are kept whole, once <see cref="FreeBytes"/> have been written; of the
    /// steps between only the loss is kept. Default 0: all are kept whole.
    /// </summary>
    public TimeSpan LeastInterval { get; init; }

    /// <summary>
    /// The greatest share of the time that keeping steps whole may take, measured while the run goes on, once
    /// <see cref="FreeBytes"/> have been written. Above 0, at most 1. Default 1: as much as it takes.
    /// </summary>
    public double MostShare
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The share must be above 0 and at most 1, such as 0.03.");
    } = 1;

    /// <summary>
    /// How much is written before <see cref="LeastInterval"/> and <see cref="MostShare"/> count, the nodes of large expressions
    /// not counted. Default 8 MiB.
    /// </summary>
    public long FreeBytes { get; init; } = 8 << 20;
}
