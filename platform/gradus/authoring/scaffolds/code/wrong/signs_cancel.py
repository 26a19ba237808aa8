"""Positive and negative errors cancel each other.

Where do the bars of the absolute value stand: around each difference, or around their mean?
"""

import numpy as np


def mean_absolute_error(predictions, targets):
    return float(abs(np.mean(predictions - targets)))
