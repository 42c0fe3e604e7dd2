// What compiling a program costs, as one process tells another.

using System.Globalization;

namespace Nudge.Benchmarks;

/// <summary>What compiling costs, in seconds; medians of warm repeats but for the first two.</summary>
/// <param name="Values">The values of the expression.</param>
/// <param name="First">The first time in the process.</param>
/// <param name="Second">The second.</param>
/// <param name="Total">All of it.</param>
/// <param name="Recording">Building the expression.</param>
/// <param name="Check">The expression's own backward pass.</param>
internal sealed record CompilingCosts(long Values, double First, double Second, double Total, double Recording, double Check)
{
    /// <summary>From values to a program that has been run once.</summary>
    internal double Analysis => Total - Recording - Check;

    internal static CompilingCosts Parse(double[] numbers) => new((long)numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);

    internal string ToLine() =>
        string.Join(' ', new[] { Values, First, Second, Total, Recording, Check }.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
