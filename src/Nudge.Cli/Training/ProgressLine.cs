// The columns of a run's progress, fewer where the screen is narrow.

using System.Globalization;

namespace Nudge.Cli;

/// <summary>Where a run is.</summary>
/// <param name="Step">The step just made.</param>
/// <param name="Epochs">How many epochs there are at most.</param>
/// <param name="Validation">The loss on the validation set after the last epoch.</param>
/// <param name="Change">How much the loss of the step's batch really changed by the update.</param>
/// <param name="StepsPerSecond">The speed since the first step; null at the first.</param>
/// <param name="Left">The time to the end, if nothing ends the run early; null at the first step.</param>
/// <param name="Losses">The course of the loss.</param>
internal sealed record Progress(
    TrainingStep Step, int Epochs, double? Validation, double Change, double? StepsPerSecond, TimeSpan? Left, LossHistory Losses);

internal sealed class ProgressLine
{
    private const string Gap = "  ";
    private const int NarrowestSparkline = 8, WidestSparkline = 24;

    private readonly List<Column> _columns;

    /// <param name="hasValidation">Whether there is a validation set.</param>
    /// <param name="hasSparkline">Whether there is room for a picture of the loss: not in a file, where lines stay.</param>
    /// <param name="epochs">How many epochs there are.</param>
    /// <param name="width">The longest line.</param>
    internal ProgressLine(bool hasValidation, bool hasSparkline, int epochs, int width)
    {
        string all = epochs.ToString(CultureInfo.InvariantCulture);
        _columns =
        [
            new("epoch", Math.Max(5, 2 * all.Length + 1), 0, p => string.Create(CultureInfo.InvariantCulture, $"{p.Step.Epoch + 1}/{p.Epochs}")),
            new("loss", 9, 0, p => Text.Short(p.Step.Loss)),
            new("validation", 10, 2, p => p.Validation is { } loss ? Text.Short(loss) : "–"),
            new("change", 8, 1, p => Text.Brief(p.Change)),
            new("predicted", 9, 1, p => Text.Brief(p.Step.PredictedChange)),
            new("rate", 7, 4, p => Text.Brief(p.Step.LearningRate)),
            new("steps/s", 7, 5, p => p.StepsPerSecond is { } speed ? Text.Count((long)speed) : "–"),
            new("left", 6, 3, p => p.Left is { } left ? Text.Brief(left) : "–"),
        ];
        if (!hasValidation)
            _columns.RemoveAll(column => column.Title == "validation");
        int picture = hasSparkline ? NarrowestSparkline + Gap.Length : 0;
        while (_columns.Count > 2 && Length + picture > width)
            RemoveLeastImportant();
        if (hasSparkline)
        {
            int room = Math.Clamp(width - Length - Gap.Length, 0, WidestSparkline);
            _columns.Insert(2, new("", room, 0, p => Sparkline.Draw(p.Losses.Course(room)).PadRight(room), Style.Cyan));
        }
    }

    private int Length => _columns.Sum(column => column.Width + Gap.Length);

    internal string Header(Terminal terminal) => Line(terminal, column => column.Title, _ => Style.Dim);

    internal string Row(Terminal terminal, Progress progress) => Line(terminal, column => column.Text(progress), column => column.Style);

    private void RemoveLeastImportant()
    {
        int most = _columns.Max(column => column.Dispensability);
        _columns.RemoveAll(column => column.Dispensability == most);
    }

    private string Line(Terminal terminal, Func<Column, string> text, Func<Column, Style> style) =>
        string.Concat(_columns.Select(column => Gap + terminal.Paint(text(column).PadLeft(column.Width), style(column))));

    private sealed record Column(string Title, int Width, int Dispensability, Func<Progress, string> Text, Style Style = Style.Plain);
}
