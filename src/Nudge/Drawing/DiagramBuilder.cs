// From values to a diagram: what is folded into what, and what a fold shows.

using System.Globalization;

namespace Nudge.Drawing;

internal sealed class DiagramBuilder
{
    private static readonly Folding[] s_fromFineToCoarse = [Folding.None, Folding.Neurons, Folding.Layers, Folding.Network];

    private readonly IReadOnlyList<Value> _roots;
    private readonly DiagramOptions _options;
    private readonly ValueGraph _graph;
    private readonly Value[] _values;
    private readonly int[][] _inputs;
    private readonly List<int>[] _consumers;
    private readonly ModulePath?[] _modules;
    private readonly List<ParameterBlock> _networks = [];

    internal DiagramBuilder(IReadOnlyList<Value> roots, DiagramOptions options)
    {
        _roots = roots;
        _options = options;
        _graph = new ValueGraph(roots);
        _values = _graph.Values;
        _inputs = _graph.InputIndices();
        _consumers = [.. _values.Select(_ => new List<int>())];
        for (int i = 0; i < _values.Length; i++)
        {
            foreach (int input in _inputs[i])
                _consumers[input].Add(i);
        }
        _modules = ModulePath.OfValues(_graph);
        foreach (ModulePath? module in _modules)
        {
            if (module is not null && !_networks.Contains(module.Network))
                _networks.Add(module.Network);
        }
    }

    internal Diagram Build()
    {
        RequireKnownNames();
        string[] groups = [];
        foreach (Folding folding in _options.Folding == Folding.Automatic ? s_fromFineToCoarse : [_options.Folding])
        {
            groups = Group(folding);
            if (groups.Distinct().Count() <= _options.MostNodes)
                break;
        }
        return new Diagram(Nodes(groups), Edges(groups));
    }

    private void RequireKnownNames()
    {
        string[] known = [.. _modules.Where(module => module is not null).SelectMany(module => module!.Levels).Distinct()];
        foreach (string name in _options.Unfold)
        {
            if (!known.Contains(name))
                throw new ArgumentException($"There is no '{name}' to unfold; there {(known.Length == 0 ? "is no module" : $"are {string.Join(", ", known.Where(level => level.Length > 0))}")}.", nameof(_options));
        }
    }

