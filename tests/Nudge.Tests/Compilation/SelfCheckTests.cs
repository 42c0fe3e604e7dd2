// Compiling gives a program that computes the expression, or an error that says why not; and it changes nothing.

namespace Nudge.Tests.Compilation;

public class SelfCheckTests
{
    public static TheoryData<string> Mistakes => ["sign", "factor", "one input for another", "other numbers than those of the recording", "a tenth of a millionth", "one step of a sequence"];

    // Programs of one expression are given out as those of another, however small its numbers are.
    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_program_of_another_expression_is_refused(string mistake)
    {
        foreach (double scale in new[] { 1, 1e-4, 1e4 })
        {
            ParameterList p = [0.6, -0.4, 0.3];
            double sample = 1.02 * Recording.Of(p, 3, 0, (x, _) => [x[2]]).SampleInputs[2];
            bool isSequence = mistake == "one step of a sequence";
            using Recording right = Of(isWrong: false), wrong = Of(isWrong: true);
            foreach (Precision precision in Enum.GetValues<Precision>())
            {
                CheckedAs kind = isSequence ? CheckedAs.Sequence : CheckedAs.Loss;
                int rootsInStep = isSequence ? 1 : 0;
                SelfCheck.Require(right, p, ProgramsOf(right, rootsInStep), precision, kind);
                InvalidOperationException error = Assert.Throws<InvalidOperationException>(
                    () => { SelfCheck.Require(right, p, ProgramsOf(wrong, rootsInStep), precision, kind); });
                Assert.Contains("report", error.Message, StringComparison.Ordinal);
            }

            Recording Of(bool isWrong) => isSequence
                ? Recording.Of(p, 0, 4, (_, tokens) => [Step(tokens[0], 1), Step(tokens[1], 1), Step(tokens[2], isWrong ? 1.01 : 1)])
                : Recording.Of(p, 3, 0, (x, _) => [Build(x, isWrong)]);

            Value Step(IndexValue token, double factor) => (Value.Select([.. p], token) * factor).Tanh() * scale;

            Value Build(Value[] x, bool isWrong)
            {
                Value sum = mistake == "sign" && isWrong ? p[0] * x[0] - p[1] * x[1] : p[0] * x[0] + p[1] * x[1];
                Value last = mistake switch
                {
                    "factor" when isWrong => p[2] * x[2] * 1.001,
                    "one input for another" when isWrong => p[2] * x[1],
                    // The same at the numbers of the recording, and beside them not.
                    "other numbers than those of the recording" => p[2] * (x[2] + (x[2] - sample).Relu() * (isWrong ? 0.02 : 0.01)),
                    "a tenth of a millionth" when isWrong => p[2] * x[2] * (1 + 1e-7),
                    _ => p[2] * x[2],
                };
                return (sum + last).Tanh() * scale;
            }
        }
    }

    // Where training has ended the loss is 0 but for what float32 has no digits for: no reason to refuse it.
    [Fact]
    public void An_expression_compiles_again_at_its_optimum()
    {
        ParameterList p = [30, 20.0000015];
        CompiledLoss loss = CompiledLoss.Compile(p, 1, x => (p[0] + p[1] - 50).Pow(2) * x[0]);
        loss.Backward([1]);
        Assert.Equal(0, p[0].Grad);
        p.Load([30, 21]);
        loss.Backward([1]);
        Assert.Equal(2, p[0].Grad, 1e-4);
    }

    // So little off that only double shows it, in what is neither a loss nor a sequence of losses.
    [Theory]
    [InlineData("a value of a function")]
    [InlineData("a slope of a function")]
    [InlineData("a step of reading")]
    public void A_program_for_float32_is_refused_for_what_float32_does_not_show(string mistake)
    {
        ParameterList p = [0.6, -0.4, 0.3];
        bool isReading = mistake == "a step of reading";
        using Recording right = Of(isWrong: false), wrong = Of(isWrong: true);
        (CheckedAs kind, int rootsInStep) = isReading ? (CheckedAs.Reading, 1) : (CheckedAs.Function, 0);
        SelfCheck.Require(right, p, ProgramsOf(right, rootsInStep), Precision.Single, kind);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => { SelfCheck.Require(right, p, ProgramsOf(wrong, rootsInStep), Precision.Single, kind); });
        Assert.Contains("report", error.Message, StringComparison.Ordinal);

