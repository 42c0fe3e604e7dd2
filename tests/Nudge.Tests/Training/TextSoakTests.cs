// A megabyte of text: learnt for as long as one likes in the same memory.

using System.Diagnostics;
using System.Text;

namespace Nudge.Tests.Training;

[Collection(nameof(OneAtATime))]
public sealed class TextSoakTests
{
    [Fact]
    public void A_megabyte_of_text_is_learnt_without_more_memory()
    {
        using var folder = new TemporaryFolder();
        TextDataset text = TextDataset.Read(Megabyte(folder), byCharacter: true);
        Assert.True(text.PredictionCount > 1 << 20);
        LanguageModel model = new LanguageModelSettings
        {
            Kind = LanguageModelKind.Mlp,
            VocabularySize = text.Tokenizer.Count,
            ContextLength = 32,
            Window = 3,
            Embedding = 4,
            Hidden = 8,
        }.Create(new Rng(1));
        (TextDataset training, TextDataset validation) = text.Windows(32).Split(0.001, new Rng(1));
        var trainer = new Trainer(
            new LanguageProblem(model, training, validation), new Adam(model.Parameters, 0.003),
            new TrainerOptions { Steps = int.MaxValue, MeasureEvery = 50, BatchSize = 8, Schedule = Schedule.Constant });
        TimeSpan wanted = TimeSpan.FromMinutes(30);
        int steps = 0, between = Soak.Wanted ? 20_000 : 200;
        var clock = Stopwatch.StartNew();
        long? settled = null;
        double first = 0, last = 0;
        foreach (TrainingStep step in trainer.Run())
        {
            first = steps == 0 ? step.Loss : first;
            last = step.Monitored?.Loss ?? last;
            if (++steps % between != 0)
                continue;
            long held = GC.GetTotalMemory(forceFullCollection: true);
            // By the second look everything that stays has been made.
            if (steps == 2 * between)
                settled = held;
            Assert.True(settled is null || held < settled + 400_000, $"{held - settled} bytes more after {steps} steps.");
            if (steps >= 4 * between && (!Soak.Wanted || clock.Elapsed > wanted))
                break;
        }
        Assert.True(last < first - 0.3, $"{first} → {last}");
    }

    // Names in a random order until there are enough of them.
    private static string Megabyte(TemporaryFolder folder)
    {
        TextDataset names = TextDataset.Names();
        var rng = new Rng(1);
        var text = new StringBuilder();
        while (text.Length <= 1 << 20)
            text.Append(names.TextOf(rng.Next(names.Count))).Append(text.Length % 5 == 0 ? '\n' : ' ');
        return folder.File("text.txt", text.ToString());
    }
}
