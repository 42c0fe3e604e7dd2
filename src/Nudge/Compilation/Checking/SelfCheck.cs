// A compiled program must give what the expression itself gives.

using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>
/// Compares a program with the expression it was compiled from, before anybody gets it: in its own precision, one example alone
/// and many side by side with different numbers in each lane, at the numbers of the recording and at others near them; and of a
/// float32 program first its statements, in double. It runs on copies: no parameter changes.
/// </summary>
internal sealed class SelfCheck
{
    // One point is enough for so large an expression: it holds the same loops many times over.
    private const int ManyNodes = 1_000_000;

    // As many numbers as may be computed for a chunk of lanes; and the lanes of the largest chunk, and one more.
    private const int ChunkWork = 1 << 21, ChunkLanes = 513, FewestChunkLanes = 65;

    private const int MostPoints = 6, FewNodes = 10_000, FewPoints = 3;

    // How far off a gradient may be, of the magnitudes that were added into it, before it is looked at more closely; and how
    // far any may be of the value and of the largest gradient. A float32 is held to all of these together: training goes by that.
    // What is far off in itself is looked at all the same: rounding may make that of a small one, and so may a kernel.
    private const double DoubleTolerance = 1e-9, DoubleToleranceOfAll = 1e-12, SingleTolerance = 1e-4, SingleToleranceOfEach = 1e-2;

    // What is so small in itself is not looked at.
    private const double LeastDouble = 1e-200, LeastSingle = 1e-7;

    // Of errors of so many units of rounding, this many times what they make is what rounding explains.
    private const double ErrorOfDouble = 1.0 / (1L << 44), ErrorOfSingle = 1.0 / (1 << 22), TimesExplained = 16;

    private readonly Recording _recording;
    private readonly ParameterList _parameters;
    private readonly PlannedPrograms _programs;
    private readonly CheckedProgram _program;
    private readonly CheckedAs _kind;

    private SelfCheck(Recording recording, ParameterList parameters, PlannedPrograms programs, CheckedAs kind)
    {
        (_recording, _parameters, _programs, _kind) = (recording, parameters, programs, kind);
        _program = new CheckedProgram(recording, parameters, kind, programs.RootsInStep);
    }

    /// <summary>
    /// How many comparisons were left out, because rounding decides them: where a maximum has a tie, or an expression hardly
    /// depends on what it is computed from.
    /// </summary>
    internal int LeftOut { get; private set; }

    /// <summary>Throws where a program differs from its expression by more than rounding explains.</summary>
    /// <param name="recording">The expression.</param>
    /// <param name="parameters">What it is differentiated by.</param>
    /// <param name="programs">The program.</param>
    /// <param name="precision">The numbers that it is to compute with.</param>
    /// <param name="kind">What it is for.</param>
    /// <exception cref="InvalidOperationException">It differs, or float32 is not exact enough for it.</exception>
    internal static SelfCheck Require(Recording recording, ParameterList parameters, PlannedPrograms programs, Precision precision, CheckedAs kind)
    {
        var check = new SelfCheck(recording, parameters, programs, kind);
        using var sweep = new TapeSweep(recording.Tape);
        double[] numbers = parameters.ToArray();
        var recorded = new CheckedSetting([check.RecordedPoint()], numbers);
        using CheckedNumbers expected = check._program.Expected(recorded, sweep);
        try
        {
            check.RequireTape(recorded, expected);
        }
        catch (InvalidOperationException) when (!parameters.ToArray().AsSpan().SequenceEqual(recording.SampleParameters))
        {
            // Somebody trains them meanwhile: the expression has seen other numbers.
        }
        CheckedSetting moved = recording.Tape.Count > ManyNodes ? recorded : check.Moved(recorded, sweep);
        using CheckedNumbers expectedMoved = moved == recorded ? expected : check._program.Expected(moved, sweep);
        // Double first: a float32 program leaves its parameters in float32. It also runs kernels of its own, of which others
        // would say nothing, so that in double its statements are enough.
        var own = ParameterList.OfNumbers(numbers.Length);
        if (precision == Precision.Single)
        {
            check.CompareStatements(recorded, expected, lanes: 1);
            if (moved != recorded)
                check.CompareStatements(moved, expectedMoved, lanes: 1);
            if (!ReferenceEquals(programs.PlanFor(lanes: 2), programs.Plan))
                check.CompareStatements(moved, expectedMoved, lanes: 2);
        }
        var engine = Engine.For(programs, own, precision);
        // Where all that matters is about 0, as at the end of training, float32 has no digits of it; a little further on it must.
        if (check.Compare(engine, own, precision, recorded, expected, 1) is { } inexact && (moved == recorded || check.Compare(engine, own, precision, moved, expectedMoved, 1) is not null))
            throw inexact;
        check.Compare(engine, own, precision, moved, expectedMoved, 1 + (precision == Precision.Double ? Vector512<double>.Count : Vector512<float>.Count));
        int chunk = Math.Min(ChunkLanes, ChunkWork / recording.Tape.Count);
        if (chunk >= FewestChunkLanes)
            check.Compare(engine, own, precision, moved, expectedMoved, chunk);
        return check;
    }

