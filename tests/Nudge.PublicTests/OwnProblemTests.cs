// A training problem that is neither rows of a table nor text, with all that trains.

namespace Nudge.PublicTests;

public class OwnProblemTests
{
    private const int Things = 12;

    [Theory]
    [InlineData(GraphEngine.Eager, Precision.Double)]
    [InlineData(GraphEngine.Compiled, Precision.Double)]
    [InlineData(GraphEngine.Compiled, Precision.Single)]
    public void Is_trained_measured_and_examined(GraphEngine engine, Precision precision)
    {
        var problem = new Distances(new Places(Things, new Rng(3)), Pairs(), validationCount: 6);
        using var doctor = new Doctor(problem.Model.Parameters);
        var trainer = new Trainer(
            problem, new OwnAdam(problem.Model.Parameters, 0.05), new TrainerOptions { Epochs = 300, BatchSize = 10, Engine = engine, Precision = precision })
        {
            Doctor = doctor,
        };
        TrainingResult result = trainer.Train();
        Assert.Equal(TrainingEnd.Finished, result.End);
        Assert.Equal((Things * (Things - 1) / 2 - 6, true), (problem.Count, problem.HasValidation));
        Assert.True(result.Training.Loss < 1e-3, $"{result.Training.Loss}");
        Assert.True(result.Validation!.Loss < 1e-2, $"{result.Validation.Loss}");
        Assert.NotNull(result.BestEpoch);
        Assert.DoesNotContain(doctor.Findings, finding => finding.Fault is TrainingFault.SteppingUphill or TrainingFault.NotFinite);
    }

    [Fact]
    public void Takes_the_same_steps_by_either_engine()
    {
        double[][] losses = [Losses(GraphEngine.Eager), Losses(GraphEngine.Compiled)];
        Assert.Equal(100, losses[0].Length);
        for (int i = 0; i < losses[0].Length; i++)
            Assert.Equal(losses[0][i], losses[1][i], 1e-9 * losses[0][i]);

        static double[] Losses(GraphEngine engine)
        {
            var problem = new Distances(new Places(Things, new Rng(3)), Pairs());
            return
            [
                .. new Trainer(
                    problem, new Sgd(problem.Model.Parameters, 0.05),
                    new TrainerOptions { Steps = 100, BatchSize = 7, L2Penalty = 0.01, Engine = engine, Precision = Precision.Double, KeepBest = false })
                    .Run().Select(step => step.Loss),
            ];
        }
    }

    [Fact]
    public void A_penalty_counts_in_steps_and_not_in_metrics()
    {
        foreach (GraphEngine engine in new[] { GraphEngine.Eager, GraphEngine.Compiled })
        {
            var problem = new Distances(new Places(Things, new Rng(3)), Pairs());
            var trainer = new Trainer(
                problem, new Sgd(problem.Model.Parameters, 0), new TrainerOptions { Steps = 1, BatchSize = 0, L2Penalty = 0.5, Engine = engine, Precision = Precision.Double });
            TrainingStep step = Assert.Single(trainer.Run());
            double penalty = 0.5 * problem.Model.Parameters.Sum(parameter => parameter.Data * parameter.Data);
            Assert.Equal(trainer.Result!.Training.Loss + penalty, step.Loss, 1e-9);
        }
    }

    [Fact]
    public void Goes_on_from_a_checkpoint_to_the_same_bits_and_only_with_the_same_examples()
    {
        Trainer whole = Make(Pairs()), first = Make(Pairs()), second = Make(Pairs());
        whole.Train();
        using var file = new MemoryStream();
        foreach (TrainingStep step in first.Run())
        {
            if (step.Step == 12)
            {
                Checkpoint.Save(first, file);
                break;
            }
        }
        Assert.Equal(13, Checkpoint.Load(second, new ReadOnlyMemory<byte>(file.ToArray())));
        second.Train();
        Assert.Equal(whole.Model.Parameters.ToArray(), second.Model.Parameters.ToArray());

        (int, int, double)[] others = Pairs();
        others[^1] = (others[^1].Item1, others[^1].Item2, others[^1].Item3 + 0.5);
        Assert.Contains("data", Assert.Throws<ModelFormatException>(() => Checkpoint.Load(Make(others), new MemoryStream(file.ToArray()))).Message, StringComparison.Ordinal);

        static Trainer Make((int, int, double)[] pairs)
        {
            var problem = new Distances(new Places(Things, new Rng(3)), pairs, validationCount: 6);
            return new Trainer(problem, new OwnAdam(problem.Model.Parameters, 0.02), new TrainerOptions { Epochs = 10, BatchSize = 8 });
        }
    }

    [Fact]
    public void An_adam_of_ones_own_takes_the_steps_of_adam()
    {
        double[][] numbers = [Numbers(parameters => new OwnAdam(parameters, 0.05)), Numbers(parameters => new Adam(parameters, 0.05))];
        for (int i = 0; i < numbers[0].Length; i++)
            Assert.Equal(numbers[1][i], numbers[0][i], 1e-9);

        static double[] Numbers(Func<ParameterList, Optimizer> optimizer)
        {
            var problem = new Distances(new Places(Things, new Rng(3)), Pairs());
            new Trainer(problem, optimizer(problem.Model.Parameters), new TrainerOptions { Steps = 50, Precision = Precision.Double, KeepBest = false }).Train();
            return problem.Model.Parameters.ToArray();
        }
    }

    /// <summary>How far points on a spiral are apart, each from each, in a random order.</summary>
    private static (int First, int Second, double Distance)[] Pairs()
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, Things).Select(i => (0.1 * i * Math.Cos(i), 0.1 * i * Math.Sin(i)))];
        (int First, int Second, double Distance)[] pairs =
        [
            .. from i in Enumerable.Range(0, Things)
               from j in Enumerable.Range(0, i)
               select (i, j, Math.Sqrt(Math.Pow(points[i].X - points[j].X, 2) + Math.Pow(points[i].Y - points[j].Y, 2))),
        ];
        new Rng(9).Shuffle<(int, int, double)>(pairs);
        return pairs;
    }
}
