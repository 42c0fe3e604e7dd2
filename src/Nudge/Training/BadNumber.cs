// Where the first number that is none came from.

using System.Globalization;

namespace Nudge;

internal static class BadNumber
{
    /// <summary>
    /// The first value, in the order of computing, that is NaN or infinite; or where all are finite, the first on the way
    /// back whose local derivative or gradient is not.
    /// </summary>
    internal static Diagnosis Find(Value loss, ParameterList parameters, int step)
    {
        var graph = new ValueGraph([loss]);
        Value? bad = Array.Find(graph.Values, value => !double.IsFinite(value.Number));
        if (bad is { IsLeaf: true })
        {
            return Report(
                bad, step, $"{Name(bad)} is {Text(bad.Number)} before anything is computed from it.",
                bad.Operation == Operation.Parameter ? "p.Data -= learningRate * p.Grad;" : $"new Value({Text(bad.Number)})",
                bad.Operation == Operation.Parameter ? "an update made it so: take a smaller learning rate." : "look at the data: an input or target is no finite number.");
        }
        if (bad is not null)
        {
            return Report(
                bad, step, $"{Name(bad)} = {Formula(bad)} is {Text(bad.Number)}, the first number that is not finite.", Formula(bad),
                bad.Operation is Operation.Exp or Operation.Multiply or Operation.Power or Operation.Add
                    ? "its inputs have grown too large: take a smaller learning rate, or clip the gradients."
                    : $"{OperationTable.Symbol(bad.Operation)} is not defined there, or infinite: keep its input away from that place.");
        }
        Value? steep = Array.FindLast(graph.Values, value => !value.IsLeaf && value.LocalDerivatives.Any(derivative => !double.IsFinite(derivative)))
            ?? Array.FindLast(graph.Values, value => !value.IsLeaf && value.HasGrad && !double.IsFinite(value.Grad));
        if (steep is not null)
        {
            return Report(
                steep, step, $"{Name(steep)} = {Formula(steep)} is {Text(steep.Number)}, and its slope there is not finite.", Formula(steep),
                $"{OperationTable.Symbol(steep.Operation)} has no finite slope there: keep its input away from that place.");
        }
        int largest = Enumerable.Range(0, parameters.Count).MaxBy(i => parameters[i].HasGrad ? Math.Abs(parameters[i].Grad) : 0);
        double gradient = parameters[largest].Grad;
        string range = Math.Max(Math.Abs(loss.Number), Math.Abs(gradient)) > float.MaxValue ? ", beyond the 3.4e38 that a float holds" : "";
        return Report(
            parameters[largest], step, $"the loss is {Text(loss.Number)}, and the gradient of {parameters.NameAt(largest)} is {Text(gradient)}{range}.",
            "p.Data -= learningRate * p.Grad;", "an update made the numbers so large: take a smaller learning rate.");
    }

    private static Diagnosis Report(Value bad, int step, string evidence, string line, string mend)
    {
        var numbers = new Dictionary<string, double> { ["value"] = bad.Number, ["order"] = bad.Order };
        for (int i = 0; i < bad.Inputs.Count; i++)
            numbers.Add(string.Create(CultureInfo.InvariantCulture, $"input {i}"), bad.Inputs[i].Number);
        return new Diagnosis(TrainingFault.NotFinite, step, evidence, numbers, line, mend);
    }

    private static string Name(Value value) => value.Label ?? (value.IsLeaf ? "a leaf" : $"a result of {OperationTable.Symbol(value.Operation)}");

    private static string Formula(Value value) =>
        $"{OperationTable.Symbol(value.Operation)}({string.Join(", ", value.Inputs.Select(input => $"{(input.Label is { } label ? label + " = " : "")}{Text(input.Number)}"))})";

    private static string Text(double number) => number.ToString("G6", CultureInfo.InvariantCulture).Replace("E+", "e").Replace('E', 'e');
}