    private int Steps => _kind == CheckedAs.Sequence ? _recording.Roots.Length : 1;

    private CheckedPoint RecordedPoint() => new(_recording.SampleInputs, _recording.SampleIndices, Steps);

    // Small relative changes stay where logarithms and stiff systems are at home, and other numbers in each lane show what
    // lanes mix up. Where the expression is not finite, the numbers of the recording stand.
    private CheckedSetting Moved(CheckedSetting recorded, TapeSweep sweep)
    {
        var rng = new Rng(2);
        int most = _recording.Tape.Count <= FewNodes ? MostPoints : FewPoints;
        var moved = new CheckedSetting(new CheckedPoint[most], Array.ConvertAll(recorded.Parameters, number => number * (1 + rng.Uniform(-1, 1) / 64)));
        int found = 0;
        for (int tries = 0; tries < 2 * most && found < most; tries++)
        {
            moved.Points[found] = new CheckedPoint(
                Array.ConvertAll(_recording.SampleInputs, number => number * (1 + rng.Uniform(-1, 1) / 8)),
                Array.ConvertAll(_programs.Plan.IndexBounds, rng.Next),
                found == 0 ? Steps : 1 + rng.Next(Steps));
            sweep.Forward(moved.Points[found].Inputs, moved.Points[found].Indices, moved.Parameters);
            if (Array.TrueForAll(_recording.Tape.Roots, root => double.IsFinite(sweep.ValueOf(root))))
                found++;
        }
        return found == 0 ? recorded : moved with { Points = moved.Points[..found] };
    }

    // The expression has computed itself, and can differentiate itself: what was read off it must do the same.
    private void RequireTape(CheckedSetting recorded, CheckedNumbers tape)
    {
        Value root = _kind == CheckedAs.Sequence ? Value.Mean(_recording.Roots) : _recording.Roots[0];
        double[] expected = _kind switch
        {
            CheckedAs.Loss or CheckedAs.Sequence => [root.Number, .. root.GradientsOf(_parameters)],
            CheckedAs.Function when _recording.Roots.Length == 1 => [root.Number, .. root.Gradients(_recording.Inputs)],
            _ => [.. _recording.Roots.Select(result => result.Number)],
        };
        using CheckedNumbers got = _program.Batch(tape, recorded, 1);
        Compare(expected, got.MagnitudesOf(0), got.NumbersOf(0), Precision.Double, recorded, tape, 1);
    }

    private void CompareStatements(CheckedSetting setting, CheckedNumbers points, int lanes)
    {
        using ScratchArray<double> got = new(_program.CountFor(1));
        for (int i = 0; i < points.Points; i++)
        {
            CheckedSetting alone = setting with { Points = [setting.Points[i]] };
            using CheckedNumbers ofPoint = points.Only(i), expected = _program.Batch(ofPoint, alone, 1);
            _program.Sweep(_programs, alone.Points[0], setting.Parameters, lanes, got.Span);
            Compare(expected.NumbersOf(0), expected.MagnitudesOf(0), got.Span, Precision.Double, alone, ofPoint, 1);
        }
    }

    private InvalidOperationException? Compare(Engine engine, ParameterList own, Precision precision, CheckedSetting setting, CheckedNumbers points, int count)
    {
        using CheckedNumbers expected = _program.Batch(points, setting, count);
        using ScratchArray<double> got = new(_program.CountFor(count));
        _program.Run(engine, own, setting, count, got.Span);
        return Compare(expected.NumbersOf(0), expected.MagnitudesOf(0), got.Span, precision, setting, points, count);
    }

