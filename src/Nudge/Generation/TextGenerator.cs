// New text from a model: a token at a time, several documents side by side.

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Nudge;

/// <summary>
/// Writes documents with a language model. Several are read side by side, and what the model computed for earlier tokens
/// stays, so that one more character costs one position. Where a document outgrows what the model reads, it goes on with
/// the last half of that read anew.
/// </summary>
public sealed class TextGenerator
{
    private const int MostTogether = 64;

    private readonly CompiledLanguageModel _model;

    // The one that was used last, for the next who reads as many documents: a new one takes longer than a short document.
    private LanguageReader? _reader;

    /// <summary>A generator.</summary>
    /// <param name="model">The model, and its characters.</param>
    /// <param name="precision">The numbers to compute with.</param>
    public TextGenerator(TrainedLanguageModel model, Precision precision = Precision.Single)
        : this(
            CompiledLanguageModel.Compile((model ?? throw new ArgumentNullException(nameof(model))).Model, precision),
            model.Tokenizer)
    {
    }

    /// <summary>A generator.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">The characters that its tokens stand for.</param>
    /// <exception cref="ArgumentException">The model has more or fewer tokens.</exception>
    public TextGenerator(CompiledLanguageModel model, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (model.VocabularySize != tokenizer.Count)
            throw new ArgumentException($"The model knows {model.VocabularySize} tokens, and the characters and the boundary are {tokenizer.Count}.", nameof(tokenizer));
        _model = model;
        Tokenizer = tokenizer;
    }

    /// <summary>The characters.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>How the next character is chosen. Default: with the probabilities that the model gives.</summary>
    public Sampler Sampler { get; init; } = new();

    /// <summary>How many characters a document has at most, the prompt included; at least 1. Default 1000.</summary>
    public int MaxLength { get; init => field = Require.AtLeast(1, value); } = 1000;

    /// <summary>
    /// Writes documents. Each has random numbers of its own, so that those of a longer list begin like those of a shorter.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="rng">Where the draws come from.</param>
    /// <param name="prompt">How each of them begins.</param>
    /// <param name="cancellation">Ends the writing; nothing more comes then.</param>
    /// <returns>The documents, the prompt included.</returns>
    /// <exception cref="ArgumentException">The tokenizer does not know a character of the prompt.</exception>
    public IEnumerable<string> Generate(int count, Rng rng, string prompt = "", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Require.AtLeast(0, count);
        int[] beginning = [Tokenizer.Boundary, .. Tokenizer.Encode(prompt)];
        return Write();

        IEnumerable<string> Write()
        {
            for (int done = 0; done < count; done += MostTogether)
            {
                List<int>[] documents = [.. Enumerable.Range(0, Math.Min(MostTogether, count - done)).Select(_ => beginning.ToList())];
                Rng[] draws = [.. documents.Select(_ => new Rng(rng.NextBits()))];
                Extend(documents, draws, null, cancellation);
                foreach (List<int> document in documents)
                {
                    if (cancellation.IsCancellationRequested)
                        yield break;
                    yield return Tokenizer.Decode([.. document]);
                }
            }
        }
    }

    /// <summary>Writes one document, and hands out what is added to the prompt as it comes.</summary>
    /// <param name="rng">Where the draws come from.</param>
    /// <param name="prompt">How it begins.</param>
    /// <param name="written">Takes each piece of text, first the prompt.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <exception cref="ArgumentException">The tokenizer does not know a character of the prompt.</exception>
    public void Write(Rng rng, string prompt, Action<string> written, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(written);
        int[] beginning = [Tokenizer.Boundary, .. Tokenizer.Encode(prompt)];
        written(prompt);
        // The same draws as of the first of many.
        Extend([beginning.ToList()], [new Rng(rng.NextBits())], token => written(Tokenizer.Decode(token)), cancellation);
    }

    /// <summary>Writes one document on another thread, and hands out what is added to the prompt as it comes.</summary>
    /// <param name="rng">Where the draws come from.</param>
    /// <param name="prompt">How it begins.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <returns>The pieces of text, first the prompt.</returns>
    /// <exception cref="ArgumentException">The tokenizer does not know a character of the prompt.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<string> WriteAsync(Rng rng, string prompt = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Whoever stops listening ends the writing, too.
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<string> pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Task writing = Task.Run(
            () =>
            {
                Exception? failure = null;
                try
                {
                    Write(rng, prompt, piece => pieces.Writer.TryWrite(piece), listening.Token);
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    failure = error;
                }
                pieces.Writer.Complete(failure);
            },
            CancellationToken.None);
        try
        {
            await foreach (string piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return piece;
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            await listening.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    private void Extend(List<int>[] documents, Rng[] draws, Action<int>? written, CancellationToken cancellation)
    {
        int count = documents.Length;
        var ended = new bool[count];
        var tokens = new int[count];
        var logits = new double[count * Tokenizer.Count];
        // The boundary at the beginning is no character.
        int length = documents[0].Count, longest = MaxLength + 1, open = count;
        LanguageReader reader = Interlocked.Exchange(ref _reader, null) is { } last && last.Count == count ? last : _model.Begin(count);
        Reread(reader, documents, length, tokens, logits);
        while (length < longest && !cancellation.IsCancellationRequested)
        {
            for (int i = 0; i < count; i++)
            {
                // A document that has ended is read on, as the others are, and not looked at any more.
                tokens[i] = Tokenizer.Boundary;
                if (ended[i])
                    continue;
                int token = tokens[i] = Sampler.Next(logits.AsSpan(i * Tokenizer.Count, Tokenizer.Count), draws[i]);
                if (ended[i] = token == Tokenizer.Boundary)
                    open--;
                else
                    written?.Invoke(token);
            }
            if (open == 0)
                break;
            for (int i = 0; i < count; i++)
                documents[i].Add(tokens[i]);
            length++;
            if (reader.Position == _model.ContextLength)
                Reread(reader, documents, length, tokens, logits);
            else
                reader.Read(tokens, logits);
        }
        _reader = reader;
    }

    /// <summary>Reads documents from the beginning, or where they are too long the last half of what can be read.</summary>
    private void Reread(LanguageReader reader, List<int>[] documents, int length, int[] tokens, double[] logits)
    {
        reader.Restart();
        int start = length <= _model.ContextLength ? 0 : length - (_model.ContextLength + 1) / 2;
        for (int position = start; position < length; position++)
        {
            for (int i = 0; i < documents.Length; i++)
                tokens[i] = documents[i][position];
            reader.Read(tokens, logits);
        }
    }
}
