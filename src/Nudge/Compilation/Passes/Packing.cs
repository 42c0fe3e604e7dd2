// Documents of different lengths side by side without gaps: what every position does alike is done for all of them at once.

namespace Nudge;

/// <summary>Where the packed rows of a plan are.</summary>
/// <param name="Start">The first of them: rows from here on hold the positions of all documents side by side.</param>
/// <param name="FirstLevel">The first level that is packed; those before it have rows of their own.</param>
/// <param name="Levels">How many levels are packed: all from the first one on.</param>
/// <param name="Root">The result of the packed levels, if it is packed.</param>
/// <param name="IndexNumbers">The index of the first packed level that each packed look-up goes by.</param>
internal sealed record PackedRows(int Start, int FirstLevel, int Levels, Location? Root, int[] IndexNumbers);

/// <summary>
/// Rewrites the plan of a sequence for many documents. Most statements do the same at every level, with numbers of that
/// level alone. Level by level they would also compute the lanes whose documents have ended. Packed, they run once, over
/// rows in which the first level of all documents is followed by the next level of those that have one, and so on:
/// <code>
/// by level          packed
/// a a a a           a a a a b b b c
/// b b b ·
/// c · · ·
/// </code>
/// Statements that look from one level at another, as attention does, stay as they are. Between the two, rows are copied.
/// </summary>
internal sealed class Packing
{
    private readonly Plan _plan;
    private readonly int[] _levels;
    private readonly int _levelCount;
    private readonly Block?[] _blocks; // that each row is in
    private readonly List<Statement> _statements = [];
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

    // A block is what was laid out together. Several statements may write to it, one after the other.
    private void FindBlocks()
    {
        foreach (Statement statement in _plan.Varying)
        {
            int start = statement.Result.Index;
            Block block = _blocks[start] ?? new Block(start);
            block.Writers.Add(statement);
            block.End = Math.Max(block.End, start + statement.Count);
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
            double work = regular.Where(block => block.FirstLevel <= level).Sum(block => block.Writers.Sum(writer => writer.Work) * (_levelCount - level) / block.Levels);
            if (work > best)
                (best, _firstLevel) = (work, level);
        }
        if (_levelCount - _firstLevel < 2)
            return false;
        foreach (Block block in regular)
            block.IsPacked = block.FirstLevel <= _firstLevel && block.Writers.TrueForAll(writer => IsAlikeAtAllLevels(writer, block));
        return Array.Exists(regular, block => block.IsPacked);
    }

    private bool IsAlikeAtAllLevels(Statement statement, Block block)
    {
        if (statement is Nest { IsOfLanes: true } || statement.Result.Index != block.Start || statement.Count != block.End - block.Start)
            return false;
        Statement first = AtLevel(statement, block, _firstLevel);
        (Location[] expected, int[] shape) = (Operands(first), [.. first.Shape]);
        if (first is not Select && !Array.Exists(expected, place => place.IsVarying))
            return false;
        // What is spread over a level is a row of numbers at one distance from each other.
        bool isRow = first is Map { Operands.Length: 2, Extent.Outer: 1 };
        for (int level = _firstLevel; level < _levelCount; level++)
        {
            Statement other = AtLevel(statement, block, level);
            if (!shape.AsSpan().SequenceEqual([.. other.Shape]))
                return false;
            int i = 0;
            foreach (Location place in Operands(other))
            {
                if (i == expected.Length || !(IsAlike(expected[i], place, level) || (isRow && IsMoved(expected[i], place, level, block))))
                    return false;
                i++;
            }
            if (i != expected.Length || (other is Select select && select.IndexNumber - level != ((Select)first).IndexNumber - _firstLevel))
                return false;
        }
        return true;
    }

    // Whether it is a uniform number of the level's own, such as one of the position, at a constant distance from that of
    // the level before.
    private bool IsMoved(Location first, Location place, int level, Block block)
    {
        if (first.IsVarying || first.Space == Space.None || first.Space != place.Space)
            return false;
        if (block.Distance == 0 && level == _firstLevel + 1)
            block.Distance = place.Index - first.Index;
        return place.Index - first.Index == (level - _firstLevel) * block.Distance;
    }

    private bool IsAlike(Location first, Location place, int level)
    {
        if (!first.IsVarying || !place.IsVarying)
            return first == place;
        return _blocks[first.Index] is { IsRegular: true } block && block == _blocks[place.Index]
            && _levels[first.Index] == _firstLevel && _levels[place.Index] == level
            && block.FirstLevel <= _firstLevel && first.Index - block.StartOf(_firstLevel) == place.Index - block.StartOf(level);
    }

