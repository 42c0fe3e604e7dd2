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
    internal (double[] Numbers, double[] Magnitudes)[] Expected(CheckedSetting setting, TapeSweep sweep, RoundingError? error = null) =>
        Array.ConvertAll(setting.Points, point => Expected(point, setting.Parameters, sweep, error));

    /// <summary>The same for a number of points side by side, which are given in turn.</summary>
    internal (double[] Numbers, double[] Magnitudes) Batch((double[] Numbers, double[] Magnitudes)[] points, CheckedSetting setting, int count)
    {
        double[] numbers = new double[CountFor(count)], magnitudes = new double[numbers.Length];
        double total = 0;
        for (int point = 0; point < points.Length; point++)
        {
            int times = (count + points.Length - 1 - point) / points.Length;
            total += times * setting.Points[point].Steps;
            for (int i = 0; i < points[point].Numbers.Length && IsMean; i++)
            {
                numbers[i] += times * points[point].Numbers[i];
                magnitudes[i] += times * points[point].Magnitudes[i];
            }
        }
        for (int i = 0; i < numbers.Length && IsMean; i++)
            (numbers[i], magnitudes[i]) = (numbers[i] / total, magnitudes[i] / total);
        for (int i = 0; i < count && !IsMean; i++)
        {
            points[i % points.Length].Numbers.CopyTo(numbers, i * NumbersOfPoint);
            points[i % points.Length].Magnitudes.CopyTo(magnitudes, i * NumbersOfPoint);
        }
        return (numbers, magnitudes);
    }

    /// <summary>What a program gives for a number of points side by side.</summary>
    /// <param name="engine">The program, over parameters of its own.</param>
    /// <param name="own">Those.</param>
    /// <param name="setting">The points, which are given in turn.</param>
    /// <param name="count">How many.</param>
    internal double[] Run(Engine engine, ParameterList own, CheckedSetting setting, int count)
    {
        own.Load(setting.Parameters);
        var result = new double[CountFor(count)];
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
                own.CopyGradientsTo(result.AsSpan(1));
                break;
            case CheckedAs.Function when HasSlopes:
                double[] outputs = new double[count], slopes = new double[inputs.Length];
                engine.InputGradients(count, inputs, outputs, slopes);
                for (int i = 0; i < count; i++)
                {
                    result[i * NumbersOfPoint] = outputs[i];
                    slopes.AsSpan(i * recording.Inputs.Length, recording.Inputs.Length).CopyTo(result.AsSpan(i * NumbersOfPoint + 1));
                }
                break;
            case CheckedAs.Function:
                engine.Outputs(count, inputs, indices, result);
                break;
            default:
                Read(engine, lanes, result);
                break;
        }
        return result;
    }

    /// <summary>What the statements of a program give for one point.</summary>
    /// <param name="programs">The program.</param>
    /// <param name="point">The point.</param>
    /// <param name="numbers">The numbers of the parameters.</param>
    /// <param name="lanes">For how many points side by side the statements are.</param>
    internal double[] Sweep(PlannedPrograms programs, CheckedPoint point, double[] numbers, int lanes)
    {
        Program program = kind switch
        {
            CheckedAs.Sequence => programs.ForLength(point.Steps, lanes),
            CheckedAs.Reading => programs.ForStep(0),
            _ => programs.Whole,
        };
        var sweep = new StatementSweep(program.Plan, numbers, point.Steps);
        sweep.Forward(point.Inputs, point.Indices);
        double[] results = [.. sweep.Results];
        if (IsMean)
        {
            sweep.Backward(program.ToParameters, 1.0 / point.Steps);
            return [results.Sum() / point.Steps, .. sweep.NumbersOf(Space.ParameterGradients)];
        }
        if (HasSlopes)
        {
            sweep.Backward(program.ToInputs, 1);
            return [.. results, .. sweep.NumbersOf(Space.VaryingGradients)[..recording.Inputs.Length]];
        }
        var all = new List<double>(results);
        for (int step = 1; kind == CheckedAs.Reading && step * rootsInStep < recording.Roots.Length; step++)
        {
            sweep.Continue(programs.ForStep(step).Plan);
            all.AddRange(sweep.Results);
        }
        return [.. all];
    }

    private void Read(Engine engine, CheckedPoint[] lanes, double[] result)
    {
        SequenceRun run = engine.Open(lanes.Length);
        var ofStep = new double[lanes.Length * rootsInStep];
        for (int step = 0; step * rootsInStep < recording.Roots.Length; step++)
        {
            run.Run(step, Array.ConvertAll(lanes, point => point.Indices[step]), ofStep);
            for (int lane = 0; lane < lanes.Length; lane++)
                ofStep.AsSpan(lane * rootsInStep, rootsInStep).CopyTo(result.AsSpan(lane * NumbersOfPoint + step * rootsInStep));
        }
    }

    private (double[] Numbers, double[] Magnitudes) Expected(CheckedPoint point, double[] numbers, TapeSweep sweep, RoundingError? error)
    {
        sweep.Forward(point.Inputs, point.Indices, numbers, error);
        ReadOnlySpan<int> roots = IsMean ? _tape.Roots.AsSpan(0, point.Steps) : _tape.Roots;
        double[] values = [.. roots.ToArray().Select(sweep.ValueOf)];
        double[] magnitudes = Array.ConvertAll(values, Math.Abs);
        if (!HasSlopes)
            return (values, magnitudes);
        sweep.Backward(roots, point.Indices, error);
        if (!IsMean)
            return ([.. values, .. Slopes(sweep.GradientOf)], [.. magnitudes, .. Slopes(sweep.MagnitudeOf)]);
        // The parameters are the first nodes.
        double[] gradients = new double[1 + parameters.Count], magnitudesOfGradients = new double[1 + parameters.Count];
        (gradients[0], magnitudesOfGradients[0]) = (values.Sum(), magnitudes.Sum());
        for (int i = 0; i < parameters.Count; i++)
            (gradients[i + 1], magnitudesOfGradients[i + 1]) = (sweep.GradientOf(i), sweep.MagnitudeOf(i));
        return (gradients, magnitudesOfGradients);
    }

    // What nothing depends on is not on the tape.
    private double[] Slopes(Func<int, double> of)
    {
        var slopes = new double[recording.Inputs.Length];
        for (int i = 0; i < _tape.Count; i++)
        {
            if (_tape.Operations[i] == Operation.Leaf)
                slopes[_tape.First[i]] = of(i);
        }
        return slopes;
    }
}
