// Someone who does a row's work: in this process, or in a child process that speaks the same protocol.

using System.Diagnostics;

namespace Nudge.Benchmarks;

/// <summary>Does a row's work and says how long it took.</summary>
internal abstract class Contender : IDisposable
{
    /// <summary>How many steps are made from the first weights before starting from them again.</summary>
    protected const int RestartEvery = 100;

    /// <summary>Something to say beside the figures, once the rounds are over.</summary>
    internal virtual string? Note => null;

    /// <summary>Makes steps and returns the seconds they took.</summary>
    internal abstract double Run(int steps);

    /// <summary>Starts again and returns the results of the given steps: what shows that the work is the same.</summary>
    internal abstract double[] Check(IReadOnlyList<int> steps);

    /// <summary>Compiles its program again and again and says what that costs; only for one that has a program.</summary>
    internal virtual CompilingCosts Compile(int repeats) => throw new NotSupportedException("There is no program to compile.");

    /// <summary>Makes its first steps and says how long they took; only for one that has just compiled its program.</summary>
    internal virtual FirstSteps First() => throw new NotSupportedException("There is no program to compile.");

    /// <summary>What the time of its steps is spent on, or null where nobody can say.</summary>
    internal virtual TimeParts? Parts(int steps) => null;

    public abstract void Dispose();
}

/// <summary>Cannot run on this machine; the message says what is missing.</summary>
internal sealed class MissingException(string message) : Exception(message);

/// <summary>Work in this process: say how to restart and how to make a step.</summary>
internal abstract class InProcessContender : Contender
{
    private int _next;

    /// <summary>Goes back to the first weights.</summary>
    protected abstract void Restart();

    /// <summary>Makes step number k since the restart and returns the loss before its update.</summary>
    protected abstract double Step(int k);

    internal override double Run(int steps)
    {
        TimeSpan time = default;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
        {
            if (_next == 0)
            {
                time += Stopwatch.GetElapsedTime(start);
                Restart();
                start = Stopwatch.GetTimestamp();
            }
            Step(_next);
            _next = (_next + 1) % RestartEvery;
        }
        return (time + Stopwatch.GetElapsedTime(start)).TotalSeconds;
    }

    internal override FirstSteps First()
    {
        // Between two looks at the clock there is enough work that looking costs nothing beside it.
        const double enough = 50e-6;
        var marks = new List<(double At, long Steps)>();
        long start = Stopwatch.GetTimestamp(), steps = 0;
        int batch = 1;
        for (double at = 0, before = 0; at < FirstSteps.Duration; before = at)
        {
            Run(batch);
            steps += batch;
            at = Stopwatch.GetElapsedTime(start).TotalSeconds;
            marks.Add((at, steps));
            if (at - before < enough)
                batch *= 2;
        }
        return FirstSteps.Of(marks);
    }

    internal override TimeParts? Parts(int steps) => TimeParts.Measure(Run, steps);

    public override void Dispose()
    {
    }

    internal override double[] Check(IReadOnlyList<int> steps)
    {
        Restart();
        _next = 0;
        var losses = new double[steps[^1] + 1];
        for (int k = 0; k < losses.Length; k++)
            losses[k] = Step(k);
        return [.. steps.Select(k => losses[k])];
    }
}
