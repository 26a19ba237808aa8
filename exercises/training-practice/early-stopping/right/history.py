"""The whole history is kept and read anew at each update; best_epoch is a property."""

import math
from typing import NamedTuple

import numpy as np


class Verdict(NamedTuple):
    name: str
    since: int


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.settings = {"patience": patience, "min_delta": min_delta}
        self.seen = []

    def improvements(self):
        best = math.inf
        for place, (_, val) in enumerate(self.seen):
            if not math.isnan(val) and best - val > self.settings["min_delta"]:
                best = val
                yield place

    @property
    def best_epoch(self):
        places = list(self.improvements())
        return self.seen[places[-1]][0] if places else None

    def update(self, epoch, val):
        self.seen.append((epoch, val))
        last = max(self.improvements(), default=-1)
        return np.bool_(len(self.seen) - 1 - last >= self.settings["patience"])


def diagnose(train, val):
    train, val = np.array(train), np.array(val)
    k = np.argmin(val)
    if val[-1] / val[k] > 1.05 and train[-1] < train[k]:
        return Verdict("overfit", k + 1)
    return Verdict("underfit", 0) if train[-1] / train[0] > 0.8 else Verdict("good", k)
