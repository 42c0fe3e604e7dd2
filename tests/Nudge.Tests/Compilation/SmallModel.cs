// A random model of sequences, small enough for thousands of comparisons.

namespace Nudge.Tests.Compilation;

/// <summary>Attention, a recurrent state, or both, of odd sizes.</summary>
internal sealed class SmallModel : LanguageModel
{
    private readonly int _width;
    private readonly bool _attends, _remembers, _hasBias, _normalizes;
    private readonly Value[] _table, _positions, _query, _key, _value, _state, _head, _bias;

    private SmallModel(Rng rng, int vocabularySize, int contextLength)
        : base(vocabularySize, contextLength)
    {
        _width = 1 + rng.Next(9);
        _attends = rng.Next(3) > 0;
        _remembers = rng.Next(3) == 0;
        _hasBias = rng.Next(2) == 0;
        _normalizes = rng.Next(2) == 0;
        Value[] Matrix(string name, int rows) => AddParameters(name, rows * _width, () => rng.Uniform(-1, 1));
        _table = Matrix("table", vocabularySize);
        _positions = Matrix("positions", contextLength);
        _query = Matrix("query", _width);
        _key = Matrix("key", _width);
        _value = Matrix("value", _width);
        _state = Matrix("state", _width);
        _head = Matrix("head", vocabularySize);
        _bias = AddParameters("bias", vocabularySize, () => rng.Uniform(-1, 1));
    }

    internal static SmallModel Random(Rng rng) => new(rng, 2 + rng.Next(7), 1 + rng.Next(7));

    internal int[] RandomDocument(Rng rng) =>
        [.. Enumerable.Range(0, 2 + rng.Next(ContextLength)).Select(_ => rng.Next(VocabularySize))];

    public override Func<IndexValue, Value[]> Begin()
    {
        var keys = new List<Value[]>();
        var values = new List<Value[]>();
        Value[]? state = null;
        int position = 0;
        return token =>
        {
            var x = new Value[_width];
            for (int i = 0; i < _width; i++)
            {
                Value[] column = [.. Enumerable.Range(0, VocabularySize).Select(row => _table[row * _width + i])];
                x[i] = Value.Select(column, token) + _positions[position * _width + i];
            }
            position++;
            if (_normalizes)
            {
                Value scale = (Dot(x, x) / _width + 1e-5).Pow(-0.5);
                x = Array.ConvertAll(x, number => number * scale);
            }
            if (_attends)
            {
                Value[] query = Times(_query, x);
                keys.Add(Times(_key, x));
                values.Add(Times(_value, x));
                Value[] scores = [.. keys.Select(key => Dot(query, key))];
                Value greatest = Value.Max(scores).Detach();
                Value[] powers = Array.ConvertAll(scores, score => (score - greatest).Exp());
                Value total = Value.Sum(powers);
                Value[] weights = Array.ConvertAll(powers, power => power / total);
                for (int i = 0; i < _width; i++)
                    x[i] += Dot(weights, [.. values.Select(value => value[i])]);
            }
            if (_remembers)
            {
                Value[] signal = state is null ? x : [.. Times(_state, state).Zip(x, (a, b) => a + b)];
                x = state = Array.ConvertAll(signal, number => number.Tanh());
            }
            Value[] logits = Times(_head, x);
            return _hasBias ? [.. logits.Zip(_bias, (a, b) => a + b)] : logits;
        };
    }

    private static Value[] Times(Value[] matrix, Value[] x) =>
        [.. matrix.Chunk(x.Length).Select(row => Dot(row, x))];

    private static Value Dot(Value[] a, Value[] b)
    {
        Value sum = a[0] * b[0];
        for (int i = 1; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
