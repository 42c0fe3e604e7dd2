// The course of a loss in bounded memory, however long the run.

namespace Nudge.Cli;

/// <summary>Means over equal spans of steps; the spans double in length when there are too many.</summary>
/// <param name="span">How many steps each mean is of at first.</param>
internal sealed class LossHistory(int span = 1)
{
    private const int Most = 1024;

    private readonly List<double> _means = [];
    private double _sum;
    private int _count;

    /// <summary>How many steps each mean is of.</summary>
    internal int Span { get; private set; } = span;

    /// <summary>The mean of each whole span, in order.</summary>
    internal IReadOnlyList<double> Means => _means;

    internal void Add(double loss)
    {
        _sum += loss;
        if (++_count < Span)
            return;
        _means.Add(_sum / _count);
        (_sum, _count) = (0, 0);
        if (_means.Count < Most)
            return;
        for (int i = 0; i < Most / 2; i++)
            _means[i] = (_means[2 * i] + _means[2 * i + 1]) / 2;
        _means.RemoveRange(Most / 2, Most / 2);
        Span *= 2;
    }

    /// <summary>The course in at most so many numbers, each the mean of its part.</summary>
    internal double[] Course(int length)
    {
        int parts = Math.Min(length, _means.Count);
        var course = new double[parts];
        for (int i = 0; i < parts; i++)
        {
            int start = (int)((long)i * _means.Count / parts), end = (int)((long)(i + 1) * _means.Count / parts);
            for (int j = start; j < end; j++)
                course[i] += _means[j] / (end - start);
        }
        return course;
    }
}
