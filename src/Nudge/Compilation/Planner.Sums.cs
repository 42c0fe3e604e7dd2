// Which sums are the rows of matrix products.

using System.Runtime.InteropServices;

namespace Nudge;

internal sealed partial class Planner
{
    // A matrix of which less than this share is there is left to sums of its own.
    private const double LeastShare = 0.4;

    // The varying factors of the sums that are looked at, list after list; each list once.
    private readonly List<int> _factors = [];

    private readonly Dictionary<(Place First, int Rows), Product> _byFirstElement = [];

    private void PlanSums(ReadOnlySpan<int> members)
    {
        var rest = new List<int>();
        List<Group> groups = GroupByFactors(members, rest);
        var single = new List<Group>();
        var products = new List<Product>();
        _byFirstElement.Clear();
        foreach (Group group in groups)
        {
            if (group.Rows.Count == 1)
                single.Add(group);
            else
                AddProduct(products, [.. group.Rows], FactorsOf(group).ToArray());
        }
        foreach (List<Group> component in Components(single))
            AddComponent(products, component, rest);
        products.ForEach(PlanProduct);
        rest = PlanLaneProducts(PlanLaneProducts(rest, second: false), second: true);
        if (rest.Count == 0)
            return;
        Span<int> others = CollectionsMarshal.AsSpan(rest);
        PutInOrder(others);
        if (rest.TrueForAll(IsPairOfPlainTerms))
            PlanPairs(others);
        else
            Emit(SumOf(others, PutSideBySide(others), products: true));
    }

    // Sums that multiply the same varying numbers by uniform ones are the rows of one matrix product.
    private List<Group> GroupByFactors(ReadOnlySpan<int> members, List<int> rest)
    {
        var groups = new List<Group>();
        var byHash = new Dictionary<int, List<Group>>();
        _factors.Clear();
        foreach (int node in members)
        {
            int start = _factors.Count;
            if (!TryAddFactors(node, out int hash))
            {
                CollectionsMarshal.SetCount(_factors, start);
                rest.Add(node);
                continue;
            }
            var group = new Group(start, _factors.Count - start, [node]);
            ref List<Group>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(byHash, hash, out _);
            alike ??= [];
            if (alike.Find(other => FactorsOf(other).SequenceEqual(FactorsOf(group))) is { } known)
            {
                CollectionsMarshal.SetCount(_factors, start);
                known.Rows.Add(node);
                continue;
            }
            alike.Add(group);
            groups.Add(group);
        }
        return groups;
    }

    private ReadOnlySpan<int> FactorsOf(Group group) => CollectionsMarshal.AsSpan(_factors).Slice(group.Start, group.Depth);

    private bool TryAddFactors(int node, out int hash)
    {
        hash = 0;
        int start = _factors.Count;
        foreach (FlatTerm term in _sums.TermsOf(node))
        {
            if (term.V < 0)
                continue;
            if (term.Negative || PlaceOf(term.U).IsVarying == PlaceOf(term.V).IsVarying)
                return false;
            int factor = Factors(term).Varying.Index;
            hash = hash * 31 + factor;
            _factors.Add(factor);
        }
        return _factors.Count > start;
    }

    private (Place Uniform, Place Varying) Factors(FlatTerm term)
    {
        Place u = PlaceOf(term.U), v = PlaceOf(term.V);
        return u.IsVarying ? (v, u) : (u, v);
    }

    // Sums that share factors without having all in common, such as the rows of a triangular matrix.
    private HashSet<List<Group>> Components(List<Group> groups)
    {
        var components = new HashSet<List<Group>>();
        var componentOf = new Dictionary<int, List<Group>>();
        foreach (Group group in groups)
        {
            List<Group> component = [group];
            foreach (int factor in FactorsOf(group))
            {
                if (!componentOf.TryGetValue(factor, out List<Group>? other) || other == component)
                {
                    componentOf[factor] = component;
                    continue;
                }
                if (other.Count > component.Count)
                    (component, other) = (other, component);
                component.AddRange(other);
                components.Remove(other);
                foreach (Group moved in other)
                {
                    foreach (int shared in FactorsOf(moved))
                        componentOf[shared] = component;
                }
            }
            components.Add(component);
        }
        return components;
    }

