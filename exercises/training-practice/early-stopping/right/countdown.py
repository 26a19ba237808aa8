"""A countdown in a dataclass; the limit below which a loss is an improvement is kept."""

from dataclasses import dataclass, field
from itertools import count


@dataclass
class EarlyStopping:
    patience: int
    min_delta: float
    best_epoch: int | None = field(default=None, init=False)

    def __post_init__(self):
        self.left = self.patience
        self.limit = float("inf")

    def update(self, epoch, val):
        improved = val < self.limit
        if improved:
            self.best_epoch = epoch
            self.limit = val - self.min_delta
        self.left = self.patience if improved else self.left - 1
        return not self.left > 0


def diagnose(train, val):
    lowest = min(zip(val, count()))[1]
    rises = val[-1] > val[lowest] + 0.05 * val[lowest]
    learns = train[-1] < train[lowest]
    if rises and learns:
        return ["overfit", lowest + 1]
    if not train[-1] <= 0.8 * train[0]:
        return ["underfit", 0]
    return ["good", lowest]
