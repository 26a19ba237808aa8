"""The errors are summed, not averaged.

By what is the sum divided in the formula?
"""

import numpy as np


def mean_absolute_error(predictions, targets):
    return float(np.sum(np.abs(predictions - targets)))
