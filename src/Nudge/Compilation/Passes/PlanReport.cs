// What the compiler found, in words and numbers.

using System.Globalization;
using System.Text;

namespace Nudge;

internal static class PlanReport
{
    /// <summary>A table of the statements of a plan, and the share of its arithmetic in matrix products.</summary>
    internal static string Of(Engine engine)
    {
        Plan plan = engine.Plan;
        var text = new StringBuilder();
        foreach ((string stage, Statement[] statements) in new[] { ("once", plan.Uniform), ("lane", plan.Varying) })
        {
            var repeats = new Repeats(statements);
            for (int i = 0; i < statements.Length;)
            {
                Repeat repeat = repeats.From(i);
                if (repeat.Trips > 1 && repeat.Period > 1)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{stage}  {repeat.Trips} times {repeat.Period} statements:\n");
                    for (int at = i; at < i + repeat.Period;)
                        at = AppendAlike(text, stage + "    ", statements, at, i + repeat.Period);
                    i = repeat.End;
                }
                else
                {
                    i = AppendAlike(text, stage + "  ", statements, i, statements.Length);
                }
            }
        }
        text.Append(CultureInfo.InvariantCulture, $"{plan.Uniform.Length + plan.Varying.Length} statements, {ShareInProducts(plan):P1} of the arithmetic in matrix products, {plan.VaryingSize:N0} numbers an example, {engine.BytesHeld:N0} bytes held");
        if (engine.StatementsEmitted is int emitted and > 0)
            text.Append(CultureInfo.InvariantCulture, $", {emitted:N0} statements, forward and backward, run as emitted code");
        return text.ToString();
    }

    // Alike ones that follow each other, such as those of each position of a sequence, take one line. Returns which is next.
    private static int AppendAlike(StringBuilder text, string stage, Statement[] statements, int start, int end)
    {
        string what = statements[start].ToString();
        double work = 0;
        int next = start;
        for (; next < end && statements[next].ToString() == what; next++)
            work += statements[next].Work;
        string times = next - start == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {next - start} of them");
        text.Append(CultureInfo.InvariantCulture, $"{stage}{what + times,-44} {work,10:N0}\n");
        return next;
    }

    /// <summary>The share of the arithmetic of an example that is in matrix products.</summary>
    internal static double ShareInProducts(Plan plan)
    {
        double all = plan.Varying.Sum(statement => statement.Work);
        return all == 0 ? 0 : plan.Varying.Where(statement => statement is Nest { B: not null, Extent.Depth: > 1 }).Sum(statement => statement.Work) / all;
    }
}
