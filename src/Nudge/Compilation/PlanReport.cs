// What the compiler found, in words and numbers.

using System.Globalization;
using System.Text;

namespace Nudge;

internal static class PlanReport
{
    /// <summary>A table of the instructions of a plan, and the share of its arithmetic in matrix products.</summary>
    internal static string Of(Engine engine)
    {
        Plan plan = engine.Plan;
        var text = new StringBuilder();
        foreach ((string stage, Instruction[] instructions) in new[] { ("once", plan.Uniform), ("lane", plan.Varying) })
        {
            // Alike ones that follow each other, such as those of each position of a sequence, take one line.
            for (int i = 0, next; i < instructions.Length; i = next)
            {
                string what = Describe(instructions[i]);
                double work = 0;
                for (next = i; next < instructions.Length && Describe(instructions[next]) == what; next++)
                    work += Work(instructions[next]);
                string times = next - i == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {next - i} of them");
                text.Append(CultureInfo.InvariantCulture, $"{stage}  {what + times,-44} {work,10:N0}\n");
            }
        }
        text.Append(CultureInfo.InvariantCulture, $"{plan.Uniform.Length + plan.Varying.Length} instructions, {ShareInProducts(plan):P1} of the arithmetic in matrix products, {plan.VaryingSize:N0} numbers an example, {engine.BytesHeld:N0} bytes held");
        return text.ToString();
    }

    /// <summary>The share of the arithmetic of an example that is in matrix products.</summary>
    internal static double ShareInProducts(Plan plan)
    {
        double all = plan.Varying.Sum(Work);
        return all == 0 ? 0 : plan.Varying.Where(instruction => instruction is ProductInstruction or LaneProductInstruction).Sum(Work) / all;
    }

    /// <summary>Multiplications and additions of the forward pass, each function counted as one.</summary>
    internal static double Work(Instruction instruction) => instruction switch
    {
        ProductInstruction product => 2.0 * product.Count * product.Depth,
        LaneProductInstruction product => 2.0 * product.Count * product.Depth,
        SumInstruction sum => sum.Terms.Sum(term => term.Count * (term.Second is null ? 1 : 2)),
        GreatestInstruction greatest => greatest.Terms.Sum(term => term.Count),
        SoftmaxInstruction softmax => 5.0 * softmax.Count,
        GatherInstruction or RegroupInstruction or SpreadInstruction => 0,
        _ => instruction.Count,
    };

    private static string Describe(Instruction instruction) => instruction switch
    {
        ProductInstruction product => $"product {product.Rows} × {product.Depth}{(product.Repeats == 1 ? "" : $", {product.Repeats} times")}",
        LaneProductInstruction product => $"product {product.Rows} × {product.Depth} of its own{(product.Repeats == 1 ? "" : $", {product.Repeats} times")}",
        SumInstruction sum => $"sum of {sum.Terms.Sum(term => term.Count) / sum.Count} terms × {sum.Count}",
        GreatestInstruction greatest => $"greatest of {greatest.Terms.Sum(term => term.Count) / greatest.Count} × {greatest.Count}",
        SoftmaxInstruction softmax => $"softmax of {softmax.Count / softmax.Ends.Length} × {softmax.Ends.Length}",
        UnaryInstruction unary => $"{OperationTable.Symbol(unary.Operation)} × {unary.Count}",
        BinaryInstruction binary => $"{OperationTable.Symbol(binary.Operation)} × {binary.Count}",
        RegroupInstruction regroup => $"{(regroup.Packs ? "pack" : "unpack")} × {regroup.Rows}",
        SpreadInstruction spread => $"spread × {spread.Rows}",
        GatherInstruction gather => $"gather × {gather.Count}",
        _ => $"select × {instruction.Count}",
    };
}
