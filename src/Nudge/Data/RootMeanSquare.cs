// The usual size of numbers whose squares may be too small or too large for a double.

namespace Nudge;

internal static class RootMeanSquare
{
    /// <summary>√ mean x² of any finite numbers: of squares relative to that of the greatest; 0 of none.</summary>
    internal static double Of(double[] numbers)
    {
        double most = 0, sum = 0;
        foreach (double number in numbers)
            most = Math.Max(most, Math.Abs(number));
        if (most == 0)
            return 0;
        foreach (double number in numbers)
            sum += number / most * (number / most);
        return most * Math.Sqrt(sum / numbers.Length);
    }
}
