// Numbers in two precisions: the last writer's are the truth, a copy is never older than asked for, nothing is rounded in passing.

namespace Nudge.Tests.Numerics;

public unsafe class SharedNumbersTests
{
    private const double Tenth = 0.1, Third = 1.0 / 3;

    // More than any vector has, and no whole number of vectors.
    private const int Count = 37;

    [Fact]
    public void What_is_set_reads_back_exactly_whatever_was_read_in_between()
    {
        SharedNumbers numbers = Thirds();
        Assert.Equal((float)Third, numbers.Read<float>()[5]);
        Assert.Equal(Third, numbers[5]);
        numbers[5] = Tenth;
        Assert.Equal(Tenth, numbers[5]);
        Assert.Equal((float)Tenth, numbers.Read<float>()[5]);
        Assert.Equal(Third, numbers.Read<double>()[6]);
        GC.KeepAlive(numbers);
    }

    [Fact]
    public void Whoever_wrote_all_of_them_in_single_precision_owns_them()
    {
        SharedNumbers numbers = Thirds();
        new Span<float>(numbers.Read<float>(), Count).Fill(0.1f);
        numbers.Wrote<float>(0, Count);
        Assert.Equal(Precision.Single, numbers.LastWriter);
        Assert.Equal(0.1f, numbers[Count - 1]);
        Assert.All(new Span<double>(numbers.Read<double>(), Count).ToArray(), number => Assert.Equal(0.1f, number));

        // Setting one gives all of them to the other precision, which loses nothing.
        numbers[3] = Tenth;
        Assert.Equal(Precision.Double, numbers.LastWriter);
        Assert.Equal(Tenth, numbers[3]);
        Assert.Equal(0.1f, numbers[4]);
        GC.KeepAlive(numbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Writing_some_in_single_precision_rounds_no_other(bool setOneBefore)
    {
        SharedNumbers numbers = Thirds();
        float* single = numbers.Read<float>();
        if (setOneBefore)
            numbers[2] = Tenth; // after the other precision's numbers were asked for
        new Span<float>(single + 10, 20).Fill(0.25f);
        numbers.Wrote<float>(10, 20);
        for (int i = 0; i < Count; i++)
            Assert.Equal(i is >= 10 and < 30 ? 0.25 : i == 2 && setOneBefore ? Tenth : Third, numbers[i]);
        single = numbers.Read<float>();
        for (int i = 0; i < Count; i++)
            Assert.Equal((float)numbers[i], single[i]);
        GC.KeepAlive(numbers);
    }

    [Fact]
    public void Addresses_never_change()
    {
        SharedNumbers numbers = Thirds();
        double* wide = numbers.Read<double>();
        float* single = numbers.Read<float>();
        for (int round = 0; round < 3; round++)
        {
            single[0] = round;
            numbers.Wrote<float>(0, Count);
            Assert.True(wide == numbers.Read<double>());
            Assert.Equal(round, wide[0]);
            numbers[0] = -round;
            Assert.True(single == numbers.Read<float>());
            Assert.Equal(-round, single[0]);
        }
        GC.KeepAlive(numbers);
    }

    [Fact]
    public void The_version_changes_with_the_numbers_and_not_with_reading()
    {
        SharedNumbers numbers = Thirds();
        int version = numbers.Version;
        numbers.Read<float>();
        _ = numbers[0];
        Assert.Equal(version, numbers.Version);
        numbers[0] = 1;
        numbers[1] = 1;
        Assert.NotEqual(version, version = numbers.Version);
        numbers.Read<float>()[0] = 2;
        numbers.Wrote<float>(0, 1);
        Assert.NotEqual(version, version = numbers.Version);
        numbers.Wrote<float>(0, Count);
        Assert.NotEqual(version, version = numbers.Version);
        numbers.Read<double>();
        Assert.Equal(version, numbers.Version);
    }

    [Fact]
    public void What_begins_in_single_precision_has_zeros()
    {
        var numbers = new SharedNumbers(Count, Precision.Single);
        Assert.Equal(0, numbers[Count - 1]);
        Assert.Equal(0, numbers.Read<double>()[Count - 1]);
        numbers[7] = Third;
        Assert.Equal(Third, numbers[7]);
    }

    [Fact]
    public void Threads_that_write_in_both_precisions_leave_one_truth()
    {
        // Each writes one number of its own over and over; the precisions agree whenever all rest.
        for (int round = 0; round < (Soak.Wanted ? 2_000 : 50); round++)
        {
            SharedNumbers numbers = Thirds();
            Parallel.For(0, 4, writer =>
            {
                for (int i = 1; i <= 200; i++)
                {
                    int place = 9 * writer;
                    if (writer % 2 == 0)
                    {
                        numbers[place] = i;
                    }
                    else
                    {
                        numbers.Read<float>()[place] = i;
                        numbers.Wrote<float>(place, 1);
                    }
                    double read = writer == 0 ? numbers.Read<double>()[9] : numbers.Read<float>()[0];
                    Assert.True(read == Third || read == (float)Third || (read >= 1 && read <= 200 && read == Math.Floor(read)), $"{read} was never written.");
                }
            });
            float* single = numbers.Read<float>();
            double* wide = numbers.Read<double>();
            for (int i = 0; i < Count; i++)
            {
                Assert.Equal((float)wide[i], single[i]);
                Assert.Equal(wide[i], numbers[i]);
            }
            GC.KeepAlive(numbers);
        }
    }

    private static SharedNumbers Thirds()
    {
        var numbers = new SharedNumbers(Count, Precision.Double);
        for (int i = 0; i < Count; i++)
            numbers[i] = Third;
        return numbers;
    }
}
