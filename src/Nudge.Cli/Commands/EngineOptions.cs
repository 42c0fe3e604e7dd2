// Which engine a command computes with: --engine and --precision.

using System.CommandLine;

namespace Nudge.Cli;

/// <param name="usual">The precision of the compiled engine where none is asked for.</param>
internal sealed class EngineOptions(Precision usual)
{
    private Option<string> Engine { get; } = Choices.OneOf(
        "--engine", "How expressions are computed", [.. Enum.GetNames<GraphEngine>().Select(name => name.ToLowerInvariant())], "compiled");

    private Option<string> Precision { get; } = Choices.Precision(usual);

    internal IReadOnlyList<Option> All => [Engine, Precision];

    /// <exception cref="UserException">A precision is asked for, and not the engine that has several.</exception>
    internal (GraphEngine Engine, Precision Precision) Read(ParseResult parsed)
    {
        GraphEngine engine = Enum.Parse<GraphEngine>(parsed.GetRequiredValue(Engine), ignoreCase: true);
        Precision? precision = Choices.ReadPrecision(parsed.GetValue(Precision));
        if (engine == GraphEngine.Eager && precision is not null)
            throw new UserException($"{Precision.Name} is for the compiled engine, and the eager one computes in double; leave it out");
        return (engine, precision ?? usual);
    }
}
