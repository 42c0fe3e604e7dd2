// What a recording says about its run before the first step.

using System.Text.Json.Serialization;

namespace Nudge.Recordings;

/// <summary>What was trained, on what and how: all that a reader needs to make sense of the steps.</summary>
public sealed record RunInfo
{
    /// <summary>The run in a few words, as "moons with noise 0.1".</summary>
    public required string Title { get; init; }

    /// <summary>What is made small, by its name.</summary>
    public string Objective { get; init; } = "";

    /// <summary>Whether the losses of a batch are added up, and not averaged.</summary>
    public bool SumsOverBatch { get; init; }

    /// <summary>What changes the parameters, by its name.</summary>
    public string Optimizer { get; init; } = "";

    /// <summary>The learning rate at the start.</summary>
    public double LearningRate { get; init; }

    /// <summary>The seed, in digits: not every reader has whole numbers of 64 bits.</summary>
    public string Seed { get; init; } = "";

    /// <summary>How many steps were planned; 0 where nobody knows.</summary>
    public long Steps { get; init; }

    /// <summary>How many steps go through all examples once.</summary>
    public int StepsPerEpoch { get; init; } = 1;

    /// <summary>The layers of a multilayer perceptron; none for anything else.</summary>
    public IReadOnlyList<RunLayer> Layers { get; init; } = [];

    /// <summary>The stable names of the parameters, in order. A recorder fills them in.</summary>
    public IReadOnlyList<string> ParameterNames { get; init; } = [];

    /// <summary>The examples, where there are few enough to keep.</summary>
    public RunData? Data { get; init; }

    /// <summary>Losses worth comparing with.</summary>
    public IReadOnlyList<RunBaseline> Baselines { get; init; } = [];

    /// <summary>The four beats as C#: forward, zero, backward, update. Empty where nobody said.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>A whole C# program that makes this run; empty where there is none.</summary>
    public string Program { get; init; } = "";
}

/// <summary>A layer of a multilayer perceptron.</summary>
/// <param name="Inputs">How many inputs it has.</param>
/// <param name="Outputs">How many neurons it has.</param>
/// <param name="Activation">What they do to their sums, in lower case.</param>
public sealed record RunLayer(int Inputs, int Outputs, string Activation);

/// <summary>The examples of a run, as the network sees them, and how to get back to the user's units.</summary>
/// <param name="InputNames">The names of the inputs.</param>
/// <param name="TargetName">The name of the target.</param>
/// <param name="Classes">The names of the classes; null for regression.</param>
/// <param name="Inputs">The inputs of each example.</param>
/// <param name="Targets">The targets of each example.</param>
/// <param name="InputMeans">What was subtracted from each input.</param>
/// <param name="InputScales">What each input was divided by after that.</param>
/// <param name="TargetMeans">What was subtracted from each target; null if nothing was.</param>
/// <param name="TargetScales">What each target was divided by after that.</param>
public sealed record RunData(
    IReadOnlyList<string> InputNames,
    string TargetName,
    IReadOnlyList<string>? Classes,
    IReadOnlyList<double[]> Inputs,
    IReadOnlyList<double[]> Targets,
    IReadOnlyList<double>? InputMeans = null,
    IReadOnlyList<double>? InputScales = null,
    IReadOnlyList<double>? TargetMeans = null,
    IReadOnlyList<double>? TargetScales = null);

/// <summary>A loss that means something, as that of predicting the mean.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Meaning">What reaches it.</param>
public sealed record RunBaseline(double Loss, string Meaning);

/// <summary>Something that was noticed about a run while it went on.</summary>
/// <param name="Step">The step at which it was noticed.</param>
/// <param name="Title">What it is.</param>
/// <param name="Evidence">The numbers that show it.</param>
/// <param name="Line">The line of code that it most likely comes from.</param>
/// <param name="Mend">How to mend it.</param>
public sealed record RunFinding(int Step, string Title, string Evidence, string Line, string Mend);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunFinding))]
internal sealed partial class RunJson : JsonSerializerContext;
