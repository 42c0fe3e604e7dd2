// A memory for sequences that is only ever added to and scaled.

namespace Nudge;

/// <summary>
/// Long short-term memory, Hochreiter and Schmidhuber, 1997, with the forget gate of Gers, Schmidhuber and Cummins, "Learning to forget",
/// 2000; PyTorch's <c>LSTM</c> of one layer, whose two biases of each gate are one here. With x the numbers of a position, h what was given at
/// the position before and c the memory, both zeros at first:
/// <code>
/// i  = σ(I [x, h] + b)          how much is taken in
/// f  = σ(F [x, h] + b)          how much of the memory stays
/// g  = tanh(G [x, h] + b)       what could be taken in
/// o  = σ(O [x, h] + b)          how much of the memory is shown
/// c′ = f c + i g
/// h′ = o tanh(c′)
/// </code>
/// </summary>
public sealed class Lstm : Module
{
    private readonly Layer _input, _forget, _candidate, _output;

    /// <summary>A memory.</summary>
    /// <param name="inputs">How many numbers each position takes, at least 1.</param>
    /// <param name="hidden">How many numbers it remembers, and gives at each position, at least 1.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="initialization">How the numbers start; <see cref="Initialization.Xavier"/> if left out.</param>
    /// <param name="bias">Whether the four layers have a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no input, or nothing to remember.</exception>
    public Lstm(int inputs, int hidden, Rng rng, Initialization? initialization = null, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        InputCount = inputs;
        _input = AddLayer("input", Activation.Sigmoid);
        _forget = AddLayer("forget", Activation.Sigmoid);
        _candidate = AddLayer("candidate", Activation.Tanh);
        _output = AddLayer("output", Activation.Sigmoid);

        Layer AddLayer(string name, Activation activation) =>
            AddModule(name, new Layer(inputs + hidden, hidden, rng, activation, initialization ?? Initialization.Xavier, bias));
    }

    /// <summary>How many numbers each position takes.</summary>
    public int InputCount { get; }

    /// <summary>How many numbers it remembers, and gives at each position.</summary>
    public int HiddenCount => _input.OutputCount;

    /// <summary>
    /// Opens an empty sequence. The function that comes back takes the numbers of one position after the other and gives h′ of each.
    /// It remembers c and h.
    /// </summary>
    public Func<Value[], Value[]> Begin()
    {
        Value[] given = Network.ToValues(new double[HiddenCount]), memory = Network.ToValues(new double[HiddenCount]);
        return inputs =>
        {
            Value[] both = [.. inputs, .. given];
            Value[] taken = _input.Forward(both), kept = _forget.Forward(both);
            Value[] candidate = _candidate.Forward(both), shown = _output.Forward(both);
            var next = new Value[given.Length];
            given = new Value[next.Length];
            for (int i = 0; i < next.Length; i++)
            {
                next[i] = kept[i] * memory[i] + taken[i] * candidate[i];
                given[i] = shown[i] * next[i].Tanh();
            }
            memory = next;
            return given;
        };
    }
}
