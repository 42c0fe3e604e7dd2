// A network with everything that it takes to use it on raw data.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// A trained network together with the scales of its data and the names of its inputs and classes: what a model file
/// holds. It takes and gives numbers in the data's own units.
/// </summary>
public sealed class TrainedModel
{
    private readonly Lazy<Predictor?> _predictor;
    private readonly Lazy<Predictor> _predictorInSingle;
    private readonly (Objective Objective, bool IsClass, Range Outputs, Range Results)[] _parts;

    /// <summary>Puts a model together. The network is not copied: training it further changes the model.</summary>
    /// <param name="network">The network, which sees standardised inputs.</param>
    /// <param name="objective">What it was trained for, which says how its outputs are read.</param>
    /// <param name="inputNames">A name for each input.</param>
    /// <param name="targetName">What is predicted.</param>
    /// <param name="classes">The names of the classes; null for regression.</param>
    /// <param name="inputs">The scales of the inputs.</param>
    /// <param name="targets">For regression, the scales of the targets; null if the network gives them as they are.</param>
    /// <exception cref="ArgumentException">The parts do not fit together; the message says where.</exception>
    [OverloadResolutionPriority(1)]
    public TrainedModel(
        Network network,
        Objective objective,
        IReadOnlyList<string> inputNames,
        string targetName,
        IReadOnlyList<string>? classes,
        Standardizer inputs,
        Standardizer? targets = null)
        : this(network, objective, inputNames, targetName, classes is null ? new IReadOnlyList<string>?[network?.OutputCount ?? 1] : [classes], inputs, targets)
    {
    }

    /// <summary>Puts a model of several targets together, classes and numbers in any mix.</summary>
    /// <param name="network">The network, which sees standardised inputs.</param>
    /// <param name="objective">What it was trained for: <see cref="Objective.Joint"/> where some targets are classes.</param>
    /// <param name="inputNames">A name for each input.</param>
    /// <param name="targetName">What is predicted, all of it.</param>
    /// <param name="targetClasses">For each target the names of its classes, or null for a number.</param>
    /// <param name="inputs">The scales of the inputs.</param>
    /// <param name="targets">The scales of the targets, those of classes with mean 0 and scale 1; null if the network gives numbers as they are.</param>
    /// <exception cref="ArgumentException">The parts do not fit together; the message says where.</exception>
    public TrainedModel(
        Network network,
        Objective objective,
        IReadOnlyList<string> inputNames,
        string targetName,
        IReadOnlyList<IReadOnlyList<string>?> targetClasses,
        Standardizer inputs,
        Standardizer? targets = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(targetClasses);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(inputNames);
        ArgumentNullException.ThrowIfNull(targetName);
        ArgumentNullException.ThrowIfNull(inputs);
        RequireDifferent([.. inputNames, targetName], nameof(inputNames));
        foreach (IReadOnlyList<string>? classes in targetClasses)
            RequireDifferent(classes ?? [], nameof(targetClasses));
        int withoutRamps = network.InputCount - (inputs.OutputCount - inputs.Means.Count);
        if (inputNames.Count != withoutRamps)
            throw new ArgumentException($"Expected a name for each of {withoutRamps} inputs, got {inputNames.Count}.", nameof(inputNames));
        RequireScales(inputs, inputNames.Count, nameof(inputs));
        int outputs = objective.OutputCount(targetClasses, targetName);
        if (outputs != network.OutputCount)
            throw new ArgumentException($"The network gives {network.OutputCount} outputs, and {objective.Name} needs {outputs} for these targets.", nameof(network));
        if (targets is not null)
        {
            RequireScales(targets, targetClasses.Count, nameof(targets));
            if (targetClasses.Where((classes, t) => classes is not null && (targets.Means[t] != 0 || targets.Scales[t] != 1)).Any())
                throw new ArgumentException("Classes have no scale; expected mean 0 and scale 1 for them, or no scales of the targets.", nameof(targets));
        }
        _parts = PartsOf(objective, network.OutputCount, targetClasses);
        _predictor = new(MakePredictor);
        _predictorInSingle = new(() => new Predictor(this, Precision.Single));
        Network = network;
        Objective = objective;
        InputNames = inputNames;
        TargetName = targetName;
        TargetClasses = targetClasses;
        Inputs = inputs;
        Targets = targets;
        Schema = TableSchema.OfNumbers(inputNames, targetName, Classes, null);
    }

