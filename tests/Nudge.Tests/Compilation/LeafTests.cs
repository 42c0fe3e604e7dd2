// Documents side by side, in batches of several leaves: the calls of one leaf go on with the gradients of the next one.

namespace Nudge.Tests.Compilation;

public class LeafTests
{
    [Theory]
    [InlineData(Precision.Single, 1e-5)]
    [InlineData(Precision.Double, 1e-12)]
    public void A_batch_of_leaves_has_the_gradient_of_its_documents_together(Precision precision, double tolerance)
    {
        var model = new ElmanRnn(10, 12, new Rng(3), hidden: 40);
        var loss = CompiledSequenceLoss.Compile(model, precision: precision);
        var rng = new Rng(4);
        int[][] documents = [.. Enumerable.Range(0, 64).Select(_ => Enumerable.Range(0, 4 + rng.Next(8)).Select(_ => rng.Next(10)).ToArray())];

        double[] sum = new double[model.Parameters.Count];
        int predictions = 0;
        foreach (int[][] few in documents.Chunk(8))
        {
            int own = few.Sum(document => document.Length - 1);
            model.ZeroGradients();
            loss.Backward(few);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += own * model.Parameters[i].Grad;
            predictions += own;
        }
        model.ZeroGradients();
        loss.Backward(documents);
        double largest = sum.Max(Math.Abs) / predictions;
        for (int i = 0; i < sum.Length; i++)
            Assert.Equal(sum[i] / predictions, model.Parameters[i].Grad, tolerance * largest);
    }
}
