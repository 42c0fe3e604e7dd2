// Pictures of a training run: how the loss went, and what a network of two inputs has learnt.

using System.Globalization;

namespace Nudge.Drawing;

/// <summary>Pictures of training as SVG, which follow the reader's choice of light or dark.</summary>
public static class Plot
{
    private const double Width = 480, Height = 400;

    /// <summary>The course of a loss, on a logarithmic scale where every number is above 0.</summary>
    /// <param name="losses">The loss of each step; NaN and infinities leave gaps.</param>
    /// <param name="title">What it is.</param>
    /// <param name="stepsPerPoint">How many steps each number stands for.</param>
    /// <exception cref="ArgumentException">There is no finite number.</exception>
    public static string LossCurve(IReadOnlyList<double> losses, string title = "loss by step", double stepsPerPoint = 1)
    {
        Action<SvgWriter> curve = new LossCurvePlot(losses, title, stepsPerPoint).Write;
        return SvgWriter.Picture(Width, Height, title, curve);
    }

    /// <summary>
    /// The plane of two inputs, divided into the classes that a model predicts, with examples: a colour and a form for
    /// each class, and a ring round those that it takes for another.
    /// </summary>
    /// <param name="model">A model of two inputs that predicts classes.</param>
    /// <param name="examples">Examples in the data's own units.</param>
    /// <exception cref="ArgumentException">The model has more or fewer than two inputs, predicts numbers, or has more than six classes.</exception>
    public static string DecisionBoundary(TrainedModel model, Dataset examples)
    {
        var plot = new DecisionPlot(model, examples);
        return SvgWriter.Picture(Width, Height, plot.Title, plot.Write, DecisionPlot.Style);
    }

    /// <summary>The course of the loss, and beside it the decision boundary where there is one to draw.</summary>
    /// <param name="losses">The loss of each step.</param>
    /// <param name="model">What was trained.</param>
    /// <param name="examples">Examples in the data's own units.</param>
    /// <param name="stepsPerPoint">How many steps each loss stands for.</param>
    /// <exception cref="ArgumentException">There is no finite loss.</exception>
    public static string Training(IReadOnlyList<double> losses, TrainedModel model, Dataset examples, double stepsPerPoint = 1)
    {
        if (!DecisionPlot.CanDraw(model))
            return LossCurve(losses, stepsPerPoint: stepsPerPoint);
        var curve = new LossCurvePlot(losses, "loss by step", stepsPerPoint);
        var plane = new DecisionPlot(model, examples);
        return SvgWriter.Picture(
            2 * Width, Height, $"Training: loss by step; {plane.Title}",
            svg =>
            {
                curve.Write(svg);
                svg.Open("g", string.Create(CultureInfo.InvariantCulture, $"transform=\"translate({Width} 0)\""));
                plane.Write(svg);
                svg.Close("g");
            },
            DecisionPlot.Style);
    }

    /// <summary>The frame of a plot within a panel of 480 × 400 pixels.</summary>
    internal static PlotFrame Frame(double left, double right, double bottom, double top, bool logarithmic) =>
        new(64, Width - 20, 36, Height - 49, left, right, bottom, top, logarithmic);
}
