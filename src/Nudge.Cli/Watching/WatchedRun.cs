// A training run with all that may look on: the terminal, a file, a page.

namespace Nudge.Cli;

internal static class WatchedRun
{
    // The first steps are all there; after them, twenty a second are more than an eye follows, and the run hardly feels them.
    private static readonly RecorderOptions s_live = new() { FreeBytes = 4 << 20, LeastInterval = TimeSpan.FromMilliseconds(50), MostShare = 0.03 };

    /// <summary>Trains as the settings ask, and serves a page meanwhile and afterwards where they ask for one.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="makePlan">Makes the run from its beginning: called again when a page asks for the same run anew.</param>
    /// <param name="makeView">Makes what the terminal shows of a run.</param>
    /// <param name="terminal">Where the page's address is printed.</param>
    /// <param name="addressTo">Where to print it, and the page's file.</param>
    /// <param name="cancellation">Ends the run early.</param>
    internal static async Task<int> Make(
        TrainSettings settings, Func<TrainingPlan> makePlan, Func<ITrainingView> makeView, Terminal terminal, TextWriter addressTo, CancellationToken cancellation)
    {
        var views = new List<ITrainingView>();
        RunFeed? saved = settings.SavePage is null ? null : WatchedPage.FeedForSaving();
        RecordingView? recording = settings.Record is { } path
            ? new RecordingView(() => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
            : null;
        if (recording is not null)
            views.Add(recording);
        if (saved is not null)
            views.Add(new RecordingView(saved.Writer));
        ReportView? report = settings.Report is { } reportPath ? new ReportView(reportPath) : null;
        if (report is not null)
            views.Add(report);
        if (!settings.Watch)
        {
            try
            {
                return AtEnd(MakeOnce(makePlan(), null, cancellation)!.Value);
            }
            finally
            {
                SavePage(); // of a run that diverged too: that one most of all is worth a look
            }
        }

        var feed = new RunFeed();
        var control = new LiveControl(settings.Edit, feed);
        views.Add(new RecordingView(feed.Writer, s_live));
        using var interruption = new Interruption(cancellation);
        TrainingPlan plan = makePlan();
        var content = new PageServerContent(PageSource.Make("live", plan.Source.Name), feed, LabCommand.LabRecording, control);
        await using var server = new PageServer(content, settings.Port ?? 0);
        WatchedPage.WriteAddress(addressTo, server, settings.Edit ? "the run waits for it" : "Ctrl-C ends the run, and then the page");
        while (true)
        {
            int? exitCode = MakeOnce(plan, control, interruption.Token);
            if (exitCode is { } code && !control.WaitForRestart(interruption.Token))
            {
                SavePage();
                return AtEnd(code);
            }
            plan = makePlan();
        }

        int? MakeOnce(TrainingPlan plan, LiveControl? control, CancellationToken token)
        {
            try
            {
                return TrainingRun.Make(plan, new Views([.. views, makeView()]), control, token);
            }
            catch (RunFailedException error) when (control is not null)
            {
                terminal.Error.WriteLine($"nudge train: {error.Message}");
                return ExitCode.Failed;
            }
            finally
            {
                control?.End(plan.Trainer.Result is { } result ? RunReport.NameOf(result.End) : "failed");
            }
        }

        void SavePage()
        {
            if (saved is null)
                return;
            WatchedPage.Save(settings.SavePage!, settings.Path ?? settings.Generator!, saved);
            addressTo.WriteLine($"  page      {settings.SavePage}");
        }

        int AtEnd(int exitCode) =>
            recording?.Failure is { } failure ? throw new RunFailedException($"the recording ends before the run: {failure.Message}")
            : report?.Failure is { } unwritten ? throw new RunFailedException($"the report could not be written: {unwritten.Message}")
            : exitCode;
    }
}
