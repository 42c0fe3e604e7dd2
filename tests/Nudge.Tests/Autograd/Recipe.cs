// Random expressions: a recipe is drawn by FsCheck, and each building of it makes a fresh graph of the same shape.

using FsCheck;
using FsCheck.Fluent;

namespace Nudge.Tests.Autograd;

/// <summary>
/// How to build an expression: leaves, and instructions that each combine two earlier results. Results are shared, and
/// those that nothing uses are dead code.
/// </summary>
internal sealed class Recipe
{
    private const int WholeKinds = 6, Kinds = 24;

    private readonly (int Kind, int First, int Second, double Number)[] _instructions;
    private readonly double[] _leaves;
    private readonly int _seed;
    private readonly bool _whole;

    /// <summary>A recipe.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="size">How many instructions.</param>
    /// <param name="whole">Whether it uses whole numbers and operations with whole slopes only, so that nothing is rounded.</param>
    internal Recipe(int seed, int size, bool whole = false)
    {
        var rng = new Rng((ulong)seed);
        _seed = seed;
        _whole = whole;
        _leaves = [.. Enumerable.Range(0, 2 + rng.Next(5)).Select(_ => whole ? rng.Next(5) - 2 : rng.Uniform(-2, 2))];
        _instructions = new (int, int, int, double)[size];
        for (int i = 0; i < size; i++)
            _instructions[i] = (rng.Next(whole ? WholeKinds : Kinds), Pick(i), Pick(i), rng.Uniform(-2, 2));

        // Half of the operands are recent, so that expressions grow deep as well as wide.
        int Pick(int made)
        {
            int count = _leaves.Length + made;
            return rng.Next(2) == 0 ? rng.Next(count) : count - 1 - rng.Next(Math.Min(count, 5));
        }
    }

    internal int Size => _instructions.Length;

    /// <summary>Checks a property of random expressions of 5 to 300 instructions.</summary>
    internal static void ForAll(Action<Recipe> property, bool whole = false, int largest = 300)
    {
        Gen<Recipe> gen =
            from seed in Gen.Choose(0, int.MaxValue)
            from size in Gen.Choose(5, largest)
            select new Recipe(seed, size, whole);
        // The first instructions of a recipe are a recipe: a failure is shown at the least size that still fails.
        Arbitrary<Recipe> arbitrary = Arb.From(gen, recipe =>
            from size in new[] { recipe.Size / 2, recipe.Size - 5, recipe.Size - 1 }
            where size > 0
            select new Recipe(recipe._seed, size, whole));
        // A suite should say the same thing twice; NUDGE_SOAK=1 looks for new cases.
        Config config = Soak.Wanted
            ? Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(5000)
            : Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(100).WithReplay(20260101, 1);
        Prop.ForAll(arbitrary, property).Check(config);
    }

    /// <summary>Fresh leaves for this recipe.</summary>
    internal Value[] MakeLeaves() => Array.ConvertAll(_leaves, number => new Value(number));

    /// <summary>Follows the instructions. The results start with the leaves; the last is the root.</summary>
    /// <param name="leaves">What <see cref="MakeLeaves"/> gave.</param>
    /// <param name="execute">Carries an instruction out, if not here and now.</param>
    internal Value[] Build(Value[] leaves, Func<Func<Value>, Value>? execute = null)
    {
        var results = new Value[leaves.Length + Size];
        leaves.CopyTo(results, 0);
        for (int i = 0; i < Size; i++)
            Make(results, i, execute);
        return results;
    }

    /// <summary>The same, in another order: any in which operands come before what uses them.</summary>
    internal Value[] BuildInOtherOrder(Value[] leaves, Rng rng)
    {
        var results = new Value[leaves.Length + Size];
        leaves.CopyTo(results, 0);
        List<int> left = [.. Enumerable.Range(0, Size)];
        while (left.Count > 0)
        {
            int[] ready = [.. left.Where(i => results[_instructions[i].First] is not null && results[_instructions[i].Second] is not null)];
            int chosen = ready[rng.Next(ready.Length)];
            left.Remove(chosen);
            Make(results, chosen, null);
        }
        return results;
    }

    public override string ToString() => $"new Recipe({_seed}, {Size}{(_whole ? ", whole: true" : "")})";

    private void Make(Value[] results, int i, Func<Func<Value>, Value>? execute)
    {
        (int kind, int first, int second, double number) = _instructions[i];
        Value a = results[first], b = results[second];
        results[_leaves.Length + i] = execute is null ? Apply() : execute(Apply);

        Value Apply()
        {
            Value y = Combine(kind, a, b, number);
            // Keeps the numbers, and with them the slopes, from growing without end.
            return _whole
                ? Math.Abs(y.Data) > 2 ? y - (y.Data - Math.Sign(y.Data)) : y
                : Math.Abs(y.Data) > 20 ? y.Tanh() : y;
        }
    }

    private static Value Combine(int kind, Value a, Value b, double number) => kind switch
    {
        0 => a + b,
        1 => a - b,
        2 => a * b,
        3 => -a,
        4 => a.Abs(),
        5 => a.Relu(),
        6 => a / (b * b + 1),
        7 => (a * a + 0.5).Pow(b.Tanh()),
        8 => a.Pow(2),
        9 => a.Tanh().Exp(),
        10 => (a * a + 1).Log(),
        11 => (a * a + 1).Sqrt(),
        12 => a.Tanh(),
        13 => a.Sigmoid(),
        14 => a.Max(b),
        15 => a.Min(b),
        16 => a.Sin(),
        17 => a.Cos(),
        18 => a.Detach() * b,
        19 => number * a + b,
        20 => number - a,
        21 => number / (a * a + 1),
        22 => a.Max(number),
        _ => a + a,
    };
}
