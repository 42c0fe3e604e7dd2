// The options of `nudge train`: their ranges, their defaults, and which go together.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Nudge.Cli;

internal sealed class TrainOptions
{
    private const int MostNeurons = 1000, MostLayers = 20, MostEpochs = 1_000_000, MostExamples = 1_000_000;
    private const int DefaultEpochs = 500, DefaultBatch = 32;

    private const string DefaultActivation = "tanh";

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

    private Option<int?> Epochs { get; } = Choices.Whole("--epochs", "How often to go through all examples [default: by the rows, 500 for points]", 1, MostEpochs);

    private Option<int?> Batch { get; } = Choices.Parsed<int>(
        "--batch", "How many examples share a step, or full for all of them [default: by the rows, 32 for points]", "N|full",
        string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {MostExamples}, or full"), null,
        text => text == "full" ? 0 : Choices.TryWhole(text, out int number) && number is >= 1 and <= MostExamples ? number : null);

    private Option<double?> Validation { get; } = Choices.Share("--validation", "Part of the data that decides when to stop and what to keep [default: 15% of a file of 2,000 rows or more, else 0]");

    private Option<double?> Test { get; } = Choices.Share("--test", "Part of the data that is held back and measured at the end [default: 0]");

    private Option<int?> Patience { get; } = Choices.Whole("--patience", "Stop after so many epochs without a better validation loss, 0 never [default: 40 with a validation part]", 0, MostEpochs);

    private Option<string?> Picture { get; } = Choices.Output("--picture", "Where to draw the course of the loss and, for two inputs, the decision boundary, as picture.svg");

    private RunOptions Run { get; } = new(
        "0.005 for a file, 0.01 for points or with an optimizer of your own, for sgd 0.1", "constant", "no limit",
        "adamw, adam for points", "linear, constant for points", "by the rows; 0 for points or with an optimizer of your own, for adamw 0.01");

    private Option<double?> Threshold { get; } = ThresholdChoice.TrainOption();

    private Option<string?> Report { get; } = Choices.Output("--report", "Where to write a report to look at in a browser, as run.html: results, mistakes, what matters, the worst rows");

    private Option<string?> Record { get; } = Choices.Output("--record", "Where to write every step down: loss, parameters, gradients and, for small graphs, every node");

    private Option<string?> SavePage { get; } = Choices.Output("--save-page", "Where to save the run as one page to look at in a browser, as run.html");

    private Option<bool> Watch { get; } = Choices.Switch("--watch", "Serve a page on this machine that follows the run; prints its address");

    private Option<bool> Edit { get; } = Choices.Switch("--edit", "Let that page pause, step, change and restart the run; it starts paused");

    private Option<int?> Port { get; } = WatchedPage.PortOption();

    internal IReadOnlyList<Option> All =>
    [
        Data, Points, Noise, .. Columns.All, .. Format.All, Split, Layers, Activation, Loss, ClassWeight, .. Run.OfSteps,
        Epochs, Batch, Validation, Test, Patience, Threshold, .. Run.OfRun, Report, Picture, Record, SavePage, Watch, Edit, Port,
    ];

    /// <summary>Where a run is written to, and who looks on.</summary>
    internal Option[] Outputs => [.. Run.Outputs, Run.Resume, Report, Picture, Record, SavePage, Watch, Edit, Port];

    /// <summary>How long a run is, and how its learning rate changes.</summary>
    internal Option[] Course => [.. Run.OfRate, Epochs, Patience];

    /// <summary>What a run begins with.</summary>
    internal Option[] Start => [Run.From];

    /// <summary>What a search tries where it is not typed.</summary>
    internal (Option Layers, Option Activation, Option LearningRate, IReadOnlyList<Option> Penalty) Searched => (Layers, Activation, Run.OfRate[0], Run.OfPenalty);

    /// <summary>Adds the file and the options to a command, some of which it does not have: they keep their defaults.</summary>
    internal void AddTo(Command command, IEnumerable<Option> hidden)
    {
        command.Add(File);
        foreach (Option option in All)
            command.Add(option);
        foreach (Option option in hidden)
            option.Hidden = true;
    }

    /// <summary>The command that makes the run which was asked for.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="more">Options to add, as they are typed.</param>
    internal string Line(ParseResult parsed, string more)
    {
        string file = parsed.GetValue(File) is { } path ? ' ' + UserFile.Quoted(path) : "";
        IEnumerable<Option> typed = parsed.CommandResult.Children.OfType<OptionResult>().Where(result => All.Contains(result.Option)).Select(result => result.Option);
        return $"nudge train{file}{Typed(parsed, typed)} {more}".TrimEnd();
    }

