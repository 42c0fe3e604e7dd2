// Each rung of the ladder against PyTorch: the loss of a batch of documents of several lengths, and every gradient.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Language;

public class LanguageModelReferenceTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, ReferenceData.Load<Case>("language-models").Count)];

    [Fact]
    public void Every_kind_of_model_has_reference_values() =>
        Assert.Equal(
            Enum.GetValues<LanguageModelKind>(),
            ReferenceData.Load<Case>("language-models").Select(reference => reference.Settings.Kind).Distinct());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_agree_with_PyTorch(int index)
    {
        (Case reference, LanguageModel model) = Load(index);
        Value loss = MeanLoss(model, reference.Documents);
        Assert.Equal(reference.Loss, loss.Data, 1e-13);
        Assert.InRange(ReferenceData.WorstError(reference.Gradients, loss.Gradients(model.Parameters)), 0, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compiled_they_agree_with_PyTorch_too(int index)
    {
        (Case reference, LanguageModel model) = Load(index);
        Assert.InRange(Error(Precision.Double), 0, 1e-9);
        Assert.InRange(Error(Precision.Single), 0, 1e-5);

        double Error(Precision precision)
        {
            CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model, precision: precision);
            model.ZeroGradients();
            double loss = compiled.Backward(reference.Documents);
            var gradients = new double[model.Parameters.Count];
            model.Parameters.CopyGradientsTo(gradients);
            return Math.Max(Math.Abs(loss - reference.Loss), ReferenceData.WorstError(reference.Gradients, gradients));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_have_the_gradients_that_nudging_measures(int index)
    {
        (Case reference, LanguageModel model) = Load(index);
        GradientReport report = GradientCheck.Check(() => model.Loss(reference.Documents[2]), model.Parameters);
        Assert.True(report.Passed, report.ToString());
    }

    private static (Case Reference, LanguageModel Model) Load(int index)
    {
        Case reference = ReferenceData.Load<Case>("language-models")[index];
        LanguageModel model = reference.Settings.Create(new Rng(1));
        model.Parameters.Load(ReferenceData.Pattern(model.Parameters.Count));
        return (reference, model);
    }

    private static Value MeanLoss(LanguageModel model, int[][] documents) =>
        Value.Mean([.. documents.SelectMany(document => model.Losses(Array.ConvertAll(document, IndexValue.FromInt32)))]);

    private sealed record Case(LanguageModelSettings Settings, int[][] Documents, double Loss, double[] Gradients);
}