    /// <summary>The network, which sees standardised inputs, and their ramps where <see cref="Inputs"/> has some.</summary>
    public Network Network { get; }

    /// <summary>A name for each number that the network takes: those of the inputs, and then of the ramps of <see cref="Standardizer.Knots"/>.</summary>
    public IReadOnlyList<string> NetworkInputNames => Inputs.OutputNames(InputNames);

    /// <summary>What it was trained for.</summary>
    public Objective Objective { get; }

    /// <summary>A name for each input.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>What is predicted.</summary>
    public string TargetName { get; }

    /// <summary>The name of each target: of one alone its own; of several those of their columns.</summary>
    public IReadOnlyList<string> TargetNames => TableTarget.NamesOf(Schema, TargetName, TargetClasses.Count);

    /// <summary>For each target the names of its classes, or null for a number.</summary>
    public IReadOnlyList<IReadOnlyList<string>?> TargetClasses { get; }

    /// <summary>The names of the classes of the only target; null where it is a number, and where there are several.</summary>
    public IReadOnlyList<string>? Classes => TargetClasses is [var only] ? only : null;

    /// <summary>Each target with its name, its classes, and where it stands in what the network gives and in what is predicted.</summary>
    public IReadOnlyList<ModelTarget> EachTarget =>
        [.. _parts.Select((part, t) => new ModelTarget(TargetNames[t], TargetClasses[t], part.Objective, part.Outputs, part.Results))];

