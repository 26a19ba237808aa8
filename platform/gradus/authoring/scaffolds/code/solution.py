"""Reference: the mean of the absolute differences."""

import numpy as np


def mean_absolute_error(predictions, targets):
    return float(np.mean(np.abs(predictions - targets)))
