// Documents of different lengths side by side without gaps: what every position does alike is done for all of them at once.

namespace Nudge;

/// <summary>Where the packed rows of a plan are.</summary>
/// <param name="Start">The first of them: rows from here on hold the positions of all documents side by side.</param>
/// <param name="FirstLevel">The first level that is packed; those before it have rows of their own.</param>
/// <param name="Levels">How many levels are packed: all from the first one on.</param>
/// <param name="Root">The result of the packed levels, if it is packed.</param>
/// <param name="IndexNumbers">The index of the first packed level that each packed look-up goes by.</param>
internal sealed record PackedRows(int Start, int FirstLevel, int Levels, Place? Root, int[] IndexNumbers);

/// <summary>
/// Rewrites the plan of a sequence for many documents. Most instructions do the same at every level, with numbers of that
/// level alone. Level by level they would also compute the lanes whose documents have ended. Packed, they run once, over
/// rows in which the first level of all documents is followed by the next level of those that have one, and so on:
/// <code>
/// by level          packed
/// a a a a           a a a a b b b c
/// b b b ·
/// c · · ·
/// </code>
/// Instructions that look from one level at another, as attention does, stay as they are. Between the two, rows are copied.
/// </summary>
internal sealed class Packing
{
    private readonly Plan _plan;
    private readonly int[] _levels;
    private readonly int _levelCount;
    private readonly Block?[] _blocks; // that each row is in
    private readonly List<Instruction> _instructions = [];
    private readonly List<int> _indexNumbers = [];
    private readonly int _start;
    private int _firstLevel, _size;

    private Packing(Plan plan)
    {
        _plan = plan;
        _levels = plan.Levels!;
        _levelCount = plan.Roots.Length;
        _blocks = new Block?[plan.VaryingSize];
        _start = _size = plan.VaryingSize + 1; // a gap, so that nothing runs from the one kind of rows into the other
    }

    /// <summary>The same plan with packed rows; null where nothing is done alike at several levels.</summary>
    internal static Plan? Of(Plan plan)
    {
        var packing = new Packing(plan);
        packing.FindBlocks();
        return packing.Choose() ? packing.Rewrite() : null;
    }

    // A block is what was laid out together. Several instructions may write to it, one after the other.
    private void FindBlocks()
    {
        foreach (Instruction instruction in _plan.Varying)
        {
            int start = instruction.Result.Index;
            Block block = _blocks[start] ?? new Block(start);
            block.Writers.Add(instruction);
            block.End = Math.Max(block.End, start + instruction.Count);
            _blocks.AsSpan(start..block.End).Fill(block);
        }
        JoinLevels();
        foreach (Block block in _blocks.OfType<Block>().Distinct())
            block.Shape(_levels, _levelCount);
    }

    // What was laid out level by level, one right after the other, is one block, too: as many rows at each level up to the last.
    private void JoinLevels()
    {
        Block[] blocks = [.. _blocks.OfType<Block>().Distinct()];
        for (int last = blocks.Length - 1, first; last >= 0; last = first - 1)
        {
            first = last;
            int rows = RowsOfLevel(blocks, ref first);
            if (_levels[blocks[last].Start] != _levelCount - 1 || rows == 0)
                continue;
            for (int next = first - 1; next >= 0 && IsLevelBefore(blocks[next], blocks[first]) && RowsOfLevel(blocks, ref next) == rows; next--)
                first = next;
            for (int i = first + 1; i <= last; i++)
                blocks[first].Join(blocks[i]);
            _blocks.AsSpan(blocks[first].Start..blocks[first].End).Fill(blocks[first]);
        }
    }

    // How many rows the blocks of one level have, of which the last is given; that becomes the first of them.
    private int RowsOfLevel(Block[] blocks, ref int at)
    {
        int end = blocks[at].End, level = _levels[end - 1];
        if (_levels[blocks[at].Start] != level)
            return 0;
        while (at > 0 && blocks[at - 1].End == blocks[at].Start && _levels[blocks[at - 1].Start] == level && _levels[blocks[at - 1].End - 1] == level)
            at--;
        return end - blocks[at].Start;
    }

