// Neurons side by side.

using System.Globalization;

namespace Nudge;

/// <summary>Neurons that see the same inputs; each gives one output.</summary>
public sealed class Layer : Network
{
    private readonly Neuron[] _neurons;

    /// <summary>A layer.</summary>
    /// <param name="inputs">How many inputs it has, at least 1.</param>
    /// <param name="outputs">How many neurons it has, at least 1.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="activation">What the neurons do to their weighted sums; tanh if left out.</param>
    /// <param name="initialization">How the numbers start; <see cref="Initialization.Uniform"/> if left out.</param>
    /// <param name="bias">Whether the neurons have a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no input or no output.</exception>
    public Layer(
        int inputs, int outputs, Rng rng, Activation? activation = null, Initialization? initialization = null, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        InputCount = inputs;
        Activation = activation ?? Activation.Tanh;
        _neurons = new Neuron[outputs];
        for (int i = 0; i < outputs; i++)
            _neurons[i] = new Neuron(inputs, outputs, rng, Activation, initialization ?? Initialization.Uniform, bias);
        AddModules("neurons", _neurons);
    }

    /// <inheritdoc/>
    public override int InputCount { get; }

    /// <inheritdoc/>
    public override int OutputCount => _neurons.Length;

    /// <summary>What the neurons do to their weighted sums.</summary>
    public Activation Activation { get; }

    /// <summary>The neurons, in the order of the outputs.</summary>
    public IReadOnlyList<Neuron> Neurons => _neurons;

    /// <summary>Whether the neurons have a bias.</summary>
    public bool HasBias => _neurons[0].HasBias;

    /// <inheritdoc/>
    public override IEnumerable<ModuleTensor> Tensors
    {
        get
        {
            yield return new("weight", [OutputCount, InputCount], [.. _neurons.SelectMany(neuron => neuron.Weights)]);
            if (HasBias)
                yield return new("bias", [OutputCount], [.. _neurons.Select(neuron => neuron.Bias)]);
        }
    }

    internal override string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"Layer {InputCount} → {OutputCount}, {Activation.Name}, {ParameterCount} parameters");

    /// <inheritdoc/>
    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        var outputs = new Value[_neurons.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = _neurons[i].Forward(inputs);
        return outputs;
    }
}
