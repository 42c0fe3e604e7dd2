// The commonest loss, c · (a − b)², as one step: going from part to part would take longer than doing them.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    /// <summary>The difference, its square and, if there is one, the product with c.</summary>
    private protected override bool IsSquaredError(Step<T>[] parts) =>
        Array.TrueForAll(parts, IsOneRow)
        && parts[0].Operation == Operation.Subtract && IsKnown(parts[0].A) && IsKnown(parts[0].B)
        && IsProductOf(parts[0], parts[1]) && parts[1].B.Number == parts[1].A.Number
        && (parts.Length == 2 || (IsProductOf(parts[1], parts[2]) && !parts[2].B.IsRow && parts[2].B.Slope == Slope.None));

    private static bool IsOneRow(Step<T> step) =>
        step.Kind == StepKind.Binary && step.Rows * step.Repeats == 1 && step.Width % V.Count == 0 && !step.IsPacked;

    // The gradient of one number for all lanes would be a sum.
    private static bool IsKnown(in Operand<T> operand) => operand.IsRow || operand.Slope == Slope.None;

    // Nothing else may have been added to the gradient in between.
    private static bool IsProductOf(in Step<T> factor, in Step<T> product) =>
        product.Operation == Operation.Multiply && product.A.Number == factor.Result.Number && product.Width == factor.Width && product.A.Slope != Slope.Add;

    // What is in between is written too: others may read it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSquaredError(ref Step<T> step)
    {
        ref Step<T> difference = ref step.Parts![0];
        T* a = difference.A.Number, b = difference.B.Number, d = difference.Result.Number, square = step.Parts[1].Result.Number, result = step.Parts[^1].Result.Number;
        bool rowA = difference.A.IsRow, rowB = difference.B.IsRow;
        V factor = FactorOf(ref step);
        for (int i = 0; i < step.Width; i += V.Count)
        {
            V distance = Elementwise<V, T>.Load(a, rowA, i) - Elementwise<V, T>.Load(b, rowB, i), error = distance * distance;
            V.Store(distance, d + i);
            V.Store(error, square + i);
            V.Store(error * factor, result + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V FactorOf(ref Step<T> step) => V.Create(step.Parts!.Length > 2 ? *step.Parts[2].B.Number : T.One);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSquaredError(ref Step<T> step)
    {
        ref Step<T> difference = ref step.Parts![0];
        T* last = step.Parts[^1].Result.Gradient, d = difference.Result.Number;
        V factor = FactorOf(ref step);
        for (int i = 0; i < step.Width; i += V.Count)
        {
            V gradient = V.Load(last + i) * factor, slope = V.Load(d + i) * (gradient + gradient);
            Put(difference.A, slope, i);
            Put(difference.B, -slope, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(in Operand<T> operand, V slope, int i)
    {
        if (operand.Slope == Slope.Set)
            FreshSum.Put<V, T>(slope, operand.Gradient + i);
        else if (operand.Slope == Slope.Add)
            RunningSum.Put<V, T>(slope, operand.Gradient + i);
    }
}
