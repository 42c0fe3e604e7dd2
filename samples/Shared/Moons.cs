// A training that comes out the same wherever it runs: in a browser, compiled ahead of time, on any processor.

using Nudge;

namespace Shared;

/// <summary>Two half moons, told apart in 5,000 steps.</summary>
internal static class Moons
{
    /// <summary>The model and its trainer, before the first step.</summary>
    public static (TrainedModel Model, Dataset Examples, Trainer Trainer) Start(Precision precision)
    {
        Dataset examples = Generate.Moons(128, 0.2, new Rng(1));
        var network = new Mlp(2, [8, 1], new Rng(2), outputActivation: Activation.Linear);
        var model = new TrainedModel(
            network, Objective.BinaryCrossEntropy, examples.InputNames, examples.TargetName, examples.Classes, Standardizer.Fit(examples.Inputs));
        var options = new TrainerOptions { Steps = 5000, BatchSize = 32, Precision = precision, KeepBest = false };
        return (model, examples, new Trainer(network, Objective.BinaryCrossEntropy, new Sgd(network.Parameters, 0.1, momentum: 0.9), model.Prepare(examples), null, options));
    }
}
