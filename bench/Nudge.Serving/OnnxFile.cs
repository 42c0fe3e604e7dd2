// A multilayer perceptron of tanh with its standardisation and a softmax, as an ONNX model: the bytes of its protocol buffers.

using System.Buffers.Binary;
using System.Text;

namespace Nudge.Serving;

internal static class OnnxFile
{
    private const int Single = 1, IntegerAttribute = 2, IrVersion = 8, OperatorSet = 13;

    internal static byte[] Of(TrainedModel model)
    {
        IReadOnlyList<Layer> layers = ((Mlp)model.Network).Layers;
        var graph = new Message();
        string signal = "x";
        Node("Sub", "mean");
        Node("Div", "scale");
        Tensor("mean", [model.Inputs.Means.Count], model.Inputs.Means);
        Tensor("scale", [model.Inputs.Scales.Count], model.Inputs.Scales);
        for (int i = 0; i < layers.Count; i++)
        {
            Layer layer = layers[i];
            Node("Gemm", $"w{i}", $"b{i}");
            Tensor($"w{i}", [layer.OutputCount, layer.InputCount], layer.Neurons.SelectMany(neuron => neuron.Weights).Select(weight => weight.Data));
            Tensor($"b{i}", [layer.OutputCount], layer.Neurons.Select(neuron => neuron.Bias.Data));
            if (i < layers.Count - 1)
                Node("Tanh");
        }
        graph.Add(1, new Message().Add(1, signal).Add(2, "y").Add(4, "Softmax"));
        graph.Add(2, "perceptron").Add(11, Value("x", layers[0].InputCount)).Add(12, Value("y", layers[^1].OutputCount));
        return new Message().Add(1, IrVersion).Add(7, graph).Add(8, new Message().Add(1, "").Add(2, OperatorSet)).ToArray();

        void Node(string operation, params string[] parameters)
        {
            var node = new Message().Add(1, signal);
            foreach (string parameter in parameters)
                node.Add(1, parameter);
            signal += "'";
            node.Add(2, signal).Add(4, operation);
            if (operation == "Gemm")
                node.Add(5, new Message().Add(1, "transB").Add(3, 1).Add(20, IntegerAttribute));
            graph.Add(1, node);
        }

        void Tensor(string name, int[] shape, IEnumerable<double> numbers)
        {
            var tensor = new Message();
            foreach (int count in shape)
                tensor.Add(1, count);
            var bytes = new List<byte>();
            Span<byte> four = stackalloc byte[4];
            foreach (double number in numbers)
            {
                BinaryPrimitives.WriteSingleLittleEndian(four, (float)number);
                bytes.AddRange(four);
            }
            graph.Add(5, tensor.Add(2, Single).Add(8, name).Add(9, [.. bytes]));
        }
    }

    private static Message Value(string name, int width)
    {
        Message shape = new Message().Add(1, new Message().Add(2, "rows")).Add(1, new Message().Add(1, width));
        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, Single).Add(2, shape)));
    }

    /// <summary>A message of a protocol buffer: its fields one after the other.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        internal Message Add(int field, long number)
        {
            Write((ulong)field << 3);
            Write((ulong)number);
            return this;
        }

        internal Message Add(int field, byte[] content)
        {
            Write(((ulong)field << 3) | 2);
            Write((ulong)content.Length);
            _bytes.AddRange(content);
            return this;
        }

        internal Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        internal Message Add(int field, Message message) => Add(field, message.ToArray());

        internal byte[] ToArray() => [.. _bytes];

        private void Write(ulong number)
        {
            for (; number >= 0x80; number >>= 7)
                _bytes.Add((byte)(number | 0x80));
            _bytes.Add((byte)number);
        }
    }
}
