// The base of everything that owns parameters.

using System.Globalization;

namespace Nudge;

/// <summary>
/// Something with parameters: its own, and those of the modules it is made of. A derived class declares them in its
/// constructor with <see cref="AddParameters"/>, <see cref="AddParameter"/> and <see cref="AddModules{T}"/>; their
/// order and names follow from the order of these calls.
/// </summary>
public abstract class Module
{
    private readonly List<(string Name, object Content)> _declared = [];
    private ParameterList? _parameters;

    /// <summary>
    /// All parameters, its own and those of its modules, in a stable order with stable names. Asking for them the
    /// first time puts them into one contiguous block; nothing can be declared after that.
    /// </summary>
    public ParameterList Parameters => _parameters ??= MakeParameters();

    /// <summary>How many parameters it has.</summary>
    public int ParameterCount => _declared.Sum(declared => declared.Content switch
    {
        Module module => module.ParameterCount,
        Value[] group => group.Length,
        _ => 1,
    });

    /// <summary>
    /// What its parameters are in a file: tensors with names and shapes, each parameter in one of them. If not overridden, those of its
    /// modules with <c>name.</c> before theirs, and each group of its own as a list. Of a <see cref="Layer"/> they are <c>weight</c>
    /// [outputs, inputs] and <c>bias</c> [outputs], and of an <see cref="Embedding"/> <c>weight</c> [rows, width], as PyTorch has them.
    /// </summary>
    public virtual IEnumerable<ModuleTensor> Tensors => _declared.SelectMany(declared => declared.Content switch
    {
        Module module => module.Tensors.Select(tensor => tensor with { Name = $"{declared.Name}.{tensor.Name}" }),
        Value value => [new ModuleTensor(declared.Name, [], [value])],
        Value[] { Length: > 0 } values => [new ModuleTensor(declared.Name, [values.Length], values)],
        _ => Enumerable.Empty<ModuleTensor>(),
    });

    /// <summary>Sets the gradient of every parameter to 0.</summary>
    public void ZeroGradients() => Parameters.ZeroGradients();

    /// <summary>What a part says of itself in the table of the whole; null for one that is a table of parts itself.</summary>
    internal virtual string? Description => null;

    /// <summary>Its parts, one on a line, with what each is; or for a part that has none, what it is.</summary>
    public override string ToString()
    {
        if (Description is not null)
            return Description;
        var rows = new List<(string Name, string Text)>();
        Describe("", rows);
        rows.Add(("total", CountText(ParameterCount)));
        int width = rows.Max(row => row.Name.Length);
        return string.Join('\n', rows.Select(row => $"{row.Name.PadRight(width)}  {row.Text}"));
    }

    /// <summary>Declares a group of parameters, named <c>name[0]</c>, <c>name[1]</c> and so on.</summary>
    /// <param name="name">The name of the group.</param>
    /// <param name="count">How many.</param>
    /// <param name="initial">The starting number of each; called in order.</param>
    protected Value[] AddParameters(string name, int count, Func<double> initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new Value[count];
        for (int i = 0; i < count; i++)
            values[i] = new Value(initial());
        Declare(name, values);
        return values;
    }

    /// <summary>Declares one parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="initial">Its starting number.</param>
    protected Value AddParameter(string name, double initial)
    {
        var value = new Value(initial);
        Declare(name, value);
        return value;
    }

    /// <summary>Declares a module that this one is made of.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="module">The module.</param>
    protected T AddModule<T>(string name, T module)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        Declare(name, module);
        return module;
    }

    /// <summary>Declares a list of modules, named <c>name.0</c>, <c>name.1</c> and so on.</summary>
    /// <param name="name">The name of the list.</param>
    /// <param name="modules">The modules, in order.</param>
    protected IReadOnlyList<T> AddModules<T>(string name, IEnumerable<T> modules)
        where T : Module
    {
        T[] list = [.. modules];
        for (int i = 0; i < list.Length; i++)
            AddModule(string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"), list[i]);
        return list;
    }

    private void Describe(string prefix, List<(string Name, string Text)> rows)
    {
        foreach ((string name, object content) in _declared)
        {
            if (content is not Module part)
                rows.Add((prefix + name, CountText(content is Value[] group ? group.Length : 1)));
            else if (part.Description is { } description)
                rows.Add((prefix + name, description));
            else
                part.Describe($"{prefix}{name}.", rows);
        }
    }

    private static string CountText(int count) => count == 1 ? "1 parameter" : $"{count} parameters";

    private void Declare(string name, object content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_parameters is not null)
            throw new InvalidOperationException($"'{name}' is declared too late: the parameters have been asked for already. Declare everything in the constructor.");
        if (_declared.Exists(declared => declared.Name == name))
            throw new ArgumentException($"'{name}' is declared twice in {GetType().Name}.", nameof(name));
        _declared.Add((name, content));
    }

    private ParameterList MakeParameters()
    {
        var values = new List<Value>();
        var groups = new List<(int Start, string Name, bool Single)>();
        Collect("", values, groups);
        return new ParameterList([.. values], NameOf);

        string NameOf(int index)
        {
            int low = 0, high = groups.Count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (groups[middle].Start <= index)
                    low = middle;
                else
                    high = middle - 1;
            }
            (int start, string name, bool single) = groups[low];
            return single ? name : string.Create(CultureInfo.InvariantCulture, $"{name}[{index - start}]");
        }
    }

    private void Collect(string prefix, List<Value> values, List<(int Start, string Name, bool Single)> groups)
    {
        foreach ((string name, object content) in _declared)
        {
            switch (content)
            {
                case Module module:
                    module.Collect($"{prefix}{name}.", values, groups);
                    break;
                case Value value:
                    groups.Add((values.Count, prefix + name, true));
                    values.Add(value);
                    break;
                case Value[] { Length: > 0 } group:
                    groups.Add((values.Count, prefix + name, false));
                    values.AddRange(group);
                    break;
            }
        }
    }
}
