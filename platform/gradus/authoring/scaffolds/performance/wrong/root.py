"""The root is taken, so these are distances.

Does the statement ask for the distance or for its square?
"""

import numpy as np


def squared_distances(a, b):
    return np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))
