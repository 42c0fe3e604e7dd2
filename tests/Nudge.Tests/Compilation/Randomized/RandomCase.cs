// A random program with numbers to run it on, what it must give, and what it gives.

namespace Nudge.Tests.Compilation.Randomized;

/// <summary>
/// A program and a batch for it. The program is recorded at some parameters and runs at others, which are loaded later.
/// All numbers are such that float32 has them, too.
/// </summary>
internal sealed class RandomCase
{
    private readonly double[] _recorded, _parameters, _inputs;
    private readonly int[] _indices;
    private readonly int[][] _documents;

    /// <summary>The case of a seed, with so many examples or a random number of them.</summary>
    internal RandomCase(ulong seed, int? batch = null)
    {
        var rng = new Rng(seed);
        Program = new RandomProgram(rng);
        Batch = batch ?? rng.Next(4) switch { 0 => 1, 1 or 2 => 1 + rng.Next(8), _ => 1 + rng.Next(rng.Next(3) == 0 ? 100 : 30) };
        _recorded = Numbers(rng, Program.ParameterCount, rng.Next(3));
        _parameters = Numbers(rng, Program.ParameterCount, rng.Next(3));
        _inputs = Numbers(rng, Batch * Program.InputCount, rng.Next(20) == 0 ? 4 : rng.Next(4));
        _indices = [.. Enumerable.Range(0, Batch * Program.IndexCount).Select(_ => rng.Next(RandomProgram.ChoiceCount))];
        _documents = Program.Kind != ProgramKind.Sequence
            ? []
            : [.. Enumerable.Range(0, Batch).Select(_ => Enumerable.Range(0, 2 + rng.Next(Program.IndexCount - 1)).Select(_ => rng.Next(RandomProgram.ChoiceCount)).ToArray())];
        Seed = seed;
    }

    private RandomCase(RandomCase from, RandomProgram program, int batch)
    {
        (Program, Batch, Seed, _recorded, _parameters) = (program, batch, from.Seed, from._recorded, from._parameters);
        _inputs = from._inputs[..(batch * program.InputCount)];
        _indices = from._indices[..(batch * program.IndexCount)];
        _documents = program.Kind == ProgramKind.Sequence ? from._documents[..batch] : [];
    }

    internal ulong Seed { get; }

    internal RandomProgram Program { get; }

    internal int Batch { get; }

    /// <summary>Cases that are a little smaller: fewer examples, or a motif less.</summary>
    internal IEnumerable<RandomCase> Smaller()
    {
        for (int batch = 1; batch < Batch; batch *= 2)
            yield return new(this, Program, batch);
        for (int step = 0; step < Program.StepCount; step++)
            yield return new(this, Program.Without(step), Batch);
    }

    /// <summary>The program as it is recorded, and the numbers that it must give.</summary>
    internal RecordedCase Record() => new(this);

    /// <summary>What plain values give, evaluated and differentiated without anything being recorded.</summary>
    internal double[] Eager()
    {
        ParameterList parameters = new(_parameters.Select(number => new Value(number)));
        if (Program.Kind == ProgramKind.Sequence)
        {
            Value mean = Value.Mean([.. _documents.SelectMany(document => Program.Build(parameters, [], Array.ConvertAll(document, IndexValue.FromInt32)))]);
            return [mean.Data, .. mean.Gradients(parameters)];
        }
        Value[][] inputs = [.. Enumerable.Range(0, Batch).Select(i => _inputs.AsSpan(i * Program.InputCount, Program.InputCount).ToArray().Select(number => new Value(number)).ToArray())];
        Value[][] roots = [.. inputs.Select((x, i) => Program.Build(
            parameters, x, [.. _indices.Skip(i * Program.IndexCount).Take(Program.IndexCount).Select(IndexValue.FromInt32)]))];
        if (Program.Kind == ProgramKind.Loss)
        {
            Value mean = Value.Mean([.. roots.Select(root => root[0])]);
            return [mean.Data, .. mean.Gradients(parameters)];
        }
        IEnumerable<double> outputs = roots.SelectMany(root => root).Select(root => root.Data);
        return roots[0].Length > 1 ? [.. outputs] : [.. outputs, .. roots.SelectMany((root, i) => root[0].Gradients(inputs[i]))];
    }

    public override string ToString() => $"seed {Seed}: batch {Batch} of {Program}";

