# Rows A and B in plain Python, with a scalar autograd as the lesson builds it: a closure on every node that knows how
# to pass the gradient on, a set of parents, and a recursive search that sorts the graph on every backward pass.
import math
import sys

from protocol import Task, serve

sys.setrecursionlimit(100_000)


class Scalar:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = set(parents)
        self.pass_on = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        result = Scalar(self.data + other.data, (self, other))

        def pass_on():
            self.grad += result.grad
            other.grad += result.grad

        result.pass_on = pass_on
        return result

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        result = Scalar(self.data * other.data, (self, other))

        def pass_on():
            self.grad += other.data * result.grad
            other.grad += self.data * result.grad

        result.pass_on = pass_on
        return result

    def relu(self):
        result = Scalar(self.data if self.data > 0 else 0.0, (self,))

        def pass_on():
            self.grad += (result.data > 0) * result.grad

        result.pass_on = pass_on
        return result

    def tanh(self):
        result = Scalar(math.tanh(self.data), (self,))

        def pass_on():
            self.grad += (1 - result.data * result.data) * result.grad

        result.pass_on = pass_on
        return result

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return other + (-self)

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node.pass_on()


row, path = sys.argv[1:]
task = Task(path)
network = [[[Scalar(p) for p in neuron] for neuron in layer] for layer in task.weights]
parameters = [p for layer in network for neuron in layer for p in neuron]
initial = [p.data for p in parameters]


def forward(inputs, hidden, last):
    signal = inputs
    for layer in network:
        activation = last if layer is network[-1] else hidden
        signal = [activation(sum((w * x for w, x in zip(neuron, signal)), neuron[-1])) for neuron in layer]
    return signal[0]


def loss_of_lesson():
    outputs = [forward(inputs, Scalar.tanh, Scalar.tanh) for inputs in task.inputs]
    differences = [output - target[0] for output, target in zip(outputs, task.targets)]
    return sum(difference * difference for difference in differences)


def loss_of_moons():
    scores = [forward(inputs, Scalar.relu, lambda x: x) for inputs in task.inputs]
    hinges = [(1 + -target[0] * score).relu() for score, target in zip(scores, task.targets)]
    return sum(hinges) * (1 / len(hinges)) + 1e-4 * sum(p * p for p in parameters)


def restart():
    for p, data in zip(parameters, initial):
        p.data = data


def step(k):
    loss = loss_of_lesson() if row == "A" else loss_of_moons()
    for p in parameters:
        p.grad = 0.0
    loss.backward()
    rate = 0.05 if row == "A" else 1 - 0.9 * k / 100
    for p in parameters:
        p.data -= rate * p.grad
    return loss.data


serve(restart, step)
