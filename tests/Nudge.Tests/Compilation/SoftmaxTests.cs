// Softmaxes are found and done as one, at every width, and are what their expressions are.

namespace Nudge.Tests.Compilation;

public sealed class SoftmaxTests
{
    private const int Inputs = 6;

    // Lists of up to more numbers than any vector has, four and more of them short.
    private static readonly int[] s_lengths = [1, 2, 5, 3, 16, 4, 17, 8, 1, 37, 7];

    private readonly ParameterList _parameters = new(Enumerable.Range(0, s_lengths.Sum()).Select(_ => new Value(0)));

    public SoftmaxTests()
    {
        var rng = new Rng(1);
        foreach (Value parameter in _parameters)
            parameter.Data = rng.Normal();
        EveryWidth.Round(_parameters);
    }

    [Fact]
    public void Lists_of_any_length_have_the_loss_and_the_gradients_of_their_expression()
    {
        Recording recording = Recording.Of(_parameters, Inputs, 0, (x, _) => [LossOf(x)]);
        var rng = new Rng(2);
        foreach (int count in new[] { 1, 3, 16, 21 })
        {
            double[] inputs = [.. Enumerable.Range(0, count * Inputs).Select(_ => (double)(float)rng.Normal())];
            Value mean = Value.Mean([.. Enumerable.Range(0, count).Select(i => LossOf([.. inputs.Skip(i * Inputs).Take(Inputs).Select(number => new Value(number))]))]);
            double[] expected = [mean.Data, .. mean.Gradients(_parameters)];
            foreach (WidthProgram program in EveryWidth.Of(recording, _parameters))
            {
                double[] got = EveryWidth.GradientsOf(_parameters, () => program.Engine.Differentiate(count, inputs, []), out double loss);
                double difference = EveryWidth.Difference(expected, [loss, .. got]);
                Assert.True(difference <= program.Tolerance, $"{program}, {count} examples: {difference:R}");
            }
        }
    }

    [Fact]
    public void All_lists_are_one_instruction()
    {
        SoftmaxLists softmax = Assert.Single(PlanOf(LossOf).Varying.OfType<SoftmaxLists>());
        Assert.Equal(s_lengths.Length, softmax.Ends.Length);
        Assert.Equal(_parameters.Count, softmax.Count);
    }

    [Fact]
    public void A_part_of_the_lists_is_a_softmax_of_theirs()
    {
        SoftmaxLists softmax = PlanOf(LossOf).Varying.OfType<SoftmaxLists>().Single(), part = (SoftmaxLists)softmax.Slice(3, 8);
        Assert.Equal([5, 8], part.Ends);
        Assert.Equal((softmax.Result.Offset(3), softmax.A.Offset(3)), (part.Result, part.A));
    }

    [Fact]
    public void What_something_else_reads_stays_as_it_is_written()
    {
        Assert.Contains(Find((powers, sum) => WeightsOf(powers, sum)), IsSoftmax);
        Assert.DoesNotContain(Find((powers, sum) => WeightsOf(powers, sum) + sum.Log()), IsSoftmax);
        Assert.DoesNotContain(Find((powers, sum) => WeightsOf(powers, sum) + powers[0].Sqrt()), IsSoftmax);
        Assert.DoesNotContain(Find((powers, sum) => powers[0] / sum), IsSoftmax);

        Statement[] Find(Func<Value[], Value, Value> lossOf) => PlanOf(x => Losses(x, lossOf)).Varying;
        static bool IsSoftmax(Statement statement) => statement is SoftmaxLists;
        static Value WeightsOf(Value[] powers, Value sum) => powers.Select((power, i) => power / sum * i).Aggregate((a, b) => a + b);
    }

    private Plan PlanOf(Func<Value[], Value> loss)
    {
        Recording recording = Recording.Of(_parameters, Inputs, 0, (x, _) => [loss(x)]);
        return Planner.Plan(recording.Tape, Inputs, 0, 0);
    }

    private Value LossOf(Value[] x)
    {
        Value loss = 0;
        foreach (Value[] scores in ScoresOf(x))
        {
            Value[] weights = Softmax.Of(scores);
            for (int i = 0; i < weights.Length; i++)
                loss += weights[i] * x[(i + 1) % Inputs];
        }
        return loss;
    }

    private Value Losses(Value[] x, Func<Value[], Value, Value> lossOf)
    {
        Value loss = 0;
        foreach (Value[] scores in ScoresOf(x))
        {
            (_, Value[] powers, Value sum) = Softmax.Powers(scores);
            loss += lossOf(powers, sum);
        }
        return loss;
    }

    private IEnumerable<Value[]> ScoresOf(Value[] x)
    {
        int at = 0;
        foreach (int length in s_lengths)
            yield return [.. Enumerable.Range(0, length).Select(i => _parameters[at++] * x[i % Inputs])];
    }
}
