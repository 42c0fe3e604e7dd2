// When code is emitted: once it pays.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Whether and when code is emitted.</summary>
internal enum EmissionMode : byte
{
    /// <summary>Once a program has run so long that making code for it adds little to that.</summary>
    WhenItPays,

    /// <summary>Before the first run.</summary>
    AtOnce,

    /// <summary>Not at all.</summary>
    Never,
}

/// <summary>What a program is run for.</summary>
internal enum RunKind : byte
{
    /// <summary>Results alone.</summary>
    Results,

    /// <summary>The gradients of parameters as well.</summary>
    ParameterGradients,

    /// <summary>The gradients of inputs as well.</summary>
    InputGradients,
}

/// <summary>The programs with emitted code of an engine, one for each number of lanes and kind of run.</summary>
internal sealed class EmittedPrograms(EmissionMode mode)
{
    private readonly ConcurrentDictionary<(int Lanes, RunKind Kind), EmittedProgram> _programs = [];

    /// <summary>How many statements are emitted code.</summary>
    internal int Statements => _programs.Values.Sum(program => program.Statements);

    /// <summary>That for some lanes.</summary>
    internal EmittedProgram For(int lanes, RunKind kind) =>
        _programs.GetOrAdd((lanes, kind), static (_, mode) => new(RuntimeFeature.IsDynamicCodeCompiled ? mode : EmissionMode.Never), mode);
}

/// <summary>A program with emitted code, or what is known of whether it is worth making.</summary>
internal sealed class EmittedProgram(EmissionMode mode)
{
    // Emitting may take a twentieth of the time that a program has run.
    private const double MostShare = 0.05;

    // What a step costs to compile, and what the first method of a process does.
    private const double SecondsOfStep = 40e-6, SecondsAtFirst = 0.04;

    // Runs before anybody asks what it would cost.
    private const int Trial = 8;

    // Of short runs, one in so many is timed: to look at the clock twice takes 50 ns.
    private const int Sample = 16;

    private static readonly long s_short = (long)(10e-6 * Stopwatch.Frequency);

    private static int s_isWarm;

    private long _ticks, _due = -1;
    private int _runs, _isBusy, _sample = 1;

    /// <summary>Whether there is nothing left to decide.</summary>
    internal bool IsSettled { get; private set; } = mode == EmissionMode.Never;

    /// <summary>The program, if it is settled that there is one.</summary>
    internal Program? Program { get; private set; }

    /// <summary>How many of its statements are emitted code.</summary>
    internal int Statements { get; private set; }

    /// <summary>A run begins. As long as nothing is settled, some are timed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long BeginRun() => IsSettled || ++_runs % _sample != 0 ? 0 : Stopwatch.GetTimestamp();

    /// <summary>It has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EndRun(long began)
    {
        if (began == 0)
            return;
        long ticks = Stopwatch.GetTimestamp() - began;
        Interlocked.Add(ref _ticks, _sample * ticks);
        _sample = ticks < s_short ? Sample : 1;
    }

    /// <summary>Whether it is used whatever it takes.</summary>
    internal bool IsWantedAtOnce => mode == EmissionMode.AtOnce;

    /// <summary>Whether it is worth asking whether it is time to emit.</summary>
    internal bool MayBeDue =>
        !IsSettled && (IsWantedAtOnce || (_runs >= Trial && (_due < 0 || Volatile.Read(ref _ticks) >= _due)));

    /// <summary>Whether it is time to emit, which is then up to the caller alone.</summary>
    /// <param name="steps">How many steps the code would have.</param>
    internal bool IsDue(Func<int> steps)
    {
        if (!MayBeDue || Interlocked.Exchange(ref _isBusy, 1) == 1)
            return false;
        if (_due < 0)
        {
            int count = steps();
            double seconds = count * SecondsOfStep + (Volatile.Read(ref s_isWarm) == 0 ? SecondsAtFirst : 0);
            _due = IsWantedAtOnce ? 0 : (long)(seconds / MostShare * Stopwatch.Frequency);
            IsSettled = count == 0;
        }
        bool isDue = !IsSettled && _ticks >= _due;
        if (!isDue)
            Volatile.Write(ref _isBusy, 0);
        return isDue;
    }

    /// <summary>Says that it is not known yet what it has come to: somebody wrote the parameters meanwhile.</summary>
    internal void Postpone()
    {
        _due = 2 * Math.Max(_due, _ticks);
        Volatile.Write(ref _isBusy, 0);
    }

    /// <summary>Says what it has come to: a program, or none.</summary>
    /// <param name="program">The program.</param>
    /// <param name="backward">Its backward pass.</param>
    internal void Settle(Program? program, Differentiation? backward)
    {
        Volatile.Write(ref s_isWarm, 1);
        Program = program;
        Statements = CountEmitted(program?.Plan.Uniform) + CountEmitted(program?.Plan.Varying) + CountEmitted(backward?.Varying) + CountEmitted(backward?.Uniform);
        Thread.MemoryBarrier();
        IsSettled = true;
    }

    private static int CountEmitted(Statement[]? statements) => statements?.OfType<Piece>().Sum(piece => piece.CountEmitted) ?? 0;
}
