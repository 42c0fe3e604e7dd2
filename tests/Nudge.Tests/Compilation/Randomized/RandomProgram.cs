// A random expression as a short recipe: a list of motifs, each with a seed of its own, that always builds the same.

namespace Nudge.Tests.Compilation.Randomized;

internal enum ProgramKind
{
    Loss,
    Function,
    Sequence,
}

/// <summary>
/// A random expression. It loves what compilers get wrong: repeated elements, tied parameters, the same quotient twice,
/// loops with one trip that differs, ties, zeros, squares and shared divisors.
/// </summary>
internal sealed class RandomProgram
{
    internal const int ChoiceCount = 3;

    // All of them, and what broke most often once more.
    private static readonly Motif[] s_motifs = [.. Enum.GetValues<Motif>(), Motif.LinearAttention, Motif.LinearAttention, Motif.SoftmaxAttention, Motif.SharedLayer, Motif.SameQuotient];

    private readonly ulong _seed;
    private readonly (Motif Motif, ulong Seed)[] _steps;

    internal RandomProgram(Rng rng)
    {
        _seed = rng.NextBits();
        Kind = rng.Next(8) switch { 0 => ProgramKind.Function, 1 => ProgramKind.Sequence, _ => ProgramKind.Loss };
        InputCount = Kind == ProgramKind.Sequence ? 0 : rng.Next(5);
        IndexCount = Kind == ProgramKind.Sequence ? 2 + rng.Next(4) : Kind == ProgramKind.Function ? 0 : rng.Next(3);
        ParameterCount = 1 + rng.Next(rng.Next(3) == 0 ? 12 : 5);
        BlockCount = rng.Next(4) == 0 ? 1 + rng.Next(ParameterCount) : 1;
        _steps = [.. Enumerable.Range(0, 1 + rng.Next(Kind == ProgramKind.Sequence ? 3 : 5)).Select(_ => (s_motifs[rng.Next(s_motifs.Length)], rng.NextBits()))];
    }

    private RandomProgram(RandomProgram from, (Motif, ulong)[] steps)
    {
        (_seed, _steps, Kind) = (from._seed, steps, from.Kind);
        (InputCount, IndexCount, ParameterCount, BlockCount) = (from.InputCount, from.IndexCount, from.ParameterCount, from.BlockCount);
    }

    internal ProgramKind Kind { get; }

    internal int InputCount { get; }

    internal int IndexCount { get; }

    internal int ParameterCount { get; }

    /// <summary>In how many blocks its parameters lie.</summary>
    internal int BlockCount { get; }

    internal int StepCount => _steps.Length;

    /// <summary>The same without one of its motifs.</summary>
    internal RandomProgram Without(int step) => new(this, [.. _steps[..step], .. _steps[(step + 1)..]]);

    /// <summary>Builds the results: one for a loss, one for each token but the first for a sequence.</summary>
    internal Value[] Build(ParameterList parameters, Value[] inputs, IndexValue[] indices)
    {
        var rng = new Rng(_seed);
        if (Kind == ProgramKind.Sequence)
            return BuildSequence(parameters, indices);
        var builder = new MotifBuilder(parameters, indices);
        if (inputs.Length > 0)
            builder.Pool.Add(inputs);
        Value[] last = Run(builder);
        int outputs = Kind == ProgramKind.Function && rng.Next(2) == 0 ? 1 + rng.Next(3) : 1;
        Value[] roots = [.. Enumerable.Range(0, outputs).Select(i => outputs == 1 ? Reduce(rng, builder, last) : last[i % last.Length])];
        return roots;
    }

    public override string ToString() =>
        $"{Kind}, {InputCount} inputs, {IndexCount} indices, {ParameterCount} parameters in {BlockCount} blocks: {string.Join(", ", _steps.Select(step => step.Motif))}";

    // Each position does the same with its token, with the state that the one before it left, and with all before it.
    private Value[] BuildSequence(ParameterList parameters, IndexValue[] tokens)
    {
        var losses = new Value[tokens.Length - 1];
        var earlier = new List<Value[]>();
        Value[]? state = null;
        for (int position = 0; position < losses.Length; position++)
        {
            var rng = new Rng(_seed);
            var builder = new MotifBuilder(parameters, [tokens[position]]);
            bool remembers = rng.Next(2) == 0, attends = rng.Next(2) == 0;
            Value[] x = builder.LookUp(rng, 1 + rng.Next(3));
            builder.Pool.Add(x);
            if (remembers && state is not null)
                builder.Pool.Add(state);
            if (attends)
            {
                earlier.Add(x);
                builder.Pool.Add(MotifBuilder.Attend(rng, x, earlier));
            }
            state = Run(builder);
            int differs = rng.Next(3) == 0 ? rng.Next(3) : -1;
            losses[position] = builder.CrossEntropy(rng, state, tokens[position + 1]) * (position == differs ? 0.5 : 1);
        }
        return losses;
    }

    private Value[] Run(MotifBuilder builder)
    {
        foreach ((Motif motif, ulong seed) in _steps)
            builder.Pool.Add(builder.Build(motif, new Rng(seed)));
        return builder.Pool.Count == 0 ? [builder.Parameters[0]] : builder.Pool[^1];
    }

    private static Value Reduce(Rng rng, MotifBuilder builder, Value[] last)
    {
        Value result = rng.Next(4) switch
        {
            0 => Value.Mean(last),
            1 => Value.Mean([.. last.Select(value => (value - 0.25).Pow(2))]),
            2 => last[^1],
            _ => Value.Sum(last),
        };
        // Whatever else there is takes part, so that little is dead.
        foreach (Value[] vector in builder.Pool.SkipLast(1))
        {
            if (rng.Next(3) == 0)
                result += vector[rng.Next(vector.Length)] * 0.5;
        }
        return rng.Next(6) switch { 0 => result * 1e-4, 1 => result * 1e3, _ => result };
    }
}
