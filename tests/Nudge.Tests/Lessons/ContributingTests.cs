// The recipe for a new operation is followed to the letter, on a copy of the library, and the operation works.

using System.Text.RegularExpressions;

namespace Nudge.Tests.Lessons;

[Collection(nameof(Programs))]
public sealed partial class ContributingTests : IDisposable
{
    // What belongs before the end of a file: the brackets that close it there, and what stands last within them.
    private static readonly Dictionary<string, string> s_endings = new()
    {
        ["src/Nudge/Autograd/UnaryOperations.cs"] = "",
        ["src/Nudge/Autograd/Operation.cs"] = "}\n\n/// <summary>An operation of one input: y = f(a).</summary>",
        ["src/Nudge/Autograd/OperationTable.cs"] = "    ]);\n\n    /// <summary>The rows, in the order of the codes.</summary>",
        ["src/Nudge/Value.Functions.cs"] = "    private static Value Fold<T>",
    };

    // Outside the repository, whose settings for all projects do not count there.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nudge-recipe-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_operation_added_by_the_recipe_computes_and_has_its_slope_in_every_engine()
    {
        CopyLibrary();
        var steps = Step().Matches(File.ReadAllText(Path.Combine(Programs.Root, "CONTRIBUTING.md")).ReplaceLineEndings("\n"));
        Assert.Equal(s_endings.Keys, steps.Select(step => step.Groups["file"].Value));
        foreach (Match step in steps)
            Insert(step.Groups["file"].Value, step.Groups["code"].Value);
        File.WriteAllText(Path.Combine(_folder.FullName, "Check.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <RunAnalyzers>false</RunAnalyzers>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <EmbeddedResource Include="src/Nudge/Data/names.txt" LogicalName="names.txt" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(_folder.FullName, "Check.cs"), """
            using Nudge;

            Value a = 0.5;
            Value y = a.Softplus();
            y.Backward();
            var compiled = CompiledFunction.Compile(1, x => x[0].Softplus(), Precision.Double);
            double[] values = new double[3], slopes = new double[3];
            compiled.EvaluateWithGradients([0.5, -800, 800], values, slopes);
            Console.WriteLine(y.Data == values[0] && a.Grad == slopes[0] ? "the same" : "differ");
            Console.WriteLine(Math.Abs(y.Data - Math.Log(1 + Math.Exp(0.5))) < 1e-15);
            Console.WriteLine(string.Join(" ", values[1], values[2], slopes[1], slopes[2]));
            Console.WriteLine(OperationTable.Row(y.Operation).Symbol);
            """);
        Assert.Equal(["the same", "True", "0 800 0 1", "softplus"], Programs.Run(Path.Combine(_folder.FullName, "Check.csproj"), isProject: true));
    }

    [Fact]
    public void Every_operation_has_its_row_in_the_semantics()
    {
        string semantics = File.ReadAllText(Path.Combine(Programs.Root, "docs", "semantics.md"));
        foreach (OperationRow row in OperationTable.Rows.Where(row => row.InputCount > 0))
        {
            bool isThere = semantics.Contains($"| `a {row.Symbol} b` |", StringComparison.Ordinal)
                || semantics.Contains($"| `a.{row.Code}(", StringComparison.Ordinal)
                || semantics.Contains($"| `Value.{row.Code}(", StringComparison.Ordinal)
                || (row.Code == Operation.Negate && semantics.Contains("| `-a` |", StringComparison.Ordinal))
                || (row.Code == Operation.Power && semantics.Contains("| `a.Pow(b)` |", StringComparison.Ordinal));
            Assert.True(isThere, $"docs/semantics.md has no row for {row.Code}.");
        }
    }

    private void CopyLibrary()
    {
        string from = Path.Combine(Programs.Root, "src", "Nudge");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".txt", StringComparison.Ordinal)))
        {
            string to = Path.Combine(_folder.FullName, "src", "Nudge", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private void Insert(string file, string code)
    {
        string path = Path.Combine(_folder.FullName, file), text = File.ReadAllText(path).ReplaceLineEndings("\n"), ending = s_endings[file];
        int at = ending.Length == 0 ? text.Length : text.IndexOf(ending, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no {ending}.");
        File.WriteAllText(path, $"{text[..at]}\n{code}\n{text[at..]}");
    }

    [GeneratedRegex(@"^ *```csharp (?<file>\S+)\n(?<code>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Step();
}
