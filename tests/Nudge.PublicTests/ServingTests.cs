// What a server does all day: eight threads that predict, while models are read anew and one is trained on.

namespace Nudge.PublicTests;

public class ServingTests
{
    private const int Threads = 8, Models = 4, Rows = 32;

    /// <summary>Seconds; with NUDGE_SOAK=1 ten minutes.</summary>
    private static TimeSpan Duration { get; } = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("NUDGE_SOAK") == "1" ? 600 : 2);

    [Fact]
    public async Task No_answer_is_wrong_while_models_are_read_anew()
    {
        Dataset data = Own.Rings();
        byte[][] files = [.. Enumerable.Range(0, Models).Select(i => FileOf(Own.ModelOf(new Products(2, 6, 2, new Rng((ulong)i)), data)))];
        double[][] rows = [.. data.Inputs.Take(Rows)];
        double[][][] expected = [.. files.Select(file => rows.Select(row => TrainedModel.Load(file, Own.Parts).Predict(row)).ToArray())];
        Assert.NotEqual(expected[0][0], expected[1][0]);
        Served served = Load(files, 0);
        long answers = 0;
        int reads = 0;
        using var end = new CancellationTokenSource(Duration);

        Task[] readers = OnThreads(() =>
        {
            long own = 0;
            var result = new double[2];
            for (int i = 0; !end.IsCancellationRequested; i = (i + 1) % Rows, own++)
            {
                Served now = Volatile.Read(ref served);
                now.Predictor.Predict(rows[i], result);
                if (!result.AsSpan().SequenceEqual(expected[now.Number][i]))
                    Assert.Fail($"Model {now.Number} said {string.Join(", ", result)} of row {i}; expected {string.Join(", ", expected[now.Number][i])}.");
            }
            Interlocked.Add(ref answers, own);
        });
        for (int i = 1; !end.IsCancellationRequested; i = (i + 1) % Models, reads++)
            Volatile.Write(ref served, Load(files, i));
        await Task.WhenAll(readers);
        Assert.True(reads > Models && answers > 10_000, $"{answers} answers of {reads} models");
    }

    [Fact]
    public async Task No_answer_is_wrong_while_the_model_is_trained_on()
    {
        Dataset raw = Own.Rings();
        TrainedModel model = Own.ModelOf(new Products(2, 6, 2, new Rng(1)), raw);
        double[][] rows = [.. raw.Inputs.Take(Rows)];
        var predictor = new Predictor(model);
        var trainer = new Trainer(
            model.Network, model.Objective, new Lion(model.Network.Parameters, 1e-5), model.Prepare(raw), null, new TrainerOptions { Steps = int.MaxValue, KeepBest = false });
        // Odd while steps are made; even while the parameters stay, and expected is of them.
        long version = 1, answers = 0, compared = 0;
        double[][] expected = [];
        using IEnumerator<TrainingStep> run = trainer.Run().GetEnumerator();
        Assert.True(run.MoveNext()); // it is compiled before the clock runs
        using var end = new CancellationTokenSource(Duration);

        Task[] readers = OnThreads(() =>
        {
            long own = 0, ownCompared = 0;
            var result = new double[2];
            for (int i = 0; !end.IsCancellationRequested; i = (i + 1) % Rows, own++)
            {
                long before = Volatile.Read(ref version);
                double[][] wanted = Volatile.Read(ref expected);
                predictor.Predict(rows[i], result);
                Interlocked.MemoryBarrier();
                Assert.Equal(1, result[0] + result[1], 1e-12);
                if (before % 2 != 0 || Volatile.Read(ref version) != before)
                    continue;
                ownCompared++;
                Assert.Equal(wanted[i][0], result[0], 1e-12);
            }
            Interlocked.Add(ref answers, own);
            Interlocked.Add(ref compared, ownCompared);
        });
        int steps = 0;
        while (!end.IsCancellationRequested && run.MoveNext())
        {
            if (++steps % 20 != 0)
                continue;
            // Value by value, which shares nothing with what is examined.
            Volatile.Write(ref expected, [.. rows.Select(row => model.Objective.Probabilities(model.Network.Predict(model.Inputs.Apply(row))))]);
            Interlocked.Increment(ref version);
            await Task.Delay(1);
            Interlocked.Increment(ref version);
        }
        await Task.WhenAll(readers);
        Assert.True(steps > 40 && compared > 100, $"{answers} answers, {compared} compared, {steps} steps");
    }

    private static Served Load(byte[][] files, int number) => new(number, new Predictor(TrainedModel.Load(files[number], Own.Parts)));

    private static byte[] FileOf(TrainedModel model)
    {
        using var file = new MemoryStream();
        model.Save(file);
        return file.ToArray();
    }

    private static Task[] OnThreads(Action act) => [.. Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

    private sealed record Served(int Number, Predictor Predictor);
}
