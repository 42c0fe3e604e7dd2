#!/usr/bin/python3
"""Writes the reference numbers that the tests compare the engine with.

    /usr/bin/python3 tools/reference/make_reference.py

PyTorch computes every operation, loss, module, optimizer, schedule and clipping in float64, and its autograd the
gradients; xoshiro256** is written out in Python integers. The files go to tests/Nudge.Tests/Reference/*.json and are
committed, so that the tests need neither Python nor PyTorch. Every input is fixed or comes from random.Random(seed):
running it again gives the same files.

Needs PyTorch (made with 1.13). Numbers are written with the digits that give every double back exactly, 17 at most;
NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity".
"""

import itertools
import json
import math
import pathlib
import random

import torch

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Nudge.Tests" / "Reference"
MASK = (1 << 64) - 1

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def plain(thing):
    """Tensors and floats as what JSON can hold without losing a bit."""
    if isinstance(thing, torch.Tensor):
        return plain(thing.tolist())
    if isinstance(thing, dict):
        return {key: plain(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [plain(item) for item in thing]
    if isinstance(thing, float) and not math.isfinite(thing):
        return "NaN" if math.isnan(thing) else "Infinity" if thing > 0 else "-Infinity"
    return thing


def write(name, cases):
    lines = ",\n".join(json.dumps(plain(case), allow_nan=False) for case in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def leaf(numbers):
    return torch.tensor(numbers, requires_grad=True)


def uniform(rng, count, low=-3.0, high=3.0):
    return [rng.uniform(low, high) for _ in range(count)]


# Operations ----------------------------------------------------------------------------------------------------------


def unary(rng):
    inf = math.inf
    everywhere = [0.0, 1.0, -1.0, 0.5, 1e-8, -1e-8]
    table = {
        "Negate": (torch.neg, (-3, 3), everywhere + [inf]),
        "Detach": (torch.detach, (-3, 3), everywhere),
        "Exp": (torch.exp, (-5, 5), everywhere + [709.0, -700.0, 1000.0, -1000.0, inf, -inf]),
        "Log": (torch.log, (0, 9), [1.0, 0.0, 1e-300, 1e300, -1.0, inf]),
        "Sqrt": (torch.sqrt, (0, 9), [1.0, 0.0, 1e-300, 1e300, -1.0, inf]),
        "Tanh": (torch.tanh, (-4, 4), everywhere + [20.0, -20.0, 45.0, -45.0, 1000.0, -1000.0]),
        "Sigmoid": (torch.sigmoid, (-6, 6), everywhere + [40.0, -40.0, 710.0, -700.0, 1e4, -1e4]),
        "Relu": (torch.relu, (-3, 3), everywhere + [-0.0, 1e-300, -1e-300]),
        "Abs": (torch.abs, (-3, 3), everywhere + [-0.0, 1e-300, -1e-300]),
        "Sin": (torch.sin, (-9, 9), everywhere + [math.pi, 1000.0]),
        "Cos": (torch.cos, (-9, 9), everywhere + [math.pi, 1000.0]),
    }
    for name, (function, (low, high), edges) in table.items():
        a = leaf(uniform(rng, 20, low, high) + edges)
        y = function(a)
        if y.requires_grad:
            y.sum().backward()
        slope = a.grad if a.grad is not None else torch.zeros_like(a)
        yield {"operation": name, "a": a.detach(), "y": y.detach(), "da": slope}


def binary(rng):
    inf = math.inf
    everywhere = [(0.0, 0.0), (1.0, 1.0), (-2.0, 3.0), (1e-8, 1e8)]
    table = {
        "Add": (torch.add, (-3, 3), everywhere + [(inf, -inf)]),
        "Subtract": (torch.sub, (-3, 3), everywhere + [(inf, inf)]),
        "Multiply": (torch.mul, (-3, 3), everywhere + [(0.0, inf)]),
        "Divide": (torch.div, (-3, 3), everywhere + [(1.0, 0.0), (-1.0, 0.0), (1.0, inf), (1e-8, 3.0)]),
        "Max": (torch.maximum, (-3, 3), everywhere + [(2.0, 2.0), (-1.0, 1.0)]),
        "Min": (torch.minimum, (-3, 3), everywhere + [(2.0, 2.0), (-1.0, 1.0)]),
    }
    for name, (function, (low, high), edges) in table.items():
        yield binary_case(name, function, uniform(rng, 20, low, high), uniform(rng, 20, low, high), edges)
    edges = [(0.0, 0.0), (0.0, 2.0), (0.0, 1.0), (0.0, 0.5), (0.0, -1.0), (2.0, 0.0), (-2.0, 0.0), (-2.0, 3.0), (-2.0, 2.0),
             (-2.0, -1.0), (-2.0, 0.5), (1e-5, 3.0), (10.0, 300.0), (10.0, 400.0), (1.0, inf)]
    yield binary_case("Power", torch.pow, uniform(rng, 20, 0.1, 4), uniform(rng, 20), edges)


def binary_case(name, function, a, b, edges):
    a, b = leaf(a + [edge[0] for edge in edges]), leaf(b + [edge[1] for edge in edges])
    y = function(a, b)
    y.sum().backward()
    return {"operation": name, "a": a.detach(), "b": b.detach(), "y": y.detach(), "da": a.grad, "db": b.grad}


# Losses --------------------------------------------------------------------------------------------------------------


def losses(rng):
    functional = torch.nn.functional

    def case(name, values, targets, function):
        x = leaf(values)
        loss = function(x)
        loss.backward()
        return {"loss": name, "values": x.detach(), "targets": targets, "value": loss.item(), "gradients": x.grad}

    for count in (1, 2, 5):
        for _ in range(3):
            values, targets = uniform(rng, count), uniform(rng, count)
            t = torch.tensor(targets)
            yield case("SumOfSquares", values, targets, lambda x: functional.mse_loss(x, t, reduction="sum"))
            yield case("MeanSquaredError", values, targets, lambda x: functional.mse_loss(x, t))
    for score, label in itertools.product([0.0, 1.0, -1.0, 0.3, -2.5, 1e4, -1e4] + uniform(rng, 3), [1.0, -1.0]):
        # Written with relu, whose slope at the corner is 0; torch.clamp's would be 1.
        yield case("Hinge", [score], [label], lambda x: torch.relu(1 - label * x).sum())
    for logit, target in itertools.product([0.0, 0.5, -3.0, 30.0, -30.0, 1e4, -1e4] + uniform(rng, 3), [0.0, 0.3, 1.0]):
        t = torch.tensor([target])
        yield case("BinaryCrossEntropyWithLogits", [logit], [target],
                   lambda x: functional.binary_cross_entropy_with_logits(x, t))
    rows = [[2.0], [0.0, 0.0], [1e4, -1e4], [-1e4, 1e4, 0.0], [1e4, 9999.0, 9998.5], [-1e4, -1e4, -9999.0], [1.0, 1.0, 1.0]]
    rows += [uniform(rng, count) for count in (2, 3, 10)]
    for row in rows:
        for index in sorted({0, len(row) // 2, len(row) - 1}):
            yield case("CrossEntropy", row, [float(index)],
                       lambda x: functional.cross_entropy(x.unsqueeze(0), torch.tensor([index])))
    for strength in (0.0, 1e-4, 0.5):
        yield case("L2Penalty", uniform(rng, 6), [strength], lambda x: strength * (x * x).sum())


# Modules -------------------------------------------------------------------------------------------------------------

ACTIVATIONS = {"Linear": lambda a: a, "Tanh": torch.tanh, "Relu": torch.relu, "Sigmoid": torch.sigmoid}


def modules(rng):
    """Networks as plain matrix products. Parameters lie neuron by neuron: its weights, then its bias."""
    shapes = [("Neuron", 3, [1]), ("Layer", 3, [4]), ("Mlp", 3, [4, 2]), ("Mlp", 2, [3, 3, 1])]
    for (kind, inputs, outputs), activation in itertools.product(shapes, ACTIVATIONS):
        for last in ACTIVATIONS if kind == "Mlp" else [activation]:
            sizes = [inputs] + outputs
            count = sum((before + 1) * after for before, after in zip(sizes, sizes[1:]))
            parameters, x = leaf(uniform(rng, count, -1.5, 1.5)), leaf(uniform(rng, inputs))
            seeds = torch.tensor(uniform(rng, outputs[-1]))
            signal, start = x, 0
            for i, (before, after) in enumerate(zip(sizes, sizes[1:])):
                rows = parameters[start:start + (before + 1) * after].reshape(after, before + 1)
                start += rows.numel()
                name = last if i == len(outputs) - 1 else activation
                signal = ACTIVATIONS[name](rows[:, :before] @ signal + rows[:, before])
            (signal * seeds).sum().backward()
            yield {"module": kind, "inputCount": inputs, "outputs": outputs, "activation": activation,
                   "outputActivation": last, "parameters": parameters.detach(), "inputs": x.detach(), "seeds": seeds,
                   "result": signal.detach(), "parameterGradients": parameters.grad, "inputGradients": x.grad}


# Language models -----------------------------------------------------------------------------------------------------


def pattern(count, start=0):
    """Numbers in [-1/2, 1/2] that both sides can make exactly, so that no weight need be stored."""
    return [((i + start) * 7919 % 1009 - 504) / 1008 for i in range(count)]


class Weights:
    """One list of parameters, taken apart in Nudge's order. In a layer, a neuron's bias follows its weights."""

    def __init__(self, count):
        self.all = leaf(pattern(count))
        self.next = 0

    def take(self, *shape):
        count = math.prod(shape)
        self.next += count
        return self.all[self.next - count:self.next].reshape(shape)

    def layer(self, inputs, outputs, bias=True):
        rows = self.take(outputs, inputs + bias)
        return rows[:, :inputs], rows[:, inputs] if bias else None

    def done(self):
        assert self.next == len(self.all), f"{self.next} of {len(self.all)} parameters used"


def rms_norm(x, gain=None):
    scaled = x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5)
    return scaled if gain is None else scaled * gain


def attention(weights, width, heads, bias, x):
    """PyTorch's multi-head attention, given Q, K, V and O in this order, of a sequence x."""
    parts = [weights.layer(width, width, bias) for _ in range(4)]
    later = torch.triu(torch.ones(len(x), len(x), dtype=torch.bool), 1)
    found, _ = torch.nn.functional.multi_head_attention_forward(
        x.unsqueeze(1), x.unsqueeze(1), x.unsqueeze(1), width, heads,
        torch.cat([part[0] for part in parts[:3]]), torch.cat([part[1] for part in parts[:3]]) if bias else None,
        None, None, False, 0.0, parts[3][0], parts[3][1], attn_mask=later, need_weights=False)
    return found.squeeze(1)


def language_modules():
    """The modules that language models are made of, each over a few positions."""
    functional = torch.nn.functional
    width, positions = 4, 3

    def case(name, options, count, function):
        weights, x = Weights(count), leaf(pattern(positions * width, 500))
        y = function(weights, x.reshape(positions, width))
        weights.done()
        seeds = torch.tensor(pattern(y.numel(), 800))
        (y.reshape(-1) * seeds).sum().backward()
        gradients = weights.all.grad if count > 0 else []
        return {"module": name, "heads": 0, "flag": False, **options, "result": y.reshape(-1).detach(),
                "parameterGradients": gradients, "inputGradients": x.grad}

    yield case("Softmax", {}, 0, lambda w, x: torch.softmax(x, -1))
    yield case("Gelu", {}, 0, lambda w, x: functional.gelu(x * 5, approximate="tanh"))
    yield case("RmsNorm", {"flag": False}, 0, lambda w, x: rms_norm(x))
    yield case("RmsNorm", {"flag": True}, width, lambda w, x: rms_norm(x, w.take(width)))
    yield case("LayerNorm", {"flag": False}, width, lambda w, x: functional.layer_norm(x, (width,), w.take(width)))
    yield case("LayerNorm", {"flag": True}, 2 * width,
               lambda w, x: functional.layer_norm(x, (width,), w.take(width), w.take(width)))
    yield case("Layer", {"flag": False}, 3 * width, lambda w, x: functional.linear(x, *w.layer(width, 3, False)))
    for heads, bias in itertools.product((1, 2, 4), (False, True)):
        yield case("CausalSelfAttention", {"heads": heads, "flag": bias}, 4 * width * (width + bias),
                   lambda w, x: attention(w, width, heads, bias, x))


VOCABULARY, CONTEXT = 5, 6
DOCUMENTS = [[0, 3, 1, 0], [0, 2, 0], [0, 1, 2, 3, 4, 1, 0], [1, 3], [0, 4, 4, 0]]


def bigram(weights, tokens):
    return weights.take(VOCABULARY, VOCABULARY)[tokens]


def mlp(weights, tokens, window, embedding, hidden):
    table = weights.take(VOCABULARY, embedding)
    inner, outer = weights.layer(window * embedding, hidden), weights.layer(hidden, VOCABULARY)
    padded = torch.cat([torch.zeros(window - 1, dtype=torch.long), tokens])
    windows = table[padded.unfold(0, window, 1)].reshape(len(tokens), -1)
    return torch.nn.functional.linear(torch.tanh(torch.nn.functional.linear(windows, *inner)), *outer)


def rnn(weights, tokens, embedding, hidden):
    table = weights.take(VOCABULARY, embedding)
    w, b = weights.layer(embedding + hidden, hidden)
    return recurrent(torch.rnn_tanh_cell, table[tokens], w[:, :embedding], w[:, embedding:], b, torch.zeros(hidden),
                     weights.layer(hidden, VOCABULARY))


def gru(weights, tokens, embedding, hidden):
    table, zero = weights.take(VOCABULARY, embedding), torch.zeros(hidden)
    (r, rb), (z, zb) = weights.layer(embedding + hidden, hidden), weights.layer(embedding + hidden, hidden)
    (c, cb), (m, mb) = weights.layer(embedding, hidden), weights.layer(hidden, hidden)
    return recurrent(torch.gru_cell, table[tokens], torch.cat([r[:, :embedding], z[:, :embedding], c]),
                     torch.cat([r[:, embedding:], z[:, embedding:], m]), torch.cat([rb, zb, cb]),
                     torch.cat([zero, zero, mb]), weights.layer(hidden, VOCABULARY))


def recurrent(cell, inputs, input_weights, state_weights, input_biases, state_biases, output):
    """What torch.nn.RNN and torch.nn.GRU compute, one position after the other."""
    state, states = torch.zeros(1, state_weights.shape[1]), []
    for x in inputs:
        state = cell(x.unsqueeze(0), state, input_weights, state_weights, input_biases, state_biases)
        states.append(state)
    return torch.nn.functional.linear(torch.cat(states), *output)


def gpt(weights, tokens, layers, width, heads, norm, activation, biases):
    functional = torch.nn.functional

    def normed():
        if norm == "Rms":
            return rms_norm
        gain, bias = weights.take(width), weights.take(width) if biases else None
        return lambda x: functional.layer_norm(x, (width,), gain, bias)

    act = {"Relu": torch.relu, "Gelu": lambda x: functional.gelu(x, approximate="tanh")}[activation]
    table, places = weights.take(VOCABULARY, width), weights.take(CONTEXT, width)
    x = normed()(table[tokens] + places[:len(tokens)])
    for _ in range(layers):
        before = normed()
        x = x + attention(weights, width, heads, biases, before(x))
        before = normed()
        inner, outer = weights.layer(width, 4 * width, biases), weights.layer(4 * width, width, biases)
        x = x + functional.linear(act(functional.linear(before(x), *inner)), *outer)
    return functional.linear(x, *weights.layer(width, VOCABULARY, biases))


def language_models():
    """Each rung of the ladder: the mean loss of all predictions in a batch of documents, and its gradient."""
    def case(kind, count, logits, **options):
        weights, losses = Weights(count), []
        for document in DOCUMENTS:
            weights.next = 0
            tokens = torch.tensor(document)
            scores = logits(weights, tokens[:-1], **{key[0].lower() + key[1:]: value for key, value in options.items()})
            weights.done()
            losses.append(torch.nn.functional.cross_entropy(scores, tokens[1:], reduction="none"))
        loss = torch.cat(losses).mean()
        loss.backward()
        settings = {"Kind": kind, "VocabularySize": VOCABULARY, "ContextLength": CONTEXT, **options}
        return {"settings": settings, "documents": DOCUMENTS, "loss": loss.item(), "gradients": weights.all.grad}

    v, e, h = VOCABULARY, 2, 4
    yield case("Bigram", v * v, bigram)
    yield case("Mlp", v * e + h * (3 * e + 1) + v * (h + 1), mlp, Window=3, Embedding=e, Hidden=h)
    yield case("Rnn", v * e + h * (e + h + 1) + v * (h + 1), rnn, Embedding=e, Hidden=h)
    yield case("Gru", v * e + 2 * h * (e + h + 1) + h * (e + 1) + h * (h + 1) + v * (h + 1), gru, Embedding=e, Hidden=h)
    w = 4
    for layers, heads, norm, activation, biases in [(1, 4, "Rms", "Relu", False), (2, 2, "Layer", "Gelu", True),
                                                    (1, 1, "Layer", "Relu", False)]:
        norms = (2 * layers + 1) * w * (0 if norm == "Rms" else 1 + biases)
        block = 4 * w * (w + biases) + 4 * w * (w + biases) + w * (4 * w + biases)
        yield case("Gpt", (v + CONTEXT) * w + norms + layers * block + v * (w + biases), gpt, Layers=layers, Width=w,
                   Heads=heads, Norm=norm, Activation=activation, Biases=biases)


# Optimizers ----------------------------------------------------------------------------------------------------------

START = [0.5, -1.0, 2.0, 0.25]
CHECKPOINTS = [*range(1, 11), *range(20, 101, 10)]


def problem(p):
    """Σ cᵢ (pᵢ − dᵢ)² + ½ Σ (pᵢ pᵢ₊₁ − 1)²: smooth, not convex, and every gradient depends on several parameters."""
    c, d = torch.tensor([0.5, 1.0, 1.5, 2.0]), torch.tensor([1.0, -0.5, 0.25, 2.0])
    return (c * (p - d) ** 2).sum() + 0.5 * ((p[:-1] * p[1:] - 1) ** 2).sum()


def optimizers():
    make = {
        "Sgd": lambda p, o: torch.optim.SGD([p], o["learningRate"], momentum=o.get("momentum", 0),
                                            nesterov=o.get("nesterov", False), weight_decay=o.get("weightDecay", 0)),
        "Adam": lambda p, o: torch.optim.Adam([p], o["learningRate"], betas=(o.get("beta1", 0.9), o.get("beta2", 0.999)),
                                              eps=o.get("epsilon", 1e-8), weight_decay=o.get("weightDecay", 0)),
        "AdamW": lambda p, o: torch.optim.AdamW([p], o["learningRate"], betas=(o.get("beta1", 0.9), o.get("beta2", 0.999)),
                                                eps=o.get("epsilon", 1e-8), weight_decay=o.get("weightDecay", 0)),
        "RmsProp": lambda p, o: torch.optim.RMSprop([p], o["learningRate"], alpha=o.get("smoothing", 0.99),
                                                    eps=o.get("epsilon", 1e-8), momentum=o.get("momentum", 0),
                                                    weight_decay=o.get("weightDecay", 0)),
    }
    runs = [("Sgd", {"learningRate": 0.02}), ("Sgd", {"learningRate": 0.01, "momentum": 0.9}),
            ("Sgd", {"learningRate": 0.01, "momentum": 0.9, "nesterov": True}), ("Adam", {"learningRate": 0.05}),
            ("Adam", {"learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3}), ("AdamW", {"learningRate": 0.05}),
            ("AdamW", {"learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3}),
            ("RmsProp", {"learningRate": 0.01}), ("RmsProp", {"learningRate": 0.01, "momentum": 0.9}),
            ("RmsProp", {"learningRate": 0.02, "smoothing": 0.9, "epsilon": 1e-4})]
    for (name, options), decay in itertools.product(runs, (0.0, 0.1)):
        p = leaf(START)
        options = {**options, "weightDecay": decay}
        optimizer = make[name](p, options)
        trajectory = []
        for step in range(1, 101):
            optimizer.zero_grad()
            problem(p).backward()
            optimizer.step()
            if step in CHECKPOINTS:
                trajectory.append(p.detach().clone())
        yield {"optimizer": name, "options": options, "start": START, "checkpoints": CHECKPOINTS, "trajectory": trajectory}


def schedules():
    steps = 100
    rules = {
        ("Step", 30, 0.1): lambda o: torch.optim.lr_scheduler.StepLR(o, 30, 0.1),
        ("Step", 7, 0.5): lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.5),
        ("Linear", 100, 0.25): lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.25, 100),
        ("Linear", 40, 0.0): lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.0, 40),
        ("Cosine", 100, 0.0): lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 100),
        ("Cosine", 100, 0.1): lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 100, eta_min=0.1),
    }
    for (name, length, number), rule in rules.items():
        optimizer = torch.optim.SGD([leaf([0.0])], lr=1.0)
        scheduler = rule(optimizer)
        factors = []
        for _ in range(steps + 1):
            factors.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        yield {"schedule": name, "steps": length, "number": number, "factors": factors}


def clipping(rng):
    for kind, maximum in itertools.product(("Norm", "Value"), (0.1, 1.0, 100.0)):
        gradients = uniform(rng, 6)
        p = leaf([0.0] * 6)
        p.grad = torch.tensor(gradients)
        norm = p.grad.norm().item()
        if kind == "Norm":
            torch.nn.utils.clip_grad_norm_([p], maximum)
        else:
            torch.nn.utils.clip_grad_value_([p], maximum)
        yield {"kind": kind, "maximum": maximum, "gradients": gradients, "norm": norm, "clipped": p.grad}


# Random numbers ------------------------------------------------------------------------------------------------------


class Xoshiro:
    """xoshiro256** seeded with SplitMix64, after Blackman and Vigna's description, in Python's integers."""

    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(z ^ (z >> 31))

    def bits(self):
        def rotate(x, by):
            return ((x << by) | (x >> (64 - by))) & MASK

        s = self.state
        result = (rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)
        return result

    def double(self):
        return (self.bits() >> 11) / 2.0**53

    def uniform(self, low, high):
        return low + (high - low) * self.double()

    def normal(self):
        while True:
            u, v = self.uniform(-1, 1), self.uniform(-1, 1)
            square = u * u + v * v
            if 0 < square < 1:
                return u * math.sqrt(-2 * math.log(square) / square)

    def below(self, count):
        while True:
            product = (self.bits() >> 32) * count
            if product & 0xFFFFFFFF >= (1 << 32) % count:
                return product >> 32


def generators():
    for seed in (0, 1, 42, MASK):
        # Of the last, a quarter of the draws has to be rejected.
        counts = [1, 2, 6, 1000, 2**31 - 1, 3 * 2**29] * 4
        below, lesson = Xoshiro(seed), Xoshiro(seed)
        yield {"seed": str(seed), "bits": [str(bits) for bits in sequence(seed, Xoshiro.bits)],
               "doubles": sequence(seed, Xoshiro.double), "normals": sequence(seed, Xoshiro.normal),
               "counts": counts, "below": [below.below(count) for count in counts],
               # The lesson's network: 41 numbers uniform in [-1, 1), in the order of its parameters.
               "lesson": [lesson.uniform(-1, 1) for _ in range(41)]}


def sequence(seed, draw, count=12):
    rng = Xoshiro(seed)
    return [draw(rng) for _ in range(count)]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    write("operations", [*unary(random.Random(1)), *binary(random.Random(2))])
    write("losses", losses(random.Random(3)))
    write("modules", modules(random.Random(4)))
    write("language-modules", language_modules())
    write("language-models", language_models())
    write("optimizers", optimizers())
    write("schedules", schedules())
    write("clipping", clipping(random.Random(5)))
    write("rng", generators())


if __name__ == "__main__":
    main()
