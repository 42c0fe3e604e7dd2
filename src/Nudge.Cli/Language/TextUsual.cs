// What a language model is trained with where nothing else is asked for.

namespace Nudge.Cli;

/// <summary>The usual settings of a kind of model: chosen on 30,000 names, where each takes half a minute or so.</summary>
internal sealed record TextUsual(double LearningRate, double ClipNorm, int Batch, int Steps, int Hidden = TextUsual.Memory)
{
    internal const int Window = 8, Layers = 1, Width = 64, Heads = 4, Embedding = 16, Memory = 128;

    internal static TextUsual Of(LanguageModelKind kind) => kind switch
    {
        LanguageModelKind.Bigram => new(0.1, 0, 64, 1000),
        LanguageModelKind.Mlp => new(0.005, 0, 64, 6000, Hidden: 200),
        LanguageModelKind.Rnn => new(0.003, 1, 32, 8000),
        LanguageModelKind.Gru => new(0.005, 1, 32, 3000),
        LanguageModelKind.Gpt => new(0.003, 1, 32, 8000),
        _ => throw new InvalidOperationException($"There are no usual settings of {kind}."),
    };
}
