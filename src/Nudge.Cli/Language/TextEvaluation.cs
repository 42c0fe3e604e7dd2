// What nudge evaluate says of a language model.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <param name="model">The model.</param>
/// <param name="text">What it was measured on.</param>
/// <param name="loss">Its loss there, in nats per character.</param>
/// <param name="training">The text to count in, to compare with; null for none.</param>
/// <param name="path">Where the text is from.</param>
internal sealed class TextEvaluation(TrainedLanguageModel model, TextDataset text, double loss, TextDataset? training, string path)
{
    private readonly IReadOnlyList<TextBaseline> _baselines = TextBaseline.Of(training ?? text, training is null ? null : text);

    internal void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["loss"] = Json.Number(loss),
                ["bitsPerCharacter"] = Json.Number(loss / Math.Log(2)),
                ["documents"] = text.Count,
                ["characters"] = text.PredictionCount,
                ["baselines"] = TextJsonView.Of(_baselines),
            });
            return;
        }
        terminal.WriteLine();
        terminal.WriteFact("model", TextReport.Describe(model.Model));
        terminal.WriteFact("text", $"{path}: {Text.Plural(text.Count, "document")}, {Text.Count(text.PredictionCount)} characters to predict");
        terminal.WriteLine();
        TextReport.WriteLosses(terminal, [("model", loss, true), .. _baselines.Select(baseline => (baseline.Name, baseline.Loss, false))]);
        if (_baselines.Count > 1)
            terminal.WriteParagraph("Counting is smoothed as suits this very text best.");
    }
}
