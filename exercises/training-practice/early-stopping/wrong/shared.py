"""All instances share one memory.

Two trainings run at once. Where does each keep its own best loss?
"""


class Memory:
    pass


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        memory = Memory
        memory.best = float("inf")
        memory.best_epoch = None
        memory.waited = 0

    @property
    def best_epoch(self):
        return Memory.best_epoch

    def update(self, epoch, val):
        if val < Memory.best - self.min_delta:  # false for nan
            Memory.best, Memory.best_epoch, Memory.waited = val, epoch, 0
        else:
            Memory.waited += 1
        return Memory.waited >= self.patience


def diagnose(train, val):
    k = val.index(min(val))
    if val[-1] > 1.05 * val[k] and train[-1] < train[k]:
        return "overfit", k + 1
    if train[-1] > 0.8 * train[0]:
        return "underfit", 0
    return "good", k
