// The doctor: each fault found, with the numbers that show it, and good runs left in peace.

using Nudge.Benchmarks;

namespace Nudge.Tests.Training;

public sealed class DoctorTests
{
    private static readonly IReadOnlyList<DoctorTask> s_tasks = DoctorTask.All(iris: null);

    [Theory]
    [InlineData("lesson")]
    [InlineData("sine")]
    [InlineData("blobs")]
    public void Good_runs_are_left_in_peace(string task)
    {
        for (ulong seed = 1; seed <= 2; seed++)
            Assert.Empty(DoctorTrials.Run(Task(task), Mistake.None, seed).Findings);
    }

    [Theory]
    [InlineData("lesson", nameof(Mistake.NoZeroing), TrainingFault.GradientsNotZeroed, 1)]
    [InlineData("moons", nameof(Mistake.NoZeroing), TrainingFault.GradientsNotZeroed, 1)]
    [InlineData("lesson", nameof(Mistake.WrongSign), TrainingFault.SteppingUphill, 3)]
    [InlineData("blobs", nameof(Mistake.WrongSign), TrainingFault.SteppingUphill, 3)]
    [InlineData("lesson", nameof(Mistake.RateTimes100), TrainingFault.LearningRateTooLarge, 4)]
    [InlineData("sine", nameof(Mistake.RateTimes100), TrainingFault.LearningRateTooLarge, 2)]
    [InlineData("lesson", nameof(Mistake.RateBy1000), TrainingFault.LearningRateTooSmall, 60)]
    [InlineData("sine", nameof(Mistake.RateBy1000), TrainingFault.LearningRateTooSmall, 60)]
    [InlineData("lesson", nameof(Mistake.WeightsTimes30), TrainingFault.SaturatedUnits, 0)]
    [InlineData("sine", nameof(Mistake.BiasesOfMinus10), TrainingFault.DeadUnits, 1)]
    [InlineData("blobs", nameof(Mistake.DivisionByZero), TrainingFault.NotFinite, 20)]
    public void A_mistake_is_named_within_a_few_steps(string task, string mistake, TrainingFault fault, int latest)
    {
        for (ulong seed = 1; seed <= 2; seed++)
        {
            Diagnosis found = Assert.Single(DoctorTrials.Run(Task(task) with { Steps = 80 }, Enum.Parse<Mistake>(mistake), seed).Findings, finding => finding.Fault == fault);
            Assert.InRange(found.Step, 0, latest);
            Assert.NotEmpty(found.Numbers);
            Assert.All([found.Evidence, found.LikelyLine, found.Mend], text => Assert.NotEqual("", text));
        }
    }

    [Fact]
    public void Adding_gradients_up_on_purpose_is_no_fault()
    {
        Value w = new(1), b = new(0);
        ParameterList parameters = [w, b];
        var optimizer = new Sgd(parameters, 0.02);
        using var doctor = new Doctor(parameters);
        for (int step = 0; step < 30; step++)
        {
            parameters.ZeroGradients();
            // Two examples, one backward pass each, one update.
            Value first = (w * 2 + b - 6).Pow(2), second = (w * 1 + b - 3).Pow(2);
            first.Backward();
            second.Backward();
            doctor.Examine(first + second);
            optimizer.Step();
        }
        Assert.Empty(doctor.Findings);
    }

    [Fact]
    public void The_lessons_rates_get_the_diagnoses_that_the_lesson_says()
    {
        Assert.Empty(OneWeight(0.1));
        Assert.Empty(OneWeight(0.125));
        // 0.25 bounces for ever, 0.26 diverges; the wrong sign multiplies the loss by 3.24.
        Assert.Equal([TrainingFault.LearningRateTooLarge], OneWeight(0.25));
        Assert.Equal([TrainingFault.LearningRateTooLarge], OneWeight(0.26));
        Assert.Equal([TrainingFault.SteppingUphill], OneWeight(-0.1));
        Assert.Contains(TrainingFault.LearningRateTooSmall, OneWeight(1e-5, steps: 80));
    }

    [Fact]
    public void Each_fault_is_told_once_in_the_step_in_which_it_is_found()
    {
        var w = new Value(1);
        using var doctor = new Doctor([w]);
        int told = 0;
        for (int step = 0; step < 20; step++)
        {
            Value loss = (w * 2 - 6).Pow(2);
            loss.Backward();
            IReadOnlyList<Diagnosis> found = doctor.Examine(loss);
            told += found.Count;
            Assert.All(found, diagnosis => Assert.Equal(step, diagnosis.Step));
            w.Data -= 0.1 * w.Grad;
        }
        Assert.Equal(1, told);
        Diagnosis only = Assert.Single(doctor.Findings);
        Assert.Equal(TrainingFault.GradientsNotZeroed, only.Fault);
        Assert.Equal("network.ZeroGradients();", only.LikelyLine);
        Assert.Contains("step 1: gradients not zeroed", only.ToString());
    }

