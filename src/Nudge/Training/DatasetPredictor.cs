// A network's outputs for many examples, and what they are worth, by either engine.

namespace Nudge;

internal abstract class DatasetPredictor
{
    /// <summary>A predictor by one of the engines. It gives what the network gives with its parameters of the moment.</summary>
    internal static DatasetPredictor For(Network network, GraphEngine engine, Precision precision) =>
        engine == GraphEngine.Eager ? Eager(network) : new CompiledPredictor(network, precision);

    internal static DatasetPredictor Eager(Network network) => new EagerPredictor(network);

    /// <summary>The network's outputs for each row of inputs.</summary>
    internal abstract double[][] Predict(IReadOnlyList<double[]> rows);

    /// <summary>How good the network is on examples.</summary>
    internal Metrics Measure(Objective objective, Dataset data) => MeasureOutputs(objective, data, Predict(data.Inputs));

    /// <summary>How good outputs are that it gave for examples.</summary>
    internal Metrics MeasureOutputs(Objective objective, Dataset data, double[][] outputs)
    {
        double loss = LossOf(objective, data, outputs);
        if (data.TargetCount == 1)
            return Metrics.OfOne(loss, objective, data, outputs);
        IReadOnlyList<(Objective Objective, Range Outputs)> parts = objective.PartsOf(outputs[0].Length);
        Metrics[] each = [.. parts.Select((part, t) => MeasureOutputs(part.Objective, data.OfTarget(t), Array.ConvertAll(outputs, row => row[part.Outputs])))];
        return Metrics.OfSeveral(loss, each, parts, data, outputs);
    }

    /// <summary>The objective's loss of outputs.</summary>
    private protected abstract double LossOf(Objective objective, Dataset data, double[][] outputs);

    private sealed class EagerPredictor(Network network) : DatasetPredictor
    {
        internal override double[][] Predict(IReadOnlyList<double[]> rows) => [.. rows.Select(row => network.Predict(row))];

        private protected override double LossOf(Objective objective, Dataset data, double[][] outputs)
        {
            double sum = 0;
            for (int i = 0; i < outputs.Length; i++)
                sum += objective.LossOf(Network.ToValues(outputs[i]), data.Targets[i]).Data;
            return objective.SumsOverBatch ? sum : sum / outputs.Length;
        }
    }

    private sealed class CompiledPredictor(Network network, Precision precision) : DatasetPredictor
    {
        // Rows are copied next to each other: not all at once, where there are millions.
        private const int RowsAtOnce = 1 << 14;

        private CompiledFunction? _outputs;
        private readonly Dictionary<(Objective, int), CompiledLoss> _losses = [];

        internal override double[][] Predict(IReadOnlyList<double[]> rows)
        {
            CompiledFunction function = _outputs ??= CompiledFunction.Compile(network, precision);
            int inputs = function.InputCount, count = function.OutputCount;
            var results = new double[rows.Count][];
            double[] numbers = new double[Math.Min(rows.Count, RowsAtOnce) * inputs], outputs = new double[Math.Min(rows.Count, RowsAtOnce) * count];
            for (int start = 0; start < rows.Count; start += RowsAtOnce)
            {
                int length = Math.Min(RowsAtOnce, rows.Count - start);
                for (int i = 0; i < length; i++)
                    rows[start + i].CopyTo(numbers, i * inputs);
                function.Evaluate(numbers.AsSpan(0, length * inputs), outputs.AsSpan(0, length * count));
                for (int i = 0; i < length; i++)
                    results[start + i] = outputs.AsSpan(i * count, count).ToArray();
            }
            return results;
        }

        private protected override double LossOf(Objective objective, Dataset data, double[][] outputs)
        {
            int count = outputs[0].Length;
            if (!_losses.TryGetValue((objective, count), out CompiledLoss? loss))
                _losses[(objective, count)] = loss = objective.CompileOfOutputs(count, precision);
            var numbers = new double[outputs.Length * loss.InputCount];
            var classes = new int[outputs.Length * loss.IndexCount];
            for (int i = 0; i < outputs.Length; i++)
            {
                objective.Pack(
                    outputs[i], data.Targets[i], outputs.Length,
                    numbers.AsSpan(i * loss.InputCount, loss.InputCount), classes.AsSpan(i * loss.IndexCount, loss.IndexCount));
            }
            return loss.Evaluate(numbers, classes);
        }
    }
}
