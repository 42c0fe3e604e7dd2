// Serving a small network: one row, batches, eight threads; Nudge beside ONNX Runtime and ML.NET, in turns within one run.

using System.Diagnostics;
using System.Globalization;
using Nudge;
using Nudge.Serving;

const int Threads = 8;
int rounds = args is [var r, ..] ? int.Parse(r, CultureInfo.InvariantCulture) : 9, slice = args is [_, var s] ? int.Parse(s, CultureInfo.InvariantCulture) : 200;

// Three clouds of points in four dimensions, as many as iris has, and the network that nudge trains on iris.
var rng = new Rng(1);
double[][] centers = [[5, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3, 5.6, 2]];
Dataset raw = Dataset.From(
    Enumerable.Range(0, 150), i => Array.ConvertAll(centers[i % 3], x => x + rng.Normal(0, 0.3)), i => "abc"[i % 3].ToString());
TrainedModel model = Trained([16, 16, 3]);
using var onnx = new OnnxServer(model);
Server[] servers =
[
    new NudgeServer("Predictor, double", model, Precision.Double), new NudgeServer("Predictor, float", model, Precision.Single), new ModelServer(model), onnx,
    new NudgeServer("Predictor, straight lines", Trained([3]), Precision.Double), new MlNetServer("ML.NET, straight lines", raw),
];
if (!Agree(servers))
    return 1;

Measure("one row, one thread", "ns a row", 1, 1, latency: true);
Measure("one row, eight threads", "rows a second", 1, Threads, latency: false);
Measure("batches of 256, eight threads", "rows a second", 256, Threads, latency: false);
Measure("batches of 4,096, eight threads", "rows a second", 4096, Threads, latency: false);
return 0;

TrainedModel Trained(int[] layers)
{
    var network = new Mlp(4, layers, new Rng(1), outputActivation: Activation.Linear, initialization: Initialization.Xavier);
    var trained = new TrainedModel(network, Objective.CrossEntropy, raw.InputNames, raw.TargetName, raw.Classes, Standardizer.Fit(raw.Inputs));
    new Trainer(network, Objective.CrossEntropy, new Adam(network.Parameters, 0.01), trained.Prepare(raw)).Train();
    return trained;
}

void Measure(string title, string unit, int count, int threads, bool latency)
{
    Console.WriteLine($"\n{title} (medians of {rounds} rounds in turn)");
    var speeds = new double[servers.Length][];
    var bytes = new double[servers.Length];
    for (int i = 0; i < servers.Length; i++)
    {
        speeds[i] = new double[rounds];
        Run(servers[i], count, threads, 2 * slice, out _); // so that everything is compiled
    }
    for (int round = 0; round < rounds; round++)
    {
        for (int i = 0; i < servers.Length; i++)
            speeds[i][round] = Run(servers[i], count, threads, slice, out bytes[i]);
    }
    for (int i = 0; i < servers.Length; i++)
    {
        double speed = Median(speeds[i]), ratio = Median([.. speeds[i].Zip(speeds[0], (one, first) => first / one)]);
        double shown = latency ? 1e9 / speed : speed;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {servers[i].Name,-28}{shown,14:N0} {unit,-14}{ratio,8:N2} × the time{bytes[i],10:N0} bytes a row"));
    }
}

// Rows a second, all threads together.
double Run(Server server, int count, int threads, int milliseconds, out double bytes)
{
    long rows = 0, allocated = 0;
    double seconds = 0;
    using var ready = new Barrier(threads);
    Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
    {
        float[] inputs = RowsOf(count), results = new float[count * Server.Classes];
        server.Predict(inputs, count, results);
        ready.SignalAndWait();
        long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp(), end = began + milliseconds * Stopwatch.Frequency / 1000, done = 0;
        int between = Math.Max(1, 256 / count); // looks at the clock
        while (Stopwatch.GetTimestamp() < end)
        {
            for (int i = 0; i < between; i++)
                server.Predict(inputs, count, results);
            done += (long)between * count;
        }
        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        lock (ready)
        {
            (rows, allocated, seconds) = (rows + done, allocated + GC.GetAllocatedBytesForCurrentThread() - before, Math.Max(seconds, took));
        }
    }))];
    foreach (Thread worker in workers)
        worker.Start();
    foreach (Thread worker in workers)
        worker.Join();
    bytes = (double)allocated / rows;
    return rows / seconds;
}

float[] RowsOf(int count) => [.. Enumerable.Range(0, count).SelectMany(i => raw.Inputs[i % raw.Count]).Select(x => (float)x)];

// The same network must say the same, and the others at least be right.
bool Agree(Server[] all)
{
    const int Count = 150;
    float[] rows = RowsOf(Count);
    float[][] results = [.. all.Select(server =>
    {
        var one = new float[Count * Server.Classes];
        server.Predict(rows, Count, one);
        return one;
    })];
    bool agree = true;
    for (int i = 0; i < all.Length; i++)
    {
        double difference = results[i].Zip(results[0], (a, b) => Math.Abs(a - b)).Max();
        int right = Enumerable.Range(0, Count).Count(row => ClassOf(results[i], row) == (int)raw.Targets[row][0]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all[i].Name,-28}{right} of {Count} right, probabilities differ by up to {difference:G2}"));
        agree &= right > 0.9 * Count && (all[i].Name.Contains("straight", StringComparison.Ordinal) || difference < 1e-4);
    }
    return agree;

    static int ClassOf(float[] scores, int row) => Enumerable.Range(0, Server.Classes).MaxBy(c => scores[row * Server.Classes + c]);
}

static double Median(double[] numbers) => numbers.Order().ElementAt(numbers.Length / 2);
