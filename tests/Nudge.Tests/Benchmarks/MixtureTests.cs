// The Gaussian mixture's objective: the same value and gradient by both engines, by plain numbers, and as the field knows them.

using Nudge.Benchmarks;

namespace Nudge.Tests.Benchmarks;

public class MixtureTests
{
    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(2, 3, 5)]
    [InlineData(5, 4, 33)]
    public void Both_engines_agree_with_plain_numbers(int dimensions, int parts, int points)
    {
        using var workspace = new Workspace();
        MixtureTask task = MixtureTask.Generate(workspace, dimensions, parts, points);
        double[] parameters = [.. task.Alphas, .. task.Means, .. task.Factors];
        double expected = Plain(task, parameters);
        foreach (Mixture contender in new Mixture[] { new EagerMixture(task), new CompiledMixture(task) })
        {
            Assert.Equal(expected, contender.Check([0])[0], 1e-11 * Math.Abs(expected));
            for (int i = 0; i < parameters.Length; i++)
                Assert.Equal(Slope(task, parameters, i), contender.Parameters[i].Grad, 1e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Trait("Needs", "data")]
    [DataTheory]
    [InlineData("test.txt", 8.07380408004976, double.NaN)]
    [InlineData("gmm_d10_K5.txt", -31302.5409109107, 5668.08794017)]
    [InlineData("gmm_d10_K10.txt", -30292.9419592422, 4598.90445571)]
    [InlineData("gmm_d10_K25.txt", -25649.6526211976, 2662.39860131)]
    public void The_fields_files_have_their_known_value_and_gradient(string file, double value, double gradient)
    {
        double[] results = new CompiledMixture(new MixtureTask(GivenData.File("adbench-gmm", file))).Check([0]);
        Assert.Equal(value, results[0], 1e-11 * Math.Abs(value));
        if (!double.IsNaN(gradient))
            Assert.Equal(gradient, results[1], 1e-11 * gradient);
    }

    private static double Slope(MixtureTask task, double[] parameters, int i)
    {
        const double nudge = 1e-5;
        double[] up = [.. parameters], down = [.. parameters];
        up[i] += nudge;
        down[i] -= nudge;
        return (Plain(task, up) - Plain(task, down)) / (2 * nudge);
    }

    // With no graph, and by matrices: L is filled first, and then multiplied.
    private static double Plain(MixtureTask task, ReadOnlySpan<double> parameters)
    {
        int d = task.Dimensions, count = d * (d + 1) / 2;
        ReadOnlySpan<double> alphas = parameters[..task.Parts], means = parameters[task.Parts..], factors = means[(task.Parts * d)..];
        double sum = task.Constant() - task.Count * LogSumExp(alphas);
        var scores = new double[task.Count, task.Parts];
        for (int k = 0; k < task.Parts; k++)
        {
            ReadOnlySpan<double> own = factors.Slice(k * count, count);
            var matrix = new double[d, d];
            double logarithms = 0, squares = 0;
            for (int column = 0, next = d; column < d; column++)
            {
                matrix[column, column] = Math.Exp(own[column]);
                logarithms += own[column];
                for (int row = column + 1; row < d; row++)
                    matrix[row, column] = own[next++];
            }
            foreach (double entry in matrix)
                squares += entry * entry;
            sum += 0.5 * task.Gamma * task.Gamma * squares - task.Freedom * logarithms;
            for (int n = 0; n < task.Count; n++)
            {
                double length = 0;
                for (int row = 0; row < d; row++)
                {
                    double z = 0;
                    for (int column = 0; column <= row; column++)
                        z += matrix[row, column] * (task.Points[n * d + column] - means[k * d + column]);
                    length += z * z;
                }
                scores[n, k] = alphas[k] + logarithms - 0.5 * length;
            }
        }
        for (int n = 0; n < task.Count; n++)
            sum += LogSumExp(Enumerable.Range(0, task.Parts).Select(k => scores[n, k]).ToArray());
        return sum;
    }

    private static double LogSumExp(ReadOnlySpan<double> numbers)
    {
        double max = numbers[0], sum = 0;
        foreach (double number in numbers)
            max = Math.Max(max, number);
        foreach (double number in numbers)
            sum += Math.Exp(number - max);
        return max + Math.Log(sum);
    }
}
