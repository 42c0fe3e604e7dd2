// nudge grad: the gradient of an expression, with every step on the way.

using System.CommandLine;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class GradCommand
{
    internal static Command Create(Terminal terminal)
    {
        var expression = new Argument<string>("expression")
        {
            Description = "What to differentiate, with + - * / ^, parentheses and tanh exp log sqrt sigmoid relu abs sin cos max min",
        };
        var numbers = new Argument<string[]>("name=number")
        {
            Description = "A number for each name in it",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> check = Choices.Switch("--check", "Compare with the slope measured by nudging each number");
        var explain = new Option<string?>("--explain")
        {
            Description = "Show every path by which the gradient of a name came: the products, their sum, the measured slope",
            HelpName = "NAME",
        };
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        var command = new Subcommand(
            "grad",
            "Compute an expression and its gradient, and show every step",
            ("nudge grad \"(w*x - y)^2\" w=1 x=2 y=6", "the lesson's worked example: value 16, gradient of w -16"),
            ("nudge grad \"tanh(w*x + b)\" w=0.5 x=2 b=-1 --check", "a neuron, checked by nudging"),
            ("nudge grad \"a*a*b + sin(a)\" a=2 b=3 --explain a", "the paths that its gradient is the sum of"))
        {
            expression, numbers, check, explain, json,
        };
        command.SetAction(parsed =>
        {
            string text = parsed.GetRequiredValue(expression);
            string[] assignments = parsed.GetValue(numbers) ?? [];
            if (assignments.Prepend(text).FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
                throw new UserException(NudgeCommand.UnknownOption(command, unknown));
            Gradient gradient = Gradient.Of(Parse(text), assignments);
            GradientReport? report = parsed.GetValue(check) ? gradient.Check() : null;
            GradientExplanation? explanation = parsed.GetValue(explain) is { } name ? gradient.Explain(name) : null;
            if (parsed.GetValue(json))
                terminal.WriteJson(ToJson(gradient, report, explanation));
            else
                new GradientView(terminal, gradient).Write(report, explanation);
            return Passed(gradient, report) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    /// <exception cref="UserException">The text is no expression.</exception>
    internal static Expression Parse(string text)
    {
        try
        {
            return ExpressionParser.Parse(text);
        }
        catch (ExpressionException error)
        {
            throw new UserException(error.Message, error.Excerpt());
        }
    }

    // At a kink there is no slope to measure; one of those on its sides, or one between, is as good as another.
    private static bool Passed(Gradient gradient, GradientReport? report) =>
        report is null || report.Entries.All(entry => entry.Error <= report.Tolerance || gradient.KinkAt(entry) is not null);

    private static JsonObject ToJson(Gradient gradient, GradientReport? report, GradientExplanation? explanation)
    {
        var indices = gradient.Nodes.Select((node, index) => (node, index)).ToDictionary(pair => pair.node, pair => pair.index);
        var json = new JsonObject
        {
            ["expression"] = gradient.Expression.ToString(),
            ["value"] = Json.Number(gradient.Result.Data),
            ["gradients"] = new JsonObject(gradient.Leaves.Select(leaf => KeyValuePair.Create(leaf.Key, Json.Number(leaf.Value.Grad)))),
            ["nodes"] = Json.Array(gradient.Nodes, node =>
            {
                Value value = gradient[node];
                return new JsonObject
                {
                    ["expression"] = node.ToString(),
                    ["operation"] = node.Operation switch
                    {
                        Operation.Leaf => "name",
                        Operation.Constant => "number",
                        _ => node.Operation.ToString().ToLowerInvariant(),
                    },
                    ["value"] = Json.Number(value.Data),
                    ["gradient"] = node.Operation == Operation.Constant ? null : Json.Number(value.Grad),
                    ["inputs"] = Json.Array(node.Operands, operand => JsonValue.Create(indices[operand])),
                    ["localDerivatives"] = Json.Array(value.LocalDerivatives, number => Json.Number(number)),
                };
            }),
        };
        if (report is not null)
        {
            json["check"] = new JsonObject
            {
                ["passed"] = Passed(gradient, report),
                ["kinks"] = Json.Array([.. report.Entries.Where(entry => entry.Error > report.Tolerance && gradient.KinkAt(entry) is not null).Select(entry => entry.Name)]),
                ["measured"] = new JsonObject(report.Entries.Select(entry => KeyValuePair.Create(entry.Name, Json.Number(entry.Measured)))),
            };
        }
        if (explanation is not null)
        {
            json["explanation"] = new JsonObject
            {
                ["name"] = explanation.Parameter.Label,
                ["gradient"] = Json.Number(explanation.Gradient),
                ["measured"] = Json.Number(explanation.Measured),
                ["pathCount"] = Json.Number(explanation.PathCount),
                ["rest"] = Json.Number(explanation.Rest),
                ["paths"] = Json.Array(explanation.Paths, path => new JsonObject
                {
                    ["product"] = Json.Number(path.Product),
                    ["localDerivatives"] = Json.Array(path.LocalDerivatives, number => Json.Number(number)),
                    ["nodes"] = Json.Array(path.Nodes.Select(gradient.TextOf)),
                }),
            };
        }
        return json;
    }
}
