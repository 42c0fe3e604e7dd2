// The model that requests are answered by: loaded once, and again when its file changes.

using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Nudge;

namespace WebApi;

/// <summary>What is said of a row.</summary>
/// <param name="Answer">The name of the class.</param>
/// <param name="Probabilities">The probability of each class, in the order of the classes.</param>
internal sealed record Prediction(string Answer, double[] Probabilities);

/// <summary>What is served.</summary>
/// <param name="Target">What is predicted.</param>
/// <param name="Inputs">What the numbers of a row are.</param>
/// <param name="Cells">What the cells of a row are.</param>
/// <param name="Classes">What the probabilities are of.</param>
/// <param name="Loads">How often the file has been loaded.</param>
internal sealed record ModelDescription(string Target, IReadOnlyList<string> Inputs, IReadOnlyList<string> Cells, IReadOnlyList<string> Classes, int Loads);

/// <summary>
/// Holds a predictor, which any number of requests use at once. A new one takes its place when it is ready, so that no request
/// waits or fails; those that have begun end with the one that they began with.
/// </summary>
internal sealed partial class ServedModel : IDisposable
{
    private readonly string _path;
    private readonly ILogger<ServedModel> _log;
    private readonly PhysicalFileProvider _files;
    private readonly IDisposable _watching;
    private volatile Predictor _predictor;
    private int _loads;

    public ServedModel(IConfiguration configuration, ILogger<ServedModel> log)
    {
        _path = Path.GetFullPath(configuration["model"] ?? "plants.safetensors");
        _log = log;
        _predictor = Load();
        _files = new PhysicalFileProvider(Path.GetDirectoryName(_path)!);
        _watching = ChangeToken.OnChange(() => _files.Watch(Path.GetFileName(_path)), Reload);
    }

    public ModelDescription Describe()
    {
        Predictor predictor = _predictor;
        return new(
            predictor.Model.TargetName, predictor.Model.InputNames, [.. predictor.Schema.Inputs.Select(column => column.Name)], predictor.Classes!, _loads);
    }

    public Prediction Predict(ReadOnlySpan<double> row)
    {
        Predictor predictor = _predictor;
        return Answer(predictor, predictor.Predict(row));
    }

    public Prediction PredictCells(ReadOnlySpan<string?> cells)
    {
        Predictor predictor = _predictor;
        var probabilities = new double[predictor.ResultCount];
        predictor.PredictCells(cells, probabilities);
        return Answer(predictor, probabilities);
    }

    public void Dispose()
    {
        _watching.Dispose();
        _files.Dispose();
    }

    private static Prediction Answer(Predictor predictor, double[] probabilities) =>
        new(predictor.Classes![predictor.Model.ClassOfProbabilities(probabilities)], probabilities);

    private Predictor Load()
    {
        TrainedModel model = TrainedModel.Load(_path);
        if (model.Classes is null)
            throw new ModelFormatException(_path, "it predicts numbers; expected a model of classes");
        var predictor = new Predictor(model);
        predictor.Predict(new double[predictor.InputCount]); // what is compiled at the first call is compiled before the first request
        Loaded(_path, Interlocked.Increment(ref _loads));
        return predictor;
    }

    // The file may be half written, or no model: then what was served before goes on.
    private void Reload()
    {
        try
        {
            _predictor = Load();
        }
        catch (Exception error) when (error is IOException or ModelFormatException or InvalidOperationException)
        {
            NotLoaded(error, _path);
        }
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Path} for the {Count}. time.")]
    private partial void Loaded(string path, int count);

    [LoggerMessage(LogLevel.Warning, "{Path} cannot be loaded; the model before it is served on.")]
    private partial void NotLoaded(Exception error, string path);
}
