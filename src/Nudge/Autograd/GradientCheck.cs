// Does a gradient agree with the slope that one measures by nudging?

using System.Globalization;

namespace Nudge;

/// <summary>
/// Compares computed gradients with central differences, (f(x + h) − f(x − h)) / 2h, one parameter at a time.
/// </summary>
public static class GradientCheck
{
    /// <summary>Checks the gradients of an expression.</summary>
    /// <param name="expression">
    /// Builds the expression anew from the parameters' present data. It is called 2n + 1 times for n parameters and must
    /// give the same number for the same data.
    /// </param>
    /// <param name="parameters">The leaves to check; <c>net.Parameters</c> checks a whole module.</param>
    /// <param name="tolerance">The greatest error that passes, see <see cref="GradientReport.WorstError"/>.</param>
    /// <param name="step">h, relative to max(1, |x|). About the cube root of the rounding error is best.</param>
    /// <remarks>The data and gradients of the parameters are the same afterwards as before.</remarks>
    /// <exception cref="ArgumentException">There is no parameter.</exception>
    public static GradientReport Check(
        Func<Value> expression, ParameterList parameters, double tolerance = 1e-6, double step = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        if (parameters.Count == 0)
            throw new ArgumentException("Expected at least one parameter, got none.", nameof(parameters));

        double[] computed = expression().Gradients(parameters);
        double[] before = parameters.ToArray();
        var entries = new GradientComparison[parameters.Count];
        double[] nudged = [.. before];
        var states = new GradientState[parameters.Count];
        CopyStates(parameters, states, restore: false);
        try
        {
            for (int i = 0; i < entries.Length; i++)
            {
                double h = step * Math.Max(1, Math.Abs(before[i]));
                double above = At(i, before[i] + h), below = At(i, before[i] - h);
                nudged[i] = before[i];
                // The distance between the two numbers as they are stored, not 2h.
                double measured = (above - below) / (before[i] + h - (before[i] - h));
                entries[i] = new GradientComparison(parameters.NameAt(i), before[i], computed[i], measured);
            }
        }
        finally
        {
            parameters.Load(before);
            CopyStates(parameters, states, restore: true);
        }
        return new GradientReport(entries, tolerance);

        double At(int index, double data)
        {
            nudged[index] = data;
            parameters.Load(nudged);
            return expression().Data;
        }
    }

    private static void CopyStates(ParameterList parameters, Span<GradientState> states, bool restore)
    {
        foreach (ParameterSegment segment in parameters.Segments)
        {
            if (restore)
                segment.SetStates(states[..segment.Length]);
            else
                segment.CopyStatesTo(states);
            states = states[segment.Length..];
        }
    }
}

/// <summary>One parameter's gradient, computed and measured.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Data">Its number.</param>
/// <param name="Computed">The gradient that the backward pass gives.</param>
/// <param name="Measured">The slope that nudging shows.</param>
public sealed record GradientComparison(string Name, double Data, double Computed, double Measured)
{
    /// <summary>
    /// |computed − measured| / max(1, |computed|, |measured|): relative for gradients above 1 and absolute below. NaN on
    /// either side counts as ∞.
    /// </summary>
    public double Error
    {
        get
        {
            double error = Math.Abs(Computed - Measured) / Math.Max(1, Math.Max(Math.Abs(Computed), Math.Abs(Measured)));
            return double.IsNaN(error) ? double.PositiveInfinity : error;
        }
    }
}

/// <summary>What a gradient check found.</summary>
public sealed class GradientReport
{
    internal GradientReport(IReadOnlyList<GradientComparison> entries, double tolerance)
    {
        Entries = entries;
        Tolerance = tolerance;
        Worst = entries.MaxBy(entry => entry.Error)!;
    }

    /// <summary>Every parameter, in order.</summary>
    public IReadOnlyList<GradientComparison> Entries { get; }

    /// <summary>The parameter with the greatest error.</summary>
    public GradientComparison Worst { get; }

    /// <summary>The greatest error.</summary>
    public double WorstError => Worst.Error;

    /// <summary>The greatest error that passes.</summary>
    public double Tolerance { get; }

    /// <summary>Whether every gradient agrees.</summary>
    public bool Passed => WorstError <= Tolerance;

    /// <summary>Throws where a gradient does not agree.</summary>
    /// <exception cref="InvalidOperationException">A gradient does not agree; the message names the worst.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
            throw new InvalidOperationException(ToString());
    }

    /// <summary>One sentence with the worst parameter and its numbers.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Passed ? "Passed" : "Failed")}: {Entries.Count} gradients against central differences; worst is {Worst.Name} = {Worst.Data:G6}: computed {Worst.Computed:G10}, measured {Worst.Measured:G10}, error {WorstError:0.0e+00} ({(Passed ? "≤" : ">")} {Tolerance:0.0e+00}).");
}