    /// <exception cref="UserException">Options do not go together.</exception>
    internal TrainSettings Read(Command command, ParseResult parsed)
    {
        string? path = parsed.GetValue(File);
        if (path is not null and not TableFileOptions.StandardInput)
            UserFile.RefuseOption(command, path);
        Choices.RefuseUnless(parsed, path is null, "is for points made on the spot; leave it out with a file", Data, Points, Noise);
        Choices.RefuseUnless(parsed, path is not null, "is for files; name one, as in nudge train data.csv", [.. Columns.All, .. Format.All, Split]);
        RunSettings run = Run.Read(parsed, optimizer => optimizer == "sgd" ? 0.1 : 0.01, clipNorm: 0);
        double test = parsed.GetValue(Test) ?? 0;
        double? validation = parsed.GetValue(Validation) ?? (path is null ? 0 : null);
        if (validation is { } held && held + test >= 1)
            throw new UserException($"--validation and --test: expected less than 100 % together, got {Text.Percent(held + test)}");
        Choices.RefuseUnless(parsed, parsed.GetValue(Watch), "is for a page that follows the run; add --watch", Port);
        if (parsed.GetValue(Edit) && !parsed.GetValue(Watch))
            throw new UserException("--edit is for a page that follows the run; add --watch");
        TrainedModel? start = ReadStart(command, parsed, run.From);
        UserFile.RequireWritable(parsed, [path, run.From], [.. Run.Outputs, Report, Picture, Record, SavePage]);
        if (parsed.GetValue(Picture) is { } picture && !picture.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"--picture: expected a name that ends in .svg, got '{picture}'");
        return new TrainSettings(run)
        {
            Path = path,
            Generator = path is null ? parsed.GetValue(Data) ?? DataSource.Generators[0] : null,
            Points = parsed.GetValue(Points),
            Noise = parsed.GetValue(Noise),
            Columns = Columns.Read(parsed),
            Format = start?.Schema.Expecting(Format.Read(parsed)) ?? Format.Read(parsed),
            FromSchema = path is null ? null : start?.Schema,
            TypedFormat = Typed(parsed, Format.All),
            SplitsByTime = parsed.GetValue(Split) == "time",
            Open = path is null ? TrainSettings.NothingOpen : LeftOpen(parsed, start),
            Layers = start is not null ? Continuation.HiddenOf(start.Mlp) : parsed.GetResult(Layers) is null ? [16, 16] : parsed.GetRequiredValue(Layers),
            Activation = start?.Mlp.Layers[0].Activation ?? Choices.ActivationOf(parsed.GetValue(Activation) ?? DefaultActivation),
            Objective = Objective.All.FirstOrDefault(objective => objective.Name == parsed.GetValue(Loss)),
            ClassWeight = parsed.GetValue(ClassWeight) ?? [],
            Epochs = parsed.GetValue(Epochs) ?? DefaultEpochs,
            BatchSize = parsed.GetValue(Batch) ?? DefaultBatch,
            Validation = validation,
            Test = test,
            Patience = parsed.GetValue(Patience),
            Threshold = parsed.GetValue(Threshold),
            Report = parsed.GetValue(Report),
            Picture = parsed.GetValue(Picture),
            Record = parsed.GetValue(Record),
            SavePage = parsed.GetValue(SavePage),
            Watch = parsed.GetValue(Watch),
            Edit = parsed.GetValue(Edit),
            Port = parsed.GetValue(Port),
        };
    }

    /// <summary>The model to train on, if there is one, and whether all that is asked for goes with it.</summary>
    private TrainedModel? ReadStart(Command command, ParseResult parsed, string? path)
    {
        if (path is null)
            return null;
        TrainedModel model = UserFile.Read(command, path, TrainedModel.Load);
        Continuation.RefuseOther(parsed, Layers, path, Continuation.LayersOf(model.Mlp));
        if (model.Mlp.Layers.Count > 1)
            Continuation.RefuseOther(parsed, Activation, path, model.Mlp.Layers[0].Activation.Name);
        Continuation.RefuseOther(parsed, Loss, path, model.Objective.Name);
        Continuation.RefuseOther(parsed, Columns.Target, path, string.Join(',', model.TargetNames));
        bool[] areClasses = [.. model.TargetClasses.Select(classes => classes is not null).Distinct()];
        Continuation.RefuseOther(parsed, Columns.Task, path, areClasses is [var all] ? all ? "classification" : "regression" : "both");
        Continuation.RefuseIgnored(Columns.Read(parsed).Ignore, path, model.Schema);
        Choices.RefuseUnless(parsed, false, $"is found when a network is new, and {path} knows its columns; leave it out", Columns.Kinds);
        return model;
    }

    // A file has its own defaults, which its rows decide; points made on the spot have those named here.
    private HashSet<string> LeftOpen(ParseResult parsed, TrainedModel? start) =>
    [
        .. Run.LeftOpen(parsed),
        .. start is null ? Choices.LeftOut(parsed, (Layers, nameof(TrainSettings.Layers)), (Activation, nameof(TrainSettings.Activation))) : [],
        .. Choices.LeftOut(parsed, (Epochs, nameof(TrainSettings.Epochs)), (Batch, nameof(TrainSettings.BatchSize))),
    ];

    private static string Typed(ParseResult parsed, IEnumerable<Option> options) => string.Concat(options
        .Select(parsed.GetResult)
        .Where(result => result is { Implicit: false })
        .SelectMany(result => result!.Tokens.Select(token => token.Value).Prepend(result.Option.Name))
        .Select(word => ' ' + UserFile.Quoted(word)));

    private static int[]? ReadLayers(string text)
    {
        if (text == "none")
            return [];
        string[] parts = text.Split(',');
        int[] layers = [.. parts.Select(part => Choices.TryWhole(part.Trim(), out int neurons) ? neurons : 0)];
        return layers.Length <= MostLayers && layers.All(neurons => neurons is >= 1 and <= MostNeurons) ? layers : null;
    }
}