    private void AddComponent(List<Product> products, List<Group> component, List<int> rest)
    {
        int terms = component.Sum(group => group.Depth);
        int[] columns = [.. component.SelectMany(group => FactorsOf(group).ToArray()).Distinct().Order()];
        bool repeats = component.Exists(group => FactorsOf(group).ToArray().Distinct().Count() < group.Depth);
        if (component.Count > 1 && !repeats && terms >= LeastShare * component.Count * columns.Length)
        {
            int[] rows = [.. component.Select(group => group.Rows[0])];
            PutInOrder(rows);
            AddProduct(products, rows, columns);
            return;
        }
        foreach (Group group in component)
        {
            if (group.Depth > 1)
                AddProduct(products, [.. group.Rows], FactorsOf(group).ToArray());
            else
                rest.Add(group.Rows[0]);
        }
    }

    // Rows of uniform numbers times varying ones. Where the same matrix has been met, it is one more repeat: the next
    // position of a sequence, the next example of a batch within the expression.
    private void AddProduct(List<Product> products, int[] rows, int[] factors)
    {
        Run? bias = BiasOf(rows);
        var product = new Product(MatrixOf(rows, factors), bias, bias is null && Array.Exists(rows, HasPlainTerm), rows.Length, [.. rows], [.. factors]);
        bool atOnce = _levels is null || _levels[rows[0]] == _levels[rows[^1]];
        ref Product? last = ref CollectionsMarshal.GetValueRefOrAddDefault(_byFirstElement, (product.Matrix[0], rows.Length), out _);
        if (atOnce && last is not null && last.Repeats(product))
        {
            last.Results.AddRange(rows);
            last.Factors.AddRange(factors);
            return;
        }
        last = product;
        products.Add(product);
    }

    private void PlanProduct(Product product)
    {
        int rows = product.Rows, repeats = product.Results.Count / rows, depth = product.Factors.Count / repeats;
        Span<int> results = CollectionsMarshal.AsSpan(product.Results);
        Place start = PutSideBySide(results);
        if (product.Accumulate)
            PlanStart(results, start);
        (Place first, int rowStride, int columnStride) = AsMatrix(product.Matrix, rows, depth);
        Place factors = AsRows(product.Factors, depth, results, rows);
        Emit(new ProductInstruction(start, rows, depth, repeats, first, rowStride, columnStride, factors, product.Bias, product.Accumulate));
    }

    // What the results of a product are added to.
    private void PlanStart(ReadOnlySpan<int> results, Place start)
    {
        Place?[] only = Array.ConvertAll(results.ToArray(), PlainTermOf);
        if (!Array.TrueForAll(only, place => place is not null))
        {
            Emit(SumOf(results, start, products: false));
            return;
        }
        Place[] a = Array.ConvertAll(only, place => place!.Value), zeros = new Place[a.Length];
        zeros.AsSpan().Fill(s_zero);
        EmitRuns(start, a, zeros, (from, count, runA, runB) => new BinaryInstruction(Operation.Add, start.Offset(from), count, runA, runB));
    }

    private Place[] MatrixOf(ReadOnlySpan<int> rows, int[] factors)
    {
        var matrix = new Place[rows.Length * factors.Length];
        Dictionary<int, int>? columnOf = null;
        for (int row = 0; row < rows.Length; row++)
        {
            Span<Place> elements = matrix.AsSpan(row * factors.Length, factors.Length);
            elements.Fill(s_zero);
            int k = 0;
            foreach (FlatTerm term in _sums.TermsOf(rows[row]))
            {
                if (term.V < 0)
                    continue;
                (Place uniform, Place varying) = Factors(term);
                // The factors of a whole row stand in their order; those of a row with gaps are looked up.
                if (k < factors.Length && factors[k] == varying.Index)
                {
                    elements[k++] = uniform;
                    continue;
                }
                columnOf ??= Enumerable.Range(0, factors.Length).ToDictionary(i => factors[i]);
                k = columnOf[varying.Index];
                elements[k++] = uniform;
            }
        }
        return matrix;
    }

