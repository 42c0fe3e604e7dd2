// Which statements become pieces of emitted code.

using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Nudge;

/// <summary>Cuts lists of statements into pieces of emitted code and what stays as it is.</summary>
/// <param name="linker">Finds the kernels of statements.</param>
/// <param name="lanes">For how many lanes; 1 for what is done once.</param>
/// <param name="inputs">How many rows are inputs.</param>
internal sealed class Pieces<V, T>(Linker<V, T> linker, int lanes, int inputs)
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A method of a few hundred operations is compiled well and soon; what passes from one to the next is stored.
    private const int MostSteps = 150, MostOfStatement = 64, MostOfProduct = 16, LeastRow = 12, LeastLayer = 4, LeastRows = 4, LeastSideBySide = 8;

    private readonly RowMachine _machine = lanes == 1 ? RowMachine.For<Wide1<T>, T>() : RowMachine.For<V, T>();
    private readonly RowMachine _vectors = RowMachine.For<V, T>();
    private readonly Dictionary<Statement, RowForm[]?> _forms = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many steps the pieces of some statements would have.</summary>
    internal int StepsIn(Statement[] statements) => Parts(statements).Sum(part => part.Steps);

    /// <summary>The statements with pieces in the place of some.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="isKept">Whether what is written to a place is read by others, too.</param>
    [RequiresDynamicCode("Emits methods.")]
    internal Statement[] Cut(Statement[] statements, Predicate<Location> isKept)
    {
        // By which statement a row is touched for the last time.
        var last = new Dictionary<Location, int>();
        for (int i = 0; i < statements.Length; i++)
        {
            foreach (Location place in statements[i].Places)
                last[place] = i;
        }
        var cut = new List<Statement>();
        foreach (Part part in Parts(statements))
            cut.Add(part.Steps == 0 ? statements[part.Body.Start] : Emit(statements, part, (place, end) => isKept(place) || last.GetValueOrDefault(place, -1) >= end));
        return [.. cut];
    }

    /// <summary>Statements that make a piece, once or again and again, or one that stays as it is and has no steps.</summary>
    private readonly record struct Part(Repeat Body, int Steps, Dictionary<Location, int> Strides);

    private IEnumerable<Part> Parts(Statement[] statements)
    {
        var repeats = new Repeats(statements);
        int?[] steps = StepsOf(statements);
        Part? next = null;
        for (int i = 0; i < statements.Length;)
        {
            if ((next ?? RepeatFrom(repeats, steps, i)) is { } repeated)
            {
                next = null;
                yield return repeated;
                i = repeated.Body.End;
                continue;
            }
            int end = i, sum = 0;
            while (end < statements.Length && steps[end] is int more && (sum + more <= MostSteps || sum == 0) && (end == i || (next = RepeatFrom(repeats, steps, end)) is null))
            {
                sum += more;
                end++;
            }
            bool isAlone = end < i + 2;
            yield return new(new Repeat(i, isAlone ? 1 : end - i, 1), isAlone ? 0 : sum, []);
            i = isAlone ? i + 1 : end;
            next = i == end ? next : null;
        }
    }

    // A body most of whose statements have steps. What has none is done by its kernel, in each trip.
    private Part? RepeatFrom(Repeats repeats, int?[] steps, int start)
    {
        if (repeats.From(start) is not { Trips: > 1 } repeat)
            return null;
        ReadOnlySpan<int?> own = steps.AsSpan(start, repeat.Period);
        int sum = 0, count = 0;
        foreach (int? more in own)
        {
            sum += more ?? 0;
            count += more is null ? 0 : 1;
        }
        return 2 * count >= repeat.Period && repeats.StridesOf(repeat) is { } strides && StaysApart(strides, repeat.Trips) ? new(repeat, sum, strides) : null;
    }

    // Inputs are elsewhere than other rows.
    private bool StaysApart(Dictionary<Location, int> strides, int trips)
    {
        foreach ((Location place, int stride) in strides)
        {
            if (place.Space == Space.Varying && place.Index < inputs != place.Index + (trips - 1) * stride < inputs)
                return false;
        }
        return true;
    }

    /// <summary>Makes the methods of a part.</summary>
    /// <param name="statements">All statements.</param>
    /// <param name="part">The part.</param>
    /// <param name="isReadFrom">Whether anybody reads a row from a statement on.</param>
    [RequiresDynamicCode("Emits methods.")]
    private Piece Emit(Statement[] statements, Part part, Func<Location, int, bool> isReadFrom)
    {
        Repeat body = part.Body;
        int?[] steps = StepsOf(statements[body.Start..(body.Start + body.Period)]);
        var items = new List<PieceItem>();
        for (int from = 0, end; from < body.Period; from = end)
        {
            end = from + 1;
            if (steps[from] is not int sum)
            {
                while (end < body.Period && steps[end] is null)
                    end++;
                items.Add(new(null, from, end - from));
                continue;
            }
            while (end < body.Period && steps[end] is int more && (sum += more) <= MostSteps)
                end++;
            PieceCode code = new Emitter(lanes, inputs, part.Strides).Emit(LoopsOf(statements, body.Start + from, body.Start + end, IsReadLater));
            items.Add(new(code, from, end - from));
        }
        return new(statements[body.Start..body.End], [.. items], body.Trips);

        // Of any trip, from a statement of the first on.
        bool IsReadLater(Location place, int from)
        {
            int stride = part.Strides.GetValueOrDefault(place);
            for (int trip = 0; trip < body.Trips; trip++)
            {
                if (isReadFrom(place.Offset(trip * stride), from + trip * body.Period))
                    return true;
            }
            return false;
        }
    }

    // Statements that go over the same rows are one loop; those of few rows are written out one after the other.
    private IEnumerable<RowLoop> LoopsOf(Statement[] statements, int from, int end, Func<Location, int, bool> isReadLater)
    {
        RowGroup? group = null;
        RowCode? straight = null;
        for (int i = from; i <= end; i++)
        {
            int after = i;
            RowForm[]? forms = i < end ? FormsOf(statements[i]) : null;
            if (straight is not null && (i == end || forms is not null))
            {
                yield return LoopOf(straight, place => isReadLater(place, after));
                straight = null;
            }
            foreach (RowForm form in forms ?? [])
            {
                if (group?.TryAdd(form) == true)
                    continue;
                if (group is not null)
                    yield return LoopOf(group, place => isReadLater(place, after));
                group = RowGroup.Of(form);
            }
            if (forms is not null)
                continue;
            if (group is not null)
                yield return LoopOf(group, place => isReadLater(place, after));
            group = null;
            if (i < end)
                Lower(straight ??= new(), statements[i]);
        }
    }

    private void Lower(RowCode code, Statement statement)
    {
        var lowering = new Lowering(code, _machine, lanes > 1, place => lanes == 1 ? place.Space == Space.Parameters : !place.IsVarying);
        if (statement is Nest nest && SumInParts(nest) is { } sum)
            lowering.Lower(sum);
        else
            lowering.Lower(statement);
    }

    private RowLoop LoopOf(RowCode code, Func<Location, bool> isReadLater) => new()
    {
        Code = code,
        Machine = _machine,
        Side = SideOf(code, _machine),
        Outer = 1,
        Inner = 1,
        Step = 1,
        StrideOf = _ => default,
        IsReadLater = isReadLater,
    };

    private RowLoop LoopOf(RowGroup group, Func<Location, bool> isReadLater)
    {
        RowMachine machine = lanes == 1 ? _vectors : _machine;
        var code = new RowCode();
        var lowering = new Lowering(code, machine, lanes > 1, place => lanes == 1 ? group.StrideOf(place).Inner == 0 : !place.IsVarying);
        foreach (RowForm form in group.Forms)
            lowering.Lower(form);
        int side = SideOf(code, machine);
        return new()
        {
            Code = code,
            Machine = machine,
            Side = side,
            Outer = group.Outer,
            Inner = group.Inner,
            Step = lanes == 1 ? side * machine.Count : 1,
            StrideOf = group.StrideOf,
            IsReadLater = place => IsRead(place, group.StrideOf(place)),
        };

        bool IsRead(Location place, RowStride stride)
        {
            for (int outer = 0; outer < group.Outer; outer++)
            {
                for (int inner = 0; inner < group.Inner; inner++)
                {
                    if (isReadLater(place.Offset(outer * stride.Outer + inner * stride.Inner)))
                        return true;
                }
            }
            return false;
        }
    }

    // As many vectors side by side as the parts of a sum fill.
    private int SideOf(RowCode code, RowMachine machine) =>
        code.Sums.Count == 0 ? 1 : Math.Max(1, (lanes == 1 ? Sixteen<T>.Parts : Math.Min(lanes, Sixteen<T>.Parts)) / machine.Count);

    // A statement as loops over rows that are worth it.
    private RowForm[]? FormsOf(Statement statement)
    {
        if (!_forms.TryGetValue(statement, out RowForm[]? forms))
            _forms.Add(statement, forms = FindForms(statement));
        return forms;
    }

    private RowForm[]? FindForms(Statement statement)
    {
        if (RowForm.Of(statement, SumOf) is not { } forms)
            return null;
        bool isWorthIt = Array.TrueForAll(forms, form => RowGroup.Of(form) is not null
            && (lanes > 1 ? form.Rows >= LeastRows : V.Count > 1 && form.IsSideBySide && form.Inner >= LeastSideBySide));
        return isWorthIt ? forms : null;
    }

    // How a nest adds up rows, as the kernels do it: lanes and rows in parts, or not at all; null for any other order.
    private RowSumKind? SumOf(Nest nest)
    {
        if (lanes > 1 && nest.Y.IsVarying)
            return RowSumKind.None;
        Call<T> call = NestLinker<V, T>.Link(nest, linker);
        if (NestKernels<V, T>.IsInTurn(call))
            return null;
        if (lanes == 1 && !NestKernels<V, T>.IsInParts(call))
            return RowSumKind.None;
        bool isOfAllRows = call is { Outer: 1, Inner: 1, Depth: 1 } && call.Width == nest.Extent.Count * lanes;
        if (lanes == 1)
            return isOfAllRows && nest.Bias is null ? RowSumKind.AllRows : null;
        return !nest.Adds || !(nest.A.IsVarying || nest.B is { IsVarying: true }) ? null
            : isOfAllRows && lanes % Sixteen<T>.Parts == 0 ? RowSumKind.AllRows
            : call.Width == lanes ? RowSumKind.EachRow
            : null;
    }

    // How many of some statements are a layer that is done by a kernel of its own, which keeps several rows in one vector.
    private int CountOfLayer(ReadOnlySpan<Statement> statements) =>
        LayerFinder<V, T>.Find(statements, linker, lanes, out int count) is { Parts: Layer<T> layer } && layer.Rows * layer.Depth >= LeastLayer ? count : 1;

    // Of a single lane, a nest whose sums are in parts, with its loops as they have been linked: a number is as far from the next as its place.
    private unsafe RowSum? SumInParts(Nest nest)
    {
        if (lanes > 1 || NestLinker<V, T>.Link(nest, linker) is var call && !NestKernels<V, T>.IsInParts(call))
            return null;
        (Address a, Address? b) = (nest.A, nest.B);
        if (b is { } other && call.A.At != linker.Find(a).At)
            (a, b) = (other, a);
        return new()
        {
            Outer = call.Outer,
            Inner = call.Inner,
            Depth = call.Depth,
            Length = call.Width,
            Parts = Sixteen<T>.Parts,
            Y = Moved(nest.Y, call.Y),
            A = Moved(a, call.A),
            B = b is { } second ? Moved(second, call.B) : null,
            IsRowA = call.A.IsRow,
            IsRowB = call.B.IsRow,
            Bias = nest.Bias is { } bias ? Moved(bias, call.C) : null,
            Adds = nest.Adds,
            Negative = nest.Negative,
        };

        static Address Moved(Address address, Operand<T> by) => new(address.Start, (int)by.Outer, (int)by.Inner, (int)by.Depth);
    }

    // How long the code of each is; of a layer that has a kernel, and of what has no code, null.
    private int?[] StepsOf(Statement[] statements)
    {
        var steps = new int?[statements.Length];
        for (int i = 0, count; i < statements.Length; i += count)
        {
            count = CountOfLayer(statements.AsSpan(i));
            steps[i] = count > 1 ? null : StepsOf(statements[i]);
        }
        return steps;
    }

    // How long its code is, in places of the runtime's compiler, which inlines no more once a method has some five hundred; null if it has none.
    private int? StepsOf(Statement statement)
    {
        if (statement.Reads.Concat(statement.Writes).Any(region => region.Space == Space.PackedTemporary || linker.IsPacked(region.Address.Start)))
            return null;
        if (FormsOf(statement) is { } forms)
            return forms.Sum(form => StepsOfRow(form.First) * CopiesOf(form));
        int? steps = statement switch
        {
            _ when lanes == 1 && IsRow(statement) => null,
            Map map => map.Count,
            Nest nest when nest.Extent.Count > (lanes > Sixteen<T>.Parts ? MostOfProduct : MostOfStatement) => null,
            Nest nest when nest.Y.IsVarying && lanes > 1 => nest.Extent.Count,
            Nest nest when NestLinker<V, T>.Link(nest, linker) is var call && NestKernels<V, T>.IsInTurn(call) => null,
            Nest nest when lanes == 1 => nest.Extent.Count,
            Nest nest when (nest.A.IsVarying || nest.B is { IsVarying: true }) && NestLinker<V, T>.Link(nest, linker).Width == lanes => nest.Extent.Count,
            Sums sums when Array.TrueForAll(sums.Terms, lanes == 1 ? IsInTurn : IsOfLanes) => sums.Terms.Sum(term => term.Count),
            Maxima maxima => maxima.Terms.Sum(term => term.Count),
            Clear clear => clear.Rows,
            _ => null,
        };
        return steps <= MostOfStatement ? steps : null;
    }

    // Of a single lane, rows that fill no vector are done by code of their own.
    private int CopiesOf(RowForm form)
    {
        int step = form.Sum == RowSumKind.None ? _vectors.Count : Math.Max(_vectors.Count, Sixteen<T>.Parts), tail = form.Inner % step;
        return lanes > 1 ? 1 : (form.Inner >= step ? step / _vectors.Count : 0) + (tail + _vectors.Count - 1) / _vectors.Count;
    }

    // Of one row.
    private static int StepsOfRow(Statement row) => row is Nest nest ? nest.Extent.Count : 1;

    private static bool IsOfLanes(Term term) => term.Y.IsVarying || term.A.IsVarying || term.B is { IsVarying: true };

    // Long sums of numbers side by side are in parts.
    private static bool IsInTurn(Term term) => term.YAdvances || term.Count < Sixteen<T>.Parts;

    // Whether what a single lane has side by side fills vectors: the kernels do them faster than code does number by number.
    private static bool IsRow(Statement statement) => statement.Count >= LeastRow && statement is Map or Nest;
}
