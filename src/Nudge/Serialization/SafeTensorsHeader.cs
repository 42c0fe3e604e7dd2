// The head of a safetensors file: what tensors there are and where, checked before a byte of them is read.

using System.Buffers.Binary;

namespace Nudge;

/// <summary>A tensor as the header describes it; offsets are counted from the end of the header.</summary>
internal sealed record SafeTensor(string Name, string Type, long[] Shape, long Begin, long End)
{
    internal long Length => End - Begin;

    internal string ShapeText => $"[{string.Join(", ", Shape)}]";
}

/// <summary>A header whose every claim agrees with the size of the file.</summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>How long a header may be, in bytes.</summary>
    internal const int MaxLength = 16 << 20;

    internal const string MetadataName = "__metadata__";

    private SafeTensorsHeader(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, SafeTensor> tensors, long dataStart)
    {
        Metadata = metadata;
        Tensors = tensors;
        DataStart = dataStart;
    }

    internal IReadOnlyDictionary<string, string> Metadata { get; }

    internal IReadOnlyDictionary<string, SafeTensor> Tensors { get; }

    internal long DataStart { get; }

    /// <summary>Reads the header from the start of a stream.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its name.</param>
    /// <param name="expected">What it should be, in words.</param>
    internal static SafeTensorsHeader Read(Stream stream, string path, string expected = "a safetensors file, as nudge train --out writes it")
    {
        if (!stream.CanSeek)
            throw new ModelFormatException(path, "this is no regular file; expected a safetensors file");
        long fileLength = stream.Length;
        if (fileLength < sizeof(ulong))
            throw new ModelFormatException(path, $"the file has {fileLength} bytes; expected a safetensors file, which has more");
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong most = (ulong)Math.Min(MaxLength, fileLength - sizeof(ulong));
        if (length > most && ForeignFile.Recognise(stream) is { } other)
            throw new ModelFormatException(path, $"this is no safetensors file: it looks like {other}; expected {expected}");
        if (length > most)
            throw new ModelFormatException(path, $"the header is said to have {length} bytes; expected at most {most} in a safetensors file of {fileLength} bytes");

        var header = new byte[length];
        stream.ReadExactly(header);
        ModelJson json = ModelJson.Parse(path, "header", header, maxDepth: 3);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, SafeTensor>(StringComparer.Ordinal);
        foreach ((string name, ModelJson value) in json.Objects())
        {
            if (name == MetadataName)
                metadata = value.Texts().ToDictionary(StringComparer.Ordinal);
            else
                tensors.Add(name, Describe(name, value));
        }
        long dataStart = sizeof(ulong) + (long)length;
        RequireGapless(path, tensors.Values, fileLength - dataStart);
        return new SafeTensorsHeader(metadata, tensors, dataStart);
    }

    /// <summary>A text of the metadata that is a JSON object, by default of plain members and lists.</summary>
    internal ModelJson MetadataObject(string path, string name, int maxDepth = 2) => Metadata.TryGetValue(name, out string? json)
        ? ModelJson.Parse(path, name, json, maxDepth)
        : throw new ModelFormatException(path, $"the metadata has no '{name}'; expected it there");

    private static SafeTensor Describe(string name, ModelJson json)
    {
        string type = json.Text("dtype");
        long[] shape = json.WholeList("shape");
        if (json.WholeList("data_offsets") is not [long begin, long end] || begin > end)
            throw json.Error($"the tensor '{name}' has no proper data_offsets; expected a begin and an end, not before it");
        var tensor = new SafeTensor(name, type, shape, begin, end);
        int size = SizeOf(type) ?? throw json.Error($"the tensor '{name}' is of the unknown type '{type}'; expected F64 or F32");
        long expected;
        try
        {
            expected = shape.Aggregate((long)size, (product, count) => checked(product * count));
        }
        catch (OverflowException)
        {
            throw json.Error($"the tensor '{name}' of shape {tensor.ShapeText} is larger than any file; expected one that fits");
        }
        return expected == tensor.Length
            ? tensor
            : throw json.Error($"the tensor '{name}' of shape {tensor.ShapeText} and type {type} has {tensor.Length} bytes; expected {expected}");
    }

    private static void RequireGapless(string path, IEnumerable<SafeTensor> tensors, long dataLength)
    {
        long end = 0;
        foreach (SafeTensor tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != end)
                throw new ModelFormatException(path, $"the tensor '{tensor.Name}' begins at byte {tensor.Begin} of the data; expected {end}, where the one before it ends");
            end = tensor.End;
        }
        if (end != dataLength)
            throw new ModelFormatException(path, $"the tensors take {end} bytes, and {dataLength} follow the header; expected the two to agree (a file that is cut off has fewer)");
    }

    // The types that the format knows; which of them can be read is another matter.
    private static int? SizeOf(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" => 8,
        _ => null,
    };
}
