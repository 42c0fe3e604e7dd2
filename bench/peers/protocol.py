# What every Python peer shares: reading a task, and the protocol of two commands on standard input:
#   run K          make K steps and answer with the seconds they took
#   check S S …    start again and answer with the losses of steps S
import sys
import time


def numbers_of(path):
    """A function that takes the next so many numbers of a file."""
    with open(path) as file:
        numbers = iter([float(word) for word in file.read().split()])
    return lambda count: [next(numbers) for _ in range(count)]


class Task:
    """The sizes of the layers, the examples, and for each layer the rows of weights with the bias last."""

    def __init__(self, path):
        take = numbers_of(path)
        layers = int(take(1)[0])
        self.sizes = [int(size) for size in take(layers + 1)]
        examples, targets = [int(number) for number in take(2)]
        self.inputs, self.targets = [], []
        for _ in range(examples):
            self.inputs.append(take(self.sizes[0]))
            self.targets.append(take(targets))
        self.weights = [
            [take(inputs + 1) for _ in range(outputs)]
            for inputs, outputs in zip(self.sizes, self.sizes[1:])
        ]


def serve(restart, step):
    """Answers commands. step(k) makes step k and returns its loss; restart() goes back to the first weights."""
    k = 0
    for line in sys.stdin:
        command, *numbers = line.split()
        if command == "run":
            seconds, start = 0.0, time.perf_counter()
            for _ in range(int(numbers[0])):
                if k == 0:
                    seconds += time.perf_counter() - start
                    restart()
                    start = time.perf_counter()
                step(k)
                k = (k + 1) % 100
            print(f"{seconds + time.perf_counter() - start:.9f}", flush=True)
        elif command == "check":
            restart()
            wanted = [int(number) for number in numbers]
            losses = {i: float(step(i)) for i in range(max(wanted) + 1)}
            print(*[repr(losses[i]) for i in wanted], flush=True)
            restart()
