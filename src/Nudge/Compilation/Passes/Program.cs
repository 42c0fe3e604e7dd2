// A plan with what differentiates it.

namespace Nudge;

/// <summary>A plan and its backward passes, which are written when they are asked for. It is immutable.</summary>
internal sealed class Program(Plan plan)
{
    private Differentiation? _toParameters, _toInputs;
    private LevelRows[]? _levelRows;

    internal Plan Plan { get; } = plan;

    /// <summary>The same program with other statements that do the same.</summary>
    /// <param name="uniform">What is done once.</param>
    /// <param name="varying">What is done for lanes.</param>
    /// <param name="backward">A backward pass; null if it will not be run.</param>
    internal Program With(Statement[] uniform, Statement[] varying, Differentiation? backward) => new(Plan with { Uniform = uniform, Varying = varying })
    {
        _toParameters = backward is { IsToParameters: true } ? backward : null,
        _toInputs = backward is { IsToParameters: false } ? backward : null,
    };

    internal Differentiation ToParameters => _toParameters ?? Keep(ref _toParameters, new(Plan, toParameters: true, inputs: 0));

    internal Differentiation ToInputs => _toInputs ?? Keep(ref _toInputs, new(Plan, toParameters: false, Plan.InputCount));

    /// <summary>Of a sequence, the rows that each level computes, in order of level, without packed ones.</summary>
    internal LevelRows[] LevelRows => _levelRows ?? Keep(ref _levelRows, [.. LevelRowsOf(Plan)]);

    private static IEnumerable<LevelRows> LevelRowsOf(Plan plan)
    {
        if (plan.Levels is not { } levels)
            yield break;
        int end = Math.Min(levels.Length, plan.Packed?.Start ?? levels.Length);
        var isComputed = new bool[end];
        foreach (Statement statement in plan.Varying)
        {
            if (statement.Result.Index < end)
                isComputed.AsSpan(statement.Result.Index, statement.Count).Fill(true);
        }
        foreach (IGrouping<int, int> level in Enumerable.Range(0, end).Where(row => isComputed[row]).GroupBy(row => levels[row]).OrderBy(level => level.Key))
        {
            int start = -1, next = -1;
            foreach (int row in level)
            {
                if (row != next)
                {
                    if (start >= 0)
                        yield return new(level.Key, start, next - start);
                    start = row;
                }
                next = row + 1;
            }
            yield return new(level.Key, start, next - start);
        }
    }

    // Of two threads that ask at once, both get what the first has written.
    private static T Keep<T>(ref T? place, T written)
        where T : class =>
        Interlocked.CompareExchange(ref place, written, null) ?? written;
}

/// <summary>Consecutive rows that a step of a sequence computes.</summary>
/// <param name="Level">The step.</param>
/// <param name="Start">The first row.</param>
/// <param name="Count">How many.</param>
internal readonly record struct LevelRows(int Level, int Start, int Count);
