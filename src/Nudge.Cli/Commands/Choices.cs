// Options whose values are checked as they are read, with what is allowed in the message.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Nudge.Cli;

internal static class Choices
{
    private const string Single = "float", Double = "double";

    /// <summary>What neurons can do to their sum, as it is typed.</summary>
    internal static IReadOnlyList<string> Activations { get; } = ["tanh", "relu", "sigmoid", "linear"];

    /// <summary>What was typed of these.</summary>
    internal static Activation ActivationOf(string typed) => Activation.All.Single(activation => activation.Name == typed);

    /// <summary>A number within a range.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="expected">The range in words, as "a number above 0".</param>
    /// <param name="isAllowed">The range.</param>
    /// <param name="fallback">What it is when left out; null where that depends.</param>
    internal static Option<double?> Number(
        string name, string description, string expected, Func<double, bool> isAllowed, double? fallback = null) =>
        Parsed(name, description, "NUMBER", expected, fallback, text => TryNumber(text, out double number) && isAllowed(number) ? number : null);

    /// <summary>A whole number within a range.</summary>
    internal static Option<int?> Whole(string name, string description, int least, int most, int? fallback = null) => Parsed<int>(
        name, description, "N", string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), fallback,
        text => TryWhole(text, out int number) && number >= least && number <= most ? number : null);

    /// <summary>A seed: any number that a generator takes.</summary>
    internal static Option<ulong?> Seed() => Parsed<ulong>(
        "--seed", "Which random numbers: the same seed gives the same run", "N", "a whole number from 0 to 18446744073709551615", 1,
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null);

    /// <summary>A share: 0.2, or 20%.</summary>
    internal static Option<double?> Share(string name, string description) => Parsed<double>(
        name, description, "SHARE", "a share from 0 to below 1, as 0.2 or 20%", null,
        TryShare);

    /// <summary>One of some names.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does; the names are listed after it.</param>
    /// <param name="names">The names.</param>
    /// <param name="fallback">What it is when left out; null where that depends.</param>
    /// <param name="note">What it is when left out, in words, where that depends.</param>
    internal static Option<string> OneOf(
        string name, string description, IReadOnlyList<string> names, string? fallback = null, string? note = null)
    {
        string list = string.Join(", ", names);
        var option = new Option<string>(name)
        {
            Description = $"{description}: {list}{(note is null ? "" : $" [default: {note}]")}",
            HelpName = "NAME",
            CustomParser = result =>
            {
                string typed = result.Tokens[0].Value;
                string? found = names.FirstOrDefault(candidate => candidate.Equals(typed, StringComparison.OrdinalIgnoreCase));
                if (found is null)
                    result.AddError($"{name}: expected one of {list}, got '{typed}'");
                return found;
            },
        };
        if (fallback is not null)
            option.DefaultValueFactory = _ => fallback;
        option.CompletionSources.Add([.. names]);
        return option;
    }

    /// <summary>The numbers that a compiled program computes with.</summary>
    internal static Option<string> Precision(Precision usual) =>
        OneOf("--precision", "The numbers of the compiled engine", [Single, Double], note: NameOf(usual));

    /// <summary>A precision as it was typed; null where none was.</summary>
    internal static Precision? ReadPrecision(string? typed) => typed switch
    {
        Single => Nudge.Precision.Single,
        Double => Nudge.Precision.Double,
        _ => null,
    };

    /// <summary>A precision as it is typed.</summary>
    internal static string NameOf(Precision precision) => precision == Nudge.Precision.Single ? Single : Double;

    /// <summary>A file to write.</summary>
    internal static Option<string?> Output(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    internal static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>A file to read.</summary>
    internal static Argument<string> File(string name, string description) => new(name)
    {
        Description = description,
        HelpName = name,
    };

    /// <summary>An option with a rule of its own.</summary>
    internal static Option<T?> Parsed<T>(
        string name, string description, string helpName, string expected, T? fallback, Func<string, T?> read)
        where T : struct
    {
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Read(result, name, expected, read),
        };
        if (fallback is not null)
            option.DefaultValueFactory = _ => fallback;
        return option;
    }

    /// <summary>Refuses options that were typed where they mean nothing.</summary>
    /// <exception cref="UserException">One of them was.</exception>
    internal static void RefuseUnless(ParseResult parsed, bool isAllowed, string why, params IReadOnlyList<Option> options)
    {
        // An option that has a default has a result as well, which no token stands for.
        if (!isAllowed && options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } option)
            throw new UserException($"{option.Name} {why}");
    }

    /// <summary>The settings whose options were not typed.</summary>
    internal static IEnumerable<string> LeftOut(ParseResult parsed, params IEnumerable<(Option Option, string Setting)> options) =>
        options.Where(one => parsed.GetResult(one.Option) is null or { Implicit: true }).Select(one => one.Setting);

    /// <summary>A share from 0 to below 1 as it was typed; null where it is none.</summary>
    internal static double? TryShare(string text) => (text.EndsWith('%')
        ? TryNumber(text[..^1], out double percent) ? percent / 100 : double.NaN
        : TryNumber(text, out double share) ? share : double.NaN) is >= 0 and < 1 and double value ? value : null;

    internal static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    internal static bool TryWhole(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static T? Read<T>(ArgumentResult result, string name, string expected, Func<string, T?> read)
        where T : struct
    {
        string typed = result.Tokens[0].Value;
        T? value = read(typed);
        if (value is null)
            result.AddError($"{name}: expected {expected}, got '{typed}'");
        return value;
    }
}
