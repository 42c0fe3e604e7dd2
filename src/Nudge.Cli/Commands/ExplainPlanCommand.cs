// nudge explain-plan: what the compiler makes of a network's loss.

using System.CommandLine;
using System.Globalization;

namespace Nudge.Cli;

internal static class ExplainPlanCommand
{
    private const int MostNeurons = 10_000, MostLayers = 20;

    private static readonly int[] s_usualLayers = [2, 16, 16, 1];

    internal static Command Create(Terminal terminal)
    {
        var modelPath = new Argument<string?>("model.safetensors")
        {
            Description = "A model that nudge train or train-text has saved",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var layers = new Option<int[]>("--layers")
        {
            Description = $"Without a model: the inputs, then the neurons of each layer [default: {string.Join(',', s_usualLayers)}]",
            HelpName = "N,N",
            CustomParser = result =>
            {
                string typed = result.Tokens[0].Value;
                if (ReadLayers(typed) is { } sizes)
                    return sizes;
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--layers: expected from 2 to {MostLayers} whole numbers from 1 to {MostNeurons} with commas between them, as 784,128,64,10, got '{typed}'"));
                return null;
            },
        };
        Option<string> activation = Choices.OneOf("--activation", "Without a model: what hidden neurons do to their sum", Choices.Activations, note: "tanh");
        Option<string> loss = Choices.OneOf("--loss", "Without a model: what to make small", [.. Objective.All.Select(objective => objective.Name)], note: "by the outputs");
        Option<double?> l2 = Choices.Number("--l2", "The weight of the sum of squared parameters in the loss [default: 0]", "a number of at least 0", number => number >= 0);
        Option<string> precision = Choices.Precision(Precision.Single);
        var command = new Subcommand(
            "explain-plan",
            "Show what the compiler finds in a network's loss: matrix products, the rest, and what they cost",
            ("nudge explain-plan moons.safetensors", "the program that trained a model"),
            ("nudge explain-plan names.safetensors", "that of a language model, for the longest document"),
            ("nudge explain-plan --layers 784,128,64,10", "the program of a network of that shape"))
        {
            modelPath, layers, activation, loss, l2, precision,
        };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(modelPath);
            foreach (Option option in new Option[] { layers, activation, loss })
            {
                if (path is not null && parsed.GetResult(option) is not null)
                    throw new UserException($"{option.Name} is for a network without a model; leave it out with a model");
            }
            Precision numbers = Choices.ReadPrecision(parsed.GetValue(precision)) ?? Precision.Single;
            if (path is not null && UserFile.Read(command, path, TrainedLanguageModel.IsIn))
            {
                if (parsed.GetResult(l2) is not null)
                    throw new UserException("--l2 is for a network; leave it out with a language model");
                LanguageModel model = TrainedLanguageModel.Load(path).Model;
                terminal.WriteLine();
                terminal.WriteFact("model", TextReport.Describe(model));
                terminal.WriteFact("loss", $"{Objective.CrossEntropy.Name} of each of {Text.Plural(model.ContextLength, "next character")}");
                WritePlan(terminal, CompiledSequenceLoss.Compile(model, precision: numbers));
                return ExitCode.Done;
            }
            (Mlp network, Objective objective) = path is null
                ? Make(parsed.GetResult(layers) is null ? s_usualLayers : parsed.GetRequiredValue(layers), parsed.GetValue(activation), parsed.GetValue(loss))
                : Take(UserFile.Read(command, path, TrainedModel.Load));
            CompiledLoss compiled = objective.Compile(
                network, l2Penalty: parsed.GetValue(l2) ?? 0, precision: numbers);
            terminal.WriteLine();
            terminal.WriteFact("network", $"{TrainingReport.Shape(network)}, {network.Layers[0].Activation.Name}, {Text.Plural(network.ParameterCount, "parameter")}");
            terminal.WriteFact("loss", objective.Name);
            WritePlan(terminal, compiled);
            return ExitCode.Done;
        });
        return command;
    }

    private static void WritePlan(Terminal terminal, object compiled)
    {
        terminal.WriteLine();
        foreach (string line in compiled.ToString()!.Split('\n'))
            terminal.WriteLine($"  {line.TrimEnd()}");
    }

    private static (Mlp Network, Objective Objective) Take(TrainedModel model) => (model.Mlp, model.Objective);

    private static (Mlp Network, Objective Objective) Make(int[] layers, string? activation, string? loss)
    {
        Objective objective = Objective.All.FirstOrDefault(objective => objective.Name == loss)
            ?? (layers[^1] == 1 ? Objective.BinaryCrossEntropy : Objective.CrossEntropy);
        if (layers[^1] != 1 && (objective == Objective.BinaryCrossEntropy || objective == Objective.Hinge))
            throw new UserException($"--loss: {objective.Name} needs one output, and --layers ends with {layers[^1]}; end it with 1, or choose {Objective.CrossEntropy.Name}");
        Activation hidden = activation is null ? Activation.Tanh : Choices.ActivationOf(activation);
        return (new Mlp(layers[0], layers[1..], new Rng(1), hidden, Activation.Linear, Initialization.For(hidden)), objective);
    }

    private static int[]? ReadLayers(string text)
    {
        int[] layers = [.. text.Split(',').Select(part => Choices.TryWhole(part.Trim(), out int neurons) ? neurons : 0)];
        return layers.Length is >= 2 and <= MostLayers && layers.All(neurons => neurons is >= 1 and <= MostNeurons) ? layers : null;
    }
}
