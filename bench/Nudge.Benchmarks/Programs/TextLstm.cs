// Rows T: an LSTM that learns names.

namespace Nudge.Benchmarks;

/// <summary>An embedding of 16 numbers, an LSTM of 64, and logits of 27 tokens; gradient descent on documents in turn.</summary>
/// <param name="Batch">The documents of a step.</param>
/// <param name="Documents">The tokens of each document.</param>
/// <param name="Weights">The first weights.</param>
internal sealed record TextLstmTask(int Batch, int[][] Documents, double[] Weights)
{
    internal const double Rate = 0.5;

    internal static TextLstmTask Load(int batch)
    {
        const int count = 3200;
        string[] names = Benchmarks.Documents.Load(count, "names-split", "train.txt");
        return new(batch, [.. names.Take(count).Select(GptTask.Tokens)], Array.ConvertAll(new Model().Parameters.ToArray(), number => (double)(float)number));
    }

    internal int[][] BatchOf(int k) => [.. Enumerable.Range(k * Batch, Batch).Select(i => Documents[i % Documents.Length])];

    /// <summary>The task as peers read it.</summary>
    internal IEnumerable<IEnumerable<double>> Lines() =>
        [[Batch, Weights.Length, Rate, Documents.Length], .. Documents.Select(tokens => tokens.Select(token => (double)token).Prepend(tokens.Length)), Weights];

    internal sealed class Model : LanguageModel
    {
        private const int Width = 16, Hidden = 64;

        private readonly Embedding _tokens;
        private readonly Lstm _lstm;
        private readonly Layer _output;

        internal Model()
            : base(GptTask.Vocabulary, GptTask.Context)
        {
            var rng = new Rng(1);
            _tokens = AddModule("tokens", new Embedding(GptTask.Vocabulary, Width, rng));
            _lstm = AddModule("lstm", new Lstm(Width, Hidden, rng));
            _output = AddModule("output", new Layer(Hidden, GptTask.Vocabulary, rng, Activation.Linear, Initialization.Xavier));
        }

        public override Func<IndexValue, Value[]> Begin()
        {
            Func<Value[], Value[]> read = _lstm.Begin();
            return token => _output.Forward(read(_tokens.Forward(token)));
        }
    }
}

/// <summary>A step of it, compiled.</summary>
internal sealed class CompiledTextLstm : InProcessContender
{
    private readonly TextLstmTask _task;
    private readonly TextLstmTask.Model _model = new();
    private readonly CompiledProgram<CompiledSequenceLoss> _loss;
    private readonly Sgd _optimizer;

    internal CompiledTextLstm(TextLstmTask task)
    {
        _task = task;
        _optimizer = new(_model.Parameters, TextLstmTask.Rate);
        int[][] everyLength = [.. task.Documents.DistinctBy(tokens => tokens.Length)];
        _loss = new(
            recorder => CompiledSequenceLoss.Compile(_model.Parameters, _model.ContextLength + 1, tokens => recorder.Record(() => _model.Losses(tokens))),
            program => program.Backward(everyLength));
    }

    internal override string Note => $"{_loss.Note}; {_loss.Program.ToString().Split('\n')[^1]}";

    internal override CompilingCosts Compile(int repeats) => _loss.Measure(repeats);

    protected override void Restart()
    {
        _model.Parameters.Load(_task.Weights);
        _model.ZeroGradients();
    }

    protected override double Step(int k) => _loss.Program.Step(_optimizer, _task.BatchOf(k));
}
