# Rows D in PyTorch as people write it: modules, a causal mask, an optimizer; one thread, float32. One document is given as
# it is; several are padded to the longest of them, with targets that the loss ignores.
import math
import sys

import torch
from torch import nn
from torch.nn import functional

from protocol import numbers_of, serve

torch.set_num_threads(1)
HEADS, CONTEXT, VOCABULARY, STEPS, IGNORED = 4, 16, 27, 1000, -1
take = numbers_of(sys.argv[-1])
width, batch, count = [int(number) for number in take(3)]
documents = [torch.tensor(take(int(take(1)[0]))).long() for _ in range(count)]


def norm(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, width)
        self.position = nn.Embedding(CONTEXT, width)
        self.head = nn.Linear(width, VOCABULARY, bias=False)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)
        self.register_buffer("future", torch.ones(CONTEXT, CONTEXT).triu(1).bool())
        self.register_buffer("places", torch.arange(CONTEXT))

    def forward(self, tokens):
        rows, length = tokens.shape
        x = norm(self.token(tokens) + self.position(self.places[:length]))
        query, key, value = [
            part.view(rows, length, HEADS, width // HEADS).transpose(1, 2) for part in self.qkv(norm(x)).split(width, dim=2)
        ]
        score = query @ key.transpose(-2, -1) / math.sqrt(width // HEADS)
        weight = score.masked_fill(self.future[:length, :length], -math.inf).softmax(-1)
        x = x + self.out((weight @ value).transpose(1, 2).reshape(rows, length, width))
        x = x + self.down(self.up(norm(x)).relu())
        return self.head(x)


model = Gpt()
initial = [torch.tensor(take(p.numel())).view_as(p) for p in model.parameters()]
optimizer = None


def restart():
    global optimizer
    with torch.no_grad():
        for p, start in zip(model.parameters(), initial):
            p.copy_(start)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.85, 0.99), eps=1e-8)


def step(k):
    chosen = [documents[(k * batch + i) % count] for i in range(batch)]
    if batch == 1:
        tokens, targets = chosen[0][None, :-1], chosen[0][None, 1:]
    else:
        tokens = nn.utils.rnn.pad_sequence([document[:-1] for document in chosen], batch_first=True)
        targets = nn.utils.rnn.pad_sequence([document[1:] for document in chosen], batch_first=True, padding_value=IGNORED)
    loss = functional.cross_entropy(model(tokens).view(-1, VOCABULARY), targets.reshape(-1), ignore_index=IGNORED)
    for group in optimizer.param_groups:
        group["lr"] = 0.01 * (1 - k / STEPS)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.detach()


serve(restart, step)
