// The public face of the compiler for documents: the losses of a sequence of tokens, for documents of any length.

using System.Collections.Concurrent;

namespace Nudge;

/// <summary>
/// The losses of a sequence compiled from their scalar expression: one for each token that is predicted. It gives the
/// mean over all predictions of a batch of documents of different lengths, and its gradient, without computing anything
/// for places where a document has ended. Several threads may run it at once, as long as they do not accumulate into the
/// same parameters.
/// </summary>
public sealed class CompiledSequenceLoss
{
    private readonly Func<IndexValue[], Value[]> _losses;
    private readonly ConcurrentDictionary<int, CompiledLoss> _programs = [];

    private CompiledSequenceLoss(ParameterList parameters, int longest, Func<IndexValue[], Value[]> losses, Precision precision)
    {
        Parameters = parameters;
        LongestDocument = longest;
        Precision = precision;
        _losses = losses;
    }

    /// <summary>The parameters whose gradients it computes.</summary>
    public ParameterList Parameters { get; }

    /// <summary>How many tokens a document has at most.</summary>
    public int LongestDocument { get; }

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; }

    /// <summary>The bytes it holds for its next runs.</summary>
    public long BytesHeld => _programs.Values.Sum(program => program.BytesHeld);

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
        return new CompiledSequenceLoss(parameters, longest, losses, precision);
    }

    /// <summary>The mean loss of all predictions in a batch of documents.</summary>
    /// <param name="documents">The tokens of each document, from 2 to <see cref="LongestDocument"/> of them.</param>
    /// <exception cref="ArgumentException">There is no document, or one is too short or too long.</exception>
    public double Evaluate(params ReadOnlySpan<int[]> documents) =>
        Run(documents, static (program, weights, tokens) => program.Evaluate(weights, tokens));

    /// <summary>
    /// The mean loss of all predictions in a batch of documents; adds its gradient to that of every parameter, as
    /// <see cref="Value.Backward"/> does.
    /// </summary>
    /// <param name="documents">The tokens of each document, from 2 to <see cref="LongestDocument"/> of them.</param>
    /// <exception cref="ArgumentException">There is no document, or one is too short or too long.</exception>
    public double Backward(params ReadOnlySpan<int[]> documents) =>
        Run(documents, static (program, weights, tokens) => program.Backward(weights, tokens));

    /// <summary>One step of training: zeroes the gradients, computes those of a batch, and updates the parameters.</summary>
    /// <param name="optimizer">What updates them.</param>
    /// <param name="documents">The tokens of each document, from 2 to <see cref="LongestDocument"/> of them.</param>
    /// <returns>The mean loss of the batch before the update.</returns>
    public double Step(Optimizer optimizer, params ReadOnlySpan<int[]> documents)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.ZeroGradients();
        double loss = Backward(documents);
        optimizer.Step();
        return loss;
    }

    private double Run(ReadOnlySpan<int[]> documents, Func<CompiledLoss, double[], int[], double> run)
    {
        double total = 0;
        int predictions = documents.ToArray().Sum(document => document.Length - 1);
        foreach (IGrouping<int, int[]> group in documents.ToArray().GroupBy(document => document.Length))
        {
            int[][] alike = [.. group];
            double[] weights = Enumerable.Repeat((double)alike.Length / predictions, alike.Length).ToArray();
            CompiledLoss program = _programs.GetOrAdd(group.Key, length => CompiledLoss.Compile(
                Parameters, 1, length, (weight, tokens) => Value.Sum(_losses(tokens)) * weight[0], Precision));
            total += run(program, weights, [.. alike.SelectMany(document => document)]);
        }
        return total;
    }
}
