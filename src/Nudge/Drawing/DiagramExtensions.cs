// Drawing a value in one call.

namespace Nudge.Drawing;

/// <summary>Pictures of expressions: short forms of <see cref="Diagram"/>.</summary>
public static class DiagramExtensions
{
    /// <summary>The graph below a value in Graphviz's language.</summary>
    /// <param name="value">The result, as a loss.</param>
    /// <param name="options">What is folded; chosen by size if left out.</param>
    public static string ToDot(this Value value, DiagramOptions? options = null) => Diagram.Of(value, options).ToDot();

    /// <summary>The graph below a value as a Mermaid flowchart.</summary>
    /// <param name="value">The result, as a loss.</param>
    /// <param name="options">What is folded; chosen by size if left out.</param>
    public static string ToMermaid(this Value value, DiagramOptions? options = null) => Diagram.Of(value, options).ToMermaid();

    /// <summary>The graph below a value as a picture.</summary>
    /// <param name="value">The result, as a loss.</param>
    /// <param name="options">What is folded; chosen by size if left out.</param>
    /// <exception cref="InvalidOperationException">There are more than 2,000 nodes to draw.</exception>
    public static string ToSvg(this Value value, DiagramOptions? options = null) => Diagram.Of(value, options).ToSvg();
}
