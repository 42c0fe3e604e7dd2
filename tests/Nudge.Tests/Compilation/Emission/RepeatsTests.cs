// Steps of a simulation are one body that is repeated.

namespace Nudge.Tests.Compilation.Emission;

public class RepeatsTests
{
    private const int Steps = 40;

    private static Engine SimulationOf(ParameterList parameters, bool isDouble, EmissionMode mode, out Plan plan)
    {
        using Recording recording = Recording.Of(parameters, 2, 0, (x, _) =>
        {
            (Value u, Value v, Value sum) = (x[0], x[1], 0);
            for (int i = 0; i < Steps; i++)
            {
                Value rate = parameters[0] * u - parameters[1] * u * v;
                v += 0.01 * (parameters[2] * u * v - parameters[3] * v);
                u += 0.01 * rate;
                sum += (u - v).Pow(2);
            }
            return [sum];
        });
        plan = Planner.Plan(recording.Tape, 2, 0, 0);
        var programs = new PlannedPrograms(plan, 0);
        return isDouble ? new Engine<double>(programs, parameters, 1, 0, mode) : new Engine<float>(programs, parameters, 1, 0, mode);
    }

    [Fact]
    public void Steps_of_a_simulation_are_trips_forward_and_backward()
    {
        var parameters = new ParameterList([new(1.1), new(0.4), new(0.1), new(0.4)]);
        SimulationOf(parameters, false, EmissionMode.Never, out Plan plan);
        foreach (Statement[] statements in (Statement[][])[plan.Varying, new Program(plan).ToParameters.Varying])
        {
            var repeats = new Repeats(statements);
            Repeat longest = Enumerable.Range(0, statements.Length).Select(repeats.From).MaxBy(repeat => repeat.Trips * repeat.Period);
            Assert.True(longest.Trips >= Steps - 4, $"{longest.Trips} trips of {longest.Period} of {statements.Length} statements");
            Assert.NotNull(repeats.StridesOf(longest));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(16, false)]
    [InlineData(5, true)]
    [InlineData(600, false)]
    public void Repeats_give_the_bits_of_the_interpreter(int count, bool isDouble)
    {
        var parameters = new ParameterList([new(1.1), new(0.4), new(0.1), new(0.4)]);
        double[] starts = [.. Enumerable.Range(0, 2 * count).Select(i => 1.5 + Math.Sin(i))];
        double[][] results = [.. new[] { EmissionMode.Never, EmissionMode.AtOnce }.Select(mode =>
        {
            Engine engine = SimulationOf(parameters, isDouble, mode, out Plan plan);
            parameters.ZeroGradients();
            double mean = engine.Differentiate(count, starts, []);
            int least = mode == EmissionMode.AtOnce && RowMachine.IsSupported(128) ? plan.Varying.Length : 0;
            Assert.True(engine.StatementsEmitted >= least, $"{engine.StatementsEmitted} statements are emitted.");
            return (double[])[mean, .. parameters.Select(parameter => parameter.Grad)];
        })];
        Assert.Equal(results[0], results[1]);
    }

    // y[t + 1] = tanh y[t]: what one trip leaves to the next is stored, even where nobody asks for what the last one makes.
    [Fact]
    public void What_a_later_trip_reads_is_stored()
    {
        const int trips = 8, asked = 4;
        Statement[] statements = [.. Enumerable.Range(0, trips).Select(trip => new Map(
            MapKind.Apply, Operation.Tanh, new Extent(1, 1), new Address(new Location(Space.Varying, 1 + trip), 1), [new Address(new Location(Space.Varying, trip), 1)]))];
        statements = [new Map(MapKind.Apply, Operation.Exp, new Extent(1, 1), new Address(new Location(Space.Varying, 1), 1), [new Address(new Location(Space.Varying, 0), 1)]), .. statements[1..]];
        var plan = new Plan([], statements, [0], UniformSize: 1, VaryingSize: trips + 1, InputCount: 1, [], [new Location(Space.Varying, asked)], null);
        double[] points = [.. Enumerable.Range(0, 20).Select(i => Math.Sin(i))];
        double[][] results = [.. new[] { EmissionMode.Never, EmissionMode.AtOnce }.Select(mode =>
        {
            var engine = new Engine<double>(new PlannedPrograms(plan, 0), new ParameterList([]), 1, 0, mode);
            var outputs = new double[points.Length];
            engine.Outputs(points.Length, points, [], outputs);
            Assert.Equal(mode == EmissionMode.AtOnce && RowMachine.IsSupported(128), engine.StatementsEmitted > 0);
            return outputs;
        })];
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void A_plan_shows_the_steps_as_trips()
    {
        var parameters = new ParameterList([new(1.1), new(0.4), new(0.1), new(0.4)]);
        string report = PlanReport.Of(SimulationOf(parameters, false, EmissionMode.Never, out Plan plan));
        Assert.Matches($@"lane  \d+ times {plan.Varying.Length / Steps} statements:", report);
        Assert.Contains(", 0.0 % of the arithmetic in matrix products,", report);
        Assert.True(report.Split('\n').Length < plan.Varying.Length / 4, report);
    }

    // y[t] = tanh x[t], where x goes down and meets y at one trip, or one further on.
    [Theory]
    [InlineData(20, true)] // 10 + t = 20 − t at trip 5
    [InlineData(21, false)]
    [InlineData(18, true)]
    [InlineData(50, false)] // after the last trip
    public void What_is_written_must_not_be_what_has_another_stride(int from, bool meets)
    {
        Statement[] statements = [.. Enumerable.Range(0, 8).Select(trip => new Map(
            MapKind.Apply, Operation.Tanh, new Extent(1, 1), new Address(new Location(Space.Varying, 10 + trip), 1), [new Address(new Location(Space.Varying, from - trip), 1)]))];
        var repeats = new Repeats(statements);
        Assert.Equal(new Repeat(0, 1, 8), repeats.From(0));
        Assert.Equal(meets, repeats.StridesOf(new Repeat(0, 1, 8)) is null);
    }

    [Fact]
    public void An_operand_that_does_not_advance_evenly_ends_a_repeat()
    {
        Statement[] statements = [.. Enumerable.Range(0, 8).Select(trip => new Map(
            MapKind.Apply, Operation.Tanh, new Extent(1, 1), new Address(new Location(Space.Varying, 10 + trip), 1), [new Address(new Location(Space.Varying, 100 + (trip < 6 ? trip : 2 * trip)), 1)]))];
        Assert.Equal(new Repeat(0, 1, 6), new Repeats(statements).From(0));
    }
}
