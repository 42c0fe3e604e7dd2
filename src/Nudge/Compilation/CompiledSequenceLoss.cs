// The public face of the compiler for documents: the losses of a sequence of tokens, for documents of any length.

namespace Nudge;

/// <summary>
/// The losses of a sequence compiled from their scalar expression: one for each token that is predicted. It gives the
/// mean over all predictions of a batch of documents of different lengths, and its gradient, without computing anything
/// for places where a document has ended. Several threads may run it at once, as long as they do not accumulate into the
/// same parameters.
/// </summary>
public sealed class CompiledSequenceLoss
{
    private readonly Engine _engine;

    private CompiledSequenceLoss(ParameterList parameters, int longest, Engine engine, Precision precision)
    {
        Parameters = parameters;
        LongestDocument = longest;
        Precision = precision;
        _engine = engine;
    }

    /// <summary>The parameters whose gradients it computes.</summary>
    public ParameterList Parameters { get; }

    /// <summary>How many tokens a document has at most.</summary>
    public int LongestDocument { get; }

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; }

    /// <summary>The bytes it holds for its next runs.</summary>
    public long BytesHeld => _engine.BytesHeld;

    /// <summary>The share of the arithmetic of the longest document, from 0 to 1, that the compiler found to be matrix products.</summary>
    public double ShareInProducts => PlanReport.ShareInProducts(_engine.Plan);

    /// <summary>Compiles the losses of a language model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">What the losses are differentiated by; all parameters of the model if left out.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">The model branches on numbers that depend on the tokens.</exception>
    public static CompiledSequenceLoss Compile(LanguageModel model, ParameterList? parameters = null, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Compile(parameters ?? model.Parameters, model.ContextLength + 1, tokens => model.Losses(tokens), precision);
    }

    /// <summary>Compiles losses that an expression gives for a sequence of tokens.</summary>
    /// <param name="parameters">What the losses are differentiated by. Any other leaf is taken as the constant it is now.</param>
    /// <param name="longest">How many tokens a document has at most, at least 2.</param>
    /// <param name="losses">
    /// Builds the losses of a document: one for each token but the first, of which the one for token i depends on tokens
    /// up to i alone.
    /// </param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">
    /// The expression branched on a number that depends on the tokens, or the program did not give what the expression
    /// itself gives.
    /// </exception>
    public static CompiledSequenceLoss Compile(
        ParameterList parameters, int longest, Func<IndexValue[], Value[]> losses, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 2);
        using Recording recording = Recording.Of(parameters, 0, longest, (_, tokens) => losses(tokens));
        if (recording.Roots.Length != longest - 1)
            throw new ArgumentException($"Expected {longest - 1} losses, one for each token but the first, got {recording.Roots.Length}.", nameof(losses));
        Engine engine = Engine.For(recording, parameters, precision, rootsInStep: 1);
        engine.Plan.RequireCausal(lookAhead: 1);
        SelfCheck.Require(recording, parameters, engine.Programs, precision, CheckedAs.Sequence);
        return new CompiledSequenceLoss(parameters, longest, engine, precision);
    }

    /// <summary>The mean loss of all predictions in a batch of documents.</summary>
    /// <param name="documents">The tokens of each document, from 2 to <see cref="LongestDocument"/> of them.</param>
    /// <exception cref="ArgumentException">There is no document, or one is too short or too long.</exception>
    public double Evaluate(params ReadOnlySpan<int[]> documents) => _engine.Evaluate(Validate(documents));

    /// <summary>
    /// The mean loss of all predictions in a batch of documents; adds its gradient to that of every parameter, as
    /// <see cref="Value.Backward"/> does.
    /// </summary>
    /// <param name="documents">The tokens of each document, from 2 to <see cref="LongestDocument"/> of them.</param>
    /// <exception cref="ArgumentException">There is no document, or one is too short or too long.</exception>
    public double Backward(params ReadOnlySpan<int[]> documents) => _engine.Differentiate(Validate(documents));

    /// <summary>One step of training: zeroes the gradients, computes those of a batch, and updates the parameters.</summary>
    /// <param name="optimizer">What updates them.</param>
    /// <param name="documents">The tokens of each document, from 2 to <see cref="LongestDocument"/> of them.</param>
    /// <returns>The mean loss of the batch before the update.</returns>
    public double Step(Optimizer optimizer, params ReadOnlySpan<int[]> documents)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        long began = StepTimer.Begin();
        optimizer.ZeroGradients();
        StepTimer.End(StepPart.Optimizer, began);
        double loss = Backward(documents);
        began = StepTimer.Begin();
        optimizer.Step();
        StepTimer.End(StepPart.Optimizer, began);
        return loss;
    }

    /// <summary>What the compiler found for the longest document: its statements, and the share of arithmetic in matrix products.</summary>
    public override string ToString() => PlanReport.Of(_engine);

    private int[][] Validate(ReadOnlySpan<int[]> documents)
    {
        if (documents.IsEmpty)
            throw new ArgumentException("Expected at least one document, got none.", nameof(documents));
        int[] bounds = _engine.Plan.IndexBounds;
        for (int i = 0; i < documents.Length; i++)
        {
            int[] document = documents[i] ?? throw new ArgumentNullException(nameof(documents));
            if (document.Length < 2 || document.Length > LongestDocument)
                throw new ArgumentException($"A document has from 2 to {LongestDocument} tokens, and number {i} has {document.Length}.", nameof(documents));
            for (int place = 0; place < document.Length; place++)
            {
                if ((uint)document[place] >= (uint)bounds[place])
                    throw new ArgumentOutOfRangeException(nameof(documents), document[place], $"Token {place} of document {i} chooses from {bounds[place]} values, so it is one of 0 to {bounds[place] - 1}.");
            }
        }
        return documents.ToArray();
    }
}
