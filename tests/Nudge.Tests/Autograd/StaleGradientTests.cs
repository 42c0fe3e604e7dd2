// Stale gradients are found in every order of the four beats that is wrong, and in none that is right.

using System.Diagnostics;
using System.Reflection;

namespace Nudge.Tests.Autograd;

[Collection(nameof(OneAtATime))]
public sealed class StaleGradientTests : IDisposable
{
    private readonly List<Value> _detected = [];

    public StaleGradientTests() => StaleGradients.Detected += _detected.Add;

    public void Dispose()
    {
        StaleGradients.Detected -= _detected.Add;
        StaleGradients.Throw = false;
    }

    [Fact]
    public void The_right_loop_by_hand_is_never_stale()
    {
        Value w = 1;
        for (int step = 0; step < 3; step++)
        {
            Value loss = Loss(w);
            w.Grad = 0;
            loss.Backward();
            w.Data -= 0.1 * w.Grad;
        }
        Assert.Empty(_detected);
    }

    [Fact]
    public void Zeroing_anywhere_between_update_and_backward_is_right()
    {
        Value w = 1;
        for (int step = 0; step < 3; step++)
        {
            Loss(w).Backward();
            w.Data -= 0.1 * w.Grad;
            w.Grad = 0; // after the update
        }
        for (int step = 0; step < 3; step++)
        {
            w.Grad = 0; // before the forward pass
            Loss(w).Backward();
            w.Data -= 0.1 * w.Grad;
        }
        Assert.Empty(_detected);
    }

    [Fact]
    public void A_loop_by_hand_without_zeroing_is_stale_at_every_backward_but_the_first()
    {
        Value w = 1;
        for (int step = 0; step < 4; step++)
        {
            Loss(w).Backward();
            Assert.Equal(step, _detected.Count);
            w.Data -= 0.1 * w.Grad;
        }
        Assert.All(_detected, leaf => Assert.Same(w, leaf));
    }

    [Fact]
    public void Adding_several_passes_up_before_one_update_is_right()
    {
        Value w = 1;
        Optimizer optimizer = new Sgd([w], 0.1);
        for (int step = 0; step < 3; step++)
        {
            optimizer.ZeroGradients();
            for (int example = 0; example < 4; example++)
                Loss(w).Backward();
            optimizer.Step();
        }
        Assert.Empty(_detected);
    }

    [Fact]
    public void Adding_up_on_top_of_a_stale_gradient_is_reported_once()
    {
        Value w = 1;
        Optimizer optimizer = new Sgd([w], 0.1);
        Loss(w).Backward();
        optimizer.Step();
        Loss(w).Backward();
        Loss(w).Backward();
        Assert.Single(_detected);
    }

    [Fact]
    public void Every_order_of_the_beats_is_judged_rightly()
    {
        // All runs of six beats of forward and backward (B), update (U) and zeroing (Z), against the plain rule.
        const string beats = "BUZ";
        for (int run = 0; run < 729; run++)
        {
            string sequence = string.Concat(Enumerable.Range(0, 6).Select(i => beats[run / (int)Math.Pow(3, i) % 3]));
            foreach ((bool isParameter, bool byOptimizer) in new[] { (false, false), (true, false), (true, true) })
            {
                _detected.Clear();
                Play(sequence, isParameter, byOptimizer);
                Assert.True(ExpectedReports(sequence) == _detected.Count, $"{sequence}, parameter {isParameter}, optimizer {byOptimizer}: {_detected.Count} reports.");
            }
        }
    }

    [Fact]
    public void Only_parameters_that_were_changed_are_stale()
    {
        Value a = new Value(1).Named("a"), b = new Value(2).Named("b");
        (a * b).Backward();
        b.Data = 3;
        (a * a).Backward();
        Assert.Empty(_detected);
        (a * b).Backward();
        Assert.Same(b, Assert.Single(_detected));
    }

