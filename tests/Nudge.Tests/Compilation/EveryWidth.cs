// One recorded expression as programs with one number at a time and with vectors of 128, 256 and 512 bits, whatever the machine has instructions for.

namespace Nudge.Tests.Compilation;

/// <summary>A program with vectors of one width; 1 stands for one number at a time.</summary>
internal sealed record WidthProgram(int Bits, Precision Precision, Engine Engine, Dictionary<(Precision, string), double[]> First)
{
    /// <summary>Fails where a program of another width gave other bits for the same thing. One number at a time adds up in turn.</summary>
    internal void RequireSameBits(object what, params double[] numbers)
    {
        if (Bits == 1 || First.TryAdd((Precision, $"{what}"), numbers))
            return;
        double[] first = First[(Precision, $"{what}")];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(first[i]) != BitConverter.DoubleToInt64Bits(numbers[i]) && !(double.IsNaN(first[i]) && double.IsNaN(numbers[i])))
                Assert.Fail($"{this}, {what}: number {i} is {numbers[i]:R}, with other vectors {first[i]:R}");
        }
    }

    /// <summary>How far a number may be off, of the largest that there is.</summary>
    internal double Tolerance => Precision == Precision.Single ? 1e-5 : 1e-12;

    public override string ToString() => $"{Bits} bits, {Precision}";
}

internal static class EveryWidth
{
    /// <summary>Gives the parameters numbers that float32 has too, so that both precisions compute the same thing.</summary>
    internal static void Round(ParameterList parameters)
    {
        foreach (Value parameter in parameters)
            parameter.Data = (float)parameter.Data;
    }

    /// <summary>Programs of each width in each precision.</summary>
    internal static IEnumerable<WidthProgram> Of(Recording recording, ParameterList parameters, int rootsInStep = 0)
    {
        var programs = new PlannedPrograms(Planner.Plan(recording.Tape, recording.SampleInputs.Length, recording.SampleIndices.Length, rootsInStep), rootsInStep);
        var first = new Dictionary<(Precision, string), double[]>();
        foreach (int bits in new[] { 1, 128, 256, 512 })
        {
            yield return new(bits, Precision.Single, new Engine<float>(programs, parameters, threads: 2, bits), first);
            yield return new(bits, Precision.Double, new Engine<double>(programs, parameters, threads: 2, bits), first);
        }
    }

    /// <summary>The gradients that a run adds to parameters that have none.</summary>
    internal static double[] GradientsOf(ParameterList parameters, Func<double> run, out double loss)
    {
        parameters.ZeroGradients();
        loss = run();
        return [.. parameters.Select(parameter => parameter.Grad)];
    }

    /// <summary>The largest difference between two lists, relative to the largest expected number or to 1.</summary>
    internal static double Difference(IReadOnlyList<double> expected, IReadOnlyList<double> got)
    {
        Assert.Equal(expected.Count, got.Count);
        double scale = 1, most = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            scale = Math.Max(scale, Math.Abs(expected[i]));
            // Written so that NaN counts as a difference.
            double difference = Math.Abs(expected[i] - got[i]);
            most = difference <= most ? most : difference;
        }
        return most / scale;
    }
}
