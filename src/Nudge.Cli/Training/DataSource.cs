// Where the examples come from: a file, or a generator.

namespace Nudge.Cli;

/// <param name="Data">The examples, in their own units.</param>
/// <param name="Name">Where they come from, in words.</param>
/// <param name="Reason">What is predicted, and why that.</param>
internal sealed record DataSource(Dataset Data, string Name, string Reason)
{
    private const int DefaultPoints = 100;

    /// <summary>The generators: how many points they need at least (0: they have their own), and their usual noise.</summary>
    private static readonly Dictionary<string, (int LeastPoints, double? Noise)> s_generators = new()
    {
        ["moons"] = (2, 0.1),
        ["circles"] = (2, 0.05),
        ["spirals"] = (2, 0.02),
        ["blobs"] = (3, 0.2),
        ["xor"] = (0, null),
        ["yin-yang"] = (3, null),
        ["sine"] = (2, 0.05),
        ["lesson"] = (0, null),
    };

    internal static IReadOnlyList<string> Generators { get; } = [.. s_generators.Keys];

    /// <summary>What the columns of the file are; null for points.</summary>
    internal TableSchema? Schema => Data.Schema;

    /// <summary>What was read from the file; null for points.</summary>
    internal TableReading? Reading { get; private init; }

    /// <summary>The file itself, where its cells are wanted after training: its text is as large again as what was read.</summary>
    internal CsvFile? File { get; private init; }

    /// <summary>What a person should know about the file.</summary>
    internal IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>Whether a class is predicted, be it beside numbers.</summary>
    internal bool IsClassification => Data.HasClasses;

    /// <summary>What is predicted, in a word.</summary>
    internal string Task => !Data.HasClasses ? "regression" : Data.TargetClasses.Contains(null) ? "mixed" : "classification";

    internal static DataSource FromFile(CsvFile file, TrainSettings settings)
    {
        TableSchema schema = settings.FromSchema ?? TableSchema.Infer(file, settings.Columns);
        TableReading reading = schema.Read(file);
        if (settings.SplitsByTime && reading.Times is null)
            throw new UserException("--split time: no column has dates, and none are numbers named year and month (with day and hour, if there are such); leave it out, or name one that has dates (--dates COLUMN)");
        return new DataSource(reading.Data!, file.Path, settings.From is null ? schema.Target.Reason : Continuation.Reason(schema.Target, settings.From))
        {
            Reading = reading,
            File = settings.Report is null ? null : file,
            Remarks = [.. file.Remarks, .. schema.Remarks, .. settings.FromSchema is null ? [] : reading.Remarks],
        };
    }

    /// <exception cref="UserException">The generator has no such setting.</exception>
    internal static DataSource Generated(string name, int? points, double? noise, Rng rng)
    {
        (int count, double? chosenNoise) = SettingsOf(name, points, noise);
        double deviation = chosenNoise ?? 0;
        Dataset data = name switch
        {
            "moons" => Generate.Moons(count, deviation, rng),
            "circles" => Generate.Circles(count, deviation, rng),
            "spirals" => Generate.Spirals(count, deviation, rng),
            "blobs" => Generate.Blobs(count, deviation, rng),
            "xor" => Generate.Xor(),
            "yin-yang" => Generate.YinYang(count, rng),
            "sine" => Generate.Sine(count, deviation, rng),
            "lesson" => Generate.Lesson(),
            _ => throw new InvalidOperationException($"There is no generator {name}."),
        };
        string reason = data.Classes is null
            ? $"{data.TargetName} is a number: regression"
            : $"{data.TargetName} is one of {data.Classes.Count}: classification";
        return new DataSource(data, chosenNoise is null ? name : $"{name} with noise {Text.Number(deviation)}", reason);
    }

    /// <summary>How many points a generator makes, and how far they are scattered; null where they are not.</summary>
    /// <exception cref="UserException">The generator has no such setting.</exception>
    internal static (int Count, double? Noise) SettingsOf(string name, int? points, double? noise)
    {
        (int leastPoints, double? usualNoise) = s_generators[name];
        if (points is not null && leastPoints == 0)
            throw new UserException($"--points: {name} always has the same four examples; leave it out");
        if (noise is not null && usualNoise is null)
            throw new UserException($"--noise: {name} has none; leave it out");
        int count = points ?? DefaultPoints;
        if (leastPoints > 0 && count < leastPoints)
            throw new UserException($"--points: expected at least {leastPoints} for {name}, got {count}");
        return (count, noise ?? usualNoise);
    }
}
