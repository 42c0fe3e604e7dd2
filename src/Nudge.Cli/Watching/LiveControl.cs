// What a page may do to a run: pause it, make single steps, change it, start it anew.

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <summary>Stands between the pages, which ask at any time, and the run, which listens between two steps.</summary>
internal sealed class LiveControl
{
    private readonly Lock _lock = new();
    private readonly RunFeed _feed;
    private readonly Queue<(int Parameter, double Value)> _edits = [];
    private bool _paused, _restart;
    private int _steps;
    private double _rate;
    private TrainingMistakes _mistakes;
    private string? _ended;
    private int _parameterCount;
    private bool _rateChanged;
    private volatile bool _hasNews = true; // since the run last listened

    /// <param name="canEdit">Whether pages may change the run; otherwise they only see its state.</param>
    /// <param name="feed">Where pages wait for news.</param>
    internal LiveControl(bool canEdit, RunFeed feed)
    {
        CanEdit = canEdit;
        _paused = canEdit; // whoever wants to step through a run wants to be there when it begins
        _feed = feed;
    }

    internal bool CanEdit { get; }

    /// <summary>The state as JSON, for pages.</summary>
    internal string State()
    {
        lock (_lock)
        {
            return new JsonObject
            {
                ["edit"] = CanEdit,
                ["paused"] = _paused,
                ["mistakes"] = (int)_mistakes,
                ["rate"] = Json.Number(_rate),
                ["ended"] = _ended,
            }.ToText();
        }
    }

    /// <summary>A run begins: what was changed on the one before holds for it too.</summary>
    internal void Begin(Trainer trainer)
    {
        lock (_lock)
        {
            _ended = null;
            _hasNews = true;
            _edits.Clear();
            _parameterCount = trainer.Optimizer.Parameters.Count;
            if (_rateChanged)
                trainer.BaseLearningRate = _rate;
            else
                _rate = trainer.BaseLearningRate;
            trainer.Make(_mistakes);
        }
        _feed.Wake();
    }

    internal void End(string reason)
    {
        lock (_lock)
            _ended = reason;
        _feed.Wake();
    }

    /// <summary>Between two steps: waits while the run is paused, and makes the changes that were asked for.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="clock">Counts the time of the steps; it stands still while the run waits.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False if the run is to end, to be started anew or because it was cancelled.</returns>
    internal bool BeforeStep(Trainer trainer, Stopwatch clock, CancellationToken cancellation)
    {
        if (!_hasNews)
            return !cancellation.IsCancellationRequested; // a step may take a microsecond: most of them ask no more than this
        while (true)
        {
            Task changed = _feed.Changed;
            lock (_lock)
            {
                _hasNews = _paused || _restart;
                if (_restart || cancellation.IsCancellationRequested)
                    return false;
                while (_edits.TryDequeue(out (int Parameter, double Value) edit))
                    trainer.Optimizer.Parameters[edit.Parameter].Data = edit.Value;
                if (_rateChanged)
                    trainer.BaseLearningRate = _rate;
                trainer.Make(_mistakes);
                if (!_paused)
                    return true;
                if (_steps > 0)
                {
                    _steps--;
                    return true;
                }
            }
            clock.Stop();
            Wait(changed, cancellation);
            clock.Start();
        }
    }

    /// <summary>Whether the run is to be started anew; asked once.</summary>
    internal bool TakeRestart()
    {
        lock (_lock)
        {
            bool restart = _restart;
            _restart = false;
            return restart;
        }
    }

    /// <summary>Waits until the run is to start anew; false if it was cancelled first.</summary>
    internal bool WaitForRestart(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Task changed = _feed.Changed;
            if (TakeRestart())
                return true;
            Wait(changed, cancellation);
        }
        return false;
    }

    /// <summary>Takes a command of a page.</summary>
    /// <exception cref="RequestException">It is no command.</exception>
    internal void Accept(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 2 });
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
                throw new RequestException(400, "there is more than one command");
            lock (_lock)
            {
                Apply(document.RootElement);
                _hasNews = true;
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RequestException(400, "that is no command");
        }
        _feed.Wake();
    }

    private void Apply(JsonElement command)
    {
        switch (command.GetProperty("command").GetString())
        {
            case "run":
                _paused = false;
                break;
            case "pause":
                _paused = true;
                break;
            case "step":
                _paused = true;
                _steps++;
                break;
            case "restart":
                _restart = true;
                break;
            case "toggle":
                int mistake = command.GetProperty("mistake").GetInt32();
                _mistakes ^= mistake is 1 or 2 ? (TrainingMistakes)mistake : throw new FormatException();
                break;
            case "rate":
                double factor = command.GetProperty("factor").GetDouble();
                _rate = factor is 0.5 or 2 && _rate * factor < 1e9 ? _rate * factor : throw new FormatException();
                _rateChanged = true;
                break;
            case "set":
                int parameter = command.GetProperty("parameter").GetInt32();
                double value = command.GetProperty("value").GetDouble();
                if (parameter < 0 || parameter >= _parameterCount || !double.IsFinite(value) || _edits.Count > 1000)
                    throw new FormatException();
                _edits.Enqueue((parameter, value));
                break;
            default:
                throw new FormatException();
        }
    }

    private static void Wait(Task changed, CancellationToken cancellation)
    {
        try
        {
            changed.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Seen by the caller.
        }
    }
}
