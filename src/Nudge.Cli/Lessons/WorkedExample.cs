// One weight: (w*x - y)^2 with w = 1, x = 2, y = 6, by the engine.

namespace Nudge.Cli;

/// <summary>One step of the loop over one weight.</summary>
internal sealed record WorkedStep(double Weight, double Prediction, double Loss, double Gradient, double Next);

internal sealed class WorkedExample
{
    internal const double Start = 1, Input = 2, Target = 6;

    private readonly Value _weight = new(Start) { Label = "w" };

    internal IEnumerable<WorkedStep> Run(LessonSettings settings, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Value prediction = _weight * Input;
            Value error = prediction - Target;
            Value loss = error * error;
            if (settings.Zero)
                _weight.Grad = 0;
            loss.Backward();
            double before = _weight.Data;
            _weight.Data += settings.Step * _weight.Grad;
            yield return new WorkedStep(before, prediction.Data, loss.Data, _weight.Grad, _weight.Data);
        }
    }

    internal static double LossAt(double weight) => Math.Pow(weight * Input - Target, 2);

    /// <summary>The gradient at the start.</summary>
    internal static double GradientAtStart()
    {
        var weight = new Value(Start);
        return (weight * Input - Target).Pow(2).Gradients([weight])[0];
    }
}
