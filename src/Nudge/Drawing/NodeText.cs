// The words and numbers on a node and an edge, the same in every form of picture.

using System.Globalization;

namespace Nudge.Drawing;

internal static class NodeText
{
    private const int LongestTitle = 36;

    internal static bool IsLeaf(DiagramNode node) => node.Operation <= Operation.Parameter;

    /// <summary>The name of the node, or of its operation, or both.</summary>
    internal static string Title(DiagramNode node)
    {
        string title = node.Operation switch
        {
            null => node.Label!,
            Operation.Constant => Value.Format(node.Data!.Value),
            Operation.Leaf or Operation.Parameter => node.Label ?? "leaf",
            { } operation => node.Label is { } label ? $"{OperationTable.Symbol(operation)}  {label}" : OperationTable.Symbol(operation),
        };
        return title.Length <= LongestTitle ? title : string.Concat(title.AsSpan(0, LongestTitle - 1), "…");
    }

    /// <summary>What a fold holds; null for a single value.</summary>
    internal static string? Content(DiagramNode node) => !node.IsFold ? null
        : node.ParameterCount == 0 ? Count(node.ValueCount, "value")
        : $"{Count(node.ParameterCount, "parameter")}, {Count(node.ValueCount - node.ParameterCount, "value")}";

    /// <summary>The data; null where there is no one number to show, or the title is the number.</summary>
    internal static string? Data(DiagramNode node) => node.IsConstant || node.Data is not { } data ? null : Value.Format(data);

    /// <summary>The gradient, "–" where it has not been computed; null where there is none.</summary>
    internal static string? Gradient(DiagramNode node) =>
        node.IsConstant || node.Data is null ? null : node.Gradient is { } gradient ? Value.Format(gradient) : "–";

    internal static IEnumerable<string> Lines(DiagramNode node)
    {
        yield return Title(node);
        if (Content(node) is { } content)
            yield return content;
        if (Data(node) is { } data)
            yield return $"data {data}";
        if (Gradient(node) is { } gradient)
            yield return $"grad {gradient}";
    }

    /// <summary>The local derivative in three digits; nothing where there is no one number.</summary>
    internal static string Of(DiagramEdge edge) =>
        edge.LocalDerivative is { } number ? (number + 0.0).ToString("G3", CultureInfo.InvariantCulture).Replace('E', 'e') : "";

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
