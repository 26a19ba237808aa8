import numpy as np


def squared_distances(a, b):
    return np.zeros((len(a), len(b)))
