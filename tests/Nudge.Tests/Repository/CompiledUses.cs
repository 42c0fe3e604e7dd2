// Which source file of an assembly uses which, as the compiler saw it: from the compiled code and its debug information.

using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Nudge.Tests.Repository;

/// <summary>
/// A use is a type in a declaration, or one that compiled code names with its members; so extension methods and types
/// that stay unwritten count, and names in comments do not. What leaves no trace in compiled code is not found: a constant,
/// and a name in <c>nameof</c>. Files are named from the folder of the project on.
/// </summary>
internal sealed class CompiledUses
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    // The files of a type that no method of it names: TypeDefinitionDocuments of the portable PDB format.
    private static readonly Guid s_filesOfType = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private static readonly Dictionary<ushort, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    private readonly Assembly _assembly;
    private readonly MetadataReader _symbols;
    private readonly string _folder;
    private readonly Dictionary<Type, SortedSet<string>> _filesOfTypes = [];

    private CompiledUses(Assembly assembly, MetadataReader symbols)
    {
        _assembly = assembly;
        _symbols = symbols;
        _folder = $"/src/{assembly.GetName().Name}/";
        foreach (Type type in assembly.GetTypes())
        {
            var files = new SortedSet<string>(MethodsOf(type).Select(FileOf).OfType<string>().Concat(FilesWithoutMethods(type)), StringComparer.Ordinal);
            if (files.Count > 0)
                _filesOfTypes.Add(type, files);
        }
    }

    /// <summary>For each use: the file that uses, and the type that is used with its file.</summary>
    internal static IEnumerable<(string User, Type Type, string File)> Of(Assembly assembly) => Read(assembly, uses => uses.All());

    /// <summary>The files that each type is written in.</summary>
    internal static IReadOnlyDictionary<Type, SortedSet<string>> FilesOfTypes(Assembly assembly) => Read(assembly, uses => uses._filesOfTypes);

    private static T Read<T>(Assembly assembly, Func<CompiledUses, T> result)
    {
        using FileStream stream = File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(stream);
        return result(new CompiledUses(assembly, provider.GetMetadataReader()));
    }

    private HashSet<(string User, Type Type, string File)> All()
    {
        var uses = new HashSet<(string, Type, string)>();
        foreach (Type type in _assembly.GetTypes())
        {
            if (FileOf(type) is not { } file)
                continue;
            Add(file, [type.BaseType, .. type.GetInterfaces(), .. type.GetFields(Declared).Select(field => field.FieldType)]);
            foreach (MethodBase method in MethodsOf(type))
                Add(FileOf(method) ?? file, UsedBy(method));
        }
        return uses;

        void Add(string user, IEnumerable<MemberInfo?> members)
        {
            foreach (Type used in members.SelectMany(Types))
            {
                if (FileOf(used) is { } file)
                    uses.Add((user, used, file));
            }
        }
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type) =>
        type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared));

    private string? FileOf(Type type) => _filesOfTypes.TryGetValue(type, out SortedSet<string>? files) ? files.Min
        : type.DeclaringType is { } outer ? FileOf(outer)
        : null;

    private string? FileOf(MethodBase method)
    {
        var handle = MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF);
        DocumentHandle document = _symbols.GetMethodDebugInformation(handle).Document;
        return document.IsNil ? null : NameOf(document);
    }

    private List<string> FilesWithoutMethods(Type type)
    {
        var files = new List<string>();
        foreach (CustomDebugInformationHandle handle in _symbols.GetCustomDebugInformation(MetadataTokens.EntityHandle(type.MetadataToken)))
        {
            CustomDebugInformation information = _symbols.GetCustomDebugInformation(handle);
            if (_symbols.GetGuid(information.Kind) != s_filesOfType)
                continue;
            BlobReader rows = _symbols.GetBlobReader(information.Value);
            while (rows.RemainingBytes > 0)
            {
                if (NameOf(MetadataTokens.DocumentHandle(rows.ReadCompressedInteger())) is { } name)
                    files.Add(name);
            }
        }
        return files;
    }

    private string? NameOf(DocumentHandle document)
    {
        string path = _symbols.GetString(_symbols.GetDocument(document).Name).Replace('\\', '/');
        int start = path.LastIndexOf(_folder, StringComparison.Ordinal);
        return start < 0 ? null : path[(start + _folder.Length)..];
    }

    private static IEnumerable<MemberInfo> UsedBy(MethodBase method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method is MethodInfo { ReturnType: var returned })
            yield return returned;
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (LocalVariableInfo local in body.LocalVariables)
            yield return local.LocalType;
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (int token in Tokens(body.GetILAsByteArray()!))
            yield return method.Module.ResolveMember(token, ofType, ofMethod)!;
    }

    /// <summary>The members that instructions name.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            ushort value = code[at++];
            if (value == 0xFE)
                value = (ushort)(value << 8 | code[at++]);
            OperandType operand = s_opCodes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(code, at);
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    /// <summary>The types that a member is made of, as they are declared: of an array the element, of a generic type the arguments.</summary>
    private static IEnumerable<Type> Types(MemberInfo? member) => member switch
    {
        null => [],
        Type { HasElementType: true } type => Types(type.GetElementType()),
        Type { IsConstructedGenericType: true } type => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Types)],
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => [.. Types(method.DeclaringType), .. method.GetGenericArguments().SelectMany(Types)],
        _ => Types(member.DeclaringType),
    };
}
