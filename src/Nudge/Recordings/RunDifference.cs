// Where two recorded runs part.

namespace Nudge.Recordings;

/// <summary>The first number in which two runs differ, in the order in which the engine came to it.</summary>
/// <param name="Step">The step, counted from 0.</param>
/// <param name="Beat">The beat of that step: forward, backward or update; start or end for what lies outside the steps.</param>
/// <param name="What">What it is, as <c>layers.0.neurons.2.w[1]</c> or <c>the gradient of node 17 (tanh)</c>.</param>
/// <param name="First">The number in the first run; NaN where it is no number.</param>
/// <param name="Second">The number in the second run; NaN where it is no number.</param>
public sealed record RunDifference(int Step, string Beat, string What, double First, double Second)
{
    /// <summary>|first − second|.</summary>
    public double Absolute => Math.Abs(First - Second);

    /// <summary>|first − second| / max(|first|, |second|).</summary>
    public double Relative => Absolute / Math.Max(Math.Abs(First), Math.Abs(Second));

    /// <summary>
    /// Compares two runs bit by bit, each step in the order of its beats: the parameters it starts from, the nodes from
    /// the inputs to the loss, the gradients from the loss back, the update. Steps of which one run kept the loss only
    /// are compared by their losses.
    /// </summary>
    /// <param name="first">A run.</param>
    /// <param name="second">The run to compare it with.</param>
    /// <returns>Null where the two agree in everything.</returns>
    public static RunDifference? Between(RunRecording first, RunRecording second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (Shape(first.Info.ParameterNames, second.Info.ParameterNames) is { } shape)
            return shape;
        using IEnumerator<RecordedStep> left = first.Steps().GetEnumerator(), right = second.Steps().GetEnumerator();
        int step = 0;
        while (true)
        {
            bool more = left.MoveNext();
            if (more != right.MoveNext())
                return new RunDifference(step, "end", more ? "the second run has no such step" : "the first run has no such step", double.NaN, double.NaN);
            if (!more)
                return OfEnds(step, first, second);
            if (OfSteps(left.Current, right.Current, first.Info.ParameterNames) is { } difference)
                return difference;
            step = left.Current.Step + 1;
        }
    }

    private static RunDifference? Shape(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        if (first.Count != second.Count)
            return new RunDifference(0, "start", "the number of parameters", first.Count, second.Count);
        for (int i = 0; i < first.Count; i++)
        {
            if (first[i] != second[i])
                return new RunDifference(0, "start", $"a parameter is called {first[i]} in the first run and {second[i]} in the second", double.NaN, double.NaN);
        }
        return null;
    }

    private static RunDifference? OfSteps(RecordedStep a, RecordedStep b, IReadOnlyList<string> names)
    {
        if (a.Step != b.Step)
            return new RunDifference(Math.Min(a.Step, b.Step), "start", "the number of the step", a.Step, b.Step);
        if (!a.IsWhole || !b.IsWhole)
            return Number(a.Step, "forward", "the loss", a.Loss, b.Loss);
        return Numbers(a.Step, "start", a.Parameters, b.Parameters, i => names[i])
            ?? Graphs(a, b)
            ?? Number(a.Step, "forward", "the loss", a.Loss, b.Loss)
            ?? (a.Graph is null || b.Graph is null ? null : NodeGradients(a, b))
            ?? Numbers(a.Step, "backward", a.Gradients, b.Gradients, i => $"the gradient of {names[i]}")
            ?? Number(a.Step, "update", "the learning rate", a.LearningRate, b.LearningRate)
            ?? Number(a.Step, "update", "the change that the gradient predicts", a.PredictedChange, b.PredictedChange);
    }

    private static RunDifference? Graphs(RecordedStep a, RecordedStep b)
    {
        if (a.Graph is null || b.Graph is null)
            return null;
        int common = Math.Min(a.Graph.Nodes.Count, b.Graph.Nodes.Count);
        for (int i = 0; i < common; i++)
        {
            if (a.Graph.Nodes[i] != b.Graph.Nodes[i])
                return new RunDifference(a.Step, "forward", $"{a.Graph.NameOf(i)} in the first run is {b.Graph.NameOf(i)} in the second", a.NodeData[i], b.NodeData[i]);
            if (Number(a.Step, "forward", a.Graph.NameOf(i), a.NodeData[i], b.NodeData[i]) is { } difference)
                return difference;
        }
        return Number(a.Step, "forward", "the number of nodes", a.Graph.Nodes.Count, b.Graph.Nodes.Count);
    }

    private static RunDifference? NodeGradients(RecordedStep a, RecordedStep b)
    {
        for (int i = a.NodeGradients.Count - 1; i >= 0; i--)
        {
            if (Number(a.Step, "backward", $"the gradient of {a.Graph!.NameOf(i)}", a.NodeGradients[i], b.NodeGradients[i]) is { } difference)
                return difference;
        }
        return null;
    }

    private static RunDifference? OfEnds(int step, RunRecording first, RunRecording second)
    {
        if (first.End is not { } a || second.End is not { } b)
            return null;
        return Numbers(step, "end", a.Parameters, b.Parameters, i => first.Info.ParameterNames[i])
            ?? (a.Reason == b.Reason ? null : new RunDifference(step, "end", $"the first run was {a.Reason}, the second {b.Reason}", double.NaN, double.NaN));
    }

    private static RunDifference? Numbers(int step, string beat, IReadOnlyList<double> a, IReadOnlyList<double> b, Func<int, string> name)
    {
        for (int i = 0; i < a.Count; i++)
        {
            if (Differ(a[i], b[i]))
                return new RunDifference(step, beat, name(i), a[i], b[i]);
        }
        return null;
    }

    private static RunDifference? Number(int step, string beat, string what, double a, double b) =>
        Differ(a, b) ? new RunDifference(step, beat, what, a, b) : null;

    // 0 and −0 are told apart, and every NaN is like every other.
    private static bool Differ(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) != BitConverter.DoubleToInt64Bits(b) && !(double.IsNaN(a) && double.IsNaN(b));
}
