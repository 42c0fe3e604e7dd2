// Row F: the objective of a Gaussian mixture as one writes it, number by number. Both engines take it from here.

namespace Nudge.Benchmarks;

/// <summary>
/// Σ over points of ln Σₖ e^tₖ, with tₖ = αₖ + Σqₖ − ½|Lₖ(x − μₖ)|², and what depends on the parameters alone. Lₖ is lower
/// triangular; its diagonal is e^qₖ.
/// </summary>
internal sealed class MixtureObjective
{
    private readonly MixtureTask _task;
    private readonly Value[] _alphas, _means, _factors, _diagonal, _diagonalSum;

    /// <param name="task">The mixture.</param>
    /// <param name="alphas">αₖ.</param>
    /// <param name="means">μₖ, part by part.</param>
    /// <param name="factors">For each part qₖ, then what lies below the diagonal of Lₖ, column by column.</param>
    internal MixtureObjective(MixtureTask task, Value[] alphas, Value[] means, Value[] factors)
    {
        (_task, _alphas, _means, _factors) = (task, alphas, means, factors);
        _diagonal = new Value[task.Parts * task.Dimensions];
        _diagonalSum = new Value[task.Parts];
        for (int k = 0; k < task.Parts; k++)
        {
            ReadOnlySpan<Value> q = FactorsOf(k)[..task.Dimensions];
            for (int j = 0; j < q.Length; j++)
                _diagonal[k * q.Length + j] = q[j].Exp();
            _diagonalSum[k] = Value.Sum(q);
        }
    }

    /// <summary>ln Σₖ e^tₖ of one point.</summary>
    internal Value OfPoint(ReadOnlySpan<Value> x)
    {
        int d = x.Length;
        var t = new Value[_task.Parts];
        for (int k = 0; k < t.Length; k++)
        {
            var centred = new Value[d];
            var z = new Value[d];
            for (int j = 0; j < d; j++)
            {
                centred[j] = x[j] - _means[k * d + j];
                z[j] = _diagonal[k * d + j] * centred[j];
            }
            ReadOnlySpan<Value> lower = FactorsOf(k)[d..];
            for (int i = 0, next = 0; i < d; i++)
            {
                for (int j = i + 1; j < d; j++)
                    z[j] += lower[next++] * centred[i];
            }
            t[k] = _alphas[k] + _diagonalSum[k] - 0.5 * SumOfSquares(z);
        }
        return LogSumExp(t);
    }

    /// <summary>What depends on the parameters alone: the weights' sum, the prior on the Lₖ, and a constant.</summary>
    internal Value OfParameters()
    {
        Value sum = _task.Constant() - _task.Count * LogSumExp(_alphas);
        for (int k = 0; k < _task.Parts; k++)
        {
            Value squares = SumOfSquares(_diagonal.AsSpan(k * _task.Dimensions, _task.Dimensions)) + SumOfSquares(FactorsOf(k)[_task.Dimensions..]);
            sum += 0.5 * _task.Gamma * _task.Gamma * squares - _task.Freedom * _diagonalSum[k];
        }
        return sum;
    }

    private ReadOnlySpan<Value> FactorsOf(int part)
    {
        int count = _task.Dimensions * (_task.Dimensions + 1) / 2;
        return _factors.AsSpan(part * count, count);
    }

    private static Value SumOfSquares(ReadOnlySpan<Value> values)
    {
        Value sum = values[0] * values[0];
        foreach (Value value in values[1..])
            sum += value * value;
        return sum;
    }

    private static Value LogSumExp(ReadOnlySpan<Value> values)
    {
        Value max = Value.Max(values).Detach();
        Value sum = (values[0] - max).Exp();
        foreach (Value value in values[1..])
            sum += (value - max).Exp();
        return sum.Log() + max;
    }
}
