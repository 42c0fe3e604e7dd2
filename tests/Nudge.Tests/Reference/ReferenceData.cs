// The numbers that tools/reference/make_reference.py wrote, and how closely ours have to agree with them.

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nudge.Tests.Reference;

internal static class ReferenceData
{
    // Ours and PyTorch's exp, log, tanh and pow come from different libraries and differ in their last bits, so equal
    // bits cannot be asked for.
    private const double Relative = 1e-12;

    // Where a derivative is a difference of two numbers near 1, such as 1 − y² of tanh or σ(z) − t, one rounding of y is
    // all that is left of it. This is 4.5 roundings of 1.
    private const double Absolute = 1e-15;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(), new ActivationConverter() },
    };

    internal static IReadOnlyList<T> Load<T>(string name)
    {
        using Stream stream = typeof(ReferenceData).Assembly.GetManifestResourceStream($"{name}.json")
            ?? throw new InvalidOperationException($"There is no reference file {name}.json.");
        T[] cases = JsonSerializer.Deserialize<T[]>(stream, s_options)!;
        Assert.NotEmpty(cases);
        return cases;
    }

    internal static void AssertClose(double expected, double actual, string what)
    {
        bool close = expected.Equals(actual) || expected == actual
            || Math.Abs(expected - actual) <= Relative * Math.Abs(expected) + Absolute;
        Assert.True(close, $"{what}: expected {expected:R}, got {actual:R}");
    }

    internal static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            AssertClose(expected[i], actual[i], $"{what}[{i}]");
    }

    /// <summary>The greatest difference between two lists, as a share of the greatest expected number.</summary>
    internal static double WorstError(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(actual, number => Assert.True(double.IsFinite(number)));
        return expected.Zip(actual, (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max() / expected.Select(Math.Abs).DefaultIfEmpty(1).Max();
    }

    /// <summary>The numbers that make_reference.py gives weights and inputs: in [−½, ½], and the same to the last bit.</summary>
    internal static double[] Pattern(int count, int start = 0) =>
        [.. Enumerable.Range(start, count).Select(i => (i * 7919 % 1009 - 504) / 1008.0)];

    private sealed class ActivationConverter : JsonConverter<Activation>
    {
        public override Activation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string name = reader.GetString()!;
            return Activation.All.Single(activation => activation.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        public override void Write(Utf8JsonWriter writer, Activation value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}