    [Fact]
    public void One_report_for_each_backward_however_many_are_stale()
    {
        var network = new Mlp(2, [3, 1], new Rng(1));
        var optimizer = new Adam(network.Parameters);
        network.Forward(1, 2)[0].Backward();
        optimizer.Step();
        network.Forward(1, 2)[0].Backward();
        Assert.Single(_detected);
        Assert.StartsWith("layers.", _detected[0].Label, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_numbers_is_an_update_too()
    {
        var network = new Mlp(2, [3, 1], new Rng(1));
        network.Forward(1, 2)[0].Backward();
        network.Parameters.Load(network.Parameters.ToArray());
        network.Forward(1, 2)[0].Backward();
        Assert.Single(_detected);
    }

    [Fact]
    public void Another_optimizer_over_the_same_parameters_makes_them_stale_too()
    {
        Value a = 1, b = 2, c = 3;
        Optimizer first = new Sgd([a, b], 0.1), second = new Sgd([b, c], 0.1);
        (a * b * c).Backward();
        second.Step();
        first.ZeroGradients();
        (a * b).Backward();
        Assert.Empty(_detected);
        (b * c).Backward();
        Assert.Same(c, Assert.Single(_detected));
    }

    [Fact]
    public void Gradients_is_never_stale()
    {
        Value w = 1;
        for (int step = 0; step < 3; step++)
            w.Data -= 0.1 * Loss(w).Gradients(w)[0];
        Loss(w).Backward();
        w.Data = 5;
        _ = Loss(w).Gradients(w);
        Assert.Empty(_detected);
    }

    [Fact]
    public void Strict_mode_throws_and_names_the_leaf_and_the_cure()
    {
        StaleGradients.Throw = true;
        Value w = new Value(1).Named("w");
        Loss(w).Backward();
        w.Data = 2;
        var thrown = Assert.Throws<InvalidOperationException>(() => Loss(w).Backward());
        Assert.Contains("'w'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Grad = 0", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(_detected);

        // The engine is none the worse for it.
        w.Grad = 0;
        Loss(w).Backward();
        Assert.Equal(-8, w.Grad);
    }

    [Fact]
    public void Where_nobody_listens_a_warning_is_traced()
    {
        // Trainers of other tests may still listen.
        FieldInfo listeners = typeof(StaleGradients).GetField(nameof(StaleGradients.Detected), BindingFlags.NonPublic | BindingFlags.Static)!;
        object? others = listeners.GetValue(null);
        listeners.SetValue(null, null);
        using var written = new StringWriter();
        using var listener = new TextWriterTraceListener(written);
        Trace.Listeners.Add(listener);
        Value w = new Value(1).Named("w");
        Loss(w).Backward();
        w.Data = 2;
        Loss(w).Backward();
        Trace.Listeners.Remove(listener);
        listeners.SetValue(null, others);
        Assert.Contains("Stale gradient: backward added to the gradient of 'w'", written.ToString(), StringComparison.Ordinal);
    }

    private static Value Loss(Value w) => (w * 2 - 6).Pow(2);

    private static int ExpectedReports(string sequence)
    {
        // A backward is stale when, since the last zeroing, there was one before it and an update after that one.
        int reports = 0;
        for (int i = 0; i < sequence.Length; i++)
        {
            string since = sequence[..i].Split('Z')[^1];
            int backward = since.LastIndexOf('B');
            reports += sequence[i] == 'B' && backward >= 0 && since.LastIndexOf('U') > backward ? 1 : 0;
        }
        return reports;
    }

    private static void Play(string sequence, bool isParameter, bool byOptimizer)
    {
        Value w = 1;
        ParameterList? parameters = isParameter ? [w] : null;
        Optimizer? optimizer = byOptimizer ? new Sgd(parameters!, 0.1) : null;
        foreach (char beat in sequence)
        {
            switch (beat)
            {
                case 'B':
                    Loss(w).Backward();
                    break;
                case 'U' when optimizer is not null:
                    optimizer.Step();
                    break;
                case 'U':
                    // Without a gradient Grad is NaN, and nobody would step by that.
                    w.Data -= w.HasGrad ? 0.1 * w.Grad : 0;
                    break;
                case 'Z' when optimizer is not null:
                    optimizer.ZeroGradients();
                    break;
                default:
                    w.Grad = 0;
                    break;
            }
        }
    }
}
