// The same network in ONNX Runtime, called the fastest way that it has: over memory that stays where it is.

using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace Nudge.Serving;

internal sealed class OnnxServer : Server, IDisposable
{
    private static readonly string[] s_inputs = ["x"], s_outputs = ["y"];

    // Callers are the threads; a call of its own ones would wait for them.
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly ConcurrentDictionary<(float[], int), (OrtValue X, OrtValue Y)> _values = [];

    internal OnnxServer(TrainedModel model)
        : base("ONNX Runtime")
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        _session = new InferenceSession(OnnxFile.Of(model), options);
    }

    internal override void Predict(float[] rows, int count, float[] results)
    {
        (OrtValue x, OrtValue y) = _values.GetOrAdd((rows, count), static (key, results) => (
            OrtValue.CreateTensorValueFromMemory(key.Item1, [key.Item2, Inputs]), OrtValue.CreateTensorValueFromMemory(results, [key.Item2, Classes])), results);
        _session.Run(_options, s_inputs, [x], s_outputs, [y]);
    }

    public void Dispose()
    {
        foreach ((OrtValue x, OrtValue y) in _values.Values)
        {
            x.Dispose();
            y.Dispose();
        }
        _options.Dispose();
        _session.Dispose();
    }
}