    private bool IsLevelBefore(Block block, Block next) => block.End == next.Start && _levels[block.End - 1] == _levels[next.Start] - 1;

    // The more levels are packed the better, but what begins later than the first packed level cannot be.
    private bool Choose()
    {
        Block[] regular = [.. _blocks.OfType<Block>().Distinct().Where(block => block.IsRegular)];
        double best = 0;
        foreach (int level in regular.Select(block => block.FirstLevel).Distinct())
        {
            double work = regular.Where(block => block.FirstLevel <= level).Sum(block => block.Writers.Sum(PlanReport.Work) * (_levelCount - level) / block.Levels);
            if (work > best)
                (best, _firstLevel) = (work, level);
        }
        if (_levelCount - _firstLevel < 2)
            return false;
        foreach (Block block in regular)
            block.IsPacked = block.FirstLevel <= _firstLevel && block.Writers.TrueForAll(writer => IsAlikeAtAllLevels(writer, block));
        return Array.Exists(regular, block => block.IsPacked);
    }

    private bool IsAlikeAtAllLevels(Instruction instruction, Block block)
    {
        if (instruction is LaneProductInstruction || instruction.Result.Index != block.Start || instruction.Count != block.End - block.Start)
            return false;
        Instruction first = AtLevel(instruction, block, _firstLevel);
        Place[] expected = Operands(first);
        if (instruction is not SelectInstruction && !Array.Exists(expected, place => place.IsVarying))
            return false;
        // What is spread over a level is a row of numbers at one distance from each other.
        bool isRow = instruction is BinaryInstruction binary && block.Rows <= Math.Min(binary.A.Length, binary.B.Length);
        for (int level = _firstLevel; level < _levelCount; level++)
        {
            int i = 0;
            foreach (Place place in Operands(AtLevel(instruction, block, level)))
            {
                if (i == expected.Length || !(IsAlike(expected[i], place, level) || (isRow && IsMoved(expected[i], place, level, block))))
                    return false;
                i++;
            }
            if (i != expected.Length)
                return false;
        }
        return true;
    }

    // Whether it is a uniform number of the level's own, such as one of the position, at a constant distance from that of
    // the level before.
    private bool IsMoved(Place first, Place place, int level, Block block)
    {
        if (first.IsVarying || first.Space == Space.None || first.Space != place.Space)
            return false;
        if (block.Leap == 0 && level == _firstLevel + 1)
            block.Leap = place.Index - first.Index;
        return place.Index - first.Index == (level - _firstLevel) * block.Leap;
    }

    private bool IsAlike(Place first, Place place, int level)
    {
        if (!first.IsVarying || !place.IsVarying)
            return first == place;
        return _blocks[first.Index] is { IsRegular: true } block && block == _blocks[place.Index]
            && _levels[first.Index] == _firstLevel && _levels[place.Index] == level
            && block.FirstLevel <= _firstLevel && first.Index - block.StartOf(_firstLevel) == place.Index - block.StartOf(level);
    }

    private static Instruction AtLevel(Instruction instruction, Block block, int level) =>
        instruction.Slice((level - block.FirstLevel) * block.Rows, block.Rows);

