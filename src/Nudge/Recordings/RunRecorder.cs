// Writes a run down while it is made.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Nudge.Pitfalls;

namespace Nudge.Recordings;

/// <summary>
/// Writes a run to a stream, step by step: <see cref="Backward(Value, ReadOnlySpan{int})"/> between the backward pass and the update, and
/// <see cref="Updated"/> after the update. Each record is one write, so that whatever happens to the process, all that
/// was recorded before can be read. It only reads: the run's numbers are the same with it and without.
/// </summary>
public sealed class RunRecorder
{
    private const int PartsForNodes = 4; // the nodes of large expressions are one of them, the rest of the recording the others

    private readonly Stream _stream;
    private readonly ParameterList _parameters;
    private readonly RecorderOptions _options;
    private readonly RecordBuffer _record = new();
    private readonly GraphCapture _graph;
    private readonly List<double> _losses = [];
    private readonly double[] _before, _after, _gradients;
    private readonly Stopwatch _sinceWhole = Stopwatch.StartNew(), _sinceFree = new(), _keeping = new();
    private double[] _nodeData = [], _nodeGradients = [];
    private int[] _batch = [];
    private double _loss;
    private long _largeBytes; // written for the nodes of expressions that are not kept in every step
    private int _step;
    private bool _whole, _began, _hasNodes, _hasLast;

    /// <summary>A recorder, which writes the head of the recording at once.</summary>
    /// <param name="stream">Where to. It is flushed after each record and not closed.</param>
    /// <param name="info">What is trained.</param>
    /// <param name="parameters">What is trained: the numbers to keep.</param>
    /// <param name="options">How much to keep.</param>
    public RunRecorder(Stream stream, RunInfo info, ParameterList parameters, RecorderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(parameters);
        _stream = stream;
        _parameters = parameters;
        _options = options ?? new RecorderOptions();
        _graph = new GraphCapture(parameters, Math.Max(_options.MostNodes, _options.MostNodesAtTimes));
        _before = new double[parameters.Count];
        _after = new double[parameters.Count];
        _gradients = new double[parameters.Count];

        stream.Write(RecordingFormat.Header());
        info = info with { ParameterNames = [.. Enumerable.Range(0, parameters.Count).Select(parameters.NameAt)] };
        _record.Begin(RecordKind.Start);
        _record.Bytes(JsonSerializer.SerializeToUtf8Bytes(info, RunJson.Default.RunInfo));
        Write();
    }

    /// <summary>How many bytes have been written, without the header.</summary>
    public long Length { get; private set; }

