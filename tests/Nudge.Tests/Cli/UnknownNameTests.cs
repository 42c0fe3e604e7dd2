// What a new name was forgotten for fails, and does not quietly do what another name would.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public class UnknownNameTests
{
    private static readonly TrainSettings s_settings = new()
    {
        Generator = "lesson",
        Layers = [4],
        Optimizer = "sgd",
        LearningRate = 0.05,
        Schedule = "constant",
        Epochs = 1,
    };

    [Fact]
    public void An_optimizer_or_a_schedule_that_the_plan_does_not_know_is_an_error()
    {
        Assert.NotNull(Plan(s_settings));
        Assert.Contains("lion", Assert.Throws<InvalidOperationException>(() => Plan(s_settings with { Optimizer = "lion" })).Message, StringComparison.Ordinal);
        Assert.Contains("sawtooth", Assert.Throws<InvalidOperationException>(() => Plan(s_settings with { Schedule = "sawtooth" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_of_language_model_that_nobody_described_is_an_error()
    {
        const LanguageModelKind unknown = (LanguageModelKind)99;
        Assert.Throws<InvalidOperationException>(() => TextUsual.Of(unknown));
        Assert.Throws<InvalidOperationException>(() => new LanguageModelSettings { Kind = unknown, VocabularySize = 3, ContextLength = 2 }.ParameterCount);
    }

    private static TrainingPlan Plan(TrainSettings settings)
    {
        var rng = new Rng(1);
        return TrainingPlan.Make(settings, DataSource.Generated("lesson", null, null, rng), rng);
    }
}
