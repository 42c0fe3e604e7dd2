// What a network of two inputs has learnt: the plane, divided into classes.

using System.Globalization;
using System.Text;
using static Nudge.Drawing.SvgWriter;

namespace Nudge.Drawing;

internal sealed class DecisionPlot
{
    /// <summary>The colours of the classes, light and dark alike: they are told apart with every kind of colour vision.</summary>
    internal const string Style = """
        .nudge .c0 { fill: #0072b2; } .nudge .c1 { fill: #e69f00; } .nudge .c2 { fill: #cc79a7; }
        .nudge .c3 { fill: #009e73; } .nudge .c4 { fill: #56b4e9; } .nudge .c5 { fill: #d55e00; }
        .nudge .region { fill-opacity: 0.16; shape-rendering: crispEdges; }

        """;

    private const int MostClasses = 6, Columns = 132, Rows = 105;
    private const double Margin = 0.1;

    private readonly TrainedModel _model;
    private readonly Dataset _examples;
    private readonly PlotFrame _frame;
    private readonly double[][,] _leads; // of each class, its probability less that of the best other, at the grid's corners
    private readonly double _left, _bottom, _cellWidth, _cellHeight;

    /// <exception cref="ArgumentException">The model cannot be drawn in a plane.</exception>
    internal DecisionPlot(TrainedModel model, Dataset examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (!CanDraw(model))
            throw new ArgumentException($"Expected a model of 2 inputs and up to {MostClasses} classes, got {model.InputNames.Count} inputs and {(model.Classes is { } classes ? $"{classes.Count} classes" : "a number to predict")}.", nameof(model));
        if (examples.InputCount != 2)
            throw new ArgumentException($"Expected examples of 2 inputs, got {examples.InputCount}.", nameof(examples));
        _model = model;
        _examples = examples;
        (double left, double right) = Range(0);
        (double bottom, double top) = Range(1);
        _frame = Plot.Frame(left, right, bottom, top, logarithmic: false);
        (_left, _bottom) = (left, bottom);
        (_cellWidth, _cellHeight) = ((right - left) / Columns, (top - bottom) / Rows);
        _leads = Leads();
    }

    internal string Title => $"{_model.TargetName} by {_model.InputNames[0]} and {_model.InputNames[1]}";

    internal static bool CanDraw(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model is { InputNames.Count: 2, Classes.Count: <= MostClasses };
    }

    internal void Write(SvgWriter svg)
    {
        WriteRegions(svg);
        _frame.Write(svg, Title, _model.InputNames[0], _model.InputNames[1]);
        WriteBoundary(svg);
        for (int i = 0; i < _examples.Count; i++)
            WriteExample(svg, _examples.Inputs[i], (int)_examples.Targets[i][0]);
        WriteLegend(svg);
    }

    private (double Low, double High) Range(int input)
    {
        double low = _examples.Inputs.Min(row => row[input]), high = _examples.Inputs.Max(row => row[input]);
        double margin = high > low ? Margin * (high - low) : 1;
        return (low - margin, high + margin);
    }

    private double[][,] Leads()
    {
        var leads = new double[_model.Classes!.Count][,];
        for (int c = 0; c < leads.Length; c++)
            leads[c] = new double[Columns + 1, Rows + 1];
        for (int column = 0; column <= Columns; column++)
        {
            for (int row = 0; row <= Rows; row++)
            {
                double[] probabilities = _model.Predict(_left + column * _cellWidth, _bottom + row * _cellHeight);
                for (int c = 0; c < leads.Length; c++)
                    leads[c][column, row] = probabilities[c] - probabilities.Where((_, other) => other != c).Max();
            }
        }
        return leads;
    }

    /// <summary>Each class's part of the plane, as runs of cells of one class.</summary>
    private void WriteRegions(SvgWriter svg)
    {
        for (int row = 0; row < Rows; row++)
        {
            int start = 0;
            for (int column = 1; column <= Columns; column++)
            {
                if (column < Columns && ClassAt(column, row) == ClassAt(start, row))
                    continue;
                double x = _frame.X(_left + start * _cellWidth), right = _frame.X(_left + column * _cellWidth);
                double y = _frame.Y(_bottom + (row + 1) * _cellHeight), bottom = _frame.Y(_bottom + row * _cellHeight);
                svg.Element("rect", $"class=\"region c{ClassAt(start, row)}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(right - x)}\" height=\"{Number(bottom - y)}\"");
                start = column;
            }
        }
    }