    [Fact]
    public void The_first_number_that_is_none_is_named_with_its_inputs()
    {
        Value a = new Value(-1) { Label = "a" }, b = new Value(2) { Label = "b" };
        Diagnosis found = Examined(a.Log() * b + 1, a, b);
        Assert.Equal("a result of log = log(a = -1) is NaN, the first number that is not finite.", found.Evidence);
        Assert.Equal(-1, found.Numbers["input 0"]);

        Diagnosis divided = Examined(b / (a + 1), a, b);
        Assert.StartsWith("a result of / = /(b = 2, 0) is ", divided.Evidence);
        Assert.Contains("∞", divided.Evidence.Replace("Infinity", "∞", StringComparison.Ordinal));
    }

    [Fact]
    public void A_slope_that_is_infinite_is_named_though_every_number_is_finite()
    {
        var a = new Value(0) { Label = "a" };
        Value loss = a.Sqrt() + 1;
        Diagnosis found = Examined(loss, a);
        Assert.Equal("a result of sqrt = sqrt(a = 0) is 0, and its slope there is not finite.", found.Evidence);
    }

    [Fact]
    public void A_parameter_that_an_update_spoilt_is_named_as_such()
    {
        var w = new Value(double.PositiveInfinity) { Label = "w" };
        Diagnosis found = Examined((w - 1).Pow(2), w);
        Assert.StartsWith("w is Infinity before anything", found.Evidence.Replace("∞", "Infinity", StringComparison.Ordinal));
        Assert.Contains("smaller learning rate", found.Mend);
    }

    [Fact]
    public void A_trainer_with_a_doctor_makes_the_same_run()
    {
        Assert.Equal(Losses(withDoctor: false), Losses(withDoctor: true));

        static double[] Losses(bool withDoctor)
        {
            var rng = new Rng(3);
            Dataset data = Generate.Moons(40, 0.1, rng);
            var network = new Mlp(2, [4, 1], rng, outputActivation: Activation.Linear);
            using var doctor = new Doctor(network.Parameters);
            var trainer = new Trainer(network, Objective.BinaryCrossEntropy, new Adam(network.Parameters, 0.01), data, options: new TrainerOptions { Epochs = 20, BatchSize = 16 })
            {
                Doctor = withDoctor ? doctor : null,
            };
            double[] losses = [.. trainer.Run().Select(step => step.Loss)];
            Assert.Empty(doctor.Findings);
            return losses;
        }
    }

    [Fact]
    public void A_trainer_tells_its_doctor_of_the_step_that_diverged()
    {
        var rng = new Rng(3);
        var network = new Mlp(1, [4, 1], rng, Activation.Relu, Activation.Linear);
        using var doctor = new Doctor(network.Parameters);
        var trainer = new Trainer(network, Objective.SumOfSquares, new Sgd(network.Parameters, 1e6), Generate.Sine(20, 0, rng)) { Doctor = doctor };
        Assert.Equal(TrainingEnd.Diverged, trainer.Run().Count() >= 0 ? trainer.Result!.End : default);
        Assert.Contains(doctor.Findings, finding => finding.Fault == TrainingFault.NotFinite);
    }

    [Fact]
    public void A_doctor_that_is_disposed_hears_nothing_more()
    {
        var w = new Value(1);
        var doctor = new Doctor([w]);
        doctor.Dispose();
        for (int step = 0; step < 3; step++)
        {
            Value loss = (w * 2 - 6).Pow(2);
            loss.Backward();
            doctor.Examine(loss);
            w.Data -= 0.01 * w.Grad;
        }
        Assert.DoesNotContain(doctor.Findings, finding => finding.Fault == TrainingFault.GradientsNotZeroed);
    }

    private static DoctorTask Task(string name) => s_tasks.Single(task => task.Name == name);

    private static Diagnosis Examined(Value loss, params Value[] parameters)
    {
        using var doctor = new Doctor(new ParameterList(parameters));
        loss.Backward();
        return Assert.Single(doctor.Examine(loss));
    }

    private static TrainingFault[] OneWeight(double rate, int steps = 12)
    {
        var w = new Value(1);
        using var doctor = new Doctor([w]);
        for (int step = 0; step < steps; step++)
        {
            Value loss = (w * 2 - 6).Pow(2);
            w.Grad = 0;
            loss.Backward();
            doctor.Examine(loss);
            w.Data -= rate * w.Grad;
        }
        return [.. doctor.Findings.Select(finding => finding.Fault)];
    }
}
