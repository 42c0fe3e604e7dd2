// Language models in the same loop: what is learnt, how the loss is meant, and looks counted in steps.

namespace Nudge.Tests.Training;

public sealed class LanguageTrainingTests
{
    private static readonly TextDataset s_text = TextDataset.Of(["abab", "aba", "ba", "abba", "b", "ababababab"]);

    [Fact]
    public void A_bigram_by_gradient_comes_to_the_bigram_by_counting()
    {
        var model = new Bigram(3, 12);
        TrainingResult result = Run(new LanguageProblem(model, s_text), new TrainerOptions { Steps = 400, BatchSize = 0, MeasureEvery = 100 }, 0.1);
        double counted = new NgramCounter(s_text, 2) { Smoothing = 1e-9 }.Loss(s_text);
        Assert.Equal(counted, result.Training.Loss, 1e-3);
        Assert.Equal((TrainingEnd.Finished, 400, 400), (result.End, result.Steps, result.Epochs));
    }

    [Theory]
    [InlineData(GraphEngine.Compiled, 1e-9)]
    [InlineData(GraphEngine.Eager, 1e-9)]
    public void The_loss_of_a_batch_is_the_mean_over_its_predictions(GraphEngine engine, double tolerance)
    {
        LanguageModel model = Model();
        var trainer = new Trainer(
            new LanguageProblem(model, s_text), new Sgd(model.Parameters, 0),
            new TrainerOptions { Steps = 3, BatchSize = 4, Engine = engine, Precision = Precision.Double, L2Penalty = 0.01 });
        foreach (TrainingStep step in trainer.Run())
        {
            int[][] documents = [.. trainer.Batch.ToArray().Select(i => s_text.Documents[i])];
            Value[] losses = [.. documents.SelectMany(document => model.Losses(Array.ConvertAll(document, IndexValue.FromInt32)))];
            Value expected = Value.Sum(losses) / losses.Length + Loss.L2Penalty(model.Parameters, 0.01);
            Assert.Equal(expected.Data, step.Loss, tolerance);
            double[] gradients = expected.Gradients(model.Parameters);
            for (int i = 0; i < gradients.Length; i++)
                Assert.Equal(gradients[i], model.Parameters[i].Grad, tolerance);
        }
    }

    [Fact]
    public void Documents_longer_than_the_model_reads_are_learnt_in_windows()
    {
        LanguageModel model = Model(context: 3);
        var problem = new LanguageProblem(model, s_text, s_text);
        Assert.Equal(4, problem.Training.Longest);
        TrainingResult result = Run(problem, new TrainerOptions { Steps = 5, BatchSize = 2 }, 0.01);
        Assert.Equal(result.Training.Loss, result.Validation!.Loss, 1e-12);
        Assert.Equal(LanguageProblem.Measure(model, s_text, GraphEngine.Eager), result.Validation.Loss, 1e-5);
    }

    [Fact]
    public void Looks_come_every_so_many_steps_and_at_the_end_and_the_best_is_kept()
    {
        LanguageModel model = Model();
        var trainer = new Trainer(
            new LanguageProblem(model, s_text, s_text), new Adam(model.Parameters, 0.5), new TrainerOptions { Steps = 23, BatchSize = 2, MeasureEvery = 5 });
        TrainingStep[] steps = [.. trainer.Run()];
        TrainingStep[] looks = [.. steps.Where(step => step.Monitored is not null)];
        Assert.Equal([4, 9, 14, 19, 22], looks.Select(step => step.Step));
        Assert.Equal((23, 7), (trainer.Result!.Steps, trainer.Result.Epochs));
        TrainingStep best = looks.MinBy(step => step.Monitored!.Loss)!;
        Assert.Equal(best.Step + 1, trainer.Result.BestStep);
        Assert.Equal(best.Epoch + 1, trainer.Result.BestEpoch);
        Assert.Equal(best.Monitored!.Loss, trainer.Result.Validation!.Loss, 1e-12);
    }

    [Fact]
    public void Patience_counts_looks()
    {
        LanguageModel model = Model();
        TrainingResult result = Run(
            new LanguageProblem(model, s_text, s_text), new TrainerOptions { Steps = 100, MeasureEvery = 3, Patience = 2 }, 0);
        // The first look is the best there will be.
        Assert.Equal((TrainingEnd.EarlyStopped, 9), (result.End, result.Steps));
    }

    [Fact]
    public void Documents_of_other_tokens_are_refused()
    {
        Assert.Contains("The model knows 3 tokens, and the documents have 4", Assert.Throws<ArgumentException>(
            () => new LanguageProblem(Model(), TextDataset.Of(["abc"]))).Message);
    }

    internal static LanguageModel Model(int context = 12) => new LanguageModelSettings
    {
        Kind = LanguageModelKind.Mlp,
        VocabularySize = 3,
        ContextLength = context,
        Window = 2,
        Embedding = 2,
        Hidden = 4,
    }.Create(new Rng(1));

    private static TrainingResult Run(LanguageProblem problem, TrainerOptions options, double rate)
    {
        var trainer = new Trainer(problem, new Adam(problem.Model.Parameters, rate), options);
        foreach (TrainingStep _ in trainer.Run())
        {
        }
        return trainer.Result!;
    }
}
