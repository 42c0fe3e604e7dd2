// nudge draw: an expression or a model as a picture.

using System.CommandLine;

namespace Nudge.Cli;

internal static class DrawCommand
{
    private static readonly string[] s_formats = ["svg", "dot", "mermaid"];

    internal static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("what")
        {
            Description = "An expression, or a model that nudge train has saved",
        };
        var numbers = new Argument<string[]>("name=number")
        {
            Description = "A number for each name in the expression, or for inputs of the model; others are at their mean",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string?>("--out")
        {
            Description = "Where to write: picture.svg, .dot or .mmd [default: the standard output]",
            HelpName = "FILE",
        };
        Option<string> format = Choices.OneOf("--format", "What to write", s_formats, note: "by the name of the file, or svg");
        Option<string> fold = Choices.OneOf("--fold", "What of a network is one node", ["none", "neurons", "layers", "network"], note: "by its size");
        var unfold = new Option<string[]>("--unfold")
        {
            Description = "What to show the inside of, as layers.0 or layers.1.neurons.2",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Subcommand(
            "draw",
            "Draw an expression or a network: every number, every gradient, sign and size of every edge",
            ("nudge draw \"(w*x - y)^2\" w=1 x=2 y=6 --out graph.svg", "the lesson's worked example"),
            ("nudge draw iris.safetensors --out net.svg", "a model, folded so that it can be read"),
            ("nudge draw iris.safetensors --fold layers --unfold layers.1 --format mermaid", "its layers, one of them unfolded, as text for a Markdown page"))
        {
            what, numbers, output, format, fold, unfold,
        };
        command.SetAction(parsed =>
        {
            string text = parsed.GetRequiredValue(what);
            string[] assignments = parsed.GetValue(numbers) ?? [];
            if (assignments.Prepend(text).FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
                throw new UserException(NudgeCommand.UnknownOption(command, unknown));
            string? path = parsed.GetValue(output);
            string written = parsed.GetValue(format) ?? FormatOf(path);
            if (path is not null)
                UserFile.RequireWritable("--out", path, text.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? text : null);
            var options = new DiagramOptions
            {
                Folding = parsed.GetValue(fold) is { } folding ? Enum.Parse<Folding>(folding, ignoreCase: true) : Folding.Automatic,
                Unfold = parsed.GetValue(unfold) ?? [],
            };
            bool isModel = text.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
            Diagram diagram = Draw(isModel ? Outputs(UserFile.Read(command, text, TrainedModel.Load), assignments) : [Gradient.Of(GradCommand.Parse(text), assignments).Result], options);
            string picture = Write(diagram, written);
            if (path is null)
            {
                terminal.Out.Write(picture);
                return ExitCode.Done;
            }
            File.WriteAllText(path, picture);
            terminal.WriteParagraph($"{Text.Plural(diagram.Nodes.Count, "node")} and {Text.Plural(diagram.Edges.Count, "edge")} drawn to {path}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string FormatOf(string? path) => Path.GetExtension(path)?.ToLowerInvariant() switch
    {
        null or ".svg" => "svg",
        ".dot" or ".gv" => "dot",
        ".mmd" or ".mermaid" => "mermaid",
        _ => throw new UserException($"--out: expected a name that ends in .svg, .dot or .mmd, got '{path}'; or say --format"),
    };

    private static Diagram Draw(IReadOnlyList<Value> roots, DiagramOptions options)
    {
        try
        {
            return Diagram.Of(roots, options);
        }
        catch (ArgumentException error)
        {
            throw new UserException($"--unfold: {error.Message.Split(" (Parameter", 2)[0]}");
        }
    }

    private static string Write(Diagram diagram, string format)
    {
        try
        {
            return format switch
            {
                "dot" => diagram.ToDot(),
                "mermaid" => diagram.ToMermaid(),
                "svg" => diagram.ToSvg(),
                _ => throw new ArgumentException($"There is no format {format}.", nameof(format)),
            };
        }
        catch (InvalidOperationException)
        {
            throw new UserException($"the picture would have {Text.Count(diagram.Nodes.Count)} nodes; fold it with --fold neurons or --fold layers, or write --format dot");
        }
    }

    /// <summary>A model's outputs at given inputs, with gradients where there is one output to have them.</summary>
    private static Value[] Outputs(TrainedModel model, string[] assignments)
    {
        double[] inputs = [.. model.Inputs.Means];
        foreach (string assignment in assignments)
        {
            string[] parts = assignment.Split('=', 2);
            int index = model.InputNames.ToList().IndexOf(parts[0].Trim());
            if (index < 0)
                throw new UserException($"the model has no input '{parts[0].Trim()}'; its inputs are {Text.List(model.InputNames, 20)}");
            if (parts.Length != 2 || !Choices.TryNumber(parts[1], out inputs[index]))
                throw new UserException($"expected name=number after the model, as {model.InputNames[0]}=1, got '{assignment}'");
        }
        _ = model.Mlp.Parameters;
        IReadOnlyList<string> names = model.NetworkInputNames;
        Value[] outputs = model.Mlp.Forward([.. model.Inputs.Apply(inputs).Select((number, i) => new Value(number) { Label = names[i] })]);
        for (int i = 0; i < outputs.Length; i++)
            outputs[i].Label = OutputName(model, i);
        if (outputs.Length == 1)
            outputs[0].Backward();
        return outputs;
    }

    // Of several targets a class has the name of its own before it.
    private static string OutputName(TrainedModel model, int index)
    {
        ModelTarget target = model.EachTarget.First(one => index < one.Outputs.End.Value);
        int place = index - target.Outputs.Start.Value;
        return target.Classes is { } classes && classes.Count == target.Outputs.End.Value - target.Outputs.Start.Value
            ? $"{(model.TargetClasses.Count == 1 ? "" : $"{target.Name}=")}{classes[place]}"
            : target.Name;
    }
}
