// The backward pass: every node once, from the newest to the oldest, so that its gradient is complete when it is used.

using System.Numerics;
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
    // Small enough to stay in the processor's nearest cache as the walk goes round it.
    private const int SmallestRing = 1 << 10;
    private const int LargestRing = 1 << 20;

    [ThreadStatic]
    private static BackwardSweep? s_current;

    private readonly PriorityQueue<(Value Node, double Gradient), long> _waiting = new();
    private readonly Dictionary<Value, double> _sameOrder = [];
    private Slot[] _ring = new Slot[SmallestRing];
    private long _oldest;                   // the least order that has a node in the ring
    private long _nextWaiting = long.MinValue;

    /// <summary>Differentiates the root with respect to everything below it.</summary>
    internal static void Run<TSink>(Value root, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        BackwardSweep sweep = s_current ?? new BackwardSweep();
        s_current = null; // taken; comes back only when the sweep ends well, with an empty ring
        sweep._oldest = long.MaxValue;
        sweep.Send(root, 1, root.Order + 1, ref sink);
        sweep.Walk(root.Order, ref sink);
        s_current = sweep;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk<TSink>(long order, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        while (true)
        {
            for (; order >= _oldest; order--)
            {
                if (order == _nextWaiting)
                    TakeWaiting(order, ref sink);
                Slot[] ring = _ring;
                ref Slot slot = ref ring[(int)order & (ring.Length - 1)];
                if (slot.Node is { } node)
                {
                    slot.Node = null;
                    Differentiate(node, slot.Gradient, order, ref sink);
                }
            }
            if (_waiting.Count == 0)
                return;
            order = _oldest = _nextWaiting;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Differentiate<TSink>(Value node, double gradient, long order, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        sink.Node(node, gradient);
        if (node.Operation == Operation.Select)
        {
            Send(node.Choices[(int)node.Second.Number], gradient, order, ref sink);
            return;
        }
        Value first = node.First;
        switch (node.Operation)
        {
            // The two commonest are written out, for speed; the table says the same.
            case Operation.Add:
                Send(first, gradient, order, ref sink);
                Send(node.Second, gradient, order, ref sink);
                break;
            case Operation.Multiply:
                Value second = node.Second;
                Send(first, gradient * second.Number, order, ref sink);
                Send(second, gradient * first.Number, order, ref sink);
                break;
            case Operation.Detach:
                break;
            default:
                DifferentiateByTable(node, gradient, order, ref sink);
                break;
        }
    }

    private void DifferentiateByTable<TSink>(Value node, double gradient, long order, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        Value first = node.First;
        if (!node.HasSecond || node.Second.Operation == Operation.Constant)
        {
            double slope = OperationTable.DerivativeA(node.Operation, first.Number, node.HasSecond ? node.Second.Number : 0, node.Result);
            Send(first, gradient * slope, order, ref sink);
            return;
        }
        (double a, double b) = node.LocalDerivativePair();
        Send(first, gradient * a, order, ref sink);
        Send(node.Second, gradient * b, order, ref sink);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Send<TSink>(Value target, double gradient, long order, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        if (target.IsLeaf)
        {
            if (target.Operation != Operation.Constant)
                sink.Leaf(target, gradient);
            return;
        }
        Slot[] ring = _ring;
        long targetOrder = target.Order;
        ref Slot slot = ref ring[(int)targetOrder & (ring.Length - 1)];
        if (slot.Node == target)
        {
            slot.Gradient += gradient;
        }
        else if (slot.Node is null && order - targetOrder < ring.Length)
        {
            slot.Node = target;
            slot.Gradient = gradient;
            if (targetOrder < _oldest)
                _oldest = targetOrder;
        }
        else
        {
            SendFar(target, gradient, order);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendFar(Value target, double gradient, long order)
    {
        long distance = order - target.Order;
        if (distance >= _ring.Length && distance < LargestRing)
        {
            Grow((int)distance + 1);
            ref Slot slot = ref _ring[(int)target.Order & (_ring.Length - 1)];
            if (slot.Node is null)
            {
                slot = new Slot { Node = target, Gradient = gradient };
                _oldest = Math.Min(_oldest, target.Order);
                return;
            }
        }
        _waiting.Enqueue((target, gradient), -target.Order);
        _nextWaiting = _waiting.Peek().Node.Order;
    }

    private void Grow(int atLeast)
    {
        var ring = new Slot[BitOperations.RoundUpToPowerOf2((uint)atLeast)];
        foreach (Slot slot in _ring)
        {
            if (slot.Node is { } node)
                ring[(int)node.Order & (ring.Length - 1)] = slot;
        }
        _ring = ring;
    }

    /// <summary>Brings the contributions that waited for this order into the ring, and differentiates those that find it taken.</summary>
    private void TakeWaiting<TSink>(long order, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        ref Slot slot = ref _ring[(int)order & (_ring.Length - 1)];
        while (_waiting.Count > 0 && _waiting.Peek().Node.Order == order)
        {
            (Value node, double gradient) = _waiting.Dequeue();
            if (slot.Node is null)
                slot = new Slot { Node = node, Gradient = gradient };
            else if (slot.Node == node)
                slot.Gradient += gradient;
            else
                _sameOrder[node] = _sameOrder.GetValueOrDefault(node) + gradient;
        }
        _nextWaiting = _waiting.Count > 0 ? _waiting.Peek().Node.Order : long.MinValue;
        foreach ((Value node, double gradient) in _sameOrder)
            Differentiate(node, gradient, order, ref sink);
        _sameOrder.Clear();
    }

    private struct Slot
    {
        internal Value? Node;
        internal double Gradient;
    }
}