    // In eighths there are ties and zeros, and sums without rounding.
    private static double[] Numbers(Rng rng, int count, int style) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)(style switch
    {
        0 => rng.Uniform(-1, 1),
        1 => (rng.Next(9) - 4) / 4.0,
        2 => rng.Normal(0, 1.5),
        3 => rng.Next(3) - 1,
        _ => rng.Next(12) switch { 0 => double.PositiveInfinity, 1 => double.NegativeInfinity, 2 => double.NaN, 3 => 1e30, 4 => 1e-30, 5 => 100, _ => rng.Uniform(-1, 1) },
    }))];

    /// <summary>A case whose program has been recorded.</summary>
    internal sealed class RecordedCase : IDisposable
    {
        private readonly RandomCase _case;

        internal RecordedCase(RandomCase from)
        {
            _case = from;
            RandomProgram program = from.Program;
            Parameters = ParametersOf(from._recorded, program.BlockCount);
            Value[]? inputs = null;
            IndexValue[]? indices = null;
            Recording = Recording.Of(Parameters, program.InputCount, program.IndexCount, (numbers, choices) =>
            {
                (inputs, indices) = (numbers, choices);
                return program.Build(Parameters, numbers, choices);
            });
            Graph = new ReferenceGraph(inputs!, indices!, Parameters, Recording.Roots);
        }

        internal Recording Recording { get; }

        internal ParameterList Parameters { get; }

        internal ReferenceGraph Graph { get; }

        internal int RootsInStep => _case.Program.Kind == ProgramKind.Sequence ? 1 : 0;

        public void Dispose() => Recording.Dispose();

        /// <summary>What the expression itself gives: the mean loss and its gradients; of a function its outputs and slopes.</summary>
        internal Measured[] Expected(Precision precision)
        {
            var run = new ReferenceRun(Graph, precision);
            return _case.Program.Kind switch
            {
                ProgramKind.Loss => ExpectedLoss(run),
                ProgramKind.Sequence => ExpectedSequence(run),
                _ => ExpectedFunction(run),
            };
        }

        /// <summary>What a compiled program gives, in the same order.</summary>
        internal double[] Got(Engine engine)
        {
            for (int i = 0; i < Parameters.Count; i++)
                Parameters[i].Data = _case._parameters[i];
            if (_case.Program.Kind == ProgramKind.Function)
                return GotFunction(engine);
            var got = new double[1 + Parameters.Count];
            Parameters.ZeroGradients();
            got[0] = RootsInStep > 0 ? engine.Differentiate(_case._documents) : engine.Differentiate(_case.Batch, _case._inputs, _case._indices);
            Parameters.CopyGradientsTo(got.AsSpan(1));
            return got;
        }

        /// <summary>What a number of the results is.</summary>
        internal string NameAt(int place)
        {
            if (_case.Program.Kind != ProgramKind.Function)
                return place == 0 ? "the loss" : $"the gradient of p{place - 1}";
            int outputs = _case.Batch * Recording.Roots.Length;
            return place < outputs ? $"output {place}" : $"slope {place - outputs}";
        }

        private Measured[] ExpectedLoss(ReferenceRun run)
        {
            var loss = new Measured[_case.Batch];
            double share = 1.0 / _case.Batch;
            for (int i = 0; i < _case.Batch; i++)
            {
                Forward(run, i);
                loss[i] = run.Root(0);
                run.Backward(1, share, IndicesOf(i));
            }
            return [Mean(loss), .. run.Gradients];
        }

        private Measured[] ExpectedSequence(ReferenceRun run)
        {
            var losses = new List<Measured>();
            double share = 1.0 / _case._documents.Sum(document => document.Length - 1);
            foreach (int[] document in _case._documents)
            {
                var tokens = new int[_case.Program.IndexCount];
                document.CopyTo(tokens, 0);
                run.Forward([], tokens, _case._parameters);
                for (int step = 0; step < document.Length - 1; step++)
                    losses.Add(run.Root(step));
                run.Backward(document.Length - 1, share, tokens);
            }
            return [Mean(losses), .. run.Gradients];
        }

        private Measured[] ExpectedFunction(ReferenceRun run)
        {
            var outputs = new List<Measured>();
            var slopes = new List<Measured>();
            for (int i = 0; i < _case.Batch; i++)
            {
                Forward(run, i);
                for (int root = 0; root < Graph.Roots.Length; root++)
                    outputs.Add(run.Root(root));
                if (Graph.Roots.Length > 1)
                    continue;
                run.Backward(1, 1, IndicesOf(i));
                slopes.AddRange(run.InputGradients);
            }
            return [.. outputs, .. slopes];
        }

        private double[] GotFunction(Engine engine)
        {
            int roots = Recording.Roots.Length;
            double[] outputs = new double[_case.Batch * roots], slopes = new double[roots > 1 ? 0 : _case._inputs.Length];
            if (roots > 1)
                engine.Outputs(_case.Batch, _case._inputs, _case._indices, outputs);
            else
                engine.InputGradients(_case.Batch, _case._inputs, outputs, slopes);
            return [.. outputs, .. slopes];
        }

        private void Forward(ReferenceRun run, int example) => run.Forward(
            _case._inputs.AsSpan(example * _case.Program.InputCount, _case.Program.InputCount), IndicesOf(example), _case._parameters);

        private ReadOnlySpan<int> IndicesOf(int example) => _case._indices.AsSpan(example * _case.Program.IndexCount, _case.Program.IndexCount);

        private static Measured Mean(IReadOnlyCollection<Measured> numbers)
        {
            Measured sum = numbers.Aggregate((a, b) => a + b);
            double magnitude = numbers.Sum(number => Math.Abs(number.Exact));
            return new(sum.Exact / numbers.Count, (float)(sum.Rounded / numbers.Count), (sum.Bound + 2 * magnitude) / numbers.Count, sum.HasInfinities);
        }

        private static ParameterList ParametersOf(double[] numbers, int blocks)
        {
            Value[] leaves = Array.ConvertAll(numbers, number => new Value(number));
            for (int block = 1; block < blocks; block++)
                _ = new ParameterList(leaves[(block * leaves.Length / blocks)..((block + 1) * leaves.Length / blocks)]);
            return new ParameterList(leaves);
        }
    }
}
