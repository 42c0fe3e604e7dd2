// A run that goes on another time as if it had never stopped.

using System.Globalization;

namespace Nudge;

/// <summary>
/// A training run in a file: the parameters, what the optimizer remembers, where the run is, and the best so far. A run
/// that is saved between two steps and loaded into a trainer made in the same way goes on to the same bits.
/// </summary>
public static class Checkpoint
{
    internal const string Format = "nudge-checkpoint";

    private const string Version = "1", Expected = "a checkpoint of the same run, as --checkpoint writes it";
    private const string Parameters = "parameters", Memory = "optimizer", Best = "best";
    private const string Length = "length", Schedule = "schedule", Looks = "looks";

    /// <summary>
    /// Writes where a run is, between two of its steps. A file of that name is replaced once the new one is whole.
    /// </summary>
    /// <param name="trainer">A trainer whose run has not ended.</param>
    /// <param name="path">The file, in a directory that exists.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or a parameter is NaN or infinite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(Trainer trainer, string path)
    {
        Action<Stream> write = Writer(trainer);
        AtomicFile.Write(path, write);
    }

    /// <summary>The same to a stream.</summary>
    /// <param name="trainer">A trainer whose run has not ended.</param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or a parameter is NaN or infinite.</exception>
    public static void Save(Trainer trainer, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Writer(trainer)(stream);
    }

