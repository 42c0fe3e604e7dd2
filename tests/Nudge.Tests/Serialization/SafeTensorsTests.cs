// The safetensors format itself: what we write, by a reader of the test's own, and what we refuse to read.

using System.IO.Compression;
using System.Text.Json;

namespace Nudge.Tests.Serialization;

public class SafeTensorsTests
{
    [Fact]
    public void Another_reader_finds_the_same_numbers()
    {
        (string, IReadOnlyList<int>, double[])[] tensors = [("a", [2, 3], [1, -2, 0.1, double.MaxValue, double.Epsilon, -0.0]), ("none", [0, 4], []), ("ü\"", [], [3])];
        var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [("note", "a \"b\"\n")], tensors);
        byte[] file = stream.ToArray();

        int headerLength = (int)BitConverter.ToUInt64(file);
        Assert.Equal(0, headerLength % 8);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        Assert.Equal("a \"b\"\n", header.RootElement.GetProperty("__metadata__").GetProperty("note").GetString());
        int end = 0;
        foreach ((string name, IReadOnlyList<int> shape, double[] numbers) in tensors)
        {
            JsonElement entry = header.RootElement.GetProperty(name);
            Assert.Equal("F64", entry.GetProperty("dtype").GetString());
            Assert.Equal(shape, entry.GetProperty("shape").EnumerateArray().Select(count => count.GetInt32()));
            Assert.Equal([end, end += 8 * numbers.Length], entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32()));
            double[] read = [.. numbers.Select((_, i) => BitConverter.ToDouble(file, 8 + headerLength + end - 8 * numbers.Length + 8 * i))];
            Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), read.Select(BitConverter.DoubleToInt64Bits));
        }
        Assert.Equal(file.Length, 8 + headerLength + end);
    }

    [Fact]
    public void Tensors_of_F32_and_F64_are_read_wherever_they_stand()
    {
        byte[] data = [.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2.5f), .. BitConverter.GetBytes(float.NaN)];
        byte[] file = Models.File(
            """{"late":{"dtype":"F32","shape":[3,1],"data_offsets":[8,20]},"early":{"shape":[],"data_offsets":[0,8],"dtype":"F64"}}   """, data);
        var stream = new MemoryStream(file);
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, "f");
        Assert.Empty(header.Metadata);
        Assert.Equal([3, 1], header.Tensors["late"].Shape);
        Assert.Equal([1.5, -2.5, double.NaN], SafeTensorsFile.ReadNumbers(stream, "f", header, header.Tensors["late"]));
        Assert.Equal([0.5], SafeTensorsFile.ReadNumbers(stream, "f", header, header.Tensors["early"]));
    }

    [Fact]
    public void Tensors_longer_than_a_read_are_read_whole()
    {
        double[] numbers = [.. Enumerable.Range(0, 100_001).Select(i => Math.Sqrt(i))];
        var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [], [("long", [numbers.Length], numbers)]);
        stream.Position = 0;
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, "f");
        Assert.Equal(numbers, SafeTensorsFile.ReadNumbers(stream, "f", header, header.Tensors["long"]));
    }

    [Fact]
    public void Known_types_that_hold_no_such_numbers_are_described_but_not_read()
    {
        var stream = new MemoryStream(Models.File("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", 4));
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, "f");
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => SafeTensorsFile.ReadNumbers(stream, "f", header, header.Tensors["a"]));
        Assert.Equal("f: the tensor 'a' is of type BF16; expected F64 or F32", error.Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}""", 8, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8],}}""", 8, "not valid JSON")]
    [InlineData("""{"a":1,"a":2}""", 0, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F64","shape":[[1]],"data_offsets":[0,8]}}""", 8, "not valid JSON")]
    [InlineData("{\"a\":{\"dtype\":\"\\ud800\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "a text of whole characters")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "not valid JSON")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", 0, "not valid JSON")]
    [InlineData("", 0, "not valid JSON")]
    [InlineData("[]", 0, "list")]
    [InlineData("""{"__metadata__":{"x":1}}""", 0, "'x' has a number 1; expected a text")]
    [InlineData("""{"__metadata__":"x"}""", 0, "'__metadata__' has a text; expected an object")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,8]}}""", 8, "has no 'dtype'")]
    [InlineData("""{"a":{"dtype":"F64","data_offsets":[0,8]}}""", 8, "has no 'shape'")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1]}}""", 8, "has no 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"F65","shape":[1],"data_offsets":[0,8]}}""", 8, "unknown type 'F65'")]
    [InlineData("""{"a":{"dtype":"F64","shape":1,"data_offsets":[0,8]}}""", 8, "expected a list")]
    [InlineData("""{"a":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}""", 8, "expected a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1.0],"data_offsets":[0,8]}}""", 8, "expected a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,1e1]}}""", 8, "expected a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 8, "expected a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8,8]}}""", 8, "no proper data_offsets")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}""", 8, "no proper data_offsets")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", 8, "has 8 bytes; expected 16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, "has 8 bytes; expected 4")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4294967296,4294967296,2],"data_offsets":[0,0]}}""", 0, "larger than any file")]
    [InlineData("""{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,8]}}""", 8, "larger than any file")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 7, "the tensors take 8 bytes, and 7 follow")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 9, "the tensors take 8 bytes, and 9 follow")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", 16, "begins at byte 8 of the data; expected 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8, "begins at byte 0 of the data; expected 8")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", 16, "begins at byte 8 of the data; expected 16")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1000000000],"data_offsets":[0,8000000000]}}""", 8, "the tensors take 8000000000 bytes, and 8 follow")]
    public void Headers_that_do_not_agree_with_the_file_are_refused(string header, int dataLength, string words) =>
        Models.Refused(words, Models.File(header, dataLength));

    [Fact]
    public void Lengths_beyond_the_file_or_the_limit_are_refused_before_room_is_made_for_them()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Models.Refused("has 0 bytes", []);
        Models.Refused("has 7 bytes", new byte[7]);
        Models.Refused("said to have 18446744073709551615 bytes; expected at most 2", [255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}']);
        Models.Refused("said to have 3 bytes; expected at most 2", [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);
        Models.Refused("the header is not UTF-8", [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xFF, (byte)'}']);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        using var folder = new TemporaryFolder();
        using (FileStream large = File.Create(folder.File("large")))
        {
            large.Write(BitConverter.GetBytes((ulong)SafeTensorsHeader.MaxLength + 1));
            large.SetLength(SafeTensorsHeader.MaxLength + 100);
        }
        Assert.Contains($"expected at most {SafeTensorsHeader.MaxLength}", Assert.Throws<ModelFormatException>(() => TrainedModel.Load(folder.File("large"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_regular_file_is_refused()
    {
        using var pipe = new GZipStream(new MemoryStream(), CompressionMode.Decompress);
        Assert.Contains("no regular file", Assert.Throws<ModelFormatException>(() => SafeTensorsHeader.Read(pipe, "f")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_too_large_for_memory_is_refused_before_it_is_read()
    {
        const string header = """
            {"__metadata__":{"format":"nudge","version":"1","architecture":"{\"inputs\":500000000,\"layers\":[1]}","preprocessing":"{}"},
            "layers.0.weight":{"dtype":"F64","shape":[1,500000000],"data_offsets":[8,4000000008]},
            "layers.0.bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}
            """;
        using var stream = new SeeminglyLong(Models.File(header), 4_000_000_008);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => ModelFile.Load(stream, "f", ModelParts.None));
        Assert.Contains($"the tensors have 4000000008 bytes; expected at most {Array.MaxLength}", error.Message, StringComparison.Ordinal);
    }

    private sealed class SeeminglyLong(byte[] start, long more) : MemoryStream(start)
    {
        public override long Length => base.Length + more;
    }
}
