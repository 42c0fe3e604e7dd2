// Compiled programs compute what their expressions compute: random programs, both precisions, any batch, any parameters.

using System.Globalization;
using System.Text;

namespace Nudge.Tests.Compilation.Randomized;

public class RandomProgramTests
{
    // Among so many the share that is not finite, or too ill-conditioned to compare, is about a twentieth.
    private const double MostLeftOut = 0.1;

    private const ulong FirstForWidths = 1_000_000_001, FirstOfLarge = 2_000_000_001, FirstForCode = 3_000_000_001, FirstByShape = 4_000_000_001;

    private static readonly int s_count = Soak.Wanted ? 1_000_000 : 20_000;

    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Programs_give_the_numbers_and_the_gradients_of_their_expressions(Precision precision)
    {
        long compared = 0, leftOut = 0;
        ulong[] wrong = WrongOf(1, s_count, seed =>
        {
            Comparison comparison = Compare(new RandomCase(seed), precision);
            Interlocked.Add(ref compared, comparison.Compared);
            Interlocked.Add(ref leftOut, comparison.LeftOut);
            return comparison.Failure is null;
        });
        if (wrong.Length > 0)
            Assert.Fail($"Wrong are seeds {string.Join(", ", wrong)}. The first of them at its least:\n{Report(new RandomCase(wrong[0]), precision)}");
        Assert.True(leftOut <= MostLeftOut * compared, $"{leftOut} numbers were left out, beside {compared} that were compared.");
    }

    // Rows out of the order of their steps, factors of later steps in gaps, and what lanes compute whose documents have ended.
    [Theory]
    [InlineData(42131)]
    [InlineData(43948)]
    [InlineData(503021)]
    [InlineData(707842)]
    [InlineData(884298)]
    [InlineData(891662)]
    [InlineData(981225)]
    public void Sequences_that_once_were_wrong_are_right(ulong seed)
    {
        Assert.Null(Compare(new RandomCase(seed), Precision.Double).Failure);
    }

    // Sums of many examples in one order or another, numbers near the end of float32's range, differences that cancel.
    [Theory]
    [InlineData(26386)]
    [InlineData(79878)]
    [InlineData(276082)]
    [InlineData(658168)]
    public void Bounds_in_float32_hold_where_they_are_hard_to_find(ulong seed)
    {
        Assert.Null(Compare(new RandomCase(seed), Precision.Single).Failure);
    }

    // Whatever the number of threads and the width of vectors, the same bits.
    [Fact]
    public void Every_width_and_any_number_of_threads_gives_the_same_bits()
    {
        Assert.Empty(WrongOf(FirstForWidths, s_count / 20, seed => Enum.GetValues<Precision>().All(precision => IsRightAtEveryWidth(seed, precision))));
    }

    private static bool IsRightAtEveryWidth(ulong seed, Precision precision)
    {
        using RandomCase.RecordedCase recorded = new RandomCase(seed).Record();
        Measured[] expected = recorded.Expected(precision);
        double[]? before = null;
        foreach ((int bits, int threads) in new[] { (128, 1), (256, 1), (256, 3), (512, 1) })
        {
            double[] got = recorded.Got(EngineOf(recorded, precision, threads, bits));
            if (Compare(recorded, expected, got, precision).Failure is not null || (before is not null && !before.AsSpan().SequenceEqual(got)))
                return false;
            before = got;
        }
        return true;
    }

    // As simulations are planned, whatever the program is.
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Programs_planned_by_shape_give_them_too(Precision precision)
    {
        ulong[] wrong = WrongOf(FirstByShape, s_count / 4, seed => Compare(new RandomCase(seed), precision, byShape: true).Failure is null);
        if (wrong.Length > 0)
            Assert.Fail($"Wrong are seeds {string.Join(", ", wrong)}. The first of them at its least:\n{Report(new RandomCase(wrong[0]), precision, byShape: true)}");
    }

    // Emitted code, forward and backward, with one lane or several, is only faster.
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Emitted_code_gives_the_bits_of_the_interpreter(Precision precision)
    {
        int withCode = 0;
        Assert.Empty(WrongOf(FirstForCode, Soak.Wanted ? 20_000 : 120, seed =>
        {
            using RandomCase.RecordedCase recorded = new RandomCase(seed).Record();
            for (int bits = 128; bits <= 512; bits *= 2)
            {
                double[] interpreted = recorded.Got(EngineOf(recorded, precision, threads: 1, bits, EmissionMode.Never));
                Engine engine = EngineOf(recorded, precision, threads: 1, bits, EmissionMode.AtOnce);
                if (!HasSameBits(interpreted, recorded.Got(engine)))
                    return false;
                if (engine.StatementsEmitted > 0)
                    Interlocked.Increment(ref withCode);
            }
            return true;
        }));
        Assert.True(withCode > (RowMachine.IsSupported(128) ? 100 : -1), $"Only {withCode} programs had emitted code.");
    }

