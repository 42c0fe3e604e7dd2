// Rows of one loss each: what people write who do not write networks, beside C for the same.

namespace Nudge.Benchmarks;

internal static class LossRows
{
    /// <summary>The ten programs, chosen before anybody knew how fast they are.</summary>
    internal static readonly string[] Programs = [.. Enumerable.Range(1, 10).Select(number => $"P{number}")];

    internal static IEnumerable<Row> Of(Kit kit) =>
    [
        Of(kit, "V1", "Lotka–Volterra, Runge–Kutta, 200 steps from one start", "lotka.c", () => LotkaVolterra.From(1), ["-DEXAMPLES=1"]),
        Of(kit, "V1024", "Lotka–Volterra, Runge–Kutta, 200 steps from 1,024 starts", "lotka.c", () => LotkaVolterra.From(1024), ["-DEXAMPLES=1024"], onAllCores: true),
        Of(kit, "M1", "50 masses and stiffening springs, 100 steps from one start", "chain.c", () => MassChain.From(1), ["-DEXAMPLES=1"]),
        Of(kit, "M1024", "50 masses and stiffening springs, 100 steps from 1,024 starts", "chain.c", () => MassChain.From(1024), ["-DEXAMPLES=1024"], onAllCores: true),
        Of(kit, "K8", "a convolution net in loops, 32 images of 8 × 8", "convolution.c", () => ConvolutionNet.Of(8, 3), ["-DSIZE=8", "-DKERNEL=3"]),
        Of(kit, "K28", "a convolution net in loops, 32 images of 28 × 28", "convolution.c", () => ConvolutionNet.Of(28, 5), ["-DSIZE=28", "-DKERNEL=5"]),
        Of(kit, "L", "ADBench's LSTM of 2 layers, 1,024 characters, in double", "diagonal_lstm.c", DiagonalLstm.Load),
        Looped(kit),
        Of(kit, "S", "a sum of 100,000 products of parameters chosen at random", "sparse.c", Unrollable.SparseSum),
        Of(kit, "R", "a recursion over a random tree of 2,000 leaves", "tree.c", Unrollable.Tree),
        Of(kit, "P1", "heat through a plate of 24 × 24, 30 steps", "heat.c", HeatPlate.Task),
        Of(kit, "P2", "three recursive filters in a row, 32 signals of 256", "filter.c", RecursiveFilter.Task),
        Of(kit, "P3", "soft-DTW of 24 × 24, 16 series", "warping.c", SoftWarping.Task),
        Of(kit, "P4", "wavelet shrinkage, 16 signals of 256", "wavelet.c", WaveletShrinkage.Task),
        Of(kit, "P5", "a Kalman filter, 32 tracks of 100", "kalman.c", KalmanFilter.Task),
        Of(kit, "P6", "8 bodies, 20 steps", "bodies.c", Bodies.Task),
        Of(kit, "P7", "a hidden Markov model of 6 states, 16 series of 40", "hidden.c", HiddenStates.Task),
        Of(kit, "P8", "a robot arm of 6 joints, 20 moments", "arm.c", RobotArm.Task),
        Of(kit, "P9", "10 rounds of messages along 1,500 edges", "graph.c", GraphDiffusion.Task),
        Of(kit, "P10", "16 American options, a binomial tree of 48 steps", "option.c", AmericanOption.Task),
    ];

    private static Row Of(Kit kit, string name, string title, string peer, Func<LossTask> make, string[]? flags = null, bool onAllCores = false)
    {
        var task = new Lazy<LossTask>(make);
        var file = new Lazy<string>(() => kit.Workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"{title}: one step of gradient descent",
        [
            new(Kinds.C, "C", () => kit.Tools.C(peer, $"loss-{name}", file.Value, flags ?? [])),
            kit.OnOneCore(name, () => new CompiledTask(task.Value)),
            .. onAllCores ? [kit.OnAllCores(name, () => new CompiledTask(task.Value))] : Array.Empty<Entry>(),
            new(Kinds.Eager, "eager", () => new EagerTask(task.Value)) { LastChecked = 1 },
        ]);
    }

    private static Row Looped(Kit kit)
    {
        return new Row("loop", "100 examples looped in the loss, and the same as a batch, 4-16-16-3: one step of gradient descent",
        [
            Own("batch", LoopedExamples.Batch),
            Own("in the loss", LoopedExamples.Looped),
        ]);

        Entry Own(string name, Func<LossTask> task) => new(Kinds.Compiled, name, () => kit.Tools.Own("loop", name, onOneCore: true))
        {
            Served = () => new CompiledTask(task()),
            IsOnOneCore = true,
        };
    }
}
