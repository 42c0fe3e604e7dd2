// Trains in a browser, and prints what came of it for the test that has trained the same at home.

using Nudge.BrowserTests;

foreach (TrainingRun run in TrainingRun.All)
    Console.WriteLine($"result {run.Name}\t{run.Make()}");
Console.WriteLine("done");
