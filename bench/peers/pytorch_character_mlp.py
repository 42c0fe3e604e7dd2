# Row E in PyTorch as people write it: tensors, a loss function, gradient descent by hand; one thread, float32.
import sys

import torch
from torch.nn import functional

from protocol import numbers_of, serve

torch.set_num_threads(1)
take = numbers_of(sys.argv[-1])
context, width, hidden, vocabulary, batch, count = [int(number) for number in take(6)]
examples = torch.tensor(take(count * (context + 1))).long().view(count, context + 1)
inputs, targets = examples[:, :context].contiguous(), examples[:, context].contiguous()


def layer(size, outputs):
    rows = torch.tensor(take(outputs * (size + 1))).view(outputs, size + 1)
    return [rows[:, :-1].t().contiguous(), rows[:, -1].clone()]


initial = [torch.tensor(take(vocabulary * width)).view(vocabulary, width), *layer(context * width, hidden), *layer(hidden, vocabulary)]
parameters = [start.clone().requires_grad_() for start in initial]
table, hidden_weights, hidden_biases, output_weights, output_biases = parameters
places = torch.arange(batch)


def restart():
    with torch.no_grad():
        for p, start in zip(parameters, initial):
            p.copy_(start)


def step(k):
    # The same examples for every contender, spread over all there are: multiples of 2^32 divided by the golden ratio.
    chosen = ((places + k * batch) * 2654435761 % 2**32) * count >> 32
    embedded = table[inputs[chosen]].view(batch, -1)
    logits = torch.tanh(embedded @ hidden_weights + hidden_biases) @ output_weights + output_biases
    loss = functional.cross_entropy(logits, targets[chosen])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data -= 0.1 * p.grad
    return loss.detach()


serve(restart, step)
