// Losses of text, models of text and samples, in words.

using System.Globalization;

namespace Nudge.Cli;

internal static class TextReport
{
    /// <summary>Nats, to the fourth decimal: differences that matter are in the second.</summary>
    internal static string Nats(double loss) => loss.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>The same loss in bits: divided by ln 2.</summary>
    internal static string Bits(double loss) => (loss / Math.Log(2)).ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A model in a line.</summary>
    internal static string Describe(LanguageModel model)
    {
        LanguageModelSettings settings = model.Settings!;
        string kind = settings.Kind.ToString().ToLowerInvariant();
        string sizes = settings.Kind switch
        {
            LanguageModelKind.Bigram => "a table",
            LanguageModelKind.Mlp => $"looks {settings.Window} characters back, embedding {settings.Embedding}, hidden {settings.Hidden}",
            LanguageModelKind.Gpt => $"{Text.Plural(settings.Layers, "layer")}, width {settings.Width}, {Text.Plural(settings.Heads, "head")}, context {settings.ContextLength}",
            LanguageModelKind.Rnn or LanguageModelKind.Gru => $"embedding {settings.Embedding}, hidden {settings.Hidden}, context {settings.ContextLength}",
            _ => throw new InvalidOperationException($"There is no description of {settings.Kind}."),
        };
        return $"{kind}: {sizes}, {Text.Plural(model.Parameters.Count, "parameter")}";
    }

    /// <summary>The characters that a model knows.</summary>
    internal static string Describe(Tokenizer tokenizer)
    {
        string visible = string.Concat(tokenizer.Characters.EnumerateRunes()
            .Where(character => !System.Text.Rune.IsControl(character) && !System.Text.Rune.IsWhiteSpace(character)));
        return $"{Text.Plural(tokenizer.Count - 1, "character")} ({Text.Fit(visible, 60)})";
    }

    /// <summary>Losses beside each other, in nats and in bits per character.</summary>
    internal static void WriteLosses(Terminal terminal, IEnumerable<(string Name, double Loss, bool IsModel)> losses)
    {
        var table = new Table(false, true, true);
        table.Add("", new("nats/char", Style.Dim), new("bits/char", Style.Dim));
        foreach ((string name, double loss, bool isModel) in losses)
            table.Add(name, new(Nats(loss), isModel ? Style.Bold : Style.Plain), Bits(loss));
        table.Write(terminal);
    }
}
