// What a compiled program gives for some points, and what the expression gives for them.

namespace Nudge;

/// <summary>What a program is compiled for, and so what of it is checked.</summary>
internal enum CheckedAs
{
    /// <summary>The mean of one result over a batch, and its gradients.</summary>
    Loss,

    /// <summary>The mean of the results of documents of different lengths, and its gradients.</summary>
    Sequence,

    /// <summary>The results for each point, and of a single one the gradients of the inputs.</summary>
    Function,

    /// <summary>The results of a sequence, a step after the other.</summary>
    Reading,
}

/// <summary>An example that a program is checked with.</summary>
/// <param name="Inputs">Its numbers.</param>
/// <param name="Indices">Its whole numbers.</param>
/// <param name="Steps">Of a sequence, how many of its results it has.</param>
internal sealed record CheckedPoint(double[] Inputs, int[] Indices, int Steps);

/// <summary>Points for lanes side by side, and parameters.</summary>
internal sealed record CheckedSetting(CheckedPoint[] Points, double[] Parameters);

/// <summary>
/// Numbers that are compared for some points, and the magnitudes that were added into each. They are as many as there are
/// parameters: a compilation uses the same few arrays again.
/// </summary>
internal sealed class CheckedNumbers(int points, int countOfPoint) : IDisposable
{
    private readonly ScratchArray<double> _numbers = new(points * countOfPoint), _magnitudes = new(points * countOfPoint);

    internal int Points => points;

    public void Dispose()
    {
        _numbers.Dispose();
        _magnitudes.Dispose();
    }

    /// <summary>A copy of those of one point.</summary>
    internal CheckedNumbers Only(int point)
    {
        var only = new CheckedNumbers(1, countOfPoint);
        NumbersOf(point).CopyTo(only.NumbersOf(0));
        MagnitudesOf(point).CopyTo(only.MagnitudesOf(0));
        return only;
    }

    internal Span<double> NumbersOf(int point) => _numbers.Span.Slice(point * countOfPoint, countOfPoint);

    internal Span<double> MagnitudesOf(int point) => _magnitudes.Span.Slice(point * countOfPoint, countOfPoint);
}

/// <summary>A program that is checked.</summary>
internal sealed class CheckedProgram(Recording recording, ParameterList parameters, CheckedAs kind, int rootsInStep)
{
    private readonly Tape _tape = recording.Tape;

    private bool IsMean => kind is CheckedAs.Loss or CheckedAs.Sequence;

    private bool HasSlopes => IsMean || (kind == CheckedAs.Function && recording.Roots.Length == 1);

    /// <summary>How many numbers a batch of so many points gives.</summary>
    internal int CountFor(int points) => IsMean ? 1 + parameters.Count : points * NumbersOfPoint;

    private int NumbersOfPoint => recording.Roots.Length + (HasSlopes ? recording.Inputs.Length : 0);

    /// <summary>Whether a number of the result is a gradient.</summary>
    internal bool IsGradient(int number) => IsMean ? number > 0 : number % NumbersOfPoint >= recording.Roots.Length;

    /// <summary>What a number of the result is.</summary>
    internal string NameOf(int number)
    {
        if (IsMean)
            return number == 0 ? "the loss" : $"the gradient of {parameters.NameAt(number - 1)}";
        int at = number % NumbersOfPoint;
        return kind == CheckedAs.Reading ? $"logit {at % rootsInStep} after token {at / rootsInStep}"
            : at < recording.Roots.Length ? $"output {at}" : $"the gradient of input {at - recording.Roots.Length}";
    }

    /// <summary>What the expression gives for each point; with a sweep of each, which may have errors.</summary>
    internal CheckedNumbers Expected(CheckedSetting setting, TapeSweep sweep, RoundingError? error = null)
    {
        var expected = new CheckedNumbers(setting.Points.Length, CountFor(1));
        for (int point = 0; point < setting.Points.Length; point++)
            Expected(setting.Points[point], setting.Parameters, sweep, error, expected.NumbersOf(point), expected.MagnitudesOf(point));
        return expected;
    }

    /// <summary>The same for a number of points side by side, which are given in turn.</summary>
    internal CheckedNumbers Batch(CheckedNumbers points, CheckedSetting setting, int count)
    {
        var batch = new CheckedNumbers(1, CountFor(count));
        Span<double> numbers = batch.NumbersOf(0), magnitudes = batch.MagnitudesOf(0);
        if (!IsMean)
        {
            for (int i = 0; i < count; i++)
            {
                points.NumbersOf(i % points.Points).CopyTo(numbers[(i * NumbersOfPoint)..]);
                points.MagnitudesOf(i % points.Points).CopyTo(magnitudes[(i * NumbersOfPoint)..]);
            }
            return batch;
        }
        numbers.Clear();
        magnitudes.Clear();
        double total = 0;
        for (int point = 0; point < points.Points; point++)
        {
            int times = (count + points.Points - 1 - point) / points.Points;
            total += times * setting.Points[point].Steps;
            AddTimes(times, points.NumbersOf(point), numbers);
            AddTimes(times, points.MagnitudesOf(point), magnitudes);
        }
        for (int i = 0; i < numbers.Length; i++)
            (numbers[i], magnitudes[i]) = (numbers[i] / total, magnitudes[i] / total);
        return batch;
    }

    private static void AddTimes(double times, ReadOnlySpan<double> numbers, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += times * numbers[i];
    }

