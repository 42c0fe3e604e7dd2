// A model asked again and again about some rows, of which one column is changed.

namespace Nudge.Evaluation;

/// <summary>Examples whose inputs may be overwritten and put back.</summary>
internal sealed class ColumnProbe
{
    // So many products of a weight and an input are done in about a second or two.
    private const double MostWork = 2e9;

    private readonly TrainedModel _model;
    private readonly DatasetPredictor _predictor;
    private readonly Dataset _prepared;
    private readonly double[][] _rows;

    /// <param name="model">The model.</param>
    /// <param name="data">Examples in the data's own units.</param>
    /// <param name="most">How many of them to ask about at most.</param>
    /// <param name="questions">How often the network will be computed for each.</param>
    /// <param name="rng">Which are taken where there are more.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    internal ColumnProbe(TrainedModel model, Dataset data, int most, int questions, Rng rng, GraphEngine engine, Precision precision)
    {
        _model = model;
        _predictor = DatasetPredictor.For(model.Network, engine, precision);
        double affordable = MostWork / ((double)questions * model.Network.ParameterCount);
        Raw = Sample(data, (int)Math.Clamp(affordable, Math.Min(50, most), most), rng);
        _rows = [.. Raw.Inputs.Select(row => row.ToArray())];
        // It is scaled whenever it is looked at, so that it follows what the rows become.
        _prepared = model.Prepare(new Dataset(_rows, [.. Raw.Targets], Raw.TargetClasses, Raw.InputNames, Raw.TargetName));
    }

    /// <summary>The examples that are asked about, in their own units.</summary>
    internal Dataset Raw { get; }

    /// <summary>
    /// The columns that are used, each with the place of its first input; where there are more than that, those with the
    /// largest weights in the first layer.
    /// </summary>
    internal static IReadOnlyList<(TableColumn Column, int Start)> ColumnsOf(TrainedModel model, int most)
    {
        var columns = new List<(TableColumn Column, int Start, double Weight)>();
        IReadOnlyList<Neuron> first = model.Network is Mlp network ? network.Layers[0].Neurons : [];
        int start = 0;
        foreach (TableColumn column in model.Schema.Inputs)
        {
            double weight = model.Schema.Inputs.Count <= most ? 0 : first.Sum(neuron => Enumerable.Range(start, column.InputCount).SelectMany(model.Inputs.OutputsOf).Sum(i => Math.Abs(neuron.Weights[i].Data)));
            columns.Add((column, start, weight));
            start += column.InputCount;
        }
        HashSet<int> chosen = [.. columns.OrderByDescending(one => one.Weight).Take(most).Select(one => one.Start)];
        return [.. columns.Where(one => chosen.Contains(one.Start)).Select(one => (one.Column, one.Start))];
    }

    internal Metrics Measure() => _predictor.Measure(_model.Objective, _prepared);

    /// <summary>What is measured when the inputs of a column are those of other rows.</summary>
    internal Metrics MeasurePermuted(int start, int count, int[] permutation)
    {
        double[][] kept = Kept(start, count);
        for (int row = 0; row < _rows.Length; row++)
            kept[permutation[row]].CopyTo(_rows[row], start);
        Metrics metrics = Measure();
        PutBack(kept, start);
        return metrics;
    }

    /// <summary>The mean of the predictions when the inputs of a column are the same in all rows.</summary>
    /// <param name="start">The place of the first input.</param>
    /// <param name="inputs">The inputs in their own units; NaN where a number is missing.</param>
    internal double[] MeanPrediction(int start, double[] inputs)
    {
        double[][] kept = Kept(start, inputs.Length);
        foreach (double[] row in _rows)
            inputs.CopyTo(row, start);
        double[][] predictions = Array.ConvertAll(_predictor.Predict(_prepared.Inputs), _model.Read);
        PutBack(kept, start);
        return [.. Enumerable.Range(0, predictions[0].Length).Select(i => predictions.Average(row => row[i]))];
    }

    private static Dataset Sample(Dataset data, int most, Rng rng)
    {
        if (data.Count <= most)
            return data;
        int[] places = [.. Enumerable.Range(0, data.Count)];
        rng.Shuffle<int>(places);
        Array.Resize(ref places, most);
        Array.Sort(places);
        return data.Subset(places);
    }

    private double[][] Kept(int start, int count) => Array.ConvertAll(_rows, row => row[start..(start + count)]);

    private void PutBack(double[][] kept, int start)
    {
        for (int row = 0; row < _rows.Length; row++)
            kept[row].CopyTo(_rows[row], start);
    }
}
