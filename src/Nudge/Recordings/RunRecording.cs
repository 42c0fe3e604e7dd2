// Reads a recorded run.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nudge.Pitfalls;

namespace Nudge.Recordings;

/// <summary>
/// A recorded run. Nothing of a file is trusted: whatever does not agree with itself is an error that says what was
/// expected. The one exception is the last record, which is left out where it is cut off: so it is when the run was
/// killed, or still goes on.
/// </summary>
public sealed class RunRecording
{
    private const int MostNodes = 10_000_000;

    private readonly string _path;
    private readonly Func<Stream> _open;
    private long _wholeLength;

    private RunRecording(string path, Func<Stream> open)
    {
        _path = path;
        _open = open;
        using Stream stream = open();
        var records = new RecordReader(stream, path);
        Info = records.Next() && records.Kind == RecordKind.Start
            ? ReadInfo(records)
            : throw new RecordingFormatException(path, "the recording has no beginning; expected what was trained");
    }

    /// <summary>What was trained, on what and how.</summary>
    public RunInfo Info { get; }

    /// <summary>What was noticed about the run; known once <see cref="Steps"/> has come to its end.</summary>
    public IReadOnlyList<RunFinding> Findings { get; private set; } = [];

    /// <summary>How the run ended; null as long as <see cref="Steps"/> has not come to its end, and for a run that was not ended.</summary>
    public RecordedEnd? End { get; private set; }

