// The scalar that everything is made of: a number, where it came from, and its gradient.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// A number that remembers how it was computed. Arithmetic on values builds an expression graph, and
/// <see cref="Backward"/> fills in the gradient of the result with respect to every value in it.
/// </summary>
/// <remarks>
/// Two values are equal only when they are the same object. A value that no operation made is a leaf; only leaves can
/// be given new <see cref="Data"/>. An expression belongs to the thread that is using it: building expressions on
/// several threads at once is fine, sharing leaves between threads that run <see cref="Backward"/> is not
/// (<see cref="Gradients"/> is).
/// </remarks>
public sealed partial class Value
{
    // Creation order is a topological order: a node's order is greater than that of each of its inputs, also when
    // they were made on another thread.
    [ThreadStatic]
    private static long s_order;

    private double _data;
    private double _gradient;
    private object? _first;  // the first input; of a parameter, its block
    private readonly Value? _second;
    private readonly long _order;
    private int _index;      // of a parameter, the place in its block; of what is being recorded, the place on the tape
    private Operation _operation;
    private GradientState _gradientState;
    private readonly bool _recorded; // depends on a placeholder of a recording

    /// <summary>A leaf: an input, a target or a weight.</summary>
    /// <param name="data">Its number.</param>
    public Value(double data)
        : this(data, Operation.Leaf)
    {
    }

    private Value(double sample, int input)
        : this(sample, Operation.Leaf)
    {
        _recorded = true;
        _index = input;
    }

    private Value(Value[] choices, Value index)
        : this(choices[(int)index._data].Number, Operation.Select)
    {
        _first = choices;
        _second = index;
        _recorded = true;
        foreach (Value choice in choices)
            _order = s_order = Math.Max(_order, choice._order + 1);
        _order = s_order = Math.Max(_order, index._order + 1);
    }

    private Value(double data, Operation leafKind)
    {
        _data = data;
        _operation = leafKind;
        _order = ++s_order;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value(Operation operation, double data, Value input)
    {
        _data = data;
        _operation = operation;
        _first = input;
        _recorded = input._recorded;
        _order = s_order = Math.Max(s_order, input._order) + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value(Operation operation, double data, Value first, Value second)
    {
        _data = data;
        _operation = operation;
        _first = first;
        _second = second;
        _recorded = first._recorded | second._recorded;
        _order = s_order = Math.Max(s_order, Math.Max(first._order, second._order)) + 1;
    }

    /// <summary>The number. It can be set on leaves only: the data of any other value follows from its inputs.</summary>
    /// <exception cref="InvalidOperationException">
    /// Set on a value that an operation made, or on a constant; or read, while an expression is being recorded for
    /// compiling, of a value that depends on the recording's inputs.
    /// </exception>
    public double Data
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _recorded ? throw ReadWhileRecording() : Number;
        set
        {
            switch (_operation)
            {
                case Operation.Leaf:
                    _data = value;
                    if (_gradientState == GradientState.Current)
                        _gradientState = GradientState.Stale;
                    break;
                case Operation.Parameter:
                    Block.WriteData(_index, value);
                    break;
                default:
                    throw new InvalidOperationException(
                        $"Data can be set on leaves only, and {Describe()} is {(_operation == Operation.Constant ? "a constant" : $"the result of {_operation}")}. " +
                        "Set the data of the leaves it is computed from, and compute it again.");
            }
        }
    }

    /// <summary>
    /// The gradient: how much the last result that ran <see cref="Backward"/> changes for each unit of change in this
    /// value. NaN while none has been computed (see <see cref="HasGrad"/>), so that it cannot be mistaken for 0.
    /// </summary>
    public double Grad
    {
        get => !HasGrad ? double.NaN : _operation == Operation.Parameter ? Block.Gradients[_index] : _gradient;
        set
        {
            GradientState state = value == 0 ? GradientState.Zero : GradientState.Current;
            if (_operation == Operation.Parameter)
            {
                Block.WriteGradient(_index, value, state);
            }
            else
            {
                _gradient = value;
                _gradientState = state;
            }
        }
    }

    /// <summary>Whether a backward pass has reached this value, or its gradient was set.</summary>
    public bool HasGrad => GradientState != GradientState.NotComputed;

    /// <summary>The operation that made it, or which kind of leaf it is.</summary>
    public Operation Operation => _operation;

    /// <summary>Whether no operation made it.</summary>
    public bool IsLeaf => _operation <= Operation.Parameter;

    /// <summary>The values it was computed from: none, one or two; all that a recorded select can choose from.</summary>
    public IReadOnlyList<Value> Inputs => OperationTable.Arity(_operation) switch
    {
        _ when _operation == Operation.Select => Choices,
        0 => [],
        1 => [First],
        _ => [First, Second],
    };

    /// <summary>∂(this)/∂(input) for each of <see cref="Inputs"/>, at their present numbers.</summary>
    public IReadOnlyList<double> LocalDerivatives
    {
        get
        {
            if (_operation == Operation.Select)
                return Array.ConvertAll(Choices, choice => choice == Choices[(int)Second.Number] ? 1.0 : 0);
            int arity = OperationTable.Arity(_operation);
            if (arity == 0)
                return [];
            (double a, double b) = LocalDerivativePair();
            return arity == 1 ? [a] : [a, b];
        }
    }

    /// <summary>Its place in creation order: greater than that of everything it was computed from.</summary>
    public long Order => _order;

    /// <summary>Its first input. Only for a node that has one.</summary>
    internal Value First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.As<Value>(_first)!;
    }

