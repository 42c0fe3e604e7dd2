// Which sums are the rows of matrix products.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

internal sealed partial class Planner
{
    // A matrix of which less than this share is there is left to sums of its own.
    private const double LeastShare = 0.4;

    // Rows with at most so many factors are short.
    private const int FewFactors = 8;

    // The varying factors of the sums that are looked at, list after list; each list once.
    private readonly List<int> _factors = [];

    // The last product with so many rows and that first element, which stand in one number.
    private readonly Dictionary<long, Product> _byFirstElement = [];

    // Uniform numbers that have been brought together, by the first of them and how many they are.
    private readonly Dictionary<(int First, int Count), List<(int[] Elements, Location Location)>> _gathered = [];

    // The matrix that is looked at, row by row: the nodes that are its elements, and NoNode in its gaps.
    private int[] _matrix = [];

    private const int NoNode = -1;

    // From so many repeats on vectors go along them.
    private const int LeastAcross = 16;

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
                AddProduct(products, CollectionsMarshal.AsSpan(group.Rows), FactorsOf(group));
        }
        foreach (List<Group> component in Components(single))
            AddComponent(products, component, rest);
        if (_isByShape)
            Dissolve(products, rest);
        products.ForEach(PlanProduct);
        rest = PlanLaneProducts(PlanLaneProducts(rest, second: false), second: true);
        if (rest.Count == 0)
            return;
        Span<int> others = CollectionsMarshal.AsSpan(rest);
        PutInOrder(others);
        if (!_isByShape && rest.TrueForAll(IsPairOfPlainTerms))
            PlanPairs(others);
        else
            PlanLoops(others);
    }

    // A product of one short row, which is met once, may be one of a loop over results.
    private static void Dissolve(List<Product> products, List<int> rest) => products.RemoveAll(product =>
    {
        bool isOne = product.Results.Count == 1 && product.Factors.Count <= FewFactors;
        if (isOne)
            rest.Add(product.Results[0]);
        return isOne;
    });

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
            ref List<Group>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(byHash, hash, out _);
            alike ??= [];
            if (Find(alike, CollectionsMarshal.AsSpan(_factors)[start..]) is { } known)
            {
                CollectionsMarshal.SetCount(_factors, start);
                known.Rows.Add(node);
                continue;
            }
            var group = new Group(start, _factors.Count - start, [node]);
            alike.Add(group);
            groups.Add(group);
        }
        return groups;
    }

    private Group? Find(List<Group> groups, ReadOnlySpan<int> factors)
    {
        foreach (Group group in groups)
        {
            if (FactorsOf(group).SequenceEqual(factors))
                return group;
        }
        return null;
    }

    private ReadOnlySpan<int> FactorsOf(Group group) => CollectionsMarshal.AsSpan(_factors).Slice(group.Start, group.Depth);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryAddFactors(int node, out int hash)
    {
        hash = 0;
        ReadOnlySpan<FlatTerm> terms = _nodes.TermsOf(node);
        int count = _factors.Count, start = count;
        CollectionsMarshal.SetCount(_factors, count + terms.Length);
        Span<int> factors = CollectionsMarshal.AsSpan(_factors);
        foreach (FlatTerm term in terms)
        {
            if (term.V < 0)
                continue;
            Location u = LocationOf(term.U), v = LocationOf(term.V);
            if (term.Negative || u.IsVarying == v.IsVarying)
                return false;
            int factor = u.IsVarying ? u.Index : v.Index;
            hash = hash * 31 + factor;
            factors[count++] = factor;
        }
        CollectionsMarshal.SetCount(_factors, count);
        return count > start;
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
        if (component.Count > 1 && ColumnsOf(component) is { } columns)
        {
            int[] rows = [.. component.ConvertAll(group => group.Rows[0])];
            PutInOrder(rows);
            if (AreKnownTo(rows[0], columns))
            {
                AddProduct(products, rows, columns);
                return;
            }
        }
        foreach (Group group in component)
        {
            if (group.Depth > 1)
                AddProduct(products, CollectionsMarshal.AsSpan(group.Rows), FactorsOf(group));
            else
                rest.Add(group.Rows[0]);
        }
    }

    // Whether the step of a sequence that needs a row has all factors, those of its gaps too.
    private bool AreKnownTo(int row, int[] factors) => _levels is null || Array.TrueForAll(factors, factor => _rowLevels[factor] <= _levels[row]);

    // The factors of a matrix with gaps; null where one stands in a row twice, or where there is more gap than matrix.
    private int[]? ColumnsOf(List<Group> component)
    {
        var all = new List<int>();
        foreach (Group group in component)
        {
            if (Distinct(FactorsOf(group).ToArray()).Length < group.Depth)
                return null;
            all.AddRange(FactorsOf(group));
        }
        int[] columns = Distinct([.. all]);
        return all.Count >= LeastShare * component.Count * columns.Length ? columns : null;
    }

    private static int[] Distinct(int[] numbers)
    {
        Array.Sort(numbers);
        int count = 0;
        foreach (int number in numbers)
        {
            if (count == 0 || number != numbers[count - 1])
                numbers[count++] = number;
        }
        return numbers[..count];
    }

    // Rows of uniform numbers times varying ones. Where the same matrix has been met, it is one more repeat: the next
    // position of a sequence, the next example of a batch within the expression.
    private void AddProduct(List<Product> products, ReadOnlySpan<int> rows, ReadOnlySpan<int> factors)
    {
        ReadOnlySpan<int> matrix = MatrixOf(rows, factors);
        Address? bias = BiasOf(rows);
        bool accumulate = bias is null && AnyHasPlainTerm(rows);
        ref Product? last = ref CollectionsMarshal.GetValueRefOrAddDefault(_byFirstElement, (long)matrix[0] << 32 | (uint)rows.Length, out _);
        if (last is not null && GoesOn(last.Results, rows) && last.Bias == bias && last.Accumulate == accumulate && matrix.SequenceEqual(last.Matrix))
        {
            last.Results.AddRange(rows);
            last.Factors.AddRange(factors);
            return;
        }
        last = new Product(matrix.ToArray(), bias, accumulate, rows.Length, [.. rows], [.. factors]);
        products.Add(last);
    }

    // A repeat belongs to one step of a sequence, and the steps follow each other.
    private bool GoesOn(List<int> results, ReadOnlySpan<int> rows) => _levels is null
        || (_levels[rows[0]] == _levels[rows[^1]] && _levels[results[^rows.Length]] == _levels[results[^1]] && _levels[results[^1]] <= _levels[rows[0]]);

    private void PlanProduct(Product product)
    {
        int rows = product.Rows, repeats = product.Results.Count / rows, depth = product.Factors.Count / repeats;
        // Many repeats are the examples of a batch within the expression: each row holds all of them, as it does lanes.
        bool isAcross = _levels is null && repeats >= LeastAcross;
        Span<int> results = isAcross ? Transposed(product.Results, repeats) : CollectionsMarshal.AsSpan(product.Results);
        Location start = PutSideBySide(results);
        if (product.Accumulate)
            PlanStart(results, start);
        (Location first, int rowStride, int columnStride) = AsMatrix(product.Matrix, rows, depth);
        Location factors = AsRows(isAcross ? Transposed(product.Factors, repeats) : [.. product.Factors], depth, results, rows);
        Emit(new Nest(
            new Extent(repeats, rows, depth),
            isAcross ? new Address(start, 1, repeats) : new Address(start, rows, 1),
            new Address(first, 0, rowStride, columnStride),
            isAcross ? new Address(factors, 1, 0, repeats) : new Address(factors, depth, 0, 1),
            product.Accumulate,
            Bias: product.Bias));
    }

    private static TItem[] Transposed<TItem>(List<TItem> matrix, int rows)
    {
        int columns = matrix.Count / rows;
        return [.. Enumerable.Range(0, matrix.Count).Select(i => matrix[i % rows * columns + i / rows])];
    }

    // What the results of a product are added to.
    private void PlanStart(ReadOnlySpan<int> results, Location start) => Emit(TermsOf(results, start, products: false));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<int> MatrixOf(ReadOnlySpan<int> rows, ReadOnlySpan<int> factors)
    {
        int size = rows.Length * factors.Length;
        if (_matrix.Length < size)
            _matrix = new int[Math.Max(size, 2 * _matrix.Length)];
        Dictionary<int, int>? columnOf = null;
        for (int row = 0; row < rows.Length; row++)
        {
            Span<int> elements = _matrix.AsSpan(row * factors.Length, factors.Length);
            elements.Fill(NoNode);
            int k = 0;
            foreach (FlatTerm term in _nodes.TermsOf(rows[row]))
            {
                if (term.V < 0)
                    continue;
                Location u = _locations[term.U];
                (int uniform, int factor) = u.IsVarying ? (term.V, u.Index) : (term.U, _locations[term.V].Index);
                // The factors of a whole row stand in their order; those of a row with gaps are looked up.
                if (k == factors.Length || factors[k] != factor)
                    k = (columnOf ??= PositionsOf(factors))[factor];
                elements[k++] = uniform;
            }
        }
        return _matrix.AsSpan(0, size);
    }

    private static Dictionary<int, int> PositionsOf(ReadOnlySpan<int> factors)
    {
        var positions = new Dictionary<int, int>(factors.Length);
        for (int i = 0; i < factors.Length; i++)
            positions.Add(factors[i], i);
        return positions;
    }

    // Sums of products of varying numbers that share one factor of each product, where these lie side by side and the
    // other factors are a matrix. What is left is given back.
    private List<int> PlanLaneProducts(List<int> sums, bool second)
    {
        var left = new List<int>();
        var groups = new List<LaneGroup>();
        var byFactors = new Dictionary<long, List<LaneGroup>>();
        foreach (int node in sums)
        {
            if (SharedBy(node, second) is not { } shared)
            {
                left.Add(node);
                continue;
            }
            ref List<LaneGroup>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(byFactors, (long)shared.First << 32 | (uint)shared.Depth, out _);
            alike ??= [];
            int level = _levels?[node] ?? 0;
            if (alike.Find(other => other.Level == level) is { } known)
            {
                known.Rows.Add(node);
                continue;
            }
            var group = new LaneGroup(shared.First, shared.Depth, level, [node]);
            alike.Add(group);
            groups.Add(group);
        }
        // A row alone is no matrix, unless it is the beginning of what others go on with: the first position of an attention.
        bool any = groups.Exists(group => group.Rows.Count > 1);
        foreach (LaneGroup group in groups)
        {
            if (!any || !TryPlanLaneProduct(group, !second))
                left.AddRange(group.Rows);
        }
        return left;
    }

    // Where the first or second factors of a sum of products of varying numbers begin, and how many they are, if they lie
    // side by side.
    private (int First, int Depth)? SharedBy(int node, bool second)
    {
        ReadOnlySpan<FlatTerm> terms = _nodes.TermsOf(node);
        int first = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            FlatTerm term = terms[i];
            if (term.V < 0 || term.Negative || term.U == term.V)
                return null;
            Location u = LocationOf(term.U), v = LocationOf(term.V);
            if (!u.IsVarying || !v.IsVarying)
                return null;
            int factor = (second ? v : u).Index;
            if (i == 0)
                first = factor;
            else if (factor != first + i)
                return null;
        }
        return (first, terms.Length);
    }

    private bool TryPlanLaneProduct(LaneGroup group, bool second)
    {
        int depth = group.Depth;
        List<int> rows = group.Rows;
        var cells = new Location[rows.Count * depth];
        for (int row = 0, i = 0; row < rows.Count; row++)
        {
            foreach (FlatTerm term in _nodes.TermsOf(rows[row]))
                cells[i++] = LocationOf(second ? term.V : term.U);
        }
        int rowStride = rows.Count > 1 ? cells[depth].Index - cells[0].Index : 0, columnStride = depth > 1 ? cells[1].Index - cells[0].Index : rows.Count * rowStride;
        if (rows.Count == 1)
            rowStride = depth * columnStride;
        bool distinct = (rowStride > 0 && columnStride >= rows.Count * rowStride) || (columnStride > 0 && rowStride >= depth * columnStride);
        for (int i = 0; i < cells.Length; i++)
        {
            if (!distinct || cells[i].Index != cells[0].Index + i / depth * rowStride + i % depth * columnStride)
                return false;
            // Where a factor of one product is the other factor of another, their gradients are better added one by one.
            if (cells[i].Index >= group.First && cells[i].Index < group.First + depth)
                return false;
        }
        Location start = PutSideBySide(CollectionsMarshal.AsSpan(rows));
        var product = new Nest(
            new Extent(1, rows.Count, depth),
            new Address(start, 1),
            new Address(cells[0], 0, rowStride, columnStride),
            new Address(new Location(Space.Varying, group.First), 0, 0, 1));
        bool isSameLevel = _levels is null || start.Index == 0 || _rowLevels[start.Index - 1] == _rowLevels[start.Index];
        if (isSameLevel && _varying is [.., Nest { IsOfLanes: true } last] && last.With(product) is { } both)
            _varying[^1] = both;
        else
            Emit(product);
        return true;
    }

    private bool AnyHasPlainTerm(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            foreach (FlatTerm term in _nodes.TermsOf(row))
            {
                if (term.V < 0)
                    return true;
            }
        }
        return false;
    }

    /// <summary>The one uniform number that each row adds, where they lie at a constant stride.</summary>
    private Address? BiasOf(ReadOnlySpan<int> rows)
    {
        Address bias = default;
        for (int row = 0; row < rows.Length; row++)
        {
            if (PlainTermOf(rows[row]) is not { IsVarying: false } place)
                return null;
            if (row == 0)
                bias = new Address(place, 0);
            else if (row == 1)
                bias = bias with { Inner = place.Index - bias.Start.Index };
            if (place != bias.At(0, row))
                return null;
        }
        return bias;
    }

    // The place of the one term that is no product.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Location? PlainTermOf(int node)
    {
        Location? place = null;
        foreach (FlatTerm term in _nodes.TermsOf(node))
        {
            if (term.V >= 0)
                continue;
            if (place is not null || term.Negative)
                return null;
            place = LocationOf(term.U);
        }
        return place;
    }

    private bool IsPairOfPlainTerms(int node) =>
        _nodes.TermsOf(node) is [{ V: < 0, Negative: false }, { V: < 0 }];

    private void PlanPairs(Span<int> members)
    {
        Location[] a = new Location[members.Length], b = new Location[members.Length];
        for (int i = 0; i < a.Length; i++)
            a[i] = LocationOf(_nodes.TermsOf(members[i])[0].U);
        FollowOperands(members, a);
        Location start = PutSideBySide(members);
        for (int i = 0; i < a.Length; i++)
            b[i] = LocationOf(_nodes.TermsOf(members[i])[1].U);
        EmitRows(_nodes.TermsOf(members[0])[1].Negative ? Operation.Subtract : Operation.Add, start, [a, b]);
    }

    /// <summary>Sums of their own; terms whose factors lie side by side are one term.</summary>
    private Sums TermsOf(ReadOnlySpan<int> rows, Location start, bool products)
    {
        var terms = new List<Term>();
        for (int row = 0; row < rows.Length; row++)
        {
            bool isFirst = true;
            foreach (FlatTerm flat in _nodes.TermsOf(rows[row]))
            {
                if (flat.V >= 0 && !products)
                    continue;
                terms.Add(new Term(start.Offset(row), false, LocationOf(flat.U), false, flat.V < 0 ? null : LocationOf(flat.V), false, 1, !isFirst, flat.Negative ? -1 : 1));
                isFirst = false;
            }
            if (isFirst)
                terms.Add(new Term(start.Offset(row), false, s_zero, false, null, false, 1, false));
        }
        return Sums.Of(terms);
    }

    /// <summary>
    /// Uniform numbers as a matrix with constant strides, brought together first where they have none, or where one
    /// number stands in several places: the gradients of several places could not be stored side by side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (Location Start, int RowStride, int ColumnStride) AsMatrix(int[] elements, int rows, int columns)
    {
        Location start = ElementAt(elements[0]);
        int rowStride = rows > 1 ? ElementAt(elements[columns]).Index - start.Index : 0, columnStride = columns > 1 ? ElementAt(elements[1]).Index - start.Index : 1;
        bool distinct = columnStride > 0 && (rows == 1 || rowStride >= columns * columnStride || (rowStride > 0 && columnStride >= rows * rowStride));
        for (int row = 0, i = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++, i++)
            {
                if (distinct && ElementAt(elements[i]) == new Location(start.Space, start.Index + row * rowStride + column * columnStride))
                    continue;
                return (Gathered(elements), columns, 1);
            }
        }
        return (start, rowStride, columnStride);
    }

    // A matrix that is met again, as by the next state of a recurrent network, has been brought together already.
    private Location Gathered(int[] elements)
    {
        ref List<(int[] Elements, Location Location)>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(_gathered, (elements[0], elements.Length), out _);
        alike ??= [];
        foreach ((int[] known, Location place) in alike)
        {
            if (known.AsSpan().SequenceEqual(elements))
                return place;
        }
        Location together = Allocate(elements.Length, varying: false);
        Emit(Copy(together, Array.ConvertAll(elements, ElementAt)));
        alike.Add((elements, together));
        return together;
    }

    private static Sums Copy(Location to, Location[] from) =>
        Sums.Of([.. from.Select((place, i) => new Term(to.Offset(i), false, place, false, null, false, 1, false))]);

    private Location ElementAt(int node) => node == NoNode ? s_zero : _locations[node];

    /// <summary>Varying numbers as consecutive rows, brought together first where they are not.</summary>
    private Location AsRows(int[] factors, int depth, ReadOnlySpan<int> results, int rows)
    {
        for (int i = 0; i < factors.Length; i++)
        {
            if (factors[i] == factors[0] + i)
                continue;
            Location together = Allocate(factors.Length, varying: true);
            Emit(Copy(together, [.. factors.Select(factor => new Location(Space.Varying, factor))]));
            for (i = 0; i < factors.Length && _levels is not null; i++)
                _rowLevels[together.Index + i] = _levels[results[i / depth * rows]];
            return together;
        }
        return new Location(Space.Varying, factors[0]);
    }

    /// <summary>A matrix product to be planned, with all its repeats.</summary>
    private sealed class Product(int[] matrix, Address? bias, bool accumulate, int rows, List<int> results, List<int> factors)
    {
        internal int[] Matrix => matrix;

        internal Address? Bias => bias;

        internal bool Accumulate => accumulate;

        internal int Rows => rows;

        internal List<int> Results => results;

        internal List<int> Factors => factors;
    }

    /// <summary>Sums with the same varying factors in the same order.</summary>
    private sealed class Group(int start, int depth, List<int> rows)
    {
        internal int Start => start;

        internal int Depth => depth;

        internal List<int> Rows => rows;
    }

    /// <summary>Sums in whose products one factor each lies side by side.</summary>
    private sealed class LaneGroup(int first, int depth, int level, List<int> rows)
    {
        internal int First => first;

        internal int Depth => depth;

        internal int Level => level;

        internal List<int> Rows => rows;
    }
}