        Recording Of(bool isWrong)
        {
            double factor = isWrong ? 1 + 1e-7 : 1;
            return isReading
                ? Recording.Of(p, 0, 3, (_, tokens) => [Value.Select([.. p], tokens[0]).Exp(), Value.Select([.. p], tokens[1]).Exp(), Value.Select([.. p], tokens[2]).Exp() * factor])
                : Recording.Of(p, 2, 0, (x, _) => [mistake == "a value of a function" ? (p[0] * x[0] * factor + p[1] * x[1]).Tanh() : p[0] * x[0] + x[1] * 1e-7 * (isWrong ? x[0].Detach() : x[0])]);
        }
    }

    [Fact]
    public void Where_float32_cannot_follow_the_error_names_double()
    {
        ParameterList p = [0.6];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => CompiledLoss.Compile(p, 1, x => ((p[0] * x[0] + 1e7 - 1e7) * 3).Sin()));
        Assert.Contains("Precision.Double", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("report", error.Message, StringComparison.Ordinal);
        CompiledLoss.Compile(p, 1, x => ((p[0] * x[0] + 1e7 - 1e7) * 3).Sin(), Precision.Double);
    }

    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Compiling_changes_no_number_and_no_gradient(Precision precision)
    {
        var network = new Mlp(2, [3, 1], new Rng(1));
        double[] numbers = network.Parameters.ToArray();
        network.Parameters[0].Grad = 0.1;
        CompiledLoss.Compile(network.Parameters, 3, x => (network.Forward(x.AsSpan(0, 2))[0] - x[2]).Pow(2), precision);
        CompiledFunction.Compile(network.Parameters, 2, x => network.Forward(x), precision);
        Assert.Equal(numbers, network.Parameters.ToArray());
        Assert.Equal(0.1, network.Parameters[0].Grad);
        Assert.False(network.Parameters[1].HasGrad);
    }

    // Ties at every point, gradients that are 0 by cancellation, numbers that are not finite: no reason to refuse.
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Expressions_with_ties_and_cancellation_compile(Precision precision)
    {
        ParameterList p = [0, 0, 0.3, 0.3, -1.5];
        Value[] biases = [.. p];
        CompiledLoss.Compile(p, 1, x => Value.Sum([.. biases.Select(bias => (bias * x[0]).Relu())]), precision);
        CompiledLoss.Compile(p, 1, x => Value.Max([.. biases.Select(bias => bias * 0 + x[0])]), precision);
        CompiledLoss.Compile(p, 1, x => Loss.CrossEntropy([.. biases.Take(4).Select(bias => bias + x[0])], 1), precision);
        CompiledLoss.Compile(p, 1, x => Value.Sum(Softmax([.. biases.Select(bias => bias * x[0])])), precision);
        CompiledLoss.Compile(p, 1, x => (p[2] * x[0] - p[3] * x[0]).Pow(2), precision);
        CompiledLoss.Compile(p, 1, x => (p[0] * x[0]).Sqrt(), precision);
        CompiledLoss.Compile(p, 1, x => (p[4] * x[0]).Log(), precision);
        CompiledLoss.Compile(p, 1, x => (p[2] * x[0] * 1e30 * 1e30).Exp(), precision);

        static Value[] Softmax(Value[] scores)
        {
            Value greatest = Value.Max(scores).Detach();
            Value[] powers = Array.ConvertAll(scores, score => (score - greatest).Exp());
            Value total = Value.Sum(powers);
            return Array.ConvertAll(powers, power => power / total);
        }
    }

    private static PlannedPrograms ProgramsOf(Recording recording, int rootsInStep) =>
        new(Planner.Plan(recording.Tape, recording.SampleInputs.Length, recording.SampleIndices.Length, rootsInStep), rootsInStep);
}