    /// <summary>Its second input. Only for a node that has one.</summary>
    internal Value Second
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _second!;
    }

    internal bool HasSecond => _second is not null;

    /// <summary>The number, also of a value that a recording must not let anyone branch on.</summary>
    internal double Number
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _operation == Operation.Parameter ? Block[_index] : _data;
    }

    /// <summary>Whether it depends on an input of a recording.</summary>
    internal bool IsRecorded => _recorded;

    /// <summary>What <see cref="Operation.Select"/> chooses from.</summary>
    internal Value[] Choices => Unsafe.As<Value[]>(_first)!;

    /// <summary>The result of an operation as it was computed; for a leaf, use <see cref="Data"/>.</summary>
    internal double Result
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _data;
    }

    internal GradientState GradientState =>
        _operation == Operation.Parameter ? Block.States[_index] : _gradientState;

    internal ParameterBlock Block
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.As<ParameterBlock>(_first)!;
    }

    internal int IndexInBlock => _index;

    /// <summary>A plain number becomes a leaf.</summary>
    /// <param name="data">The number.</param>
    public static implicit operator Value(double data) => new(data);

    /// <summary>The same as the implicit conversion, for languages that have none.</summary>
    /// <param name="data">The number.</param>
    public static Value FromDouble(double data) => new(data);

    /// <summary>Where a node that belongs to the recording of this thread is on its tape; of an input, which one it is.</summary>
    internal int PlaceOnTape
    {
        get => _index;
        set => _index = value;
    }

    /// <summary>An input of a recording, with the number that stands for it while recording.</summary>
    internal static Value Placeholder(double sample, int input) => new(sample, input);

    /// <summary>The one of several values that a recorded index chooses.</summary>
    internal static Value RecordedSelect(Value[] choices, Value index) => new(choices, index);

    /// <summary>Moves a leaf into a block: from here on it is a view of the block's number at <paramref name="index"/>.</summary>
    internal void MoveInto(ParameterBlock block, int index)
    {
        block.WriteData(index, _data);
        block.WriteGradient(index, _gradient, _gradientState);
        _first = block;
        _index = index;
        _operation = Operation.Parameter;
    }

    /// <summary>Sets the gradient of a node that a backward pass computed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetComputedGradient(double gradient)
    {
        _gradient = gradient;
        _gradientState = GradientState.Current;
    }

    /// <summary>Adds to the gradient of a leaf. Returns true where that gradient was stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AccumulateGradient(double gradient)
    {
        if (_operation == Operation.Parameter)
            return Block.Accumulate(_index, gradient);
        bool stale = _gradientState == GradientState.Stale;
        _gradient = _gradientState == GradientState.NotComputed ? gradient : _gradient + gradient;
        _gradientState = GradientState.Current;
        return stale;
    }

    private InvalidOperationException ReadWhileRecording() => new(
        $"The data of {Describe()} depends on the inputs of an expression that is being recorded, so it has no one number. " +
        "Instead of branching on it use Max, Min, Relu or Abs; to stop a gradient use Detach; to look up by an index use Value.Select with a recorded index.");

    internal (double A, double B) LocalDerivativePair() =>
        OperationTable.Derivatives(_operation, First.Number, _second is null ? 0 : _second.Number, _data);
}