    /// <summary>What a program gives for a number of points side by side.</summary>
    /// <param name="engine">The program, over parameters of its own.</param>
    /// <param name="own">Those.</param>
    /// <param name="setting">The points, which are given in turn.</param>
    /// <param name="count">How many.</param>
    /// <param name="result">Room for as many numbers as <see cref="CountFor"/> says.</param>
    internal void Run(Engine engine, ParameterList own, CheckedSetting setting, int count, Span<double> result)
    {
        own.Load(setting.Parameters);
        CheckedPoint[] lanes = [.. Enumerable.Range(0, count).Select(i => setting.Points[i % setting.Points.Length])];
        double[] inputs = [.. lanes.SelectMany(point => point.Inputs)];
        int[] indices = [.. lanes.SelectMany(point => point.Indices)];
        switch (kind)
        {
            case CheckedAs.Loss or CheckedAs.Sequence:
                own.ZeroGradients();
                result[0] = kind == CheckedAs.Loss
                    ? engine.Differentiate(count, inputs, indices)
                    : engine.Differentiate(Array.ConvertAll(lanes, point => point.Indices[..(point.Steps + 1)]));
                own.CopyGradientsTo(result[1..]);
                break;
            case CheckedAs.Function when HasSlopes:
                double[] outputs = new double[count], slopes = new double[inputs.Length];
                engine.InputGradients(count, inputs, outputs, slopes);
                for (int i = 0; i < count; i++)
                {
                    result[i * NumbersOfPoint] = outputs[i];
                    slopes.AsSpan(i * recording.Inputs.Length, recording.Inputs.Length).CopyTo(result[(i * NumbersOfPoint + 1)..]);
                }
                break;
            case CheckedAs.Function:
                engine.Outputs(count, inputs, indices, result);
                break;
            default:
                Read(engine, lanes, result);
                break;
        }
    }

    /// <summary>What the statements of a program give for one point.</summary>
    /// <param name="programs">The program.</param>
    /// <param name="point">The point.</param>
    /// <param name="numbers">The numbers of the parameters.</param>
    /// <param name="lanes">For how many points side by side the statements are.</param>
    /// <param name="result">Room for the numbers of one point.</param>
    internal void Sweep(PlannedPrograms programs, CheckedPoint point, double[] numbers, int lanes, Span<double> result)
    {
        Program program = kind switch
        {
            CheckedAs.Sequence => programs.ForLength(point.Steps, lanes),
            CheckedAs.Reading => programs.ForStep(0),
            _ => programs.Whole,
        };
        using var sweep = new StatementSweep(program.Plan, numbers, point.Steps);
        sweep.Forward(point.Inputs, point.Indices);
        double[] results = [.. sweep.Results];
        if (IsMean)
        {
            sweep.Backward(program.ToParameters, 1.0 / point.Steps);
            result[0] = results.Sum() / point.Steps;
            sweep.NumbersOf(Space.ParameterGradients).CopyTo(result[1..]);
            return;
        }
        results.CopyTo(result);
        if (HasSlopes)
        {
            sweep.Backward(program.ToInputs, 1);
            sweep.NumbersOf(Space.VaryingGradients)[..recording.Inputs.Length].CopyTo(result[results.Length..]);
        }
        for (int step = 1; kind == CheckedAs.Reading && step * rootsInStep < recording.Roots.Length; step++)
        {
            sweep.Continue(programs.ForStep(step).Plan);
            sweep.Results.ToArray().CopyTo(result[(step * rootsInStep)..]);
        }
    }

    private void Read(Engine engine, CheckedPoint[] lanes, Span<double> result)
    {
        SequenceRun run = engine.Open(lanes.Length);
        var ofStep = new double[lanes.Length * rootsInStep];
        for (int step = 0; step * rootsInStep < recording.Roots.Length; step++)
        {
            run.Run(step, Array.ConvertAll(lanes, point => point.Indices[step]), ofStep);
            for (int lane = 0; lane < lanes.Length; lane++)
                ofStep.AsSpan(lane * rootsInStep, rootsInStep).CopyTo(result[(lane * NumbersOfPoint + step * rootsInStep)..]);
        }
    }

    private void Expected(CheckedPoint point, double[] parameterNumbers, TapeSweep sweep, RoundingError? error, Span<double> numbers, Span<double> magnitudes)
    {
        sweep.Forward(point.Inputs, point.Indices, parameterNumbers, error);
        ReadOnlySpan<int> roots = IsMean ? _tape.Roots.AsSpan(0, point.Steps) : _tape.Roots;
        if (HasSlopes)
            sweep.Backward(roots, point.Indices, error);
        if (IsMean)
        {
            (numbers[0], magnitudes[0]) = (0, 0);
            foreach (int root in roots)
            {
                numbers[0] += sweep.ValueOf(root);
                magnitudes[0] += Math.Abs(sweep.ValueOf(root));
            }
            // The parameters are the first nodes.
            for (int i = 0; i < parameters.Count; i++)
                (numbers[i + 1], magnitudes[i + 1]) = (sweep.GradientOf(i), sweep.MagnitudeOf(i));
            return;
        }
        for (int i = 0; i < roots.Length; i++)
            (numbers[i], magnitudes[i]) = (sweep.ValueOf(roots[i]), Math.Abs(sweep.ValueOf(roots[i])));
        if (!HasSlopes)
            return;
        // What nothing depends on is not on the tape.
        numbers = numbers[roots.Length..];
        magnitudes = magnitudes[roots.Length..];
        numbers.Clear();
        magnitudes.Clear();
        for (int i = 0; i < _tape.Count; i++)
        {
            if (_tape.Operations[i] == Operation.Leaf)
                (numbers[_tape.First[i]], magnitudes[_tape.First[i]]) = (sweep.GradientOf(i), sweep.MagnitudeOf(i));
        }
    }
}
