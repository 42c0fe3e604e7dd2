// Keeping one bad batch from throwing the parameters far away.

namespace Nudge;

/// <summary>Limits gradients between the backward pass and the update.</summary>
public static class GradientClipping
{
    /// <summary>The Euclidean norm of all gradients together, √Σg². One not computed counts as 0.</summary>
    /// <param name="parameters">The parameters.</param>
    public static double Norm(ParameterList parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double sum = 0;
        foreach (ParameterSegment segment in parameters.Segments)
            sum += segment.SumOfSquaredGradients();
        return Math.Sqrt(sum);
    }

    /// <summary>
    /// Scales all gradients by one factor so that their norm is at most <paramref name="maximum"/>, and keeps their
    /// direction: g ← g · min(1, maximum / (norm + 1e-6)), as PyTorch's <c>clip_grad_norm_</c>.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="maximum">The greatest norm, above 0.</param>
    /// <returns>The norm before.</returns>
    public static double ClipByNorm(ParameterList parameters, double maximum)
    {
        Require.Positive(maximum);
        double norm = Norm(parameters);
        double factor = maximum / (norm + 1e-6);
        if (factor < 1)
        {
            foreach (ParameterSegment segment in parameters.Segments)
                segment.ScaleGradients(factor);
        }
        return norm;
    }

    /// <summary>Limits each gradient by itself to ±maximum, as PyTorch's <c>clip_grad_value_</c>. NaN stays NaN.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="maximum">The greatest size, above 0.</param>
    public static void ClipByValue(ParameterList parameters, double maximum)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require.Positive(maximum);
        foreach (ParameterSegment segment in parameters.Segments)
            segment.ClampGradients(maximum);
    }
}
