// Statements that do the same again and again, each time somewhat further on: the steps of a simulation.

namespace Nudge;

/// <summary>A body of statements, and how often it is repeated.</summary>
internal readonly record struct Repeat(int Start, int Period, int Trips)
{
    internal int End => Start + Period * Trips;
}

/// <summary>
/// Finds repeats in lists of statements. Each operand of each statement of a body advances by a constant stride from trip to trip: all of
/// them are compared.
/// </summary>
internal sealed class Repeats
{
    private const int LeastTrips = 4, MostPeriods = 8, MostPeriod = 2_000;

    private readonly Statement[] _statements;
    private readonly int[][] _shapes;
    private readonly int[] _hashes, _next; // where a statement of the same shape comes next
    private readonly Location[][] _places;

    internal Repeats(Statement[] statements)
    {
        _statements = statements;
        _shapes = Array.ConvertAll(statements, statement => (int[])[.. statement.Shape]);
        _hashes = [.. statements.Zip(_shapes, HashOf)];
        _places = Array.ConvertAll(statements, statement => (Location[])[.. statement.Writes.Concat(statement.Reads).Select(region => region.Address.Start)]);
        _next = new int[statements.Length];
        var last = new Dictionary<int, int>();
        for (int i = statements.Length - 1; i >= 0; i--)
        {
            _next[i] = last.GetValueOrDefault(_hashes[i], int.MaxValue);
            last[_hashes[i]] = i;
        }
    }

    /// <summary>The longest repeat that begins at a statement; one trip of it where there is none.</summary>
    internal Repeat From(int start)
    {
        var best = new Repeat(start, 1, 1);
        int next = _next[start];
        for (int i = 0; i < MostPeriods && next < _statements.Length && next - start <= MostPeriod; i++, next = _next[next])
        {
            int period = next - start, trips = TripsOf(start, period);
            if (trips >= LeastTrips && period * trips > best.Period * best.Trips)
                best = new(start, period, trips);
        }
        return best;
    }

    /// <summary>How far each place of a body advances with each trip; null if a place has several strides, or meets another at one trip.</summary>
    internal Dictionary<Location, int>? StridesOf(Repeat repeat)
    {
        var strides = new Dictionary<Location, int>();
        var written = new HashSet<Location>();
        for (int i = repeat.Start; i < repeat.Start + repeat.Period; i++)
        {
            Region[] writes = [.. _statements[i].Writes], all = [.. writes, .. _statements[i].Reads];
            for (int k = 0; k < all.Length; k++)
            {
                int stride = _places[i + repeat.Period][k].Index - _places[i][k].Index;
                foreach (Location place in all[k].Locations)
                {
                    if (!strides.TryAdd(place, stride) && strides[place] != stride)
                        return null;
                    if (k < writes.Length)
                        written.Add(place);
                }
            }
        }
        return Meet(strides, written, repeat.Trips) ? null : strides;
    }

    // Whether what is written at one trip is what has another stride.
    private static bool Meet(Dictionary<Location, int> strides, HashSet<Location> written, int trips)
    {
        foreach (IGrouping<(Space Space, int), KeyValuePair<Location, int>> others in strides.GroupBy(pair => (pair.Key.Space, pair.Value)))
        {
            foreach (Location place in written)
            {
                int apart = strides[place] - others.First().Value;
                if (place.Space != others.Key.Space || apart == 0)
                    continue;
                foreach ((Location other, _) in others)
                {
                    (int trip, int rest) = Math.DivRem(other.Index - place.Index, apart);
                    if (rest == 0 && trip >= 0 && trip < trips)
                        return true;
                }
            }
        }
        return false;
    }

    private int TripsOf(int start, int period)
    {
        int trips = 1;
        while (start + (trips + 1) * period <= _statements.Length && IsTrip(start, period, trips))
            trips++;
        return trips;
    }

    private bool IsTrip(int start, int period, int trip)
    {
        for (int i = start; i < start + period; i++)
        {
            int at = i + trip * period;
            if (_hashes[at] != _hashes[i] || _statements[at].GetType() != _statements[i].GetType() || !_shapes[at].AsSpan().SequenceEqual(_shapes[i]) || _places[at].Length != _places[i].Length)
                return false;
            for (int k = 0; k < _places[i].Length; k++)
            {
                Location first = _places[i][k], second = _places[i + period][k];
                if (_places[at][k] != first.Offset(trip * (second.Index - first.Index)))
                    return false;
            }
        }
        return true;
    }

    private static int HashOf(Statement statement, int[] shape)
    {
        var hash = default(HashCode);
        hash.Add(statement.GetType());
        foreach (int number in shape)
            hash.Add(number);
        return hash.ToHashCode();
    }
}
