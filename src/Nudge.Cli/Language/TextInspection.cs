// What nudge inspect says of a language model.

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Nudge.Cli;

/// <param name="path">The file.</param>
/// <param name="model">What is in it.</param>
internal sealed partial class TextInspection(string path, TrainedLanguageModel model)
{
    internal void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["model"] = model.Settings.Kind.ToString().ToLowerInvariant(),
                ["characters"] = model.Tokenizer.Characters,
                ["documents"] = model.ByCharacter ? "text" : "lines",
                ["context"] = model.Model.ContextLength,
                ["parameters"] = model.Model.Parameters.Count,
                ["statistics"] = Spread.ToJson(Spreads()),
            });
            return;
        }
        terminal.WriteLine();
        terminal.WriteFact("model", path);
        terminal.WriteFact("kind", TextReport.Describe(model.Model));
        terminal.WriteFact("text", $"{(model.ByCharacter ? "running text" : "a document a line")}, {TextReport.Describe(model.Tokenizer)}");
        terminal.WriteLine();
        Spread.Write(terminal, Spreads());
    }

    private IEnumerable<Spread> Spreads()
    {
        ParameterList parameters = model.Model.Parameters;
        return Enumerable.Range(0, parameters.Count)
            .GroupBy(i => Place().Replace(parameters.NameAt(i), ""))
            .Select(group => Spread.Of(group.Key, group.Select(i => parameters[i])));
    }

    // Which neuron of a layer, and which number of a list.
    [GeneratedRegex(@"\.neurons\.\d+|\[\d+\]$")]
    private static partial Regex Place();
}
