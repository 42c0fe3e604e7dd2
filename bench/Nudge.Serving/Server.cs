// What is measured: something that predicts for rows, from any thread.

namespace Nudge.Serving;

/// <summary>Predicts for rows that lie one after the other.</summary>
internal abstract class Server(string name)
{
    internal const int Inputs = 4, Classes = 3;

    internal string Name => name;

    /// <summary>The probability of each class for each row.</summary>
    internal abstract void Predict(float[] rows, int count, float[] results);
}

/// <summary>A predictor of Nudge.</summary>
internal sealed class NudgeServer(string name, TrainedModel model, Precision precision) : Server(name)
{
    private readonly Predictor _predictor = new(model, precision);

    internal override void Predict(float[] rows, int count, float[] results) =>
        _predictor.Predict(rows.AsSpan(0, count * Inputs), results.AsSpan(0, count * Classes));
}

/// <summary>The obvious call of a model.</summary>
internal sealed class ModelServer(TrainedModel model) : Server("TrainedModel.Predict")
{
    internal override void Predict(float[] rows, int count, float[] results)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = rows.AsSpan(i * Inputs, Inputs);
            double[] probabilities = model.Predict(row[0], row[1], row[2], row[3]);
            for (int c = 0; c < Classes; c++)
                results[i * Classes + c] = (float)probabilities[c];
        }
    }
}
