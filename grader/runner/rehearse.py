"""A session in the zygote itself, before the first fork: both ends of the frames, one small file.

The file is the engine's own. It does nothing but sums over small arrays: no library starts a thread
for that.
"""

from __future__ import annotations

import linecache
import socket
import sys

import numpy as np

from grader.frames import Call, Caps, Kind, Load, Op, Stream
from grader.runner.loading import MODULE
from grader.runner.main import Runner

ROUNDS = 24  # Python makes a function fast after some eight runs
FILENAME = "rehearsal.py"
SOURCE = """
import numpy as np

class Mean:
    def __init__(self, start):
        self.value = start

    def update(self, x):
        self.value = float(np.mean(x)) + self.value
        return self.value

def shares(x, y, power=2):
    z = np.exp(x - x.max(axis=1, keepdims=True))
    if power == 0:
        raise ValueError("power must not be 0")
    return np.sum(z) ** power, z / z.sum(axis=1, keepdims=True) - y[:, None]
"""


def rehearse() -> None:
    """Load a file and call it, and leave nothing of it behind."""
    here, there = socket.socketpair()
    with here, there:
        checker = Stream(here)
        runner = Runner(lambda objects: Stream(there, Caps(), objects))
        checker.send(Kind.LOAD, 1, Load(SOURCE, FILENAME, seed=1).body())
        runner.load(runner.stream.receive())
        checker.receive()
        for number in range(ROUNDS):
            for call in _calls(number + 1):
                checker.send(Kind.CALL, number, call.body())
                runner.take(runner.stream.receive())
                checker.receive()
    sys.modules.pop(MODULE, None)
    linecache.cache.pop(FILENAME, None)


def _calls(rows: int) -> list[Call]:
    x, y = np.full((rows, 4), 0.5), np.arange(rows)
    return [
        Call(Op.CALL, None, "shares", (x, y)),
        Call(Op.CALL, None, "shares", (x, y), {"power": 3}, light=True),
        Call(Op.CALL, None, "shares", (x, y), {"power": 0}),
        Call(Op.CALL, None, "Mean", (0.5,)),
        Call(Op.CALL, rows, "update", ([1, 2.0, True, None, "text"][:2],)),
        Call(Op.HAS, None, "Mean.update"),
    ]