    // All that an instruction reads, and, as places that are nowhere, all numbers by which it may differ from another.
    private Place[] Operands(Instruction instruction)
    {
        switch (instruction)
        {
            case UnaryInstruction unary:
                return Rows(unary.A, unary.Count);
            case BinaryInstruction binary:
                return [.. Rows(binary.A, binary.Count), .. Rows(binary.B, binary.Count)];
            case ProductInstruction product:
                return
                [
                    .. Rows(new Run(product.B, 1), product.Depth * product.Repeats),
                    product.A, Number(product.RowStride), Number(product.ColumnStride), product.Bias?.Start ?? default, Number(product.Bias?.Stride ?? 0),
                ];
            case SumInstruction sum:
                return [.. Terms(sum.Terms), .. sum.Ends.Select(Number)];
            case GreatestInstruction greatest:
                return [.. Terms(greatest.Terms), .. greatest.Ends.Select(Number)];
            case SoftmaxInstruction softmax:
                return [.. Rows(softmax.Numbers, softmax.Count), .. softmax.Ends.Select(Number)];
            case GatherInstruction gather:
                return gather.Sources;
            case SelectInstruction select:
                return [.. select.Choices.SelectMany(choice => Rows(select.RowsOf(choice), select.Count)), Number(select.IndexNumber - _levels[select.Result.Index])];
            default:
                throw new InvalidOperationException("An instruction of no known kind.");
        }

        IEnumerable<Place> Terms(Term[] terms) => terms.SelectMany(term => (Place[])
        [
            .. Rows(new Run(term.First, 1), term.Count),
            .. term.Second is { } second ? Rows(new Run(second, 1), term.Count) : [],
            Number(term.Negative ? -term.Count : term.Count),
        ]);
    }

    private static Place Number(int number) => new(Space.None, number);

    // Rows that go on from one block into the next are at home nowhere.
    private Place[] Rows(Run run, int count)
    {
        var places = new Place[count];
        for (int i = 0; i < count; i++)
        {
            places[i] = new Place(run.Space, run.At(i));
            if (places[i].IsVarying && _blocks[places[i].Index] != _blocks[run.Start.Index])
                places[i] = new Place(Space.None, -1 - places[i].Index);
        }
        return places;
    }

    private Plan Rewrite()
    {
        foreach (Instruction instruction in _plan.Varying)
        {
            Block block = _blocks[instruction.Result.Index]!;
            if (!block.IsPacked)
            {
                UnpackWhatIsRead(instruction);
                _instructions.Add(instruction);
                continue;
            }
            if (block.FirstLevel < _firstLevel)
                _instructions.Add(instruction.Slice(0, (_firstLevel - block.FirstLevel) * block.Rows));
            _instructions.Add(Pack(AtLevel(instruction, block, _firstLevel), block.Leap));
        }
        Place root = _plan.Roots[_firstLevel];
        bool isPacked = root.IsVarying;
        for (int level = _firstLevel; level < _levelCount && isPacked; level++)
            isPacked = IsAlike(root, _plan.Roots[level], level) && _blocks[root.Index]!.IsPacked;
        for (int level = _firstLevel; level < _levelCount && !isPacked; level++)
            UnpackIfPacked(_plan.Roots[level]);
        Place? packedRoot = isPacked ? Packed(root) : null;
        int[] levels = new int[_size];
        _levels.CopyTo(levels, 0);
        levels.AsSpan(_start).Fill(_firstLevel);
        return _plan with
        {
            Varying = [.. _instructions],
            VaryingSize = _size,
            Levels = levels,
            Packed = new PackedRows(_start, _firstLevel, _levelCount - _firstLevel, packedRoot, [.. _indexNumbers]),
        };
    }

    private Instruction Pack(Instruction instruction, int leap)
    {
        switch (instruction)
        {
            case UnaryInstruction unary:
                return unary with { Result = Packed(unary.Result), A = Packed(unary.A) };
            case BinaryInstruction binary:
                return binary with { Result = Packed(binary.Result), A = Packed(binary.A, binary.Count, leap), B = Packed(binary.B, binary.Count, leap) };
            case ProductInstruction product:
                return product with { Result = Packed(product.Result), B = Packed(product.B) };
            case SumInstruction sum:
                return new SumInstruction(Packed(sum.Result), Packed(sum.Terms), sum.Ends);
            case GreatestInstruction greatest:
                return new GreatestInstruction(Packed(greatest.Result), Packed(greatest.Terms), greatest.Ends);
            case SoftmaxInstruction softmax:
                return softmax with { Result = Packed(softmax.Result), Source = Packed(softmax.Source) };
            case GatherInstruction gather:
                return new GatherInstruction(Packed(gather.Result), Array.ConvertAll(gather.Sources, Packed));
            default:
                var select = (SelectInstruction)instruction;
                _indexNumbers.Add(select.IndexNumber);
                return select with { Result = Packed(select.Result), Choices = Array.ConvertAll(select.Choices, Packed), IndexNumber = _indexNumbers.Count - 1 };
        }
    }

