// The training: on a thread of its own, so that the host starts, answers and stops as ever.

using Microsoft.Extensions.Options;
using Nudge;

namespace Worker;

/// <summary>What is trained, from the configuration: --data plants.csv --target kind --out plants.safetensors.</summary>
internal sealed class TrainingSettings
{
    /// <summary>A table.</summary>
    public string Data { get; set; } = "plants.csv";

    /// <summary>Its column to predict, which names classes.</summary>
    public string Target { get; set; } = "kind";

    /// <summary>Where the model goes.</summary>
    public string Out { get; set; } = "plants.safetensors";

    /// <summary>How often the table is gone through.</summary>
    public int Epochs { get; set; } = 300;

    /// <summary>What chance starts from.</summary>
    public ulong Seed { get; set; } = 1;
}

/// <summary>Trains once, writes the model, and ends the program.</summary>
internal sealed partial class TrainingService(IOptions<TrainingSettings> options, IHostApplicationLifetime lifetime, ILogger<TrainingService> log)
    : BackgroundService, IProgress<TrainingStep>
{
    /// <summary>Told of every step, by the thread that trains; what it says is one line in a hundred looks at the validation part.</summary>
    public void Report(TrainingStep value)
    {
        if (value.Monitored is { } metrics && value.Epoch % 100 == 0)
            Progress(value.Epoch, value.Loss, metrics.Loss, metrics.Accuracy);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Run(() => Train(options.Value, stoppingToken), CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or DataFormatException or ArgumentException)
        {
            Failed(error);
            Environment.ExitCode = 1;
        }
        lifetime.StopApplication();
    }

    private void Train(TrainingSettings settings, CancellationToken stop)
    {
        Dataset raw = Dataset.FromCsv(settings.Data, new TableOptions { Target = settings.Target, Task = LearningTask.Classification });
        (Dataset training, Dataset validation) = raw.Split(0.2, new Rng(settings.Seed));
        var network = new Mlp(raw.InputCount, [16, raw.Classes!.Count], new Rng(settings.Seed), outputActivation: Activation.Linear);
        var model = new TrainedModel(
            network, Objective.CrossEntropy, raw.InputNames, raw.TargetName, raw.Classes, raw.Schema!.Fit(training))
        {
            Schema = raw.Schema,
        };
        var trainer = new Trainer(
            network, Objective.CrossEntropy, new Adam(network.Parameters, 0.01), model.Prepare(training), model.Prepare(validation),
            new TrainerOptions { Epochs = settings.Epochs, Seed = settings.Seed });

        TrainingResult result = trainer.Train(this, stop);
        if (result.End == TrainingEnd.Cancelled)
        {
            Cancelled(result.Steps);
            return;
        }
        model.Save(settings.Out); // whole or not at all: whoever watches the file never sees half of it
        Saved(settings.Out, result.Validation!.Loss, result.Validation.Accuracy);
    }

    [LoggerMessage(LogLevel.Information, "Epoch {Epoch}: loss {Loss:G4}, validation {Validation:G4}, accuracy {Accuracy:P1}.")]
    private partial void Progress(int epoch, double loss, double validation, double? accuracy);

    [LoggerMessage(LogLevel.Information, "Wrote {Path}: validation loss {Loss:G4}, accuracy {Accuracy:P1}.")]
    private partial void Saved(string path, double loss, double? accuracy);

    [LoggerMessage(LogLevel.Information, "Stopped after {Steps} steps; no model is written.")]
    private partial void Cancelled(int steps);

    [LoggerMessage(LogLevel.Error, "The training failed.")]
    private partial void Failed(Exception error);
}