    /// <summary>Notes the numbers of a step, between its backward pass and its update.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">The examples it is of, by their places in the data.</param>
    public void Backward(Value loss, params ReadOnlySpan<int> batch)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Backward(loss.Data, () => loss, batch);
    }

    /// <summary>The same for a loss whose expression is only made where its nodes are recorded.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="expression">Its expression, with the gradient of each node.</param>
    /// <param name="batch">The examples it is of, by their places in the data.</param>
    public void Backward(double loss, Func<Value> expression, params ReadOnlySpan<int> batch)
    {
        ArgumentNullException.ThrowIfNull(expression);
        _began = true;
        _loss = loss;
        _whole = MayKeepWhole();
        if (!_whole)
            return;
        _sinceWhole.Restart();
        if (_sinceFree.IsRunning)
            _keeping.Start();
        _parameters.CopyTo(_before);
        _parameters.CopyGradientsTo(_gradients);
        _batch = batch.ToArray();
        _hasNodes = MayKeepNodes() && KeepNodes(expression());
        _keeping.Stop();
    }

    /// <summary>Writes the step down, after its update.</summary>
    /// <param name="learningRate">The learning rate of the update.</param>
    /// <param name="epoch">How many epochs were finished before the step.</param>
    /// <param name="actualChange">How much the update changed the same loss, where that was measured.</param>
    /// <param name="mistakes">The mistakes that were made on purpose.</param>
    /// <exception cref="InvalidOperationException"><see cref="Backward(Value, ReadOnlySpan{int})"/> was not called before.</exception>
    public void Updated(double learningRate, int epoch = 0, double actualChange = double.NaN, TrainingMistakes mistakes = TrainingMistakes.None)
    {
        if (!_began)
            throw new InvalidOperationException("Call Backward(loss) between the backward pass and the update, and Updated after the update.");
        _began = false;
        int step = _step++;
        if (!_whole)
        {
            _losses.Add(_loss); // and nothing more: this is what most steps of a long run cost
            return;
        }
        TakeAfter();
        if (_sinceFree.IsRunning)
            _keeping.Start();
        WriteLosses(step);
        double predicted = 0, square = 0;
        for (int i = 0; i < _before.Length; i++)
        {
            predicted += _gradients[i] * (_after[i] - _before[i]);
            square += _gradients[i] * _gradients[i];
        }
        _record.Begin(RecordKind.Step);
        _record.Whole(step);
        _record.Whole(epoch);
        _record.Whole((int)mistakes);
        _record.Whole(_hasNodes ? 1 : 0);
        _record.Number(_loss);
        _record.Number(learningRate);
        _record.Number(Math.Sqrt(square));
        _record.Number(predicted);
        _record.Number(actualChange);
        _record.Wholes(_batch);
        _record.Numbers(_before);
        _record.Numbers(_gradients);
        if (_hasNodes)
        {
            _record.Numbers(_nodeData);
            _record.Numbers(_nodeGradients);
        }
        Write();
        _keeping.Stop();
    }

    /// <summary>Writes down something that was noticed.</summary>
    /// <param name="finding">What.</param>
    public void Note(RunFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        _record.Begin(RecordKind.Finding);
        _record.Bytes(JsonSerializer.SerializeToUtf8Bytes(finding, RunJson.Default.RunFinding));
        Write();
    }

    /// <summary>
    /// Notes the parameters as the last update left them. Only where they change before <see cref="End"/> is called, as
    /// when a <see cref="Trainer"/> puts the best ones back: its <see cref="Trainer.AfterLastStep"/> is the time for it.
    /// </summary>
    public void KeepParameters()
    {
        TakeAfter();
        _hasLast = true;
    }

    /// <summary>Writes down how the run ended, with the parameters after its last update.</summary>
    /// <param name="reason">Why, in lower case: finished, early-stopped, interrupted, diverged.</param>
    public void End(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (_began)
            Updated(learningRate: 0); // a step that was broken off before its update, as when the loss is NaN
        WriteLosses(_step);
        TakeAfter();
        _record.Begin(RecordKind.End);
        _record.Numbers(_after);
        _record.Bytes(Encoding.UTF8.GetBytes(reason));
        Write();
    }

    private void TakeAfter()
    {
        if (!_hasLast)
            _parameters.CopyTo(_after);
    }

    private bool MayKeepWhole()
    {
        if (Length - _largeBytes <= _options.FreeBytes)
            return true;
        if (!_sinceFree.IsRunning)
            _sinceFree.Start();
        return _sinceWhole.Elapsed >= _options.LeastInterval && _keeping.Elapsed <= _options.MostShare * _sinceFree.Elapsed;
    }

    // The expression of the last nodes that were kept says how large the next ones are; where that is not known, one tries.
    private bool MayKeepNodes() => _graph.MayFit
        && (_graph.Graph is not { } last || last.Nodes.Count <= _options.MostNodes || MayKeep(last.Nodes.Count));

    private bool MayKeep(int nodes)
    {
        long size = 2L * sizeof(double) * nodes;
        return _largeBytes + size <= (Length + size) / PartsForNodes;
    }

    private bool KeepNodes(Value loss)
    {
        long before = Length;
        if (_graph.Capture(loss))
            WriteGraph(_graph.Graph!);
        if (_graph.Graph is not { } graph)
            return false;
        CopyNodes();
        if (graph.Nodes.Count > _options.MostNodes)
            _largeBytes += Length - before + (sizeof(double) * (_nodeData.Length + _nodeGradients.Length));
        return true;
    }

    // The data of parameters is among the parameters already.
    private void CopyNodes()
    {
        int data = 0, gradients = 0;
        foreach (Value? node in _graph.Nodes)
        {
            if (node!.Operation == Operation.Parameter)
                continue;
            _nodeData[data++] = node.Number;
            if (node.Operation != Operation.Constant)
                _nodeGradients[gradients++] = node.Grad;
        }
    }

    private void WriteGraph(RecordedGraph graph)
    {
        _record.Begin(RecordKind.Graph);
        _record.Whole(graph.Nodes.Count);
        foreach (RecordedNode node in graph.Nodes)
        {
            _record.Whole((int)node.Operation);
            _record.Whole(node.First);
            _record.Whole(node.Second);
        }
        _record.Whole(graph.Labels.Count);
        foreach ((int node, string label) in graph.Labels)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(label);
            _record.Whole(node);
            _record.Whole(bytes.Length);
            _record.Bytes(bytes);
        }
        _nodeData = new double[graph.Nodes.Count(node => node.Operation != Operation.Parameter)];
        _nodeGradients = new double[graph.Nodes.Count(node => node.Operation is not (Operation.Parameter or Operation.Constant))];
        Write();
    }

    private void WriteLosses(int before)
    {
        if (_losses.Count == 0)
            return;
        _record.Begin(RecordKind.Losses);
        _record.Whole(before - _losses.Count);
        _record.Whole(_losses.Count);
        _record.Numbers(CollectionsMarshal.AsSpan(_losses));
        _losses.Clear();
        Write();
    }

    private void Write()
    {
        ReadOnlySpan<byte> record = _record.End();
        Length += record.Length;
        _stream.Write(record);
        _stream.Flush();
    }
}
