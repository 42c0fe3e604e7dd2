// Rows D and E: both engines and whatever peers this machine can run train on names with the same losses.

using Nudge.Benchmarks;
using Xunit.Abstractions;

namespace Nudge.Tests.Benchmarks;

public class NamesTests(ITestOutputHelper output)
{
    private static readonly string[] s_names = ["emma", "olivia", "bo", "christopherjames", "ava"];

    [Fact]
    public void A_document_is_boundary_letters_boundary_and_has_at_most_sixteen_positions()
    {
        Assert.Equal([26, 1, 14, 26], GptTask.Tokens("bo"));
        Assert.Equal(17, GptTask.Tokens("christopherjames").Length);
    }

    [Fact]
    public void An_example_is_the_last_three_characters_and_the_next() =>
        Assert.Equal(new int[][] { [0, 0, 0, 2], [0, 0, 2, 15], [0, 2, 15, 0] }, CharacterTask.ExamplesOf("bo"));

    [Fact]
    public void Draws_of_examples_are_spread_over_all_there_are()
    {
        var task = new CharacterTask([.. Enumerable.Range(0, 32).Select(i => new[] { i })], []);
        Assert.InRange(Enumerable.Range(0, 32).Select(number => task.Draw(number)[0]).Distinct().Count(), 24, 32);
    }

    // As the C and PyTorch peers compute them from the same file.
    [Theory]
    [InlineData(1, 3.5309570, 3.4194389, 1.9207845)]
    [InlineData(3, 3.4460065, 3.2907430, 1.4483173)]
    public void Both_engines_train_a_gpt_with_the_losses_of_the_peers(int batch, double first, double second, double eleventh)
    {
        var task = new GptTask(16, batch, [.. s_names.Select(GptTask.Tokens)], GptTask.RandomWeights(16));
        Assert.All<Contender>([new EagerGpt(task), new CompiledGpt(task)], contender => AssertClose([first, second, eleventh], contender.Check([0, 1, 10]), 1e-5));
    }

    [Fact]
    public void Both_engines_train_the_character_mlp_with_the_losses_of_the_peers()
    {
        var task = new CharacterTask([.. s_names.SelectMany(CharacterTask.ExamplesOf)], CharacterTask.RandomWeights());
        Assert.All<Contender>([new EagerCharacters(task), new CompiledCharacters(task)], contender => AssertClose([28.350343, 20.280390], contender.Check([0, 1]), 1e-5));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("C3")]
    [InlineData("I1")]
    [InlineData("LR")]
    [InlineData("F5")]
    [InlineData("D16x16")]
    [InlineData("E")]
    public void Peers_that_this_machine_can_run_do_the_compiled_work(string name)
    {
        using var workspace = new Workspace();
        Row row = Rows.All(workspace, Setting.OfMachine).Single(row => row.Name == name);
        using Contender compiled = row.Entries.First(entry => entry.Served is not null).Served!();
        double[] expected = compiled.Check([0, 1]);
        foreach (Entry peer in row.Entries.Where(entry => entry.Served is null && entry.Kind != Kinds.Eager))
        {
            try
            {
                using Contender contender = peer.Make();
                AssertClose(expected, contender.Check([0, 1]), row.Tolerance);
            }
            catch (MissingException missing)
            {
                output.WriteLine($"{peer.Name} is left out: {missing.Message}");
            }
        }
    }

    [Trait("Needs", "data")]
    [DataFact]
    public void The_known_losses_of_a_thousand_steps_are_reproduced()
    {
        double[] known = GptTask.KnownLosses()!;
        GptTask task = GptTask.Load(16, 1);
        int[] steps = [.. Enumerable.Range(0, known.Length)];
        AssertWithin(1e-4, known, new CompiledGpt(task).Check(steps));
        AssertWithin(5e-6 + 1e-9, known, new EagerGpt(task).Check(steps[..100])); // the known ones have five digits
    }

    [Fact]
    public void The_anchor_says_that_it_is_skipped_where_nothing_is_known()
    {
        using var written = new StringWriter();
        Assert.Equal(0, Anchor.Run(known: null, written));
        Assert.StartsWith("SKIPPED", written.ToString());
    }

    private static void AssertClose(double[] expected, double[] actual, double relative)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], relative * Math.Abs(expected[i]));
    }

    private static void AssertWithin(double difference, double[] expected, double[] actual) =>
        Assert.All(actual.Zip(expected), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, difference));
}