    private Term[] Packed(Term[] terms) => Array.ConvertAll(
        terms, term => term with { First = Packed(term.First), Second = term.Second is { } second ? Packed(second) : null });

    private Run Packed(Run run) => run with { Start = Packed(run.Start) };

    private Run Packed(Run run, int count, int leap)
    {
        if (run.Start.IsVarying || leap == 0)
            return Packed(run);
        var rows = new Place(Space.Varying, _size);
        _size += count;
        _instructions.Add(new SpreadInstruction(rows, run.Start, count, run.Stride, _levelCount - _firstLevel, leap));
        return new Run(rows, 1);
    }

    private Place Packed(Place place)
    {
        if (!place.IsVarying)
            return place;
        Block block = _blocks[place.Index]!;
        if (block.PackedStart == 0)
        {
            block.PackedStart = _size;
            _size += block.Rows;
            if (!block.IsPacked)
                _instructions.Add(new RegroupInstruction(new Place(Space.Varying, block.PackedStart), new Place(Space.Varying, block.StartOf(_firstLevel)), block.Rows, _levelCount - _firstLevel, Packs: true));
        }
        return new Place(Space.Varying, block.PackedStart + place.Index - block.StartOf(_firstLevel));
    }

    private void UnpackWhatIsRead(Instruction instruction)
    {
        foreach ((Run run, int count) in instruction.Reads)
        {
            for (int i = 0; i < count && run.Start.IsVarying; i++)
                UnpackIfPacked(new Place(run.Space, run.At(i)));
        }
    }

    private void UnpackIfPacked(Place place)
    {
        if (!place.IsVarying || _blocks[place.Index] is not { IsPacked: true, IsUnpacked: false } block || _levels[place.Index] < _firstLevel)
            return;
        block.IsUnpacked = true;
        int first = block.StartOf(_firstLevel);
        _instructions.Add(new RegroupInstruction(
            new Place(Space.Varying, first), Packed(new Place(Space.Varying, first)), block.Rows, _levelCount - _firstLevel, Packs: false));
    }

    /// <summary>Rows that were laid out together.</summary>
    private sealed class Block(int start)
    {
        internal int Start { get; } = start;

        internal int End { get; set; }

        internal List<Instruction> Writers { get; } = [];

        /// <summary>Whether it has as many rows at each level from its first one on.</summary>
        internal bool IsRegular { get; private set; }

        internal int FirstLevel { get; private set; }

        internal int Levels { get; private set; }

        /// <summary>How many rows a level has.</summary>
        internal int Rows { get; private set; }

        /// <summary>Whether what writes to it is packed.</summary>
        internal bool IsPacked { get; set; }

        /// <summary>Whether rows by level have been made of packed ones, too.</summary>
        internal bool IsUnpacked { get; set; }

        /// <summary>How far uniform numbers of each level's own are from one level to the next; 0 where all levels have the same.</summary>
        internal int Leap { get; set; }

        /// <summary>Its packed rows, if it has any yet.</summary>
        internal int PackedStart { get; set; }

        internal int StartOf(int level) => Start + (level - FirstLevel) * Rows;

        internal void Join(Block next)
        {
            End = next.End;
            Writers.AddRange(next.Writers);
        }

        internal void Shape(int[] levels, int levelCount)
        {
            FirstLevel = levels[Start];
            Levels = levelCount - FirstLevel;
            Rows = (End - Start) / Levels;
            IsRegular = Levels > 1 && Rows * Levels == End - Start;
            for (int row = Start; row < End && IsRegular; row++)
                IsRegular = levels[row] == FirstLevel + (row - Start) / Rows;
        }
    }
}
