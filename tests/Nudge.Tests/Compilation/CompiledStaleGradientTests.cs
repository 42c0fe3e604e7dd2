// Stale gradients are found in the compiled path exactly as in the eager one, whichever optimizer, precision and mixture.

namespace Nudge.Tests.Compilation;

[Collection(nameof(OneAtATime))]
public sealed class CompiledStaleGradientTests : IDisposable
{
    private static readonly (string Name, Func<ParameterList, Optimizer> Make)[] s_optimizers =
    [
        ("SGD", parameters => new Sgd(parameters, 0.01)),
        ("momentum", parameters => new Sgd(parameters, 0.01, momentum: 0.9)),
        ("Adam", parameters => new Adam(parameters, 0.01)),
        ("AdamW", parameters => new AdamW(parameters, 0.01)),
        ("RMSProp", parameters => new RmsProp(parameters, 0.01)),
    ];

    private readonly List<Value> _detected = [];

    public CompiledStaleGradientTests() => StaleGradients.Detected += _detected.Add;

    public void Dispose()
    {
        StaleGradients.Detected -= _detected.Add;
        StaleGradients.Throw = false;
    }

    [Fact]
    public void Every_order_of_the_beats_is_judged_as_by_the_plain_rule()
    {
        // All runs of five beats: backward by the expression (E), compiled in single (S) or double precision (D); an
        // update by the optimizer (U) or by hand (H); zeroing (Z).
        const string beats = "ESDUHZ";
        foreach (bool severalBlocks in new[] { false, true })
        {
            foreach ((string name, Func<ParameterList, Optimizer> make) in s_optimizers)
            {
                var model = new Line(severalBlocks, make);
                for (int run = 0; run < 7776; run++)
                {
                    string sequence = string.Concat(Enumerable.Range(0, 5).Select(i => beats[run / (int)Math.Pow(6, i) % 6]));
                    _detected.Clear();
                    model.Play(sequence);
                    Assert.True(ExpectedReports(sequence) == _detected.Count, $"{sequence} with {name}: {_detected.Count} reports.");
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_parameter_that_is_stale_is_named(bool severalBlocks)
    {
        var model = new Line(severalBlocks, s_optimizers[0].Make);
        model.Play("S");
        model.Parameters[1].Data = 3;
        model.Play("S", zeroBefore: false);
        Assert.Same(model.Parameters[1], Assert.Single(_detected));
    }

    [Fact]
    public void Strict_mode_throws()
    {
        var model = new Line(severalBlocks: false, s_optimizers[2].Make);
        model.Play("SU");
        StaleGradients.Throw = true;
        Assert.Throws<InvalidOperationException>(() => model.Play("S", zeroBefore: false));
        model.Play("S");
    }

    private static int ExpectedReports(string sequence)
    {
        // A backward is stale when, since the last zeroing, there was one before it and an update after that one.
        int reports = 0;
        for (int i = 0; i < sequence.Length; i++)
        {
            string since = sequence[..i].Split('Z')[^1];
            int backward = since.LastIndexOfAny(['E', 'S', 'D']), update = since.LastIndexOfAny(['U', 'H']);
            reports += "ESD".Contains(sequence[i]) && backward >= 0 && update > backward ? 1 : 0;
        }
        return reports;
    }

    // y = w·x + b, a parameter a block or both in one.
    private sealed class Line
    {
        private readonly Value _w = 1, _b = 2;
        private readonly CompiledLoss _single, _wide;
        private readonly Optimizer _optimizer;

        internal Line(bool severalBlocks, Func<ParameterList, Optimizer> make)
        {
            if (severalBlocks)
                _ = new ParameterList([_w]);
            Parameters = [_w, _b];
            _single = CompiledLoss.Compile(Parameters, 2, Loss);
            _wide = CompiledLoss.Compile(Parameters, 2, Loss, Precision.Double);
            _optimizer = make(Parameters);
        }

        internal ParameterList Parameters { get; }

        internal void Play(string sequence, bool zeroBefore = true)
        {
            if (zeroBefore)
                Parameters.ZeroGradients();
            foreach (char beat in sequence)
            {
                switch (beat)
                {
                    case 'E':
                        Loss([1, 3]).Backward();
                        break;
                    case 'S':
                        _single.Backward([1, 3, 2, 4]);
                        break;
                    case 'D':
                        _wide.Backward([1, 3, 2, 4]);
                        break;
                    case 'U':
                        _optimizer.Step();
                        break;
                    case 'H':
                        foreach (Value p in Parameters)
                            p.Data -= 0.01 * p.Grad;
                        break;
                    default:
                        _optimizer.ZeroGradients();
                        break;
                }
            }
        }

        private Value Loss(Value[] x) => (_w * x[0] + _b - x[1]).Pow(2);
    }
}