    private static bool HasSameBits(double[] a, double[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(a[i]) != BitConverter.DoubleToInt64Bits(b[i]) && !(double.IsNaN(a[i]) && double.IsNaN(b[i])))
                return false;
        }
        return a.Length == b.Length;
    }

    // A batch so large that it is cut into parts, which run at once.
    [Fact]
    public void Parts_of_a_batch_give_the_same_bits_on_any_number_of_threads()
    {
        Assert.Empty(WrongOf(FirstOfLarge, Soak.Wanted ? 2_000 : 20, seed =>
        {
            using RandomCase.RecordedCase recorded = new RandomCase(seed, batch: 10_000).Record();
            double[] alone = recorded.Got(EngineOf(recorded, Precision.Single, threads: 1, vectorBits: 0));
            return alone.AsSpan().SequenceEqual(recorded.Got(EngineOf(recorded, Precision.Single, threads: 3, vectorBits: 0)));
        }));
    }

    // What tests the compiler is itself tested: it sees an error of twice what it allows, wherever it is.
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Errors_of_twice_the_bound_are_found(Precision precision)
    {
        int planted = 0;
        for (ulong seed = 1; seed <= 500; seed++)
        {
            using RandomCase.RecordedCase recorded = new RandomCase(seed).Record();
            Measured[] expected = recorded.Expected(precision);
            double[] exact = Array.ConvertAll(expected, number => number.Exact);
            Assert.Null(Compare(recorded, expected, exact, precision).Failure);
            for (int i = 0; i < exact.Length; i++)
            {
                double error = 2 * expected[i].Allowance(precision);
                if (!double.IsFinite(error) || error == 0 || exact[i] + error == exact[i])
                    continue;
                planted++;
                double right = exact[i];
                exact[i] = planted % 2 == 0 ? right + error : right - error;
                Assert.NotNull(Compare(recorded, expected, exact, precision).Failure);
                exact[i] = double.NaN;
                Assert.NotEqual(expected[i].HasInfinities, Compare(recorded, expected, exact, precision).Failure is not null);
                exact[i] = right;
            }
        }
        Assert.True(planted > 1_000, $"Only {planted} errors were planted.");
    }

    // The reference is the expression: what Backward of plain values gives, up to the order of additions.
    [Fact]
    public void The_reference_is_what_plain_values_give()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var random = new RandomCase(seed);
            using RandomCase.RecordedCase recorded = random.Record();
            Measured[] expected = recorded.Expected(Precision.Double);
            Assert.True(Compare(recorded, expected, random.Eager(), Precision.Double).Failure is null, random.ToString());
        }
    }

    private static ulong[] WrongOf(ulong first, int count, Func<ulong, bool> isRight)
    {
        IEnumerable<ulong> seeds = Enumerable.Range(0, count).Select(i => first + (ulong)i);
        return Soak.Wanted
            ? [.. seeds.AsParallel().AsOrdered().Where(seed => !isRight(seed))]
            : [.. seeds.Where(seed => !isRight(seed))];
    }

    private static Engine EngineOf(RandomCase.RecordedCase recorded, Precision precision, int threads, int vectorBits, EmissionMode emission = EmissionMode.Never, bool? byShape = null)
    {
        var programs = new PlannedPrograms(
            Planner.Plan(recorded.Recording.Tape, recorded.Graph.InputCount, recorded.Recording.SampleIndices.Length, recorded.RootsInStep, byShape), recorded.RootsInStep);
        return precision == Precision.Single
            ? new Engine<float>(programs, recorded.Parameters, threads, vectorBits, emission)
            : new Engine<double>(programs, recorded.Parameters, threads, vectorBits, emission);
    }

    private static Comparison Compare(RandomCase random, Precision precision, bool? byShape = null)
    {
        using RandomCase.RecordedCase recorded = random.Record();
        try
        {
            return Compare(recorded, recorded.Expected(precision), recorded.Got(EngineOf(recorded, precision, threads: 2, vectorBits: 0, byShape: byShape)), precision);
        }
        catch (InvalidOperationException error)
        {
            return new(0, 0, error.Message); // of the verifier
        }
    }

    private static Comparison Compare(RandomCase.RecordedCase recorded, Measured[] expected, double[] got, Precision precision)
    {
        Assert.Equal(expected.Length, got.Length);
        int leftOut = 0;
        for (int i = 0; i < got.Length; i++)
        {
            switch (expected[i].Judge(got[i], precision))
            {
                case Verdict.LeftOut:
                    leftOut++;
                    break;
                case Verdict.Wrong:
                    return new(i, leftOut, FormattableString.Invariant(
                        $"{recorded.NameAt(i)} is {got[i]:R}, and should be {expected[i].Exact:R} ± {expected[i].Allowance(precision):R}"));
            }
        }
        return new(got.Length - leftOut, leftOut, null);
    }

    // The least case that is wrong as well, with every operation of it.
    private static string Report(RandomCase random, Precision precision, bool? byShape = null)
    {
        while (random.Smaller().FirstOrDefault(smaller => Compare(smaller, precision, byShape).Failure is not null) is { } smaller)
            random = smaller;
        using RandomCase.RecordedCase recorded = random.Record();
        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture, $"{random}, {precision}: {Compare(random, precision, byShape).Failure}").Append(recorded.Graph);
        return report.ToString();
    }

    /// <summary>How many numbers agree, how many were left out, and what does not agree.</summary>
    private sealed record Comparison(int Compared, int LeftOut, string? Failure);
}
