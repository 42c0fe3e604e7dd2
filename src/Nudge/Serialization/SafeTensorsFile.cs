// Reading and writing tensors of numbers in the safetensors format.

using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Nudge;

internal static class SafeTensorsFile
{
    private const int ChunkLength = 1 << 16;

    /// <summary>Reads the numbers of a tensor, F64 or F32.</summary>
    internal static double[] ReadNumbers(Stream stream, string path, SafeTensorsHeader header, SafeTensor tensor)
    {
        int size = tensor.Type switch
        {
            "F64" => sizeof(double),
            "F32" => sizeof(float),
            _ => throw new ModelFormatException(path, $"the tensor '{tensor.Name}' is of type {tensor.Type}; expected F64 or F32"),
        };
        var numbers = new double[tensor.Length / size];
        var chunk = new byte[ChunkLength];
        stream.Position = header.DataStart + tensor.Begin;
        for (int done = 0; done < numbers.Length;)
        {
            int count = Math.Min(ChunkLength / size, numbers.Length - done);
            ReadOnlySpan<byte> bytes = chunk.AsSpan(0, count * size);
            stream.ReadExactly(chunk, 0, bytes.Length);
            for (; bytes.Length > 0; bytes = bytes[size..])
                numbers[done++] = size == sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes);
        }
        return numbers;
    }

    /// <summary>Writes the tensors of a module, row by row, in the order given.</summary>
    internal static void Write(
        Stream stream, IEnumerable<(string Name, string Text)> metadata, IReadOnlyList<ModuleTensor> tensors, Precision precision = Precision.Double) =>
        Write(stream, metadata, [.. tensors.Select(tensor => (tensor.Name, tensor.Shape, tensor.Numbers))], precision);

    /// <summary>Writes tensors as F64 or F32, row by row, in the order given.</summary>
    internal static void Write(
        Stream stream,
        IEnumerable<(string Name, string Text)> metadata,
        IReadOnlyList<(string Name, IReadOnlyList<int> Shape, double[] Numbers)> tensors,
        Precision precision = Precision.Double)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header, ModelJson.WriterOptions))
            WriteHeader(json, metadata, tensors, precision);
        // The data begins at a multiple of 8 bytes, as the format has it for those who map the file into memory.
        int padding = -header.WrittenCount & 7;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.WrittenCount);
        stream.Write(bytes);
        stream.Write(header.WrittenSpan);
        bytes = bytes[..SizeOf(precision)];
        foreach ((_, _, double[] numbers) in tensors)
        {
            foreach (double number in numbers)
            {
                if (precision == Precision.Double)
                    BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
                else
                    BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)number);
                stream.Write(bytes);
            }
        }
    }

    private static int SizeOf(Precision precision) => precision == Precision.Double ? sizeof(double) : sizeof(float);

    private static void WriteHeader(
        Utf8JsonWriter json,
        IEnumerable<(string Name, string Text)> metadata,
        IReadOnlyList<(string Name, IReadOnlyList<int> Shape, double[] Numbers)> tensors,
        Precision precision)
    {
        json.WriteStartObject();
        json.WriteStartObject(SafeTensorsHeader.MetadataName);
        foreach ((string name, string text) in metadata)
            json.WriteString(name, text);
        json.WriteEndObject();
        long offset = 0;
        foreach ((string name, IReadOnlyList<int> shape, double[] numbers) in tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", precision == Precision.Double ? "F64" : "F32");
            json.WriteStartArray("shape");
            foreach (int count in shape)
                json.WriteNumberValue(count);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += SizeOf(precision) * (long)numbers.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
