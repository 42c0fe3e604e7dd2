// The public face of the compiler for generating: a language model that reads several documents side by side.

namespace Nudge;

/// <summary>
/// A language model compiled for reading: it is given tokens and gives the logits of those that follow. What it computed
/// for earlier tokens stays, so that one more token costs one more token. The program is immutable: several threads may
/// read with it at once, each with a reader of its own.
/// </summary>
public sealed class CompiledLanguageModel
{
    private readonly Engine _engine;

    private CompiledLanguageModel(LanguageModel model, Engine engine, Precision precision)
    {
        VocabularySize = model.VocabularySize;
        ContextLength = model.ContextLength;
        Precision = precision;
        _engine = engine;
    }

    /// <summary>V: how many different tokens there are.</summary>
    public int VocabularySize { get; }

    /// <summary>How many tokens of one document it reads at most.</summary>
    public int ContextLength { get; }

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; }

    /// <summary>Compiles a model.</summary>
    /// <param name="model">The model, whose parameters are read anew in each run.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">
    /// The model branched on numbers that depend on the tokens, or the program did not give what the model itself gives.
    /// </exception>
    public static CompiledLanguageModel Compile(LanguageModel model, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(model);
        using Recording recording = Recording.Of(model.Parameters, 0, model.ContextLength, (_, tokens) =>
        {
            Func<IndexValue, Value[]> read = model.Begin();
            return [.. tokens.SelectMany(token => read(token))];
        });
        Engine engine = Engine.For(recording, model.Parameters, precision, model.VocabularySize);
        engine.Plan.RequireCausal(lookAhead: 0);
        SelfCheck.Require(recording, model.Parameters, engine.Programs, precision, CheckedAs.Reading);
        return new CompiledLanguageModel(model, engine, precision);
    }

    /// <summary>Opens empty documents, to be read side by side.</summary>
    /// <param name="documents">How many, at least 1.</param>
    public LanguageReader Begin(int documents = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(documents, 1);
        return new LanguageReader(this, _engine, documents);
    }

    /// <summary>What the compiler found for the longest document: its statements, and the share of arithmetic in matrix products.</summary>
    public override string ToString() => PlanReport.Of(_engine);
}
