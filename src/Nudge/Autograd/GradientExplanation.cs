// Why a gradient is what it is: the paths it came by.

using System.Globalization;
using System.Text;

namespace Nudge;

/// <summary>
/// One way from a result back to a parameter. By the chain rule it adds the product of the local derivatives along it
/// to the gradient.
/// </summary>
/// <param name="Nodes">The values from the result to the parameter, both included.</param>
/// <param name="LocalDerivatives">∂(node)/∂(next node) for each node but the last.</param>
public sealed record GradientPath(IReadOnlyList<Value> Nodes, IReadOnlyList<double> LocalDerivatives)
{
    /// <summary>What the path adds to the gradient; 1 for the result itself.</summary>
    public double Product => LocalDerivatives.Aggregate(1.0, (product, derivative) => product * derivative);
}

/// <summary>
/// Explains ∂root/∂parameter: the paths from the root to the parameter, the largest first, with the product of local
/// derivatives along each; what all other paths add together; and beside the sum the slope that nudging shows.
/// </summary>
public sealed class GradientExplanation
{
    private GradientExplanation(Value root, Value parameter, double gradient, double measured, IReadOnlyList<GradientPath> paths, double pathCount)
    {
        Root = root;
        Parameter = parameter;
        Gradient = gradient;
        Measured = measured;
        Paths = paths;
        PathCount = pathCount;
    }

    /// <summary>The result.</summary>
    public Value Root { get; }

    /// <summary>What it is differentiated by.</summary>
    public Value Parameter { get; }

    /// <summary>∂root/∂parameter, as a backward pass computes it.</summary>
    public double Gradient { get; }

    /// <summary>
    /// The central difference (f(x + h) − f(x − h)) / 2h with h = 10⁻⁵ · max(1, |x|). What is detached stays as it is,
    /// as for the gradient.
    /// </summary>
    public double Measured { get; }

    /// <summary>The paths with the largest products, by size.</summary>
    public IReadOnlyList<GradientPath> Paths { get; }

    /// <summary>How many paths there are; there can be more than a number of atoms has digits, and then this is ∞.</summary>
    public double PathCount { get; }

    /// <summary>The sum of the products of <see cref="Paths"/>.</summary>
    public double Shown => Paths.Sum(path => path.Product);

    /// <summary>What all other paths add together: <see cref="Gradient"/> − <see cref="Shown"/>.</summary>
    public double Rest => Gradient - Shown;

    /// <summary>Whether <see cref="Paths"/> are all there are; the rest is rounding then.</summary>
    public bool IsComplete => Paths.Count == PathCount;

    /// <summary>Explains a gradient. No <see cref="Value.Grad"/> is read or written.</summary>
    /// <param name="root">The result, as a loss.</param>
    /// <param name="parameter">Any value below it.</param>
    /// <param name="mostPaths">How many paths to name at most, at least 1.</param>
    /// <exception cref="ArgumentException">The result does not depend on the parameter.</exception>
    public static GradientExplanation Of(Value root, Value parameter, int mostPaths = 20)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(parameter);
        Require.AtLeast(1, mostPaths);
        var graph = new ValueGraph([root]);
        if (!graph.TryIndexOf(parameter, out int index))
            throw new ArgumentException($"The result does not depend on {parameter}: there is no path to explain.", nameof(parameter));
        var search = new PathSearch(graph, index, mostPaths);
        double h = 1e-5 * Math.Max(1, Math.Abs(parameter.Number)), above = parameter.Number + h, below = parameter.Number - h;
        double measured = (graph.Nudged(index, above) - graph.Nudged(index, below)) / (above - below);
        return new GradientExplanation(root, parameter, root.Gradients([parameter])[0], measured, search.Paths(), search.PathCount);
    }

    /// <summary>A line for each path, then the rest, the sum and the measured slope.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (GradientPath path in Paths)
            text.Append(CultureInfo.InvariantCulture, $"{path.Product,12:G6}  = {string.Join(" · ", path.LocalDerivatives.Select(derivative => derivative.ToString("G6", CultureInfo.InvariantCulture)).DefaultIfEmpty("1"))}\n");
        if (!IsComplete)
            text.Append(CultureInfo.InvariantCulture, $"{Rest,12:G6}  {PathCount - Paths.Count:N0} other paths\n");
        return text.Append(CultureInfo.InvariantCulture, $"{Gradient,12:G6}  the gradient; measured {Measured:G6}").ToString();
    }
}
