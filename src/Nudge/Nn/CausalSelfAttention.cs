// How each position of a sequence looks at those before it.

namespace Nudge;

/// <summary>
/// Multi-head causal self-attention. At each position the input x gives three vectors: a query q = Q x (what is looked
/// for), a key k = K x (what it can be found by) and a value v = V x (what it has to say). The present query is compared
/// with the keys of all positions so far, sᵢ = q·kᵢ / √n, and the result is the sum of their values weighted by
/// softmax(s). Each head does so with n of the numbers on its own; an output layer O mixes what the heads give.
/// Vaswani et al., "Attention is all you need", 2017.
/// </summary>
public sealed class CausalSelfAttention : Module
{
    private readonly Layer _query, _key, _value, _output;

    /// <summary>Attention.</summary>
    /// <param name="width">How many numbers each position takes and gives.</param>
    /// <param name="heads">How many heads share them: a divisor of the width.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="bias">Whether the four layers have a bias.</param>
    /// <param name="initialization">How Q, K and V start; <see cref="Initialization.Xavier"/> if left out.</param>
    /// <param name="outputInitialization">How O starts; as the others if left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no number or no head.</exception>
    /// <exception cref="ArgumentException">The heads cannot share the numbers evenly.</exception>
    public CausalSelfAttention(
        int width, int heads, Rng rng, bool bias = false, Initialization? initialization = null, Initialization? outputInitialization = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (width % heads != 0)
            throw new ArgumentException($"{heads} heads cannot share {width} numbers evenly. Take a number of heads that divides the width.", nameof(heads));
        Width = width;
        HeadCount = heads;
        Initialization start = initialization ?? Initialization.Xavier;
        _query = AddLayer("query", start);
        _key = AddLayer("key", start);
        _value = AddLayer("value", start);
        _output = AddLayer("output", outputInitialization ?? start);

        Layer AddLayer(string name, Initialization own) => AddModule(name, new Layer(width, width, rng, Activation.Linear, own, bias));
    }

    /// <summary>How many numbers each position takes and gives.</summary>
    public int Width { get; }

    /// <summary>How many heads share them.</summary>
    public int HeadCount { get; }

    /// <summary>
    /// Opens an empty sequence. The function that comes back takes the numbers of one position after the other and gives
    /// the numbers that attention makes of each. It remembers the keys and values of the positions before.
    /// </summary>
    public Func<Value[], Value[]> Begin()
    {
        var keys = new List<Value[]>();
        var values = new List<Value[]>();
        return inputs =>
        {
            Value[] query = _query.Forward(inputs);
            keys.Add(_key.Forward(inputs));
            values.Add(_value.Forward(inputs));

            var found = new Value[Width];
            for (int head = 0; head < HeadCount; head++)
                Attend(head, query, keys, values, found);
            return _output.Forward(found);
        };
    }

    private void Attend(int head, Value[] query, List<Value[]> keys, List<Value[]> values, Value[] found)
    {
        int count = Width / HeadCount, start = head * count, end = start + count;
        var scores = new Value[keys.Count];
        for (int position = 0; position < scores.Length; position++)
        {
            Value[] key = keys[position];
            Value score = query[start] * key[start];
            for (int i = start + 1; i < end; i++)
                score += query[i] * key[i];
            scores[position] = score / Math.Sqrt(count);
        }

        Value[] weights = Softmax.Of(scores);
        for (int i = start; i < end; i++)
        {
            Value sum = 0;
            for (int position = 0; position < weights.Length; position++)
                sum += weights[position] * values[position][i];
            found[i] = sum;
        }
    }
}
