"""best_epoch is the last epoch, not the best one.

After a stop one goes back to the weights of the best epoch. When does best_epoch change?
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
        self.best_epoch = epoch
        return self.waited >= self.patience


def diagnose(train, val):
    k = val.index(min(val))
    if val[-1] > 1.05 * val[k] and train[-1] < train[k]:
        return "overfit", k + 1
    if train[-1] > 0.8 * train[0]:
        return "underfit", 0
    return "good", k