    // Throws if a number is another one; returns what there is to say if rounding alone makes it so.
    private InvalidOperationException? Compare(
        ReadOnlySpan<double> expected,
        ReadOnlySpan<double> magnitudes,
        ReadOnlySpan<double> got,
        Precision precision,
        CheckedSetting setting,
        CheckedNumbers points,
        int count)
    {
        double largest = 0, value = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (_program.IsGradient(i) && double.IsFinite(expected[i]))
                largest = Math.Max(largest, Math.Abs(expected[i]));
        }
        Sensitivity? sensitivity = null;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!_program.IsGradient(i))
                value = Math.Abs(expected[i]);
            // Slopes computed from an infinite value say nothing.
            if (IsOutOfRange(expected[i], precision) || IsOutOfRange(value, precision))
                continue;
            double error = Math.Abs(expected[i] - got[i]), all = Math.Max(value, largest);
            bool isWithin = error <= Tolerance(precision, magnitudes[i], all);
            if (isWithin && (precision == Precision.Double || error <= LeastSingle + SingleToleranceOfEach * magnitudes[i]))
                continue;
            sensitivity ??= SensitivityAt(setting, points, precision, count);
            bool isExplained = error <= TimesExplained * sensitivity.Numbers[i] || (sensitivity.IsOutOfRange && !double.IsFinite(got[i]));
            if (!isExplained && !sensitivity.HasTie)
                throw Differs(i, expected[i], got[i]);
            if (isWithin)
                continue;
            if (isExplained && !sensitivity.HasTie && precision == Precision.Single && count == 1)
                return IsTooInexact(i, expected[i], got[i]);
            LeftOut++;
        }
        return null;
    }

    private static double Tolerance(Precision precision, double magnitude, double all) => precision == Precision.Double
        ? LeastDouble + Math.Max(DoubleTolerance * magnitude, DoubleToleranceOfAll * all)
        : LeastSingle + SingleTolerance * Math.Max(magnitude, all);

    private static bool IsOutOfRange(double number, Precision precision) => !double.IsFinite(precision == Precision.Single ? (float)number : number);

    // How far the numbers move if everything is computed with errors like those of rounding.
    private Sensitivity SensitivityAt(CheckedSetting setting, CheckedNumbers points, Precision precision, int count)
    {
        using TapeSweep exact = new(_recording.Tape), moved = new(_recording.Tape);
        using CheckedNumbers most = new(points.Points, _program.CountFor(1));
        bool hasTie = false, isOutOfRange = false;
        for (int point = 0; point < points.Points; point++)
        {
            Span<double> largest = most.NumbersOf(point);
            largest.Clear();
            points.MagnitudesOf(point).CopyTo(most.MagnitudesOf(point));
            CheckedSetting alone = setting with { Points = [setting.Points[point]] };
            exact.Forward(alone.Points[0].Inputs, alone.Points[0].Indices, setting.Parameters);
            for (ulong seed = 1; seed <= 3; seed++)
            {
                var error = new RoundingError(new Rng(seed), precision == Precision.Double ? ErrorOfDouble : ErrorOfSingle, ofLeaves: precision == Precision.Single);
                using CheckedNumbers withErrors = _program.Expected(alone, moved, error);
                for (int i = 0; i < largest.Length; i++)
                    largest[i] = Math.Max(largest[i], Math.Abs(withErrors.NumbersOf(0)[i] - points.NumbersOf(point)[i]));
                hasTie |= exact.ChoosesOtherwise(moved);
                isOutOfRange |= precision == Precision.Single && moved.Largest() >= float.MaxValue / 4;
            }
        }
        using CheckedNumbers batch = _program.Batch(most, setting, count);
        return new(batch.NumbersOf(0).ToArray(), hasTie, isOutOfRange);
    }

    private InvalidOperationException Differs(int number, double expected, double got) => new(
        $"The compiled program gives {got:G9} for {_program.NameOf(number)}, and the expression itself gives {expected:G9}. Please report the expression.");

    private InvalidOperationException IsTooInexact(int number, double expected, double got) => new(
        $"float32 is not exact enough for this expression: it gives {got:G9} for {_program.NameOf(number)}, which is {expected:G9}. Compile it with Precision.Double.");

    /// <summary>How far numbers move, whether a choice changes, and whether something on the way is out of range.</summary>
    private sealed record Sensitivity(double[] Numbers, bool HasTie, bool IsOutOfRange);
}