    private static Statement AtLevel(Statement statement, Block block, int level) =>
        statement.Slice((level - block.FirstLevel) * block.Rows, block.Rows);

    // All that a statement reads. Rows that go on from one block into the next are at home nowhere.
    private Location[] Operands(Statement statement)
    {
        var places = new List<Location>();
        foreach (Region region in statement.Reads)
        {
            foreach (Location place in region.Locations)
            {
                bool isAway = place.IsVarying && _blocks[place.Index] != _blocks[region.Address.Start.Index];
                places.Add(isAway ? new Location(Space.None, -1 - place.Index) : place);
            }
        }
        return [.. places];
    }

    private Plan Rewrite()
    {
        foreach (Statement statement in _plan.Varying)
        {
            Block block = _blocks[statement.Result.Index]!;
            if (!block.IsPacked)
            {
                UnpackWhatIsRead(statement);
                _statements.Add(statement);
                continue;
            }
            if (block.FirstLevel < _firstLevel)
                _statements.Add(statement.Slice(0, (_firstLevel - block.FirstLevel) * block.Rows));
            _statements.Add(Pack(AtLevel(statement, block, _firstLevel), block.Distance));
        }
        Location root = _plan.Roots[_firstLevel];
        bool isPacked = root.IsVarying;
        for (int level = _firstLevel; level < _levelCount && isPacked; level++)
            isPacked = IsAlike(root, _plan.Roots[level], level) && _blocks[root.Index]!.IsPacked;
        for (int level = _firstLevel; level < _levelCount && !isPacked; level++)
            UnpackIfPacked(_plan.Roots[level]);
        Location? packedRoot = isPacked ? Packed(root) : null;
        int[] levels = new int[_size];
        _levels.CopyTo(levels, 0);
        levels.AsSpan(_start).Fill(_firstLevel);
        Plan packed = _plan with
        {
            Varying = [.. _statements],
            VaryingSize = _size,
            Levels = levels,
            Packed = new PackedRows(_start, _firstLevel, _levelCount - _firstLevel, packedRoot, [.. _indexNumbers]),
        };
        Verifier.CheckForward(packed);
        return packed;
    }

    private Statement Pack(Statement statement, int distance)
    {
        if (statement is Map map && distance != 0)
            statement = map with { Operands = Array.ConvertAll(map.Operands, operand => Spread(operand, map.Count, distance)) };
        Statement packed = statement.Move(Packed);
        if (packed is not Select select)
            return packed;
        _indexNumbers.Add(select.IndexNumber);
        return select with { IndexNumber = _indexNumbers.Count - 1 };
    }

    // Uniform numbers of each level's own, as rows.
    private Address Spread(Address operand, int count, int distance)
    {
        if (operand.IsVarying)
            return operand;
        var rows = new Location(Space.Varying, _size);
        _size += count;
        _statements.Add(new Spread(rows, operand.Start, count, operand.Inner, _levelCount - _firstLevel, distance));
        return new Address(rows, 1);
    }

    private Location Packed(Location place)
    {
        if (!place.IsVarying || place.Index >= _start)
            return place;
        Block block = _blocks[place.Index]!;
        if (block.PackedStart == 0)
        {
            block.PackedStart = _size;
            _size += block.Rows;
            if (!block.IsPacked)
                _statements.Add(new Regroup(new Location(Space.Varying, block.PackedStart), new Location(Space.Varying, block.StartOf(_firstLevel)), block.Rows, _levelCount - _firstLevel, Packs: true));
        }
        return new Location(Space.Varying, block.PackedStart + place.Index - block.StartOf(_firstLevel));
    }

    private void UnpackWhatIsRead(Statement statement)
    {
        foreach (Region region in statement.Reads)
        {
            if (!region.Address.IsVarying)
                continue;
            foreach (Location place in region.Locations)
                UnpackIfPacked(place);
        }
    }

    private void UnpackIfPacked(Location place)
    {
        if (!place.IsVarying || _blocks[place.Index] is not { IsPacked: true, IsUnpacked: false } block || _levels[place.Index] < _firstLevel)
            return;
        block.IsUnpacked = true;
        int first = block.StartOf(_firstLevel);
        _statements.Add(new Regroup(
            new Location(Space.Varying, first), Packed(new Location(Space.Varying, first)), block.Rows, _levelCount - _firstLevel, Packs: false));
    }

    /// <summary>Rows that were laid out together.</summary>
    private sealed class Block(int start)
    {
        internal int Start { get; } = start;

        internal int End { get; set; }

        internal List<Statement> Writers { get; } = [];

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
        internal int Distance { get; set; }

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
