// ML.NET: a classifier of its own, since it has no neural network, in a pool of engines as PredictionEnginePool keeps it.

using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Nudge.Serving;

internal sealed class MlNetServer : Server
{
    private readonly MLContext _context = new(seed: 1);
    private readonly TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> _model;
    private readonly ObjectPool<PredictionEngine<Row, Answer>> _engines;

    internal MlNetServer(string name, Dataset data)
        : base(name)
    {
        IDataView examples = _context.Data.LoadFromEnumerable(data.Inputs.Zip(
            data.Targets, (inputs, target) => new Row { Features = Array.ConvertAll(inputs, x => (float)x), Label = data.Classes![(int)target[0]] }));
        _model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.NormalizeMeanVariance("Features"))
            .Append(_context.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Fit(examples);
        _engines = new DefaultObjectPool<PredictionEngine<Row, Answer>>(new EnginePolicy(this), 64);
    }

    internal override void Predict(float[] rows, int count, float[] results)
    {
        if (count == 1)
        {
            PredictionEngine<Row, Answer> engine = _engines.Get();
            Answer answer = engine.Predict(new Row { Features = rows, Label = "" });
            answer.Score.CopyTo(results, 0);
            _engines.Return(engine);
            return;
        }
        IDataView given = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, count).Select(i => new Row { Features = rows[(i * Inputs)..((i + 1) * Inputs)], Label = "" }));
        int at = 0;
        foreach (float[] scores in _model.Transform(given).GetColumn<float[]>("Score"))
        {
            scores.CopyTo(results, at);
            at += Classes;
        }
    }

    private sealed class Row
    {
        [VectorType(Inputs)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class EnginePolicy(MlNetServer server) : PooledObjectPolicy<PredictionEngine<Row, Answer>>
    {
        public override PredictionEngine<Row, Answer> Create() => server._context.Model.CreatePredictionEngine<Row, Answer>(server._model);

        public override bool Return(PredictionEngine<Row, Answer> obj) => true;
    }
}
