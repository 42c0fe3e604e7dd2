// The different texts of a column, counted, as long as they are not too many.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>Looks at a cell that stands in so many rows; false to see no more.</summary>
internal delegate bool WeighedCell(ReadOnlySpan<byte> cell, int count);

/// <summary>Shows cells to somebody.</summary>
internal delegate void WeighedCells(WeighedCell look);

/// <summary>Counts the different cells of a column, by the row in which each stands first.</summary>
internal sealed class DistinctCells(CsvFile file, int column, int most)
{
    private int[] _slots = new int[16]; // 0 for nothing, else one more than a place in the lists
    private readonly List<int> _hashes = [], _rows = [], _counts = [];

    /// <summary>Whether there were too many to go on.</summary>
    internal bool Overflowed { get; private set; }

    internal int Count => _rows.Count;

    internal int RowOf(int place) => _rows[place];

    internal int CountOf(int place) => _counts[place];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(ReadOnlySpan<byte> cell, int row)
    {
        if (Overflowed)
            return;
        // The runtime's hash of texts is seeded anew in each process, so that no file is made to collide.
        int hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(cell)) * 31 + (cell.Length > 0 ? cell[^1] : 0) + cell.Length;
        int mask = _slots.Length - 1, slot = hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            int place = _slots[slot] - 1;
            if (_hashes[place] == hash && file.Cell(_rows[place], column).SequenceEqual(cell))
            {
                _counts[place]++;
                return;
            }
        }
        if (Count == most)
        {
            Overflowed = true;
            _slots = [];
            return;
        }
        _hashes.Add(hash);
        _rows.Add(row);
        _counts.Add(1);
        _slots[slot] = Count;
        if (Count * 2 > _slots.Length)
            Grow();
    }

    /// <summary>Shows each once.</summary>
    internal void Each(WeighedCell look)
    {
        for (int i = 0; i < Count && look(file.Cell(_rows[i], column), _counts[i]);)
            i++;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        int mask = _slots.Length - 1;
        for (int place = 0; place < Count; place++)
        {
            int slot = _hashes[place] & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = place + 1;
        }
    }
}