    private static Action<Stream> Writer(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.Result is not null)
            throw new InvalidOperationException("The run has ended, and its model may be that of an earlier step. Save a checkpoint between two steps.");
        ParameterList parameters = trainer.Optimizer.Parameters;
        double[] numbers = parameters.ToArray(), memory = new double[2 * parameters.Count];
        trainer.Optimizer.CopyMemoryTo(memory);
        if (!Array.TrueForAll(numbers, double.IsFinite) || !Array.TrueForAll(memory, double.IsFinite))
            throw new InvalidOperationException("A parameter is NaN or infinite; expected finite numbers. The training has diverged: try a smaller learning rate.");
        var tensors = new List<(string, IReadOnlyList<int>, double[])> { (Parameters, [numbers.Length], numbers), (Memory, [2, numbers.Length], memory) };
        if (trainer.State.Best is { } best)
            tensors.Add((Best, [best.Length], best));
        string run = ModelJson.Write(json =>
        {
            json.WriteNumber("step", trainer.State.Step);
            json.WriteNumber("looksSinceBest", trainer.State.MeasurementsSinceBest);
            if (double.IsFinite(trainer.State.BestLoss))
            {
                json.WriteNumber("bestLoss", trainer.State.BestLoss);
                json.WriteNumber("bestStep", trainer.State.BestStep);
                json.WriteNumber("bestEpoch", trainer.State.BestEpoch);
            }
        });
        string settings = ModelJson.Write(json =>
        {
            foreach ((string name, string text) in SettingsOf(trainer))
                json.WriteString(name, text);
        });
        return stream => SafeTensorsFile.Write(stream, [("format", Format), ("version", Version), ("run", run), ("settings", settings)], tensors);
    }

    /// <summary>
    /// Makes a trainer that has not run go on where another was. It may make more steps than the other: then its schedule, and
    /// when it looks, are its own from there on. With a constant schedule, and looks that fall on the same steps, the whole is
    /// the same bits as a run of that length at once.
    /// </summary>
    /// <param name="trainer">A trainer of the same model on the same examples with the same optimizer and options, as long or longer.</param>
    /// <param name="path">A file that <see cref="Save(Trainer, string)"/> has written.</param>
    /// <returns>How many steps have been made.</returns>
    /// <exception cref="ModelFormatException">The file is damaged or foreign, or of a run of another kind.</exception>
    /// <exception cref="InvalidOperationException">The trainer has run already.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int Load(Trainer trainer, string path) => ModelSource.Read(path, (stream, name) => Load(trainer, stream, name));

    /// <param name="trainer">A trainer of the same model on the same examples with the same optimizer and options, as long or longer.</param>
    /// <param name="stream">What <see cref="Save(Trainer, Stream)"/> has written; it is read to its end.</param>
    /// <inheritdoc cref="Load(Trainer, string)"/>
    public static int Load(Trainer trainer, Stream stream) => ModelSource.Read(stream, (content, name) => Load(trainer, content, name));

    /// <param name="trainer">A trainer of the same model on the same examples with the same optimizer and options, as long or longer.</param>
    /// <param name="bytes">What <see cref="Save(Trainer, Stream)"/> has written.</param>
    /// <inheritdoc cref="Load(Trainer, string)"/>
    public static int Load(Trainer trainer, ReadOnlyMemory<byte> bytes) => ModelSource.Read(bytes, (content, name) => Load(trainer, content, name));

    private static int Load(Trainer trainer, Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.State.Step > 0 || trainer.Result is not null)
            throw new InvalidOperationException("This trainer has run already. Load a checkpoint into a new one.");
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, path, Expected);
        if (header.Metadata.GetValueOrDefault("format") != Format)
        {
            string other = header.Metadata.GetValueOrDefault("format") == ModelFile.Format ? "a model (--from trains it on)" : "another safetensors file";
            throw new ModelFormatException(path, $"this is {other}, and no checkpoint; expected {Expected}");
        }
        if (header.Metadata.GetValueOrDefault("version", "") is var version && version != Version)
            throw new ModelFormatException(path, $"the file has version '{version}' of the format; expected version '{Version}', and a newer nudge may read it");
        ModelJson run = header.MetadataObject(path, "run"), settings = header.MetadataObject(path, "settings");
        bool isLonger = IsLonger(LengthOf(trainer.Options), settings.Text(Length));
        foreach ((string name, string expected) in SettingsOf(trainer))
        {
            if (settings.Text(name) is var text && text != expected && !(isLonger && name is Length or Schedule or Looks))
                throw new ModelFormatException(path, $"the run in it had {name} {text}, and this one has {expected}; expected the same, since it is the same run that goes on");
        }
        ParameterList parameters = trainer.Optimizer.Parameters;
        double[] numbers = Read(Parameters, [parameters.Count]), memory = Read(Memory, [2, parameters.Count]);
        double[]? best = header.Tensors.ContainsKey(Best) ? Read(Best, [parameters.Count]) : null;
        int step = run.Number("step");
        if (step > trainer.TotalSteps)
            throw new ModelFormatException(path, $"the run in it has made {step} steps; expected at most the {trainer.TotalSteps} that it has");
        (double loss, int bestStep, int bestEpoch) = run.Has("bestLoss")
            ? (run.Double("bestLoss"), run.Number("bestStep"), run.Number("bestEpoch"))
            : (double.PositiveInfinity, 0, 0);
        int measurements = run.Number("looksSinceBest");
        // Everything has been read and found right: only now is anything changed.
        parameters.Load(numbers);
        trainer.Optimizer.Restore(step, memory);
        trainer.State.Restore(step, trainer.BatchSize, loss, bestStep, bestEpoch, measurements, best);
        return step;

        double[] Read(string name, long[] shape)
        {
            if (!header.Tensors.TryGetValue(name, out SafeTensor? tensor) || !tensor.Shape.SequenceEqual(shape))
                throw new ModelFormatException(path, $"the tensor '{name}' is missing or has another shape; expected [{string.Join(", ", shape)}]");
            double[] read = SafeTensorsFile.ReadNumbers(stream, path, header, tensor);
            return Array.TrueForAll(read, double.IsFinite)
                ? read
                : throw new ModelFormatException(path, $"the tensor '{name}' has a number that is NaN or infinite; expected finite numbers");
        }
    }

    // Whatever two runs must have alike to be one run.
    private static IEnumerable<(string Name, string Text)> SettingsOf(Trainer trainer)
    {
        TrainerOptions options = trainer.Options;
        yield return ("model", Invariant($"{trainer.Model.GetType().Name} with {trainer.Optimizer.Parameters.Count} parameters"));
        yield return ("data", Invariant($"{trainer.Problem.Count} examples ({trainer.Problem.Fingerprint():x16})"));
        yield return ("optimizer", trainer.Optimizer.Description);
        yield return ("learning rate", Invariant($"{trainer.BaseLearningRate}"));
        yield return ("engine", options.Engine == GraphEngine.Eager ? "eager" : $"compiled in {options.Precision}");
        yield return (Length, LengthOf(options));
        yield return ("batches", Invariant($"of {trainer.BatchSize}"));
        yield return (Schedule, Invariant($"{options.Schedule}"));
        yield return ("clipping", Invariant($"{options.ClipNorm} and {options.ClipValue}"));
        yield return ("penalty", Invariant($"{options.L2Penalty}"));
        yield return (Looks, Invariant($"every {options.MeasureEvery} with patience {options.Patience}, best {(options.KeepBest ? "kept" : "not kept")}"));
        yield return ("seed", Invariant($"{options.Seed}"));
    }

    private static string LengthOf(TrainerOptions options) => options.Steps > 0 ? Invariant($"{options.Steps} steps") : Invariant($"{options.Epochs} epochs");

    // Of two lengths in the same unit: "400 steps" and "200 steps".
    private static bool IsLonger(string length, string than)
    {
        string[] one = length.Split(' '), other = than.Split(' ');
        return other.Length == 2 && one[1] == other[1]
            && int.TryParse(other[0], NumberStyles.None, CultureInfo.InvariantCulture, out int shorter)
            && int.Parse(one[0], CultureInfo.InvariantCulture) > shorter;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