    /// <summary>Opens a recording and reads its beginning.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RecordingFormatException">It is no recording.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunRecording Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new RunRecording(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Opens a recording that lies in memory.</summary>
    /// <param name="bytes">The recording.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="RecordingFormatException">It is no recording.</exception>
    public static RunRecording Open(ReadOnlyMemory<byte> bytes, string name = "the recording")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArraySegment<byte> array = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> own) ? own : new(bytes.ToArray());
        return new RunRecording(name, () => new MemoryStream(array.Array!, array.Offset, array.Count, writable: false));
    }

    /// <summary>Opens a recording from a stream, of which all that is left is read at once and kept.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="RecordingFormatException">It is no recording.</exception>
    public static RunRecording Open(Stream stream, string name = "the recording")
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Open(copy.ToArray(), name);
    }

    /// <summary>The steps, read one after the other; each time anew from the beginning.</summary>
    /// <exception cref="RecordingFormatException">The file is damaged.</exception>
    public IEnumerable<RecordedStep> Steps()
    {
        using Stream stream = _open();
        var records = new RecordReader(stream, _path);
        var findings = new List<RunFinding>();
        RecordedGraph? graph = null;
        End = null;
        int next = 0;
        records.Next();
        while (records.Next())
        {
            switch (records.Kind)
            {
                case RecordKind.Graph:
                    graph = ReadGraph(records);
                    break;
                case RecordKind.Step:
                    RecordedStep step = ReadStep(records, graph, next);
                    next = step.Step + 1;
                    yield return step;
                    break;
                case RecordKind.Losses:
                    int first = records.Whole(next, int.MaxValue, "the number of a step");
                    int count = records.Whole(1, Math.Min(records.Left / sizeof(double), int.MaxValue - first), "the number of losses");
                    for (int i = 0; i < count; i++)
                        yield return new RecordedStep { Step = first + i, Loss = records.Number() };
                    next = first + count;
                    break;
                case RecordKind.Finding:
                    findings.Add(ReadJson(records, RunJson.Default.RunFinding, "a finding"));
                    break;
                case RecordKind.End:
                    double[] parameters = records.Numbers(Info.ParameterNames.Count);
                    End = new RecordedEnd(Encoding.UTF8.GetString(records.Bytes(records.Left)), parameters);
                    break;
                default:
                    throw records.Error($"a record is of the unknown kind {(uint)records.Kind}; expected 1 to {(uint)RecordKind.End}");
            }
            if (records.Left != 0)
                throw records.Error($"a record has {records.Left} bytes too many; expected it to end");
        }
        Findings = findings;
        _wholeLength = records.WholeLength;
    }

    /// <summary>
    /// The header and the records as they stand in the file, without a last one that is cut off; all of it has been
    /// checked when the first one is handed out.
    /// </summary>
    /// <exception cref="RecordingFormatException">The file is damaged.</exception>
    public IEnumerable<byte[]> Records()
    {
        foreach (RecordedStep _ in Steps())
        {
            // Reading is checking.
        }
        using Stream stream = _open();
        for (int length = RecordingFormat.HeaderLength; stream.Position < _wholeLength;)
        {
            var record = new byte[length];
            stream.ReadExactly(record);
            yield return record;
            length = stream.Position < _wholeLength ? LengthOfNext(stream) : 0;
        }
    }

    private static int LengthOfNext(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        stream.ReadExactly(length);
        stream.Position -= length.Length;
        return BinaryPrimitives.ReadInt32LittleEndian(length) + RecordingFormat.RecordOverhead;
    }

    private static RunInfo ReadInfo(RecordReader records)
    {
        RunInfo info = ReadJson(records, RunJson.Default.RunInfo, "the beginning");
        // What is not in the file is null here, whatever its type says.
        object?[] parts =
        [
            info.Title, info.Objective, info.Optimizer, info.Seed, info.Program, info.Layers, info.ParameterNames, info.Baselines, info.Code,
            .. info.Layers ?? [], .. info.ParameterNames ?? [], .. info.Baselines ?? [], .. info.Code ?? [],
        ];
        if (parts.Contains(null))
            throw records.Error("the beginning lacks a part; expected all that describes a run");
        if (info.Data is { } data && (data.InputNames is null || data.Inputs is null || data.Targets is null || data.Inputs.Any(row => row?.Length != data.InputNames.Count) || data.Targets.Count != data.Inputs.Count || data.Targets.Contains(null!)))
            throw records.Error("the examples differ in length; expected a row of inputs and one of targets for each");
        return info;
    }

    private static T ReadJson<T>(RecordReader records, JsonTypeInfo<T> type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(records.Bytes(records.Left), type) ?? throw records.Error($"{what} is null; expected an object");
        }
        catch (JsonException error)
        {
            throw records.Error($"{what} cannot be read: {error.Message}");
        }
    }

    private RecordedGraph ReadGraph(RecordReader records)
    {
        int count = records.Whole(1, Math.Min(MostNodes, records.Left / (3 * sizeof(int))), "the number of nodes");
        var nodes = new RecordedNode[count];
        var labels = new Dictionary<int, string>();
        for (int i = 0; i < count; i++)
        {
            var operation = (Operation)records.Whole(0, OperationTable.Rows.Count - 1, "an operation");
            if (operation == Operation.Select)
                throw records.Error("an operation is a select, which no recording holds");
            int arity = OperationTable.Arity(operation);
            if (operation == Operation.Parameter)
            {
                nodes[i] = new RecordedNode(operation, records.Whole(0, Info.ParameterNames.Count - 1, "a parameter"), records.Whole(-1, -1, "an input"));
                labels[i] = Info.ParameterNames[nodes[i].First];
                continue;
            }
            int first = records.Whole(arity > 0 ? 0 : -1, arity > 0 ? i - 1 : -1, "an input");
            nodes[i] = new RecordedNode(operation, first, records.Whole(arity > 1 ? 0 : -1, arity > 1 ? i - 1 : -1, "an input"));
        }
        int labelCount = records.Whole(0, Math.Min(count, records.Left / (2 * sizeof(int))), "the number of labels");
        for (int i = 0; i < labelCount; i++)
        {
            int place = records.Whole(0, count - 1, "a place");
            labels[place] = Encoding.UTF8.GetString(records.Bytes(records.Whole(0, records.Left - sizeof(int), "the length of a label")));
        }
        return new RecordedGraph(nodes, labels);
    }

    private RecordedStep ReadStep(RecordReader records, RecordedGraph? graph, int least)
    {
        int parameters = Info.ParameterNames.Count;
        int number = records.Whole(least, int.MaxValue - 1, "the number of a step"), epoch = records.Whole(0, int.MaxValue, "an epoch");
        var mistakes = (TrainingMistakes)records.Whole(0, 3, "the mistakes of a step");
        bool hasNodes = records.Whole(0, 1, "whether there are nodes") == 1;
        if (hasNodes && graph is null)
            throw records.Error("a step has nodes before their structure was told; expected the structure first");
        var step = new RecordedStep
        {
            IsWhole = true,
            Step = number,
            Epoch = epoch,
            Mistakes = mistakes,
            Loss = records.Number(),
            LearningRate = records.Number(),
            GradientNorm = records.Number(),
            PredictedChange = records.Number(),
            ActualChange = records.Number(),
            Batch = records.Wholes(),
            Parameters = records.Numbers(parameters),
            Gradients = records.Numbers(parameters),
        };
        return hasNodes ? WithNodes(step, graph!, records) : step;
    }

    private static RecordedStep WithNodes(RecordedStep step, RecordedGraph graph, RecordReader records)
    {
        int count = graph.Nodes.Count;
        double[] data = records.Numbers(graph.Nodes.Count(node => node.Operation != Operation.Parameter));
        double[] gradients = records.Numbers(graph.Nodes.Count(node => node.Operation is not (Operation.Parameter or Operation.Constant)));
        double[] nodeData = new double[count], nodeGradients = new double[count];
        int nextData = 0, nextGradient = 0;
        for (int i = 0; i < count; i++)
        {
            RecordedNode node = graph.Nodes[i];
            bool isParameter = node.Operation == Operation.Parameter;
            nodeData[i] = isParameter ? step.Parameters[node.First] : data[nextData++];
            nodeGradients[i] = isParameter ? step.Gradients[node.First]
                : node.Operation == Operation.Constant ? double.NaN : gradients[nextGradient++];
        }
        return step with { Graph = graph, NodeData = nodeData, NodeGradients = nodeGradients };
    }
}