    /// <summary>For each value the id of the node that shows it: its own, or that of a fold.</summary>
    private string[] Group(Folding folding)
    {
        string[] groups = [.. _values.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"n{i + 1}"))];
        if (folding == Folding.None || _networks.Count == 0)
            return groups;
        for (int i = 0; i < groups.Length; i++)
        {
            if (_modules[i] is { } module && FoldOf(module, folding) is { } name)
                groups[i] = IdOf(module.Network, name);
        }
        GroupInputs(groups, folding);
        GroupResult(groups);
        return groups;
    }

    /// <summary>The outermost part that stays folded; null where everything around it is unfolded.</summary>
    private string? FoldOf(ModulePath module, Folding folding)
    {
        IReadOnlyList<string> levels = module.Levels;
        int level = folding switch
        {
            Folding.Network => 0,
            Folding.Layers => Math.Min(1, levels.Count - 1),
            _ => levels.Count - 1,
        };
        // Unfolding an inner part opens what lies around it as well.
        while (level < levels.Count && _options.Unfold.Any(name => name == levels[level] || name.StartsWith(levels[level] + ".", StringComparison.Ordinal) || (levels[level].Length == 0 && name.Length > 0)))
            level++;
        return level < levels.Count ? levels[level] : null;
    }

    private string IdOf(ParameterBlock network, string name)
    {
        string id = name.Length == 0 ? "network" : name.Replace('.', '_');
        int number = _networks.IndexOf(network);
        return number == 0 ? id : string.Create(CultureInfo.InvariantCulture, $"network{number + 1}_{id}");
    }

    /// <summary>
    /// The inputs of several examples that meet the same weights are one input; with folded layers, all are one node.
    /// </summary>
    private void GroupInputs(string[] groups, Folding folding)
    {
        var names = new Dictionary<string, string>();
        for (int i = 0; i < _values.Length; i++)
        {
            List<int> consumers = _consumers[i];
            if (!_values[i].IsLeaf || _modules[i] is not null || consumers.Count == 0 || consumers.Any(c => _modules[c] is null || groups[c] == OwnId(c)))
                continue;
            string met = string.Join(' ', consumers.SelectMany(c => _inputs[c]).Where(input => _modules[input] is not null).Distinct());
            if (folding is Folding.Layers or Folding.Network)
                met = string.Join(' ', consumers.Select(c => groups[c]).Distinct());
            if (!names.TryGetValue(met, out string? name))
                names.Add(met, name = string.Create(CultureInfo.InvariantCulture, $"{(folding == Folding.Neurons ? "input" : "inputs")}_{names.Count}"));
            groups[i] = name;
        }
        // A group of one is the value itself.
        foreach (IGrouping<string, int> alone in Enumerable.Range(0, groups.Length).Where(i => groups[i].StartsWith("input", StringComparison.Ordinal)).GroupBy(i => groups[i]).Where(group => group.Count() == 1))
            groups[alone.First()] = OwnId(alone.First());
    }

    /// <summary>What is computed from a network's outputs, and does not go back into one, is one node: the loss.</summary>
    private void GroupResult(string[] groups)
    {
        if (_roots.Count > 1 || _modules[^1] is not null)
            return;
        var feedsModule = new bool[_values.Length];
        var below = new bool[_values.Length];
        for (int i = _values.Length - 1; i >= 0; i--)
            feedsModule[i] = _modules[i] is not null || _consumers[i].Exists(c => feedsModule[c]);
        for (int i = 0; i < _values.Length; i++)
            below[i] = _modules[i] is not null || _inputs[i].Any(input => below[input]);
        for (int i = 0; i < _values.Length; i++)
        {
            bool isOperation = !_values[i].IsLeaf && below[i] && !feedsModule[i];
            bool isTarget = _values[i].IsLeaf && _modules[i] is null && !feedsModule[i] && _consumers[i].TrueForAll(c => below[c]);
            if (isOperation || isTarget)
                groups[i] = "result";
        }
    }

    private static string OwnId(int index) => string.Create(CultureInfo.InvariantCulture, $"n{index + 1}");

    private List<DiagramNode> Nodes(string[] groups)
    {
        var nodes = new List<DiagramNode>();
        foreach (IGrouping<string, int> group in Enumerable.Range(0, groups.Length).GroupBy(i => groups[i]))
        {
            int[] members = [.. group];
            nodes.Add(group.Key == OwnId(members[0]) ? Single(members[0]) : Fold(group.Key, members, groups));
        }
        return nodes;
    }

    private DiagramNode Single(int index)
    {
        Value value = _values[index];
        return new DiagramNode(
            OwnId(index), value.Label, value.Operation, value.Number, value.HasGrad ? value.Grad : null,
            ParameterCount: value.Operation == Operation.Parameter ? 1 : 0);
    }

    private DiagramNode Fold(string id, int[] members, string[] groups)
    {
        var roots = _roots.ToHashSet();
        int[] results = [.. members.Where(i => !IsParameter(i) && (roots.Contains(_values[i]) || _consumers[i].Exists(c => groups[c] != id)))];
        Value? only = results.Length == 1 ? _values[results[0]] : null;
        return new DiagramNode(
            id, LabelOf(id, members, only), null, only?.Number, only is { HasGrad: true } ? only.Grad : null,
            members.Length, members.Count(IsParameter));
    }

    private bool IsParameter(int index) => _values[index].Operation == Operation.Parameter;

    private string LabelOf(string id, int[] members, Value? result)
    {
        if (id == "result")
            return _roots[0].Label ?? "result";
        if (_modules[members[0]] is { } module)
        {
            string network = _networks.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"network {_networks.IndexOf(module.Network) + 1}");
            string name = module.Levels.First(level => IdOf(module.Network, level) == id);
            // An output that has a name of its own keeps it.
            return string.Join(' ', new[] { network, name.Length > 0 ? name : network.Length > 0 ? "" : "network", result?.Label ?? "" }.Where(part => part.Length > 0));
        }
        string[] labels = [.. members.Select(i => _values[i].Label ?? "").Distinct()];
        return labels is [{ Length: > 0 } label] ? label : id == "inputs_0" ? "inputs" : id.Replace('_', ' ');
    }

    private List<DiagramEdge> Edges(string[] groups)
    {
        var edges = new List<DiagramEdge>();
        var indices = new Dictionary<(string From, string To), int>();
        for (int i = 0; i < _values.Length; i++)
        {
            IReadOnlyList<double> local = _values[i].LocalDerivatives;
            for (int k = 0; k < _inputs[i].Length; k++)
            {
                string from = groups[_inputs[i][k]], to = groups[i];
                if (from == to)
                    continue;
                // Between two values every edge counts: a + a has two.
                double? derivative = _values[_inputs[i][k]].Operation == Operation.Constant ? null : local[k];
                bool isFolded = from != OwnId(_inputs[i][k]) || to != OwnId(i);
                if (isFolded && indices.TryGetValue((from, to), out int index))
                {
                    DiagramEdge edge = edges[index];
                    edges[index] = edge with { Count = edge.Count + 1, LocalDerivative = edge.LocalDerivative == derivative ? derivative : null };
                    continue;
                }
                if (isFolded)
                    indices.Add((from, to), edges.Count);
                edges.Add(new DiagramEdge(from, to, derivative));
            }
        }
        return edges;
    }
}
