// A whole training run of a GPT against the losses that two other programs computed for it.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Nudge.Tests.Language;

[Trait("Needs", "data")]
public class GptAnchorTests
{
    private const int Boundary = 26, Width = 16, Context = 16, Steps = 1000;

    [DataFact]
    public void Twenty_eager_steps_have_the_losses_of_the_other_programs()
    {
        (Gpt model, int[][] documents, double[] losses) = Load();
        var adam = MakeAdam(model);
        for (int step = 0; step < 20; step++)
        {
            Value loss = model.Loss(documents[step]);
            Assert.Equal(losses[step], loss.Data, 5e-6);
            adam.ZeroGradients();
            loss.Backward();
            SetRate(adam, step);
            adam.Step();
        }
    }

    [DataFact]
    public void Compiled_in_float_all_steps_have_them()
    {
        (Gpt model, int[][] documents, double[] losses) = Load();
        var adam = MakeAdam(model);
        CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model);
        for (int step = 0; step < Steps; step++)
        {
            SetRate(adam, step);
            Assert.Equal(losses[step], compiled.Step(adam, documents[step]), 1e-4);
        }
    }

    private static Adam MakeAdam(Gpt model) => new(model.Parameters, 0.01, 0.85, 0.99, 1e-8);

    private static void SetRate(Adam adam, int step) => adam.LearningRate = 0.01 * (1 - step / (double)Steps);

    private static (Gpt Model, int[][] Documents, double[] Losses) Load()
    {
        var model = new Gpt(27, Context, new Rng(1));
        double[] file = [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(GivenData.File("gpt-d16", "weights.f32"))).ToArray()];
        // The file has the head after the positions, the model at the end.
        int head = (27 + Context) * Width, blocks = head + 27 * Width;
        model.Parameters.Load([.. file[..head], .. file[blocks..], .. file[head..blocks]]);

        int[][] documents = [.. File.ReadLines(GivenData.File("gpt-d16", "documents.txt")).Select(Tokens)];
        double[] losses = [.. File.ReadLines(GivenData.File("gpt-d16", "losses.txt")).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        return (model, documents, losses);
    }

    private static int[] Tokens(string name) => [Boundary, .. name.Select(letter => letter - 'a'), Boundary];
}
