// How the numbers of a group of parameters are spread.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <summary>The least, mean and greatest of some parameters, and their standard deviation.</summary>
internal sealed record Spread(string Name, int Count, double Min, double Mean, double Max, double Deviation)
{
    private static readonly string[] s_titles = ["parameters", "count", "min", "mean", "max", "deviation"];

    internal static Spread Of(string name, IEnumerable<Value> parameters)
    {
        double[] numbers = [.. parameters.Select(parameter => parameter.Data)];
        double mean = numbers.Average();
        double deviation = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
        return new Spread(name, numbers.Length, numbers.Min(), mean, numbers.Max(), deviation);
    }

    internal static void Write(Terminal terminal, IEnumerable<Spread> spreads)
    {
        var table = new Table(false, true, true, true, true, true);
        table.Add([.. s_titles.Select(title => new Cell(title, Style.Dim))]);
        foreach (Spread spread in spreads)
        {
            table.Add(
                spread.Name, Text.Count(spread.Count), Text.Short(spread.Min), Text.Short(spread.Mean), Text.Short(spread.Max),
                Text.Short(spread.Deviation));
        }
        table.Write(terminal);
    }

    internal static JsonArray ToJson(IEnumerable<Spread> spreads) => Json.Array(spreads, spread => new JsonObject
    {
        ["name"] = spread.Name,
        ["count"] = spread.Count,
        ["min"] = Json.Number(spread.Min),
        ["mean"] = Json.Number(spread.Mean),
        ["max"] = Json.Number(spread.Max),
        ["deviation"] = Json.Number(spread.Deviation),
    });
}
