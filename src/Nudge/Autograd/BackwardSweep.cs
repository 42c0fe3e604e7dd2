// The backward pass: every node once, from the newest to the oldest, so that its gradient is complete when it is used.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Takes the gradients that a sweep computes.</summary>
internal interface IGradientSink
{
    /// <summary>The complete gradient of a result; called once for each.</summary>
    void Node(Value node, double gradient);

    /// <summary>One contribution to the gradient of a leaf; called once for each path.</summary>
    void Leaf(Value leaf, double gradient);
}

/// <summary>
/// Creation order is a topological order, so nothing is searched or sorted. Nodes that have received a gradient wait
/// in a ring, at their creation order modulo its size, and the sweep walks down the orders and empties it. Contributions
/// to nodes too old for the ring, or to one whose place is taken (orders of different threads can coincide), wait in a
/// heap until the walk comes to their order.
/// </summary>
internal sealed class BackwardSweep
{
    private const int SmallestRing = 1 << 12;
    private const int LargestRing = 1 << 20;

    [ThreadStatic]
    private static BackwardSweep? s_current;

    private readonly PriorityQueue<(Value Node, double Gradient), long> _waiting = new();
    private readonly Dictionary<Value, double> _sameOrder = [];
    private Value?[] _nodes = new Value?[SmallestRing];
    private double[] _gradients = new double[SmallestRing];
    private int _count;                     // nodes in the ring
    private long _order;                    // where the walk is
    private long _nextWaiting = long.MinValue;

    /// <summary>Differentiates the root with respect to everything below it.</summary>
    internal static void Run<TSink>(Value root, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        BackwardSweep sweep = s_current ?? new BackwardSweep();
        s_current = null; // taken; comes back only when the sweep ends well, with an empty ring
        sweep._order = root.Order + 1;
        sweep.Send(root, 1, ref sink);
        sweep.Walk(ref sink);
        s_current = sweep;
    }

    private void Walk<TSink>(ref TSink sink)
        where TSink : struct, IGradientSink
    {
        while (true)
        {
            if (_count > 0)
                _order--;
            else if (_waiting.Count > 0)
                _order = _nextWaiting;
            else
                return;

            if (_order == _nextWaiting)
                TakeWaiting();

            int place = (int)_order & (_nodes.Length - 1);
            if (_nodes[place] is { } node)
            {
                double gradient = _gradients[place];
                _nodes[place] = null;
                _count--;
                Differentiate(node, gradient, ref sink);
            }
            if (_sameOrder.Count > 0)
                DifferentiateSameOrder(ref sink);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Differentiate<TSink>(Value node, double gradient, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        sink.Node(node, gradient);
        if (node.Operation == Operation.Select)
        {
            Send(node.Choices[(int)node.Second.Number], gradient, ref sink);
            return;
        }
        Value first = node.First;
        switch (node.Operation)
        {
            // The two commonest are written out, for speed; the table says the same.
            case Operation.Add:
                Send(first, gradient, ref sink);
                Send(node.Second, gradient, ref sink);
                break;
            case Operation.Multiply:
                Value second = node.Second;
                Send(first, gradient * second.Number, ref sink);
                Send(second, gradient * first.Number, ref sink);
                break;
            case Operation.Detach:
                break;
            default:
                DifferentiateByTable(node, gradient, ref sink);
                break;
        }
    }

    private void DifferentiateByTable<TSink>(Value node, double gradient, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        (double a, double b) = node.LocalDerivativePair();
        Send(node.First, gradient * a, ref sink);
        if (node.HasSecond)
            Send(node.Second, gradient * b, ref sink);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Send<TSink>(Value target, double gradient, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        if (target.IsLeaf)
        {
            if (target.Operation != Operation.Constant)
                sink.Leaf(target, gradient);
            return;
        }
        Value?[] nodes = _nodes;
        int place = (int)target.Order & (nodes.Length - 1);
        if (_order - target.Order < nodes.Length)
        {
            Value? there = nodes[place];
            if (there == target)
            {
                _gradients[place] += gradient;
                return;
            }
            if (there is null)
            {
                nodes[place] = target;
                _gradients[place] = gradient;
                _count++;
                return;
            }
        }
        SendFar(target, gradient, ref sink);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendFar<TSink>(Value target, double gradient, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        long distance = _order - target.Order;
        if (distance >= _nodes.Length && distance < LargestRing)
        {
            Grow((int)distance + 1);
            Send(target, gradient, ref sink);
            return;
        }
        _waiting.Enqueue((target, gradient), -target.Order);
        _nextWaiting = _waiting.Peek().Node.Order;
    }

    private void Grow(int atLeast)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)atLeast);
        var nodes = new Value?[size];
        var gradients = new double[size];
        for (int i = 0; i < _nodes.Length; i++)
        {
            if (_nodes[i] is { } node)
            {
                int place = (int)node.Order & (size - 1);
                nodes[place] = node;
                gradients[place] = _gradients[i];
            }
        }
        _nodes = nodes;
        _gradients = gradients;
    }

    /// <summary>Brings the contributions that waited for this order into the ring.</summary>
    private void TakeWaiting()
    {
        while (_waiting.Count > 0 && _waiting.Peek().Node.Order == _order)
        {
            (Value node, double gradient) = _waiting.Dequeue();
            int place = (int)_order & (_nodes.Length - 1);
            if (_nodes[place] is null)
            {
                _nodes[place] = node;
                _gradients[place] = gradient;
                _count++;
            }
            else if (_nodes[place] == node)
            {
                _gradients[place] += gradient;
            }
            else
            {
                _sameOrder[node] = _sameOrder.GetValueOrDefault(node) + gradient;
            }
        }
        _nextWaiting = _waiting.Count > 0 ? _waiting.Peek().Node.Order : long.MinValue;
    }

    private void DifferentiateSameOrder<TSink>(ref TSink sink)
        where TSink : struct, IGradientSink
    {
        foreach ((Value node, double gradient) in _sameOrder)
            Differentiate(node, gradient, ref sink);
        _sameOrder.Clear();
    }
}