    // Sums of products of varying numbers that share one factor of each product, where these lie side by side and the
    // other factors are a matrix. What is left is given back.
    private List<int> PlanLaneProducts(List<int> sums, bool second)
    {
        var left = new List<int>();
        var groups = new List<(int[] Shared, List<int> Rows)>();
        var byFirst = new Dictionary<(int First, int Count, int Level), int>();
        foreach (int node in sums)
        {
            if (FactorsOf(node, second) is not { } shared)
            {
                left.Add(node);
                continue;
            }
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(byFirst, (shared[0], shared.Length, _levels?[node] ?? 0), out bool known);
            if (known && groups[number].Shared.AsSpan().SequenceEqual(shared))
            {
                groups[number].Rows.Add(node);
                continue;
            }
            number = groups.Count;
            groups.Add((shared, [node]));
        }
        foreach ((int[] shared, List<int> rows) in groups)
        {
            if (rows.Count == 1 || !TryPlanLaneProduct(shared, rows, !second))
                left.AddRange(rows);
        }
        return left;
    }

    // The first or second factors of a sum of products of varying numbers, if they lie side by side.
    private int[]? FactorsOf(int node, bool second)
    {
        ReadOnlySpan<FlatTerm> terms = _sums.TermsOf(node);
        if (terms.Length < 2)
            return null;
        var factors = new int[terms.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            FlatTerm term = terms[i];
            if (term.V < 0 || term.Negative || term.U == term.V || !PlaceOf(term.U).IsVarying || !PlaceOf(term.V).IsVarying)
                return null;
            factors[i] = PlaceOf(second ? term.V : term.U).Index;
            if (factors[i] != factors[0] + i)
                return null;
        }
        return factors;
    }

    private bool TryPlanLaneProduct(int[] shared, List<int> rows, bool second)
    {
        int depth = shared.Length;
        var cells = new Place[rows.Count * depth];
        for (int row = 0, i = 0; row < rows.Count; row++)
        {
            foreach (FlatTerm term in _sums.TermsOf(rows[row]))
                cells[i++] = PlaceOf(second ? term.V : term.U);
        }
        int rowStride = cells[depth].Index - cells[0].Index, columnStride = cells[1].Index - cells[0].Index;
        bool distinct = (rowStride > 0 && columnStride >= rows.Count * rowStride) || (columnStride > 0 && rowStride >= depth * columnStride);
        for (int i = 0; i < cells.Length; i++)
        {
            if (!distinct || cells[i].Index != cells[0].Index + i / depth * rowStride + i % depth * columnStride)
                return false;
            // Where a factor of one product is the other factor of another, their gradients are better added one by one.
            if (cells[i].Index >= shared[0] && cells[i].Index <= shared[^1])
                return false;
        }
        Place start = PutSideBySide(CollectionsMarshal.AsSpan(rows));
        var product = new LaneProductInstruction(start, rows.Count, depth, 1, cells[0], rowStride, columnStride, new Place(Space.Varying, shared[0]), 0, 0);
        bool isSameLevel = _levels is null || start.Index == 0 || _rowLevels[start.Index - 1] == _rowLevels[start.Index];
        if (isSameLevel && _varying[^1] is LaneProductInstruction last && last.With(product) is { } both)
            _varying[^1] = both;
        else
            Emit(product);
        return true;
    }

    private bool HasPlainTerm(int node)
    {
        foreach (FlatTerm term in _sums.TermsOf(node))
        {
            if (term.V < 0)
                return true;
        }
        return false;
    }

    /// <summary>The one uniform number that each row adds, where they lie at a constant stride.</summary>
    private Run? BiasOf(ReadOnlySpan<int> rows)
    {
        Run run = default;
        for (int row = 0; row < rows.Length; row++)
        {
            if (PlainTermOf(rows[row]) is not { IsVarying: false } place)
                return null;
            if (row == 0)
                run = new Run(place, 0);
            else if (row == 1)
                run = run with { Stride = place.Index - run.Start.Index };
            if (place != new Place(run.Space, run.At(row)))
                return null;
        }
        return run;
    }

    // The place of the one term that is no product.
    private Place? PlainTermOf(int node)
    {
        Place? place = null;
        foreach (FlatTerm term in _sums.TermsOf(node))
        {
            if (term.V >= 0)
                continue;
            if (place is not null || term.Negative)
                return null;
            place = PlaceOf(term.U);
        }
        return place;
    }

