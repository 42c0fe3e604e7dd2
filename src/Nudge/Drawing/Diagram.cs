// The graph that is drawn: nodes and edges as plain data, folded where there would be too many to read.

using System.Globalization;

namespace Nudge.Drawing;

/// <summary>
/// An expression or a network as a graph to draw. It is taken once, with the numbers of that moment, and written by
/// <see cref="ToDot"/>, <see cref="ToMermaid"/> and <see cref="ToSvg"/>.
/// </summary>
public sealed class Diagram
{
    internal Diagram(IReadOnlyList<DiagramNode> nodes, IReadOnlyList<DiagramEdge> edges)
    {
        Nodes = nodes;
        Edges = edges;
    }

    /// <summary>The nodes in the order in which they were created.</summary>
    public IReadOnlyList<DiagramNode> Nodes { get; }

    /// <summary>The edges, from each input to what is computed from it; in the order of the nodes they end at.</summary>
    public IReadOnlyList<DiagramEdge> Edges { get; }

    /// <summary>The graph below a value.</summary>
    /// <param name="root">The result, as a loss.</param>
    /// <param name="options">What is folded; chosen by size if left out.</param>
    /// <remarks>
    /// Modules are known by the names of their parameters, which they have once <see cref="Module.Parameters"/> has been
    /// asked for, as making an optimizer does.
    /// </remarks>
    /// <exception cref="ArgumentException">There is nothing of a name to unfold.</exception>
    public static Diagram Of(Value root, DiagramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Of([root], options);
    }

    /// <summary>The graph below several values, as the outputs of a network.</summary>
    /// <param name="roots">The results, at least one.</param>
    /// <param name="options">What is folded; chosen by size if left out.</param>
    /// <exception cref="ArgumentException">There is no root, or nothing of a name to unfold.</exception>
    public static Diagram Of(IReadOnlyList<Value> roots, DiagramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(roots);
        if (roots.Count == 0)
            throw new ArgumentException("Expected at least one value to draw, got none.", nameof(roots));
        return new DiagramBuilder(roots, options ?? new DiagramOptions()).Build();
    }

    /// <summary>A network at given inputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">As many numbers as it has inputs.</param>
    /// <param name="options">What is folded; chosen by size if left out.</param>
    /// <exception cref="ArgumentException">There are more or fewer inputs than the network takes, or nothing of a name to unfold.</exception>
    public static Diagram Of(Network network, IReadOnlyList<double> inputs, DiagramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        // Asking for them gives the parameters the names by which they are folded.
        _ = network.Parameters;
        Value[] values = [.. inputs.Select((number, i) => new Value(number).Named(string.Create(CultureInfo.InvariantCulture, $"x{i}")))];
        return Of(network.Forward(values), options);
    }

    /// <summary>
    /// In Graphviz's language. Each node has its numbers, to the last bit, as the attributes <c>data</c> and
    /// <c>grad</c>, which Graphviz ignores.
    /// </summary>
    public string ToDot() => DotWriter.Write(this);

    /// <summary>As a Mermaid flowchart, which many pages and readers of Markdown draw.</summary>
    public string ToMermaid() => MermaidWriter.Write(this);

    /// <summary>
    /// As a picture, laid out here. It follows the reader's choice of light or dark; each node has its numbers, to the
    /// last bit, as the attributes <c>data-value</c> and <c>data-grad</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are more than 2,000 nodes.</exception>
    public string ToSvg() => DiagramSvg.Write(this);
}

/// <summary>A node of a <see cref="Diagram"/>: one value, or a fold that stands for several.</summary>
/// <param name="Id">
/// Stable: values are numbered <c>n1</c>, <c>n2</c> … in the order of their creation, folded or not, and a fold is
/// called by what it holds, so that the same expression has the same ids whenever it is drawn.
/// </param>
/// <param name="Label">Its name; for a fold the name of the module; null for a value without one.</param>
/// <param name="Operation">The operation; null for a fold.</param>
/// <param name="Data">Its number; null for a fold that has several results.</param>
/// <param name="Gradient">Its gradient; null where none has been computed, and for a fold that has several results.</param>
/// <param name="ValueCount">How many values it stands for.</param>
/// <param name="ParameterCount">How many of them are parameters.</param>
public sealed record DiagramNode(
    string Id, string? Label, Operation? Operation, double? Data, double? Gradient, int ValueCount = 1, int ParameterCount = 0)
{
    /// <summary>Whether it stands for several values.</summary>
    public bool IsFold => Operation is null;

    /// <summary>Whether no gradient is computed for it ever, since it is a literal.</summary>
    internal bool IsConstant => Operation == Nudge.Operation.Constant;
}

/// <summary>An edge of a <see cref="Diagram"/>.</summary>
/// <param name="From">The id of the input.</param>
/// <param name="To">The id of what is computed from it.</param>
/// <param name="LocalDerivative">
/// ∂(to)/∂(from), counting this edge alone. Into a fold it is that of the operation within that takes the input, which
/// for a neuron is the weight; null where the edges that were folded into this one have different ones, and for a
/// constant, which has no gradient.
/// </param>
/// <param name="Count">How many edges it stands for.</param>
public sealed record DiagramEdge(string From, string To, double? LocalDerivative, int Count = 1);

/// <summary>What a diagram folds.</summary>
public enum Folding
{
    /// <summary>As little as keeps the number of nodes within <see cref="DiagramOptions.MostNodes"/>.</summary>
    Automatic,

    /// <summary>Nothing: every value is a node.</summary>
    None,

    /// <summary>Every neuron, or other innermost module, is one node.</summary>
    Neurons,

    /// <summary>Every layer, or other outermost part of a network, is one node.</summary>
    Layers,

    /// <summary>The whole network is one node.</summary>
    Network,
}

/// <summary>How a graph is folded before it is drawn.</summary>
public sealed record DiagramOptions
{
    /// <summary>What is folded. Default <see cref="Folding.Automatic"/>.</summary>
    public Folding Folding { get; init; }

    /// <summary>
    /// Names of modules to show the inside of all the same, as <c>layers.0</c> for its neurons or
    /// <c>layers.1.neurons.2</c> for its expression. Default none.
    /// </summary>
    public IReadOnlyList<string> Unfold { get; init; } = [];

    /// <summary>How many nodes <see cref="Folding.Automatic"/> draws at most, if folding can bring it there. Default 60.</summary>
    public int MostNodes { get; init => field = Require.AtLeast(1, value); } = 60;
}
