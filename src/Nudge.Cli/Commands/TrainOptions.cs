// The options of `nudge train`: their ranges, their defaults, and which go together.

using System.CommandLine;
using System.Globalization;

namespace Nudge.Cli;

internal sealed class TrainOptions
{
    private const int MostNeurons = 1000, MostLayers = 20, MostEpochs = 1_000_000, MostExamples = 1_000_000;
    private const int DefaultEpochs = 500, DefaultBatch = 32;

    private const string DefaultActivation = "tanh", DefaultOptimizer = "adam", DefaultSchedule = "constant";

    private static readonly string[] s_optimizers = ["adam", "adamw", "sgd", "rmsprop"];

    internal Argument<string?> File { get; } = new("data.csv")
    {
        Description = "The file to learn from, plain or gzip, or - for standard input; nudge columns shows what is in it",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private Option<string> Data { get; } = Choices.OneOf("--data", "What to make points of when there is no file", DataSource.Generators, note: DataSource.Generators[0]);

    private Option<int?> Points { get; } = Choices.Whole("--points", "How many points to make [default: 100]", 2, MostExamples);

    private Option<double?> Noise { get; } = Choices.Number("--noise", "How far the points are scattered", "a number of at least 0", number => number >= 0);

    private ColumnOptions Columns { get; } = new();

    private TableFileOptions Format { get; } = new();

    private Option<string> Split { get; } = Choices.OneOf("--split", "Which rows are held back: any, or the last in time where a column has dates", ["random", "time"], "random");

    private Option<int[]> Layers { get; } = new("--layers")
    {
        Description = "Neurons in each hidden layer, or none; the outputs follow from the data [default: by the rows, 16,16 for points]",
        HelpName = "N,N",
        CustomParser = result =>
        {
            string typed = result.Tokens[0].Value;
            if (ReadLayers(typed) is { } layers)
                return layers;
            result.AddError($"--layers: expected up to {MostLayers} whole numbers from 1 to {MostNeurons} with commas between them, as 16,16, or none, got '{typed}'");
            return null;
        },
    };

    private Option<string> Activation { get; } = Choices.OneOf("--activation", "What hidden neurons do to their sum", Choices.Activations, note: "relu, tanh for points");

    private Option<string> Loss { get; } = Choices.OneOf("--loss", "What to make small", [.. Objective.All.Select(objective => objective.Name)], note: "by the data");

    private Option<string[]> ClassWeight { get; } = new("--class-weight")
    {
        Description = "How much the loss of a class counts: balanced, or CLASS=WEIGHT for some, as yes=5",
        HelpName = "CLASS=WEIGHT",
        AllowMultipleArgumentsPerToken = true,
    };

    private Option<string> Optimizer { get; } = Choices.OneOf("--optimizer", "How steps are made from gradients", s_optimizers, note: "adamw, adam for points");

    private Option<double?> LearningRate { get; } = Choices.Number("--learning-rate", "The size of a step [default: 0.005 for a file, 0.01 with an optimizer of your own or for points, 0.1 for sgd]", "a number above 0", number => number > 0);

    private Option<double?> Momentum { get; } = Choices.Number("--momentum", "How much of the last step goes into the next, for sgd and rmsprop [default: 0]", "a number from 0 to below 1", number => number is >= 0 and < 1);

    private Option<double?> WeightDecay { get; } = Choices.Number("--weight-decay", "How fast the optimizer shrinks parameters [default: by the rows; 0 with an optimizer of your own, for adamw 0.01]", "a number of at least 0", number => number >= 0);

    private Option<double?> L2 { get; } = Choices.Number("--l2", "The weight of the sum of squared parameters in the loss [default: 0]", "a number of at least 0", number => number >= 0);

    private Option<string> Schedule { get; } = Choices.OneOf("--schedule", "How the learning rate changes over the run", ["constant", "step", "linear", "cosine"], note: "linear, constant for points");

    private Option<int?> WarmUp { get; } = Choices.Whole("--warm-up", "Steps in which the learning rate rises to its full size [default: 0]", 0, MostExamples);

    private Option<int?> Epochs { get; } = Choices.Whole("--epochs", "How often to go through all examples [default: by the rows, 500 for points]", 1, MostEpochs);

    private Option<int?> Batch { get; } = Choices.Parsed<int>(
        "--batch", "How many examples share a step, or full for all of them [default: by the rows, 32 for points]", "N|full",
        string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {MostExamples}, or full"), null,
        text => text == "full" ? 0 : Choices.TryWhole(text, out int number) && number is >= 1 and <= MostExamples ? number : null);

    private Option<double?> ClipNorm { get; } = Choices.Number("--clip-norm", "The greatest norm of the gradients [default: no limit]", "a number above 0", number => number > 0);

    private Option<double?> Validation { get; } = Choices.Share("--validation", "Part of the data that decides when to stop and what to keep [default: 15% of a file of 2,000 rows or more, else 0]");

    private Option<double?> Test { get; } = Choices.Share("--test", "Part of the data that is held back and measured at the end [default: 0]");

    private Option<int?> Patience { get; } = Choices.Whole("--patience", "Stop after so many epochs without a better validation loss, 0 never [default: 40 with a validation part]", 0, MostEpochs);

    private Option<ulong?> Seed { get; } = Choices.Seed();

    private Option<string?> Out { get; } = new("--out")
    {
        Description = "Where to save the model, as model.safetensors",
        HelpName = "FILE",
    };

    private Option<string?> Picture { get; } = new("--picture")
    {
        Description = "Where to draw the course of the loss and, for two inputs, the decision boundary, as picture.svg",
        HelpName = "FILE",
    };

    private EngineOptions Engine { get; } = new(Precision.Single);

    private Option<string?> Record { get; } = new("--record")
    {
        Description = "Where to write every step down: loss, parameters, gradients and, for small graphs, every node",
        HelpName = "FILE",
    };

    private Option<string?> SavePage { get; } = new("--save-page")
    {
        Description = "Where to save the run as one page to look at in a browser, as run.html",
        HelpName = "FILE",
    };

    private Option<bool> Watch { get; } = Choices.Switch("--watch", "Serve a page on this machine that follows the run; prints its address");

    private Option<bool> Edit { get; } = Choices.Switch("--edit", "Let that page pause, step, change and restart the run; it starts paused");

    private Option<int?> Port { get; } = WatchedPage.PortOption();

    internal IReadOnlyList<Option> All =>
    [
        Data, Points, Noise, .. Columns.All, .. Format.All, Split, Layers, Activation, Loss, ClassWeight, Optimizer, LearningRate, Momentum, WeightDecay,
        L2, Schedule, WarmUp, Epochs, Batch, ClipNorm, Validation, Test, Patience, Seed, .. Engine.All, Out, Picture, Record, SavePage, Watch, Edit, Port,
    ];

    /// <exception cref="UserException">Options do not go together.</exception>
    internal TrainSettings Read(Command command, ParseResult parsed)
    {
        string? path = parsed.GetValue(File);
        if (path is not null and not TableFileOptions.StandardInput)
            UserFile.RefuseOption(command, path);
        RefuseUnless(parsed, path is null, "is for points made on the spot; leave it out with a file", Data, Points, Noise);
        RefuseUnless(parsed, path is not null, "is for files; name one, as in nudge train data.csv", [.. Columns.All, .. Format.All, Split]);
        string optimizer = parsed.GetValue(Optimizer) ?? DefaultOptimizer;
        RefuseUnless(parsed, optimizer is "sgd" or "rmsprop", $"is for sgd and rmsprop, and the optimizer is {optimizer}; leave it out, or choose one of these", Momentum);
        double test = parsed.GetValue(Test) ?? 0;
        double? validation = parsed.GetValue(Validation) ?? (path is null ? 0 : null);
        if (validation is { } held && held + test >= 1)
            throw new UserException($"--validation and --test: expected less than 100 % together, got {Text.Percent(held + test)}");
        (GraphEngine engine, Precision precision) = Engine.Read(parsed);
        RefuseUnless(parsed, parsed.GetValue(Watch), "is for a page that follows the run; add --watch", Port);
        if (parsed.GetValue(Edit) && !parsed.GetValue(Watch))
            throw new UserException("--edit is for a page that follows the run; add --watch");
        List<string?> used = [path];
        foreach (Option<string?> option in new[] { Out, Picture, Record, SavePage })
        {
            if (parsed.GetValue(option) is not { } output)
                continue;
            UserFile.RequireWritable(option.Name, output, [.. used]);
            used.Add(output);
        }
        if (parsed.GetValue(Picture) is { } picture && !picture.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"--picture: expected a name that ends in .svg, got '{picture}'");
        return new TrainSettings
        {
            Path = path,
            Generator = path is null ? parsed.GetValue(Data) ?? DataSource.Generators[0] : null,
            Points = parsed.GetValue(Points),
            Noise = parsed.GetValue(Noise),
            Columns = Columns.Read(parsed),
            Format = Format.Read(parsed),
            TypedFormat = Typed(parsed, Format.All),
            Typed = string.Join(' ', parsed.Tokens.Skip(1).Select(token => UserFile.Quoted(token.Value))),
            SplitsByTime = parsed.GetValue(Split) == "time",
            Open = path is null ? TrainSettings.NothingOpen : LeftOpen(parsed),
            Layers = parsed.GetResult(Layers) is null ? [16, 16] : parsed.GetRequiredValue(Layers),
            Activation = Enum.Parse<Activation>(parsed.GetValue(Activation) ?? DefaultActivation, ignoreCase: true),
            Objective = Objective.All.FirstOrDefault(objective => objective.Name == parsed.GetValue(Loss)),
            ClassWeight = parsed.GetValue(ClassWeight) ?? [],
            Optimizer = optimizer,
            Momentum = parsed.GetValue(Momentum),
            WeightDecay = parsed.GetValue(WeightDecay),
            L2Penalty = parsed.GetValue(L2) ?? 0,
            LearningRate = parsed.GetValue(LearningRate) ?? (optimizer == "sgd" ? 0.1 : 0.01),
            Schedule = parsed.GetValue(Schedule) ?? DefaultSchedule,
            WarmUp = parsed.GetValue(WarmUp) ?? 0,
            Epochs = parsed.GetValue(Epochs) ?? DefaultEpochs,
            BatchSize = parsed.GetValue(Batch) ?? DefaultBatch,
            ClipNorm = parsed.GetValue(ClipNorm) ?? 0,
            Validation = validation,
            Test = test,
            Patience = parsed.GetValue(Patience),
            Seed = parsed.GetRequiredValue(Seed)!.Value,
            Engine = engine,
            Precision = precision,
            Out = parsed.GetValue(Out),
            Picture = parsed.GetValue(Picture),
            Record = parsed.GetValue(Record),
            SavePage = parsed.GetValue(SavePage),
            Watch = parsed.GetValue(Watch),
            Edit = parsed.GetValue(Edit),
            Port = parsed.GetValue(Port),
        };
    }

    // A file has its own defaults, which its rows decide; points made on the spot have those named here.
    private HashSet<string> LeftOpen(ParseResult parsed) =>
    [
        .. new (Option Option, string Setting)[]
        {
            (Layers, nameof(TrainSettings.Layers)), (Activation, nameof(TrainSettings.Activation)), (Optimizer, nameof(TrainSettings.Optimizer)),
            (LearningRate, nameof(TrainSettings.LearningRate)), (Schedule, nameof(TrainSettings.Schedule)), (Epochs, nameof(TrainSettings.Epochs)),
            (Batch, nameof(TrainSettings.BatchSize)),
        }.Where(one => parsed.GetResult(one.Option) is null or { Implicit: true }).Select(one => one.Setting),
    ];

    private static string Typed(ParseResult parsed, IEnumerable<Option> options) => string.Concat(options
        .Select(parsed.GetResult)
        .Where(result => result is { Implicit: false })
        .SelectMany(result => result!.Tokens.Select(token => token.Value).Prepend(result.Option.Name))
        .Select(word => ' ' + UserFile.Quoted(word)));

    private static void RefuseUnless(ParseResult parsed, bool isAllowed, string why, params Option[] options)
    {
        if (!isAllowed && Array.Find(options, option => parsed.GetResult(option) is { Implicit: false }) is { } option)
            throw new UserException($"{option.Name} {why}");
    }

    private static int[]? ReadLayers(string text)
    {
        if (text == "none")
            return [];
        string[] parts = text.Split(',');
        int[] layers = [.. parts.Select(part => Choices.TryWhole(part.Trim(), out int neurons) ? neurons : 0)];
        return layers.Length <= MostLayers && layers.All(neurons => neurons is >= 1 and <= MostNeurons) ? layers : null;
    }
}
