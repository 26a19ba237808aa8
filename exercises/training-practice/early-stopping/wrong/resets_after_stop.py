"""After a stop the count starts from 0.

What does the statement say about updates after a stop? Did anything improve?
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
        stop = self.waited >= self.patience
        self.waited = 0 if stop else self.waited
        return stop


def diagnose(train, val):
    k = val.index(min(val))
    if val[-1] > 1.05 * val[k] and train[-1] < train[k]:
        return "overfit", k + 1
    if train[-1] > 0.8 * train[0]:
        return "underfit", 0
    return "good", k