    private bool IsPairOfPlainTerms(int node) =>
        _sums.TermsOf(node) is [{ V: < 0, Negative: false }, { V: < 0 }];

    private void PlanPairs(ReadOnlySpan<int> members)
    {
        Place start = PutSideBySide(members);
        Place[] a = new Place[members.Length], b = new Place[members.Length];
        for (int i = 0; i < a.Length; i++)
            (a[i], b[i]) = (PlaceOf(_sums.TermsOf(members[i])[0].U), PlaceOf(_sums.TermsOf(members[i])[1].U));
        Operation operation = _sums.TermsOf(members[0])[1].Negative ? Operation.Subtract : Operation.Add;
        EmitRuns(start, a, b, (from, count, runA, runB) => new BinaryInstruction(operation, start.Offset(from), count, runA, runB));
    }

    /// <summary>Sums of their own; terms whose factors lie side by side are one term.</summary>
    private SumInstruction SumOf(ReadOnlySpan<int> rows, Place start, bool products)
    {
        (Term[] terms, int[] ends) = ListsOf(rows, products);
        return new SumInstruction(start, terms, ends);
    }

    private (Term[] Terms, int[] Ends) ListsOf(ReadOnlySpan<int> rows, bool products)
    {
        var terms = new List<Term>();
        var ends = new int[rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            int first = terms.Count;
            foreach (FlatTerm flat in _sums.TermsOf(rows[row]))
            {
                if (flat.V >= 0 && !products)
                    continue;
                var term = new Term(PlaceOf(flat.U), flat.V < 0 ? null : PlaceOf(flat.V), flat.Negative, 1);
                if (terms.Count > first && terms[^1].Continues(term))
                    terms[^1] = terms[^1] with { Count = terms[^1].Count + 1 };
                else
                    terms.Add(term);
            }
            ends[row] = terms.Count;
        }
        return ([.. terms], ends);
    }

    /// <summary>
    /// Uniform numbers as a matrix with constant strides, brought together first where they have none, or where one
    /// number stands in several places: the gradients of several places could not be stored side by side.
    /// </summary>
    private (Place Start, int RowStride, int ColumnStride) AsMatrix(Place[] elements, int rows, int columns)
    {
        Place start = elements[0];
        int rowStride = rows > 1 ? elements[columns].Index - start.Index : 0, columnStride = columns > 1 ? elements[1].Index - start.Index : 1;
        bool distinct = columnStride > 0 && (rows == 1 || rowStride >= columns * columnStride || (rowStride > 0 && columnStride >= rows * rowStride));
        for (int row = 0, i = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++, i++)
            {
                if (distinct && elements[i] == new Place(start.Space, start.Index + row * rowStride + column * columnStride))
                    continue;
                Place together = Allocate(elements.Length, varying: false);
                Emit(new GatherInstruction(together, elements));
                return (together, columns, 1);
            }
        }
        return (start, rowStride, columnStride);
    }

    /// <summary>Varying numbers as consecutive rows, brought together first where they are not.</summary>
    private Place AsRows(List<int> factors, int depth, ReadOnlySpan<int> results, int rows)
    {
        for (int i = 0; i < factors.Count; i++)
        {
            if (factors[i] == factors[0] + i)
                continue;
            Place together = Allocate(factors.Count, varying: true);
            Emit(new GatherInstruction(together, [.. factors.Select(factor => new Place(Space.Varying, factor))]));
            for (i = 0; i < factors.Count && _levels is not null; i++)
                _rowLevels[together.Index + i] = _levels[results[i / depth * rows]];
            return together;
        }
        return new Place(Space.Varying, factors[0]);
    }

    /// <summary>A matrix product to be planned, with all its repeats.</summary>
    private sealed record Product(Place[] Matrix, Run? Bias, bool Accumulate, int Rows, List<int> Results, List<int> Factors)
    {
        internal bool Repeats(Product other) =>
            Rows == other.Rows && Bias == other.Bias && Accumulate == other.Accumulate && Matrix.AsSpan().SequenceEqual(other.Matrix);
    }

    /// <summary>Sums with the same varying factors in the same order.</summary>
    private sealed record Group(int Start, int Depth, List<int> Rows);
}
