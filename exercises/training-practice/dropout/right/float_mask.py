"""A mask of floats from a uniform draw, in Fortran order; the factor is put together first."""

from typing import NamedTuple

import numpy as np


class Dropped(NamedTuple):
    y: np.ndarray
    mask: np.ndarray


def dropout(x, p, training, rng):
    mask = np.ones(x.shape, order="F")
    if training:
        mask[rng.uniform(0.0, 1.0, size=x.shape) < p] = 0.0
    return Dropped(x * factor(mask, p if training else 0.0), mask)


def dropout_backward(dy, mask, p):
    return dy * factor(mask, p)


def factor(mask, p):
    keep = 1.0 - p
    return np.divide(mask, keep, out=np.zeros(mask.shape), where=mask > 0)
