// The numbers of any module as a safetensors file, and back. See docs/model-files.md.

using System.Globalization;

namespace Nudge;

/// <summary>How a module is written by <see cref="ModuleFile"/>.</summary>
public sealed record ModuleFileOptions
{
    /// <summary>The numbers in the file. Default float64, which gives the same bits; in float32 each is rounded.</summary>
    public Precision Precision { get; init; } = Precision.Double;

    /// <summary>The version of the module's own form, at least 0, for programs that change it. Default 0.</summary>
    public int Version { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Whatever else is to be known about it, as texts with names. Default nothing.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a file says of the module in it.</summary>
/// <param name="Module">The name of the module's type.</param>
/// <param name="Version">The version of its form, <see cref="ModuleFileOptions.Version"/>.</param>
/// <param name="Metadata">What else was written about it.</param>
public sealed record ModuleFileInfo(string Module, int Version, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// The numbers of a module in a file: a tensor for each of <see cref="Module.Tensors"/>, in the safetensors format. What the module is
/// made of stays with the program, which makes one and loads the numbers into it.
/// </summary>
public static class ModuleFile
{
    internal const string Format = "nudge-module";

    private const string Version = "1", ModuleName = "module", ModuleVersion = "moduleVersion", Expected = "a file of a module, as ModuleFile.Save writes it";

    private static readonly string[] s_reserved = ["format", "version", ModuleName, ModuleVersion];

    /// <summary>Writes a module to a file. A file of that name is replaced once the new one is whole.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file, in a directory that exists.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or too large for the precision.</exception>
    /// <exception cref="ArgumentException">Metadata has a name that the file needs itself.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(Module module, string path, ModuleFileOptions? options = null) => AtomicFile.Write(path, stream => Save(module, stream, options));

    /// <summary>Writes a module to a stream.</summary>
    /// <param name="module">The module.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or too large for the precision.</exception>
    /// <exception cref="ArgumentException">Metadata has a name that the file needs itself.</exception>
    public static void Save(Module module, Stream stream, ModuleFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new ModuleFileOptions();
        if (options.Metadata.Keys.FirstOrDefault(s_reserved.Contains) is { } reserved)
            throw new ArgumentException($"The file has '{reserved}' for itself; expected metadata with other names.", nameof(options));
        ModelFile.RequireFinite(module.Parameters);
        ModuleTensor[] tensors = ModuleTensor.Of(module);
        if (options.Precision == Precision.Single && module.Parameters.Any(parameter => float.IsInfinity((float)parameter.Data)))
            throw new InvalidOperationException("A parameter is beyond the 3.4e38 that a float holds; expected smaller ones, or Precision.Double.");
        SafeTensorsFile.Write(
            stream,
            [
                ("format", Format), ("version", Version), (ModuleName, module.GetType().Name),
                (ModuleVersion, options.Version.ToString(CultureInfo.InvariantCulture)), .. options.Metadata.Select(text => (text.Key, text.Value)),
            ],
            tensors,
            options.Precision);
    }

    /// <summary>Gives a module the numbers of a file, which must have just its tensors: by name, and of the same shapes.</summary>
    /// <param name="module">The module. It stays as it was unless the whole file is right.</param>
    /// <param name="path">A file that <see cref="Save(Module, string, ModuleFileOptions)"/> has written.</param>
    /// <returns>What the file says of it.</returns>
    /// <exception cref="ModelFormatException">The file is damaged, foreign, or of another module.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModuleFileInfo Load(Module module, string path) => ModelSource.Read(path, (stream, name) => Load(module, stream, name));

    /// <param name="module">The module. It stays as it was unless the whole file is right.</param>
    /// <param name="stream">What <see cref="Save(Module, Stream, ModuleFileOptions)"/> has written; it is read to its end.</param>
    /// <inheritdoc cref="Load(Module, string)"/>
    public static ModuleFileInfo Load(Module module, Stream stream) => ModelSource.Read(stream, (content, name) => Load(module, content, name));

    /// <param name="module">The module. It stays as it was unless the whole file is right.</param>
    /// <param name="bytes">What <see cref="Save(Module, Stream, ModuleFileOptions)"/> has written.</param>
    /// <inheritdoc cref="Load(Module, string)"/>
    public static ModuleFileInfo Load(Module module, ReadOnlyMemory<byte> bytes) => ModelSource.Read(bytes, (content, name) => Load(module, content, name));

    /// <summary>What a file says of the module in it, for programs that must know before they make one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file is damaged or foreign.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModuleFileInfo Describe(string path) => ModelSource.Read(path, (stream, name) => InfoOf(SafeTensorsHeader.Read(stream, name, Expected), name));

    /// <summary>What a stream says of the module in it; it is read to its end.</summary>
    /// <param name="stream">What <see cref="Save(Module, Stream, ModuleFileOptions?)"/> has written.</param>
    /// <exception cref="ModelFormatException">The content is damaged or foreign.</exception>
    public static ModuleFileInfo Describe(Stream stream) => ModelSource.Read(stream, (content, name) => InfoOf(SafeTensorsHeader.Read(content, name, Expected), name));

    /// <summary>What memory says of the module in it.</summary>
    /// <param name="bytes">What <see cref="Save(Module, Stream, ModuleFileOptions?)"/> has written.</param>
    /// <exception cref="ModelFormatException">The content is damaged or foreign.</exception>
    public static ModuleFileInfo Describe(ReadOnlyMemory<byte> bytes) => ModelSource.Read(bytes, (content, name) => InfoOf(SafeTensorsHeader.Read(content, name, Expected), name));

    private static ModuleFileInfo Load(Module module, Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, path, Expected);
        ModuleFileInfo info = InfoOf(header, path);
        ModelFile.LoadTensors(stream, path, header, module);
        return info;
    }

    private static ModuleFileInfo InfoOf(SafeTensorsHeader header, string path)
    {
        IReadOnlyDictionary<string, string> metadata = header.Metadata;
        if (metadata.GetValueOrDefault("format") != Format)
            throw new ModelFormatException(path, $"its format is '{metadata.GetValueOrDefault("format", "")}'; expected {Expected}");
        if (metadata.GetValueOrDefault("version", "") is var version && version != Version)
            throw new ModelFormatException(path, $"the file has version '{version}' of the format; expected version '{Version}', and a newer Nudge may read it");
        if (!int.TryParse(metadata.GetValueOrDefault(ModuleVersion), NumberStyles.None, CultureInfo.InvariantCulture, out int own))
            throw new ModelFormatException(path, $"the metadata has {ModuleVersion} '{metadata.GetValueOrDefault(ModuleVersion)}'; expected a whole number");
        return new ModuleFileInfo(
            metadata.GetValueOrDefault(ModuleName, ""), own,
            metadata.Where(text => !s_reserved.Contains(text.Key)).ToDictionary(text => text.Key, text => text.Value, StringComparer.Ordinal));
    }
}
