// Evaluates the formulas of the table of operations, as a browser does: in the notation that C and JavaScript share.

using System.Globalization;

namespace Nudge.Tests.Autograd;

/// <summary>choice = both [ "?" choice ":" choice ], both = compare { "&amp;&amp;" compare }, compare = sum [ ("==" | ">=") sum ], and so on as everywhere.</summary>
internal sealed class Formula
{
    private readonly string _text;
    private readonly Dictionary<string, double> _numbers;
    private int _at;

    private Formula(string text, Dictionary<string, double> numbers) => (_text, _numbers) = (text.Replace(" ", ""), numbers);

    internal static double Evaluate(string text, double a, double b, double y)
    {
        var formula = new Formula(text, new() { ["a"] = a, ["b"] = b, ["y"] = y });
        double value = formula.Choice();
        Assert.Equal(formula._text.Length, formula._at);
        return value;
    }

    private double Choice()
    {
        double condition = Both();
        if (!Take("?"))
            return condition;
        double first = Choice();
        Assert.True(Take(":"));
        double second = Choice();
        return condition != 0 ? first : second;
    }

    private double Both()
    {
        double left = Compare();
        while (Take("&&"))
            left = Compare() != 0 && left != 0 ? 1 : 0;
        return left;
    }

    private double Compare()
    {
        double left = Sum();
        return Take("==") ? (left == Sum() ? 1 : 0) : Take(">=") ? (left >= Sum() ? 1 : 0) : left;
    }

    private double Sum()
    {
        double left = Product();
        while (true)
        {
            if (Take("+"))
                left += Product();
            else if (Take("-"))
                left -= Product();
            else
                return left;
        }
    }

    private double Product()
    {
        double left = Factor();
        while (true)
        {
            if (Take("*"))
                left *= Factor();
            else if (Take("/"))
                left /= Factor();
            else
                return left;
        }
    }

    private double Factor()
    {
        if (Take("-"))
            return -Factor();
        if (Take("("))
            return Closed(Choice());
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '.'))
            _at++;
        string word = _text[start.._at];
        if (double.TryParse(word, CultureInfo.InvariantCulture, out double number))
            return number;
        if (!Take("("))
            return _numbers[word];
        double first = Choice();
        return Closed(Take(",") ? Call(word, first, Choice()) : Call(word, first));
    }

    private double Closed(double value)
    {
        Assert.True(Take(")"));
        return value;
    }

    private bool Take(string sign)
    {
        bool isThere = string.CompareOrdinal(_text, _at, sign, 0, sign.Length) == 0;
        _at += isThere ? sign.Length : 0;
        return isThere;
    }

    private static double Call(string function, double a) => function switch
    {
        "exp" => Math.Exp(a),
        "log" => Math.Log(a),
        "sqrt" => Math.Sqrt(a),
        "tanh" => Math.Tanh(a),
        "sin" => Math.Sin(a),
        "cos" => Math.Cos(a),
        "abs" => Math.Abs(a),
        "sign" => double.IsNaN(a) ? a : Math.Sign(a),
        _ => throw new InvalidOperationException($"There is no function {function}."),
    };

    private static double Call(string function, double a, double b) => function switch
    {
        "max" => Math.Max(a, b),
        "min" => Math.Min(a, b),
        "pow" => Math.Pow(a, b),
        _ => throw new InvalidOperationException($"There is no function {function}."),
    };
}
