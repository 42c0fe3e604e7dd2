// Batches of rows that are prepared once, and of rows that would take too much memory for that.

namespace Nudge.Tests.Training;

public class BatchLossTests
{
    [Theory]
    [InlineData("mean-squared-error", Precision.Double)]
    [InlineData("mean-squared-error", Precision.Single)]
    [InlineData("sum-of-squares", Precision.Double)] // an example knows how large its batch is
    [InlineData("cross-entropy", Precision.Single)]
    public void Rows_packed_whenever_they_are_asked_for_have_the_same_loss_and_gradient(string name, Precision precision)
    {
        Objective objective = Objective.All.Single(one => one.Name == name);
        var rng = new Rng(3);
        Dataset data = objective.IsClassification ? Generate.Blobs(50, 0.5, rng) : Generate.Sine(50, 0.1, rng);
        data = data.Scaled(Standardizer.Fit(data.Inputs).WithRamps(data.Inputs, 4, _ => true), null);
        var network = new Mlp(data.InputCount, [5, objective.OutputCount(data)], rng);
        CompiledLoss loss = objective.Compile(network, network.Parameters, 0.01, precision);
        var prepared = new CompiledBatchLoss(loss, objective, data);
        var packed = new CompiledBatchLoss(loss, objective, data, mostPrepared: 0);
        foreach (int count in new[] { 1, 7, 32, 50, 20 })
        {
            int[] batch = [.. Enumerable.Range(0, count).Select(i => count == 50 ? i : i * 17 % 50)];
            Assert.Equal(prepared.Evaluate(batch), packed.Evaluate(batch));
            Assert.Equal(Gradient(prepared, batch), Gradient(packed, batch));
        }

        double[] Gradient(CompiledBatchLoss batches, int[] batch) => [batches.Backward(batch, zero: true), .. network.Parameters.Select(parameter => parameter.Grad)];
    }
}
