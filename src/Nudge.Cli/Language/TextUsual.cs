// What a language model is trained with where nothing else is asked for.

namespace Nudge.Cli;

/// <summary>The usual settings of a kind of model.</summary>
internal sealed record TextUsual(double LearningRate, double ClipNorm, int Batch, int Steps, int? Context)
{
    internal const int Window = 5, Layers = 1, Width = 32, Heads = 4, Embedding = 16, Hidden = 128;

    internal static TextUsual Of(LanguageModelKind kind) => kind switch
    {
        LanguageModelKind.Bigram => new(0.1, 0, 64, 2000, null),
        LanguageModelKind.Mlp => new(0.005, 0, 64, 5000, Window),
        LanguageModelKind.Rnn => new(0.003, 1, 32, 4000, null),
        LanguageModelKind.Gru => new(0.005, 1, 32, 4000, null),
        _ => new(0.005, 1, 32, 4000, null),
    };
}
