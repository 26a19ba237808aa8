"""Indices are counted from 1.

Which index has the first epoch in Python?
"""


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best = float("inf")
        self.best_epoch = None
        self.waited = 0

    def update(self, epoch, val):
        if val < self.best - self.min_delta:  # false for nan
            self.best, self.best_epoch, self.waited = val, epoch, 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def diagnose(train, val):
    k = val.index(min(val))
    if val[-1] > 1.05 * val[k] and train[-1] < train[k]:
        return "overfit", k + 2
    if train[-1] > 0.8 * train[0]:
        return "underfit", 0
    return "good", k + 1
