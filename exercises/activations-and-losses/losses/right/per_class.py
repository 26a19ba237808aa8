"""The loss of each class weighted by its label; named tuples of 0-d arrays."""

from typing import NamedTuple

import numpy as np


class Result(NamedTuple):
    loss: np.ndarray
    gradient: np.ndarray


def mse(p, y):
    error = p - y
    return Result(np.array(np.vdot(error, error) / error.size), error * (2.0 / error.size))


def bce(p, y):
    smallest = np.exp(-100.0)
    surprise = -np.log(np.maximum(np.stack([1.0 - p, p]), smallest))
    weights = np.stack([1.0 - y, y])
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = (1.0 - y) / (1.0 - p) - y / p
    return Result(np.array((weights * surprise).sum() / p.size), gradient / p.size)


def bce_logits(z, y):
    surprise = np.stack([np.logaddexp(0.0, z), np.logaddexp(0.0, -z)])  # -ln(1 - p), -ln p
    weights = np.stack([1.0 - y, y])
    p = np.exp(-surprise[1])
    return Result(np.array(np.average(surprise.T, weights=weights.T) + 0.0), (p - y) / z.size)
