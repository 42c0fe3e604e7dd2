// Labels and printed forms. Labels live beside the values, since few values have one and all would pay for it.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Nudge;

[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(ValueDebugView))]
public sealed partial class Value
{
    private static readonly ConditionalWeakTable<Value, string> s_labels = [];

    /// <summary>
    /// The name that <see cref="ValueNaming.Named"/> or this property gave it; for a parameter of a module, its stable
    /// name, as <c>layers.0.neurons.2.w[1]</c>. Null for a value without a name.
    /// </summary>
    public string? Label
    {
        get => s_labels.TryGetValue(this, out string? label) ? label
            : _operation == Operation.Parameter ? Block.NameOf(_index)
            : null;
        set
        {
            if (value is null)
                s_labels.Remove(this);
            else
                s_labels.AddOrUpdate(this, value);
        }
    }

    /// <summary>Label, data and gradient: <c>w1 = 0.3000 (grad -1.2000)</c>; a gradient not computed yet is "–".</summary>
    public override string ToString() =>
        $"{(Label is { } label ? label + " = " : "")}{Format(Data)} (grad {(HasGrad ? Format(Grad) : "–")})";

    /// <summary>Four decimals where they say enough, and the exponent form for the very small and the very large.</summary>
    internal static string Format(double number)
    {
        double size = Math.Abs(number);
        return size is 0 or (>= 1e-3 and < 1e6)
            ? number.ToString("F4", CultureInfo.InvariantCulture)
            : number.ToString("0.0000e+00", CultureInfo.InvariantCulture);
    }

    private string Describe() => Label is { } label ? $"'{label}'" : "this value";

    private sealed class ValueDebugView(Value value)
    {
        public string? Label => value.Label;

        public double Data => value.Data;

        public double Grad => value.Grad;

        public Operation Operation => value._operation;

        public IReadOnlyList<Value> Inputs => value.Inputs;

        public IReadOnlyList<double> LocalDerivatives => value.LocalDerivatives;
    }
}

/// <summary>Naming values.</summary>
public static class ValueNaming
{
    /// <summary>
    /// Gives the value a label and returns it. Without an argument the label is the expression as it stands in the
    /// source: <c>w.Named()</c> is labelled "w", <c>(x * w).Named()</c> is labelled "x * w".
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="label">The label; leave it out to take the source text.</param>
    public static Value Named(this Value value, [CallerArgumentExpression(nameof(value))] string label = "")
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(label);
        value.Label = IsInOneParenthesis(label) ? label[1..^1].Trim() : label;
        return value;
    }

    // "(a * b)" is, "(a) * (b)" is not.
    private static bool IsInOneParenthesis(string text)
    {
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')')
            return false;
        int depth = 0;
        for (int i = 0; i < text.Length - 1; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
                return false;
        }
        return true;
    }
}