    private int ClassAt(int column, int row)
    {
        int best = 0;
        double most = double.NegativeInfinity;
        for (int c = 0; c < _leads.Length; c++)
        {
            double lead = _leads[c][column, row] + _leads[c][column + 1, row] + _leads[c][column, row + 1] + _leads[c][column + 1, row + 1];
            if (lead > most)
                (best, most) = (c, lead);
        }
        return best;
    }

    /// <summary>Where two classes are equally likely: a line through each cell, between the corners that differ.</summary>
    private void WriteBoundary(SvgWriter svg)
    {
        var path = new StringBuilder();
        // With two classes, both have the same boundary.
        foreach (double[,] lead in _leads.Length == 2 ? _leads.Take(1) : _leads)
        {
            for (int column = 0; column < Columns; column++)
            {
                for (int row = 0; row < Rows; row++)
                {
                    List<(double X, double Y)> ends = [];
                    Cross(ends, lead, (column, row), (column + 1, row));
                    Cross(ends, lead, (column + 1, row), (column + 1, row + 1));
                    Cross(ends, lead, (column + 1, row + 1), (column, row + 1));
                    Cross(ends, lead, (column, row + 1), (column, row));
                    for (int k = 0; k + 1 < ends.Count; k += 2)
                        path.Append(CultureInfo.InvariantCulture, $"M{Number(ends[k].X)} {Number(ends[k].Y)}L{Number(ends[k + 1].X)} {Number(ends[k + 1].Y)}");
                }
            }
        }
        if (path.Length > 0)
            svg.Element("path", $"class=\"ink\" fill=\"none\" stroke-width=\"1.5\" stroke-linecap=\"round\" d=\"{path}\"");
    }

    private void Cross(List<(double X, double Y)> ends, double[,] lead, (int Column, int Row) from, (int Column, int Row) to)
    {
        double a = lead[from.Column, from.Row], b = lead[to.Column, to.Row];
        if (a > 0 == b > 0)
            return;
        double part = a / (a - b);
        ends.Add((
            _frame.X(_left + (from.Column + part * (to.Column - from.Column)) * _cellWidth),
            _frame.Y(_bottom + (from.Row + part * (to.Row - from.Row)) * _cellHeight)));
    }

    private void WriteExample(SvgWriter svg, double[] inputs, int expected)
    {
        double x = _frame.X(inputs[0]), y = _frame.Y(inputs[1]);
        if (_model.ClassOf(inputs) != expected)
            svg.Element("circle", $"class=\"ink\" fill=\"none\" stroke-width=\"1.5\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"7\"");
        WriteMark(svg, x, y, expected);
    }

    /// <summary>A form for each class, besides its colour.</summary>
    private static void WriteMark(SvgWriter svg, double x, double y, int kind)
    {
        string form = kind switch
        {
            0 => "M-3.5 0A3.5 3.5 0 1 0 3.5 0A3.5 3.5 0 1 0 -3.5 0Z",
            1 => "M-3.2 -3.2H3.2V3.2H-3.2Z",
            2 => "M0 -4.2L4 3.2H-4Z",
            3 => "M0 -4.5L4.5 0L0 4.5L-4.5 0Z",
            4 => "M-1.3 -4H1.3V-1.3H4V1.3H1.3V4H-1.3V1.3H-4V-1.3H-1.3Z",
            _ => "M0 4.2L4 -3.2H-4Z",
        };
        svg.Element("path", $"class=\"c{kind}\" transform=\"translate({Number(x)} {Number(y)})\" d=\"{form}\"");
    }

    private void WriteLegend(SvgWriter svg)
    {
        double x = _frame.PixelRight;
        for (int c = _leads.Length - 1; c >= 0; c--)
        {
            string name = _model.Classes![c];
            svg.Text(x, _frame.PixelTop - 14, name, "quiet", "end", 11);
            x -= name.Length * 6.7 + 10;
            WriteMark(svg, x, _frame.PixelTop - 18, c);
            x -= 14;
        }
    }
}
