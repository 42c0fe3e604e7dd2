// Random expressions as text, with their value computed beside, without the parser.

using System.Globalization;

namespace Nudge.Tests.Cli;

/// <summary>A text, and what it is worth where x = 1.5 and long_name2 = −0.75.</summary>
internal sealed record RandomExpression(string Text, double Value)
{
    internal const double X = 1.5, LongName = -0.75;

    private static readonly (string Name, Func<double, double> Function)[] s_functions =
    [
        ("tanh", Math.Tanh), ("exp", Math.Exp), ("log", Math.Log), ("sqrt", Math.Sqrt), ("sin", Math.Sin), ("cos", Math.Cos),
        ("abs", Math.Abs), ("relu", a => a <= 0 ? 0 : a), ("sigmoid", a => 1 / (1 + Math.Exp(-a))),
    ];

    /// <summary>Every operation stands in parentheses, so that the text says by itself what belongs together.</summary>
    internal static RandomExpression Make(Rng rng, int depth)
    {
        if (depth == 0)
            return Atom(rng);
        RandomExpression a = Make(rng, rng.Next(depth)), b = Make(rng, rng.Next(depth));
        return rng.Next(8) switch
        {
            0 => new($"({a.Text}{Space(rng)}+{Space(rng)}{b.Text})", a.Value + b.Value),
            1 => new($"({a.Text}{Space(rng)}-{Space(rng)}{b.Text})", a.Value - b.Value),
            2 => new($"({a.Text}{Space(rng)}*{Space(rng)}{b.Text})", a.Value * b.Value),
            3 => new($"({a.Text}{Space(rng)}/{Space(rng)}{b.Text})", a.Value / b.Value),
            4 => new($"(-{a.Text})", -a.Value),
            5 => new($"({a.Text}^{b.Text})", Math.Pow(a.Value, b.Value)),
            6 when rng.Next(2) == 0 => new($"max({a.Text},{Space(rng)}{b.Text})", Math.Max(a.Value, b.Value)),
            6 => new($"min({a.Text},{Space(rng)}{b.Text})", Math.Min(a.Value, b.Value)),
            _ when s_functions[rng.Next(s_functions.Length)] is var (name, function) => new($"{name}({a.Text})", function(a.Value)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static RandomExpression Atom(Rng rng)
    {
        double number = Math.Round(rng.Uniform(0, 5), 2);
        return rng.Next(4) switch
        {
            0 => new("x", X),
            1 => new("long_name2", LongName),
            2 => new((number * 1000).ToString("E3", CultureInfo.InvariantCulture), double.Parse((number * 1000).ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
            _ => new(number.ToString(CultureInfo.InvariantCulture), number),
        };
    }

    private static string Space(Rng rng) => new(' ', rng.Next(3));
}
