# Rows A, B, C1 to C3, W1024, W2048, LR, I1 and I256 in PyTorch as people write them: modules, a loss function, an optimizer; one thread, float32.
import sys

import torch
from torch import nn

from protocol import Task, serve

torch.set_num_threads(1)
row, path = sys.argv[1:]
task = Task(path)
inputs, targets = torch.tensor(task.inputs), torch.tensor(task.targets)
hidden = nn.ReLU if row == "B" else nn.Tanh

modules = []
for size, outputs in zip(task.sizes, task.sizes[1:]):
    modules += [nn.Linear(size, outputs), hidden()]
if row != "A":
    modules.pop()  # the output is linear
network = nn.Sequential(*modules)
parameters = list(network.parameters())
initial = []
for layer in task.weights:
    rows = torch.tensor(layer)
    initial += [rows[:, :-1].clone(), rows[:, -1].clone()]

classes = targets[:, 0].long()
hinge = lambda: (1 - targets * network(inputs)).relu().mean() + 1e-4 * sum(p.square().sum() for p in parameters)
loss_of = {
    "A": lambda: nn.functional.mse_loss(network(inputs), targets, reduction="sum"),
    "B": hinge,
    "C1": lambda: nn.functional.cross_entropy(network(inputs), classes),
    "C2": lambda: nn.functional.cross_entropy(network(inputs), classes),
    "W1024": lambda: nn.functional.cross_entropy(network(inputs), classes),
    "W2048": lambda: nn.functional.cross_entropy(network(inputs), classes),
    "LR": lambda: nn.functional.binary_cross_entropy_with_logits(network(inputs), targets),
    "C3": lambda: nn.functional.mse_loss(network(inputs), targets),
}.get(row)
optimizer = None


def restart():
    global optimizer
    with torch.no_grad():
        for p, start in zip(parameters, initial):
            p.copy_(start)
    rate = {"A": 0.05, "B": 1, "LR": 0.5}.get(row)
    optimizer = torch.optim.SGD(parameters, lr=rate) if rate else torch.optim.Adam(parameters, lr=1e-3)


def step(k):
    if row == "B":
        optimizer.param_groups[0]["lr"] = 1 - 0.9 * k / 100
    loss = loss_of()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss


class Outputs:
    """What rows I give. The sum of their squares, which shows that they are right, is only computed when it is asked for."""

    def __init__(self, outputs):
        self.outputs = outputs

    def __float__(self):
        return float(self.outputs.square().sum())


if row.startswith("I"):
    with torch.inference_mode():
        serve(restart, lambda k: Outputs(network(inputs)))
else:
    serve(restart, lambda k: step(k).detach())
