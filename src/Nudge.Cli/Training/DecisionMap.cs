// What a network of two inputs has learnt: the plane, divided into classes.

using System.Text;

namespace Nudge.Cli;

/// <summary>
/// The class that a model predicts at each place, with the examples it was trained on. Shades and letters tell classes
/// apart; colour only helps.
/// </summary>
internal sealed class DecisionMap
{
    private const int WidestMap = 64, HighestMap = 22;
    private const double Margin = 0.1;

    private const string Letters = "ox+*#@";
    private const string Shades = " ░▒▓:-";

    private static readonly Style[] s_styles = [Style.Blue, Style.Yellow, Style.Magenta, Style.Green, Style.Cyan, Style.Plain];

    private readonly TrainedModel _model;
    private readonly Dataset _examples;
    private readonly int _columns, _rows;
    private readonly double _left, _bottom, _width, _height;

    internal DecisionMap(TrainedModel model, Dataset examples, int screenWidth)
    {
        _model = model;
        _examples = examples;
        (_left, _width) = Range(0);
        (_bottom, _height) = Range(1);
        _columns = Math.Clamp(screenWidth - 4, 10, WidestMap);
        // A letter is about twice as high as wide.
        _rows = (int)Math.Clamp(Math.Round(_columns / 2 * _height / _width), 6, HighestMap);

        (double Start, double Length) Range(int input)
        {
            double least = examples.Inputs.Min(row => row[input]), most = examples.Inputs.Max(row => row[input]);
            double length = most > least ? most - least : 1;
            return (least - Margin * length, (1 + 2 * Margin) * length);
        }
    }

    internal static bool CanDraw(TrainedModel model) => model is { InputNames.Count: 2, Classes.Count: <= 6 } && model.Schema.Inputs.All(column => column is NumberColumn { HasIndicator: false });

    internal void Write(Terminal terminal)
    {
        var letters = new Dictionary<(int Row, int Column), (char Letter, Style Style)>();
        bool anyWrong = false;
        for (int i = 0; i < _examples.Count; i++)
        {
            double[] point = _examples.Inputs[i];
            int expected = (int)_examples.Targets[i][0];
            bool wrong = _model.ClassOf(point) != expected;
            anyWrong |= wrong;
            (int, int) cell = (Place(1 - (point[1] - _bottom) / _height, _rows), Place((point[0] - _left) / _width, _columns));
            // A mistake must not hide below a neighbour.
            if (wrong || !letters.TryGetValue(cell, out var there) || there.Letter != '!')
                letters[cell] = wrong ? ('!', Style.Red) : (Letters[expected], s_styles[expected]);
        }

        terminal.WriteLine();
        terminal.WriteLine("  " + Legend(terminal, anyWrong));
        for (int row = 0; row < _rows; row++)
        {
            var line = new StringBuilder("  ");
            for (int column = 0; column < _columns; column++)
            {
                (char letter, Style style) = letters.TryGetValue((row, column), out var example) ? example : Background(row, column);
                line.Append(letter == ' ' ? " " : terminal.Paint(letter.ToString(), style));
            }
            terminal.WriteLine(line.ToString().TrimEnd());
        }
    }

    private (char Letter, Style Style) Background(int row, int column)
    {
        int predicted = _model.ClassOf(_left + (column + 0.5) / _columns * _width, _bottom + (1 - (row + 0.5) / _rows) * _height);
        return (Shades[predicted], s_styles[predicted]);
    }

    private string Legend(Terminal terminal, bool anyWrong)
    {
        IEnumerable<string> parts = _model.Classes!.Select((name, i) => $"{terminal.Paint($"{Letters[i]}{Shades[i]}".TrimEnd(), s_styles[i])} {name}");
        if (anyWrong)
            parts = parts.Append($"{terminal.Paint("!", Style.Red)} predicted wrongly");
        return $"{string.Join("   ", parts)}   {terminal.Paint($"({_model.InputNames[0]} → {_model.InputNames[1]} ↑)", Style.Dim)}";
    }

    private static int Place(double part, int length) => Math.Clamp((int)(part * length), 0, length - 1);
}
