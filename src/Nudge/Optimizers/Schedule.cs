// How the learning rate changes over a run.

namespace Nudge;

/// <summary>
/// The learning rate as a function of the step: <see cref="At"/> gives the factor by which the base rate is multiplied.
/// </summary>
public abstract record Schedule
{
    /// <summary>The base rate throughout.</summary>
    public static Schedule Constant { get; } = new ConstantSchedule();

    /// <summary>The factor for a step.</summary>
    /// <param name="step">The number of steps made before this one.</param>
    public abstract double At(int step);

    /// <summary>Multiplies the rate by a factor every so many steps: factor^⌊step / every⌋. PyTorch's <c>StepLR</c>.</summary>
    /// <param name="every">Steps between two changes, at least 1.</param>
    /// <param name="factor">The factor, above 0.</param>
    public static Schedule Step(int every, double factor = 0.1) => new StepSchedule(Require.AtLeast(1, every), Require.Positive(factor));

    /// <summary>
    /// From the base rate in a straight line to a fraction of it, and constant from there:
    /// 1 + (final − 1) · min(step / steps, 1). PyTorch's <c>LinearLR</c> with a start factor of 1.
    /// </summary>
    /// <param name="steps">Steps until the final rate, at least 1.</param>
    /// <param name="final">The final fraction of the base rate, from 0 to 1.</param>
    public static Schedule Linear(int steps, double final = 0) => new LinearSchedule(Require.AtLeast(1, steps), Require.Fraction(final));

    /// <summary>
    /// From the base rate along half a cosine to a fraction of it, and constant from there:
    /// final + (1 − final) · ½ (1 + cos(π · min(step / steps, 1))). PyTorch's <c>CosineAnnealingLR</c>.
    /// </summary>
    /// <param name="steps">Steps until the final rate, at least 1.</param>
    /// <param name="final">The final fraction of the base rate, from 0 to 1.</param>
    public static Schedule Cosine(int steps, double final = 0) => new CosineSchedule(Require.AtLeast(1, steps), Require.Fraction(final));

    /// <summary>
    /// Climbs in a straight line to the base rate, (step + 1) / steps, and then follows another schedule from its
    /// beginning.
    /// </summary>
    /// <param name="steps">Steps until the base rate, at least 1.</param>
    /// <param name="then">What follows; constant if left out.</param>
    public static Schedule WarmUp(int steps, Schedule? then = null) => new WarmUpSchedule(Require.AtLeast(1, steps), then ?? Constant);

    private sealed record ConstantSchedule : Schedule
    {
        public override double At(int step) => 1;
    }

    private sealed record StepSchedule(int Every, double Factor) : Schedule
    {
        public override double At(int step) => Math.Pow(Factor, step / Every);
    }

    private sealed record LinearSchedule(int Steps, double Final) : Schedule
    {
        public override double At(int step) => 1 + (Final - 1) * Math.Min((double)step / Steps, 1);
    }

    private sealed record CosineSchedule(int Steps, double Final) : Schedule
    {
        public override double At(int step) =>
            Final + (1 - Final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min((double)step / Steps, 1)));
    }

    private sealed record WarmUpSchedule(int Steps, Schedule Then) : Schedule
    {
        public override double At(int step) => step < Steps ? (step + 1.0) / Steps : Then.At(step - Steps);
    }
}
