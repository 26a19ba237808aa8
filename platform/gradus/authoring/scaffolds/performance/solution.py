"""Reference: by broadcasting; and the loops that it is timed against."""

import numpy as np


def squared_distances(a, b):
    differences = a[:, None, :] - b[None, :, :]
    return np.einsum("ijk,ijk->ij", differences, differences)


def squared_distances_loops(a, b):
    out = np.empty((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            out[i, j] = np.sum((a[i] - b[j]) ** 2)
    return out
