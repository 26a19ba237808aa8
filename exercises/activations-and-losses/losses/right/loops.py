"""Plain Python floats, one number at a time; results as lists, gradients in Fortran order."""

import math

import numpy as np


def mean_of(function, first, y):
    pairs = [function(float(a), float(b)) for a, b in zip(first.ravel(), y.ravel(), strict=True)]
    n = len(pairs)
    slopes = np.array([slope / n for _, slope in pairs]).reshape(first.shape)
    return [math.fsum(loss for loss, _ in pairs) / n, np.asfortranarray(slopes)]


def clamped_log(x):
    return max(-100.0, math.log(x)) if x > 0 else -100.0


def mse(p, y):
    return mean_of(lambda a, b: ((a - b) * (a - b), 2 * (a - b)), p, y)


def bce(p, y):
    def one(a, b):
        loss = -b * clamped_log(a) - (1 - b) * clamped_log(1 - a)
        slope = (1 - b) / (1 - a) - b / a if 0 < a < 1 else 0.0
        return loss, slope

    return mean_of(one, p, y)


def bce_logits(z, y):
    def one(a, b):
        small = math.exp(-abs(a))
        sigmoid = (1 if a >= 0 else small) / (1 + small)
        return max(a, 0.0) - a * b + math.log1p(small), sigmoid - b

    return mean_of(one, z, y)
