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
            // Alike ones that follow each other, such as those of each position of a sequence, take one line.
            for (int i = 0, next; i < statements.Length; i = next)
            {
                string what = statements[i].ToString();
                double work = 0;
                for (next = i; next < statements.Length && statements[next].ToString() == what; next++)
                    work += statements[next].Work;
                string times = next - i == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {next - i} of them");
                text.Append(CultureInfo.InvariantCulture, $"{stage}  {what + times,-44} {work,10:N0}\n");
            }
        }
        text.Append(CultureInfo.InvariantCulture, $"{plan.Uniform.Length + plan.Varying.Length} statements, {ShareInProducts(plan):P1} of the arithmetic in matrix products, {plan.VaryingSize:N0} numbers an example, {engine.BytesHeld:N0} bytes held");
        return text.ToString();
    }

    /// <summary>The share of the arithmetic of an example that is in matrix products.</summary>
    internal static double ShareInProducts(Plan plan)
    {
        double all = plan.Varying.Sum(statement => statement.Work);
        return all == 0 ? 0 : plan.Varying.Where(statement => statement is Nest).Sum(statement => statement.Work) / all;
    }
}
