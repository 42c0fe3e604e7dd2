// Row L: the LSTM of ADBench, whose gates see one number each.

namespace Nudge.Benchmarks;

/// <summary>
/// Two layers of 14 cells without any product of matrices, over 1,024 characters: ADBench's objective, in double. Srajer, Kukelova and
/// Fitzgibbon, "A benchmark of selected algorithmic differentiation tools", 2018.
/// </summary>
internal static class DiagonalLstm
{
    private const int Layers = 2, Width = 14, Gates = 4 * Width, Trained = 2 * Layers * Gates + 3 * Width;

    private const int Length = 1024;

    internal static LossTask Load()
    {
        double[] numbers = Workspace.GivenFile("adbench-lstm", "lstm_l2_c1024.txt") is { } file ? Workspace.ReadNumbers(file)[3..] : Generate();
        double[] state = numbers[Trained..(Trained + 2 * Layers * Width)], text = numbers[(Trained + 2 * Layers * Width)..];
        return new()
        {
            Model = () => LossModel.Of(Trained, (p, x) => Objective(p, x[..(2 * Layers * Width)], x[(2 * Layers * Width)..])),
            Parameters = numbers[..Trained],
            Inputs = [.. state, .. text],
            Rate = 1e-3,
            Precision = Precision.Double,
        };
    }

    private static double[] Generate()
    {
        var rng = new Rng(1);
        double[] numbers = LossTask.Uniform(rng, Trained + 2 * Layers * Width, 0, 1);
        return [.. numbers, .. Enumerable.Range(0, Length).SelectMany(_ => Enumerable.Range(0, Width).Select(_ => (double)rng.Next(2)))];
    }

    // For each layer four rows of weights and four of biases; then the weights of inputs and outputs, and the outputs' biases.
    private static Value Objective(Value[] p, Value[] start, Value[] text)
    {
        Value[][] state = [.. start.Chunk(Width)];
        Value[] ends = p[(2 * Layers * Gates)..];
        Value sum = 0;
        for (int t = 0; t + 1 < Length; t++)
        {
            Value[] signal = new Value[Width];
            for (int i = 0; i < Width; i++)
                signal[i] = text[t * Width + i] * ends[i];
            for (int layer = 0; layer < Layers; layer++)
            {
                Value[] weight = p[(2 * layer * Gates)..((2 * layer + 1) * Gates)], bias = p[((2 * layer + 1) * Gates)..((2 * layer + 2) * Gates)];
                (Value[] hidden, Value[] cell) = (state[2 * layer], state[2 * layer + 1]);
                var nextHidden = new Value[Width];
                var nextCell = new Value[Width];
                for (int i = 0; i < Width; i++)
                {
                    Value forget = (signal[i] * weight[i] + bias[i]).Sigmoid();
                    Value input = (hidden[i] * weight[Width + i] + bias[Width + i]).Sigmoid();
                    Value output = (signal[i] * weight[2 * Width + i] + bias[2 * Width + i]).Sigmoid();
                    Value change = (hidden[i] * weight[3 * Width + i] + bias[3 * Width + i]).Tanh();
                    nextCell[i] = cell[i] * forget + input * change;
                    nextHidden[i] = output * nextCell[i].Tanh();
                }
                (state[2 * layer], state[2 * layer + 1]) = (nextHidden, nextCell);
                signal = nextHidden;
            }
            var logits = new Value[Width];
            Value powers = 2;
            for (int i = 0; i < Width; i++)
            {
                logits[i] = signal[i] * ends[Width + i] + ends[2 * Width + i];
                powers += logits[i].Exp();
            }
            Value scale = powers.Log();
            for (int i = 0; i < Width; i++)
                sum += text[(t + 1) * Width + i] * (logits[i] - scale);
        }
        return -sum / ((Length - 1) * Width);
    }
}
