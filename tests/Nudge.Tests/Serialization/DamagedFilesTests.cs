// Files damaged at random: they are read or refused in the documented way, and never fill the memory.

using System.Text;
using Nudge.Tests.Data;

namespace Nudge.Tests.Serialization;

public class DamagedFilesTests
{
    [Fact]
    public void A_damaged_model_file_is_read_or_refused()
    {
        var rng = new Rng(1);
        int refused = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 4000;
        byte[][] files = [Models.BytesOf(Models.Classifier()), Models.BytesOf(Models.Regressor()), Models.BytesOf(Models.Joint())];
        for (int round = 0; round < rounds; round++)
        {
            byte[] damaged = Damage(files[rng.Next(files.Length)], rng, """{}[]":,0129.-eE\u""");
            try
            {
                TrainedModel model = Models.Load(damaged);
                Assert.Equal(model.Network.OutputCount, model.Network.Predict(new double[model.Network.InputCount]).Length);
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, rounds / 2, rounds - 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, rounds * 300_000L);
    }

    [Fact]
    public void A_model_file_that_is_cut_off_anywhere_is_refused()
    {
        byte[] file = Models.BytesOf(Models.Classifier());
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<ModelFormatException>(() => Models.Load(file[..length]));
    }

    [Theory]
    [InlineData("length,width,species\n5,3,setosa\n6,2,virginica\n5,4,setosa\n7,1,other\n")]
    [InlineData("2,2,yes,no\r\n1,2,0\r\n3,\"4\",1\r\n")]
    [InlineData("\uFEFF\"a \"\"b\"\"\";y\n1;2.5\n2;1e3\n-3;.5\n")]
    public void A_damaged_csv_file_is_read_or_refused(string text)
    {
        var rng = new Rng(2);
        int read = 0, refused = 0;
        byte[] file = Encoding.UTF8.GetBytes(text), packed = CsvFileTests.Packed(file);
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = Damage(round % 8 == 0 ? packed : file, rng, "\",;\t\r\n 019.-eNaN?");
            try
            {
                LoadedTable load = Csv.Load(Csv.Of(damaged, 100_000));
                Assert.All(load.Data.Inputs, row => Assert.All(row, number => Assert.False(double.IsInfinity(number))));
                read++;
            }
            catch (DataFormatException error)
            {
                Assert.InRange(error.Line, 1, damaged.Length + 1);
                Assert.InRange(error.Column, 1, damaged.Length + 1);
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    /// <summary>Changes a few bytes, cuts the file off, or takes a piece away or writes it twice.</summary>
    private static byte[] Damage(byte[] file, Rng rng, string notable)
    {
        byte[] damaged = [.. file];
        int start = rng.Next(file.Length), end = start + rng.Next(Math.Min(40, file.Length - start));
        switch (rng.Next(5))
        {
            case 0:
                return damaged[..start];
            case 1:
                return [.. damaged[..start], .. damaged[end..]];
            case 2:
                return [.. damaged[..end], .. damaged[start..]];
            default:
                for (int i = rng.Next(3); i >= 0; i--)
                {
                    damaged[rng.Next(damaged.Length)] = rng.Next(3) switch
                    {
                        0 => (byte)rng.Next(256),
                        _ => (byte)notable[rng.Next(notable.Length)],
                    };
                }
                return damaged;
        }
    }
}
