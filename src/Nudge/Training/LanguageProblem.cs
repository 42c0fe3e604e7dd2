// A language model and documents whose next tokens it is to predict.

namespace Nudge;

/// <summary>
/// A language model that is to predict each token of documents from those before it. The loss of a batch is the mean over
/// all predictions in it, in nats per token; documents longer than the model reads are cut into windows.
/// </summary>
public sealed class LanguageProblem : TrainingProblem
{
    // How many documents are measured together, and how many of those to learn from are measured at all.
    private const int Together = 128, MostMeasured = 2000;

    private readonly TextDataset _measured;
    private CompiledSequenceLoss? _losses;

    /// <summary>A problem.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="training">The documents to learn from.</param>
    /// <param name="validation">Documents that are only looked at; null for none.</param>
    /// <exception cref="ArgumentException">Model and documents are of different tokens, or the model's logits are bounded.</exception>
    public LanguageProblem(LanguageModel model, TextDataset training, TextDataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        LanguageModel = model;
        Training = Windows(model, training);
        Validation = validation is null ? null : Windows(model, validation);
        _measured = Training.Sample(MostMeasured);
        if (BoundedLogits.In(LossOf(model, [Training.Documents[0][..2]])) is { } bounded)
            throw new ArgumentException($"The loss of a language model wants logits, which may be of any size, and {bounded.Evidence}. Give the model's last layer no activation: Activation.Linear.", nameof(model));
    }

    /// <summary>What is trained.</summary>
    public LanguageModel LanguageModel { get; }

    /// <summary>The documents to learn from, as windows that the model can read.</summary>
    public TextDataset Training { get; }

    /// <summary>The documents that are only looked at, as windows that the model can read.</summary>
    public TextDataset? Validation { get; }

    /// <inheritdoc/>
    public override Module Model => LanguageModel;

    /// <inheritdoc/>
    public override int Count => Training.Count;

    /// <inheritdoc/>
    public override bool HasValidation => Validation is not null;

    /// <summary>The mean loss of a model over all predictions in some documents, in nats per token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The documents.</param>
    /// <param name="engine">How the model is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    /// <exception cref="ArgumentException">Model and documents are of different tokens.</exception>
    public static double Measure(
        LanguageModel model, TextDataset data, GraphEngine engine = GraphEngine.Compiled, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        TextDataset windows = Windows(model, data);
        return engine == GraphEngine.Eager
            ? Mean(windows, documents => LossOf(model, documents).Data)
            : Measure(CompiledSequenceLoss.Compile(model, precision: precision), windows);
    }

    internal override Value LossOf(ReadOnlySpan<int> batch) => LossOf(LanguageModel, Training.At(batch));

    internal override BatchLoss Compile(ParameterList parameters, double l2Penalty, Precision precision)
    {
        _losses = CompiledSequenceLoss.Compile(LanguageModel, parameters, precision);
        return new CompiledDocumentLoss(_losses, l2Penalty, Training);
    }

    internal override Metrics MeasureTraining(GraphEngine engine, Precision precision) => Measure(_measured, engine, precision);

    internal override Metrics MeasureValidation(GraphEngine engine, Precision precision) => Measure(Validation!, engine, precision);

    internal override ulong Fingerprint()
    {
        var hash = new Fingerprint();
        foreach (TextDataset data in Validation is null ? [Training] : new[] { Training, Validation })
        {
            hash.Add(data.Tokenizer.Characters);
            foreach (int[] document in data.Documents)
            {
                hash.Add(document.Length);
                foreach (int token in document)
                    hash.Add(token);
            }
        }
        return hash.Result;
    }

    private static TextDataset Windows(LanguageModel model, TextDataset data) => data.Tokenizer.Count == model.VocabularySize
        ? data.Windows(model.ContextLength)
        : throw new ArgumentException($"The model knows {model.VocabularySize} tokens, and the documents have {data.Tokenizer.Count}.", nameof(data));

    private static Value LossOf(LanguageModel model, int[][] documents)
    {
        Value[] losses = [.. documents.SelectMany(document => model.Losses(Array.ConvertAll(document, IndexValue.FromInt32)))];
        return Value.Sum(losses) / losses.Length;
    }

    private static double Measure(CompiledSequenceLoss losses, TextDataset data) => Mean(data, documents => losses.Evaluate(documents));

    // Documents of one length are measured together, which is the least work.
    private static double Mean(TextDataset data, Func<int[][], double> mean)
    {
        double sum = 0;
        foreach (int[][] documents in data.Documents.OrderBy(document => document.Length).Chunk(Together))
            sum += mean(documents) * documents.Sum(document => (long)document.Length - 1);
        return sum / data.PredictionCount;
    }

    private Metrics Measure(TextDataset data, GraphEngine engine, Precision precision)
    {
        double loss = engine == GraphEngine.Eager
            ? Mean(data, documents => LossOf(LanguageModel, documents).Data)
            : Measure(LossesIn(precision), data);
        return new Metrics(loss, null, null, null);
    }

    private CompiledSequenceLoss LossesIn(Precision precision)
    {
        if (_losses is null || _losses.Precision != precision)
            _losses = CompiledSequenceLoss.Compile(LanguageModel, precision: precision);
        return _losses;
    }
}
