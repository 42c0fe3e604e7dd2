// Every operation against the slope that nudging measures, over random points.

namespace Nudge.Tests.Autograd;

public class CentralDifferenceTests
{
    private const int Points = 200;

    [Fact]
    public void Operations_of_one_input_have_the_slope_that_nudging_measures()
    {
        var rng = new Rng(11);
        // Detach has no gradient to measure.
        foreach ((Operation operation, Func<Value, Value> apply) in Operations.Unary.Where(pair => pair.Key != Operation.Detach))
        {
            for (int i = 0; i < Points; i++)
            {
                double at = operation is Operation.Log or Operation.Sqrt ? rng.Uniform(0.1, 9) : AwayFromZero(rng);
                Value a = new(at);
                Check(operation, () => apply(a), [a]);
            }
        }
    }

    [Fact]
    public void Operations_of_two_inputs_have_the_slopes_that_nudging_measures()
    {
        var rng = new Rng(12);
        foreach ((Operation operation, Func<Value, Value, Value> apply) in Operations.Binary)
        {
            for (int i = 0; i < Points; i++)
            {
                double at = operation == Operation.Power ? rng.Uniform(0.2, 3) : rng.Uniform(-3, 3);
                // Maximum and minimum have a corner where their inputs meet: nudging must not reach across it.
                Value a = new(at), b = new(operation is Operation.Max or Operation.Min ? at + AwayFromZero(rng) : AwayFromZero(rng));
                Check(operation, () => apply(a, b), [a, b]);
            }
        }
    }

    [Fact]
    public void Plain_numbers_on_either_side_leave_the_slope_that_nudging_measures()
    {
        var rng = new Rng(13);
        foreach ((Operation operation, (Func<Value, double, Value> right, Func<double, Value, Value>? left)) in Operations.WithNumbers)
        {
            for (int i = 0; i < Points; i++)
            {
                double number = operation == Operation.Power ? rng.Next(7) - 3 : AwayFromZero(rng);
                Value a = new(AwayFromZero(rng));
                if (Math.Abs(a.Data - number) < 0.1)
                    continue;
                Check(operation, () => right(a, number), [a]);
                if (left is not null)
                    Check(operation, () => left(number, a), [a]);
            }
        }
    }

    [Fact]
    public void Folds_over_several_values_have_the_slopes_that_nudging_measures()
    {
        var rng = new Rng(14);
        for (int i = 0; i < Points; i++)
        {
            // Steps of at least 0.1 between the values, in random order, keep nudging away from ties.
            double[] numbers = [.. Enumerable.Range(0, 6).Select(place => place + rng.Uniform(0, 0.9))];
            rng.Shuffle<double>(numbers);
            ParameterList parameters = [.. numbers.Select(number => new Value(number))];
            Check(Operation.Max, () => Value.Max([.. parameters]), parameters);
            Check(Operation.Min, () => Value.Min([.. parameters]), parameters);
            Check(Operation.Add, () => Value.Sum([.. parameters]) * Value.Mean([.. parameters]), parameters);
        }
    }

    private static void Check(Operation operation, Func<Value> expression, ParameterList parameters)
    {
        GradientReport report = GradientCheck.Check(expression, parameters);
        Assert.True(report.Passed, $"{operation}: {report}");
    }

    // Corners and poles lie at 0.
    private static double AwayFromZero(Rng rng) => rng.Uniform(0.2, 3) * (rng.Next(2) == 0 ? 1 : -1);
}