    /// <summary>
    /// What the columns of a table become to be this model's inputs. Default: each input is a column of numbers.
    /// </summary>
    /// <exception cref="ArgumentException">The schema is of other inputs, or of another target.</exception>
    public TableSchema Schema
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.InputNames.SequenceEqual(InputNames, StringComparer.Ordinal))
                throw new ArgumentException($"The columns become {value.InputNames.Count} inputs that are not the {InputNames.Count} of the model; expected the same in the same order.", nameof(value));
            // Several targets may have no columns of their own.
            bool haveColumns = TargetClasses.Count == 1 || value.Target.Columns is not [{ Classes: null }];
            if (value.Target.Name != TargetName || (haveColumns && !AreSame(TargetClasses, [.. value.Target.Columns.Select(column => column.Classes)])))
                throw new ArgumentException($"The schema predicts '{value.Target.Name}', and the model '{TargetName}'; expected the same target with the same classes.", nameof(value));
            field = value;
        }
    }

    /// <summary>The same model for tables of a schema.</summary>
    /// <param name="schema">What the columns of a table become to be this model's inputs.</param>
    /// <exception cref="ArgumentException">The schema is of other inputs, or of another target.</exception>
    public TrainedModel With(TableSchema schema) => new(Network, Objective, InputNames, TargetName, TargetClasses, Inputs, Targets) { Schema = schema };

    /// <summary>The same model, with outputs that are read otherwise.</summary>
    /// <param name="objective">How they are read, as with another <see cref="Objective.Threshold"/>.</param>
    /// <exception cref="ArgumentException">The objective does not suit the network or its classes.</exception>
    public TrainedModel With(Objective objective) => new(Network, objective, InputNames, TargetName, TargetClasses, Inputs, Targets) { Schema = Schema };

    /// <summary>The scales of the inputs.</summary>
    public Standardizer Inputs { get; }

    /// <summary>The scales of the targets, which those of classes leave as they are; null if the network gives all as they are.</summary>
    public Standardizer? Targets { get; }

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">A file that <see cref="Save(string)"/> has written.</param>
    /// <exception cref="ModelFormatException">The file is damaged, foreign or of another version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel Load(string path) => Load(path, ModelParts.None);

    /// <param name="path">A file that <see cref="Save(string)"/> has written.</param>
    /// <param name="parts">Parts of your own that it may have.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static TrainedModel Load(string path, ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return ModelSource.Read(path, (stream, name) => ModelFile.Load(stream, name, parts));
    }

    /// <summary>Reads a model from a stream, to its end.</summary>
    /// <param name="stream">What <see cref="Save(Stream)"/> has written.</param>
    /// <exception cref="ModelFormatException">The content is damaged, foreign or of another version.</exception>
    public static TrainedModel Load(Stream stream) => Load(stream, ModelParts.None);

    /// <param name="stream">What <see cref="Save(Stream)"/> has written.</param>
    /// <param name="parts">Parts of your own that it may have.</param>
    /// <inheritdoc cref="Load(Stream)"/>
    public static TrainedModel Load(Stream stream, ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return ModelSource.Read(stream, (content, name) => ModelFile.Load(content, name, parts));
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="bytes">What <see cref="Save(Stream)"/> has written.</param>
    /// <exception cref="ModelFormatException">The content is damaged, foreign or of another version.</exception>
    public static TrainedModel Load(ReadOnlyMemory<byte> bytes) => Load(bytes, ModelParts.None);

    /// <param name="bytes">What <see cref="Save(Stream)"/> has written.</param>
    /// <param name="parts">Parts of your own that it may have.</param>
    /// <inheritdoc cref="Load(ReadOnlyMemory{byte})"/>
    public static TrainedModel Load(ReadOnlyMemory<byte> bytes, ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return ModelSource.Read(bytes, (content, name) => ModelFile.Load(content, name, parts));
    }

    /// <summary>
    /// Writes the model to a file, in the safetensors format. A file of that name is replaced once the new one is whole;
    /// loading it gives a model that predicts the same bits.
    /// </summary>
    /// <param name="path">The file, in a directory that exists.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or the network does not say how it is made again.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelFile.RequireFinite(Network.Parameters);
        AtomicFile.Write(path, stream => ModelFile.Save(this, stream));
    }

    /// <summary>Writes the model to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or the network does not say how it is made again.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelFile.RequireFinite(Network.Parameters);
        ModelFile.Save(this, stream);
    }

    /// <summary>
    /// Raw examples as the network sees them: inputs, and targets that are numbers, standardised. Each is computed whenever it is
    /// looked at, so that they take no memory beside the raw ones.
    /// </summary>
    /// <param name="raw">Examples in the data's own units.</param>
    /// <exception cref="ArgumentException">The examples have other inputs, targets or classes than the model.</exception>
    public Dataset Prepare(Dataset raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw.InputCount != InputNames.Count)
            throw new ArgumentException($"The model takes {InputNames.Count} inputs, and the data has {raw.InputCount}.", nameof(raw));
        if (raw.TargetCount != TargetClasses.Count)
            throw new ArgumentException($"The model predicts {TargetClasses.Count} targets, and the data has {raw.TargetCount}.", nameof(raw));
        if (!AreSame(raw.TargetClasses, TargetClasses))
            throw new ArgumentException("The model and the data have different classes; expected the same in the same order.", nameof(raw));
        return raw.Scaled(Inputs, Targets);
    }

    /// <summary>
    /// For each target after the other the probability of each of its classes (for the hinge, which knows none, 1 for the class
    /// chosen), or the number predicted. A <see cref="Predictor"/> is made when this is first called, and gives the same into room of
    /// one's own.
    /// </summary>
    /// <param name="rawInputs">The inputs in the data's own units.</param>
    /// <exception cref="ArgumentException">There are too many or too few, or one is not finite; the message says which.</exception>
    public double[] Predict(params ReadOnlySpan<double> rawInputs) =>
        PredictorIn(Precision.Double) is { } predictor ? predictor.Predict(rawInputs) : Read(Network.Predict(Inputs.Apply(RequireInputs(rawInputs))));

    /// <summary>What <see cref="Predict(ReadOnlySpan{double})"/> gives for many rows, computed together.</summary>
    /// <param name="rawRows">Rows of inputs in the data's own units; NaN where a number is missing.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    public double[][] Predict(
        IReadOnlyList<double[]> rawRows, GraphEngine engine = GraphEngine.Compiled, Precision precision = Precision.Double)
    {
        ArgumentNullException.ThrowIfNull(rawRows);
        return engine == GraphEngine.Compiled && PredictorIn(precision) is { } predictor
            ? predictor.PredictTable(rawRows)
            : Array.ConvertAll(DatasetPredictor.Eager(Network).Predict([.. rawRows.Select(Inputs.Apply)]), Read);
    }

    /// <summary>The class that probabilities of <see cref="Predict(ReadOnlySpan{double})"/> stand for, as its place in <see cref="Classes"/>.</summary>
    /// <param name="probabilities">The probability of each class.</param>
    public int ClassOfProbabilities(IReadOnlyList<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (Classes is null || probabilities.Count != Classes.Count)
            throw new ArgumentException($"Expected the probability of each of {Classes?.Count ?? 0} classes of one target, got {probabilities.Count}.", nameof(probabilities));
        return Objective.ClassOfProbabilities([.. probabilities]);
    }

    /// <summary>The class predicted, as its place in <see cref="Classes"/>.</summary>
    /// <param name="rawInputs">The inputs in the data's own units.</param>
    /// <exception cref="InvalidOperationException">The model predicts a number, or several targets.</exception>
    /// <exception cref="ArgumentException">There are too many or too few, or one is not finite; the message says which.</exception>
    public int ClassOf(params ReadOnlySpan<double> rawInputs) => PredictorIn(Precision.Double) is { } predictor
        ? predictor.ClassOf(rawInputs)
        : Objective.ClassOf(Network.Predict(Inputs.Apply(RequireInputs(rawInputs))));

    /// <summary>How good the model is on raw examples. The loss of numbers is that of standardised targets.</summary>
    /// <param name="raw">Examples in the data's own units.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    /// <exception cref="ArgumentException">The examples have other inputs, targets or classes than the model.</exception>
    public Metrics Measure(Dataset raw, GraphEngine engine = GraphEngine.Compiled, Precision precision = Precision.Double) =>
        DatasetPredictor.For(Network, engine, precision).Measure(Objective, Prepare(raw));

    /// <summary>Reads a table as this model needs it: by the names of its columns, where it has some.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The file is no table of equally long rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CsvFile ReadTable(string path, CsvFormat? format = null) => CsvFile.Read(path, Schema.Expecting(format));

    /// <summary>The same of text that is no file.</summary>
    /// <param name="reader">The text; it is read to its end.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The text is no table of equally long rows.</exception>
    public CsvFile ReadTable(TextReader reader, CsvFormat? format = null) => CsvFile.Read(reader, Schema.Expecting(format));

    /// <summary>The same from a stream, to its end.</summary>
    /// <param name="stream">The text, plain or packed with gzip.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The text is no table of equally long rows.</exception>
    public CsvFile ReadTable(Stream stream, CsvFormat? format = null) => CsvFile.Read(stream, Schema.Expecting(format));

    /// <summary>The same of a table that lies in memory.</summary>
    /// <param name="bytes">The text, plain or packed with gzip.</param>
    /// <param name="format">How it is written, where that is not to be found.</param>
    /// <exception cref="DataFormatException">The text is no table of equally long rows.</exception>
    public CsvFile ReadTable(ReadOnlyMemory<byte> bytes, CsvFormat? format = null) => CsvFile.Read(bytes, Schema.Expecting(format));

    /// <summary>The model's inputs from a file. A missing value, or one that was not there in training, is none to refuse.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DataFormatException">A column does not exist.</exception>
    public TableReading InputsFrom(CsvFile file) => Schema.ReadInputs(file);

    /// <summary>Examples to measure the model with from a file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DataFormatException">A column does not exist, or the model does not know a class.</exception>
    public TableReading ExamplesFrom(CsvFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (TargetClasses.Count != Schema.Target.Columns.Count)
            throw file.Error($"the model predicts {TargetClasses.Count} targets, and does not know their columns; expected a model that was trained on a file");
        return Schema.Read(file);
    }

    /// <summary>Predicts for records of one's own, whose properties are named as the columns trained on.</summary>
    /// <typeparam name="T">The records.</typeparam>
    /// <param name="records">The records.</param>
    /// <returns>For each what <see cref="Predict(ReadOnlySpan{double})"/> gives.</returns>
    /// <exception cref="DataFormatException">A property does not exist.</exception>
    public double[][] PredictRecords<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> records) =>
        Predict(InputsFrom(RecordTable.Of(records)).Rows);

    private double[] RequireInputs(ReadOnlySpan<double> rawInputs)
    {
        if (rawInputs.Length != InputNames.Count)
            throw new ArgumentException($"Expected {InputNames.Count} inputs, got {rawInputs.Length}.", nameof(rawInputs));
        for (int i = 0; i < rawInputs.Length; i++)
        {
            if (!double.IsFinite(rawInputs[i]) && !(double.IsNaN(rawInputs[i]) && Schema.MayBeMissing(i)))
                throw new ArgumentException($"The input '{InputNames[i]}' is {rawInputs[i]}; expected a finite number.", nameof(rawInputs));
        }
        return rawInputs.ToArray();
    }

    /// <summary>The network's outputs as what they stand for.</summary>
    internal double[] Read(double[] outputs)
    {
        var results = new double[ResultCount];
        Read(outputs, results);
        return results;
    }

    /// <summary>How many numbers are predicted for a row.</summary>
    internal int ResultCount => _parts[^1].Results.End.Value;

    /// <summary>The same into room for it.</summary>
    internal void Read(ReadOnlySpan<double> outputs, Span<double> results)
    {
        for (int t = 0; t < _parts.Length; t++)
        {
            (Objective objective, bool isClass, Range from, Range to) = _parts[t];
            if (isClass)
                objective.Probabilities(outputs[from], results[to]);
            else
                results[to.Start] = Targets is null ? outputs[from.Start] : outputs[from.Start] * Targets.Scales[t] + Targets.Means[t];
        }
    }

    private static (Objective Objective, bool IsClass, Range Outputs, Range Results)[] PartsOf(Objective objective, int outputs, IReadOnlyList<IReadOnlyList<string>?> targetClasses)
    {
        int start = 0;
        return [.. objective.PartsOf(outputs).Select((part, t) =>
        {
            int first = start;
            start += targetClasses[t]?.Count ?? 1;
            return (part.Objective, targetClasses[t] is not null, part.Outputs, first..start);
        })];
    }

    private static bool AreSame(IReadOnlyList<IReadOnlyList<string>?> a, IReadOnlyList<IReadOnlyList<string>?> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => (pair.First ?? []).SequenceEqual(pair.Second ?? [], StringComparer.Ordinal));

    private Predictor? PredictorIn(Precision precision) => precision == Precision.Double ? _predictor.Value : _predictorInSingle.Value;

    // A network that branches on its inputs is computed value by value.
    private Predictor? MakePredictor()
    {
        try
        {
            return new Predictor(this);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void RequireDifferent(IReadOnlyList<string> names, string parameter)
    {
        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"The name '{twice}' stands for two of them; expected different names.", parameter);
    }

    private static void RequireScales(Standardizer scales, int count, string parameter)
    {
        if (scales.Means.Count != count || scales.Scales.Count != count)
            throw new ArgumentException($"Expected {count} means and scales, got {scales.Means.Count} and {scales.Scales.Count}.", parameter);
        if (!scales.Means.All(double.IsFinite) || !scales.Scales.All(scale => scale > 0 && double.IsFinite(scale)))
            throw new ArgumentException("Expected finite means, and finite scales above 0.", parameter);
        if (scales.Knots.Count > 0 && scales.Knots.Count != count)
            throw new ArgumentException($"Expected knots for each of {count} columns, or for none, got {scales.Knots.Count}.", parameter);
        if (scales.Knots.Any(knots => !knots.All(double.IsFinite) || knots.Zip(knots.Skip(1)).Any(pair => !(pair.First < pair.Second))))
            throw new ArgumentException("Expected finite knots, each above the one before.", parameter);
    }
}
