"""The bias as one more weight, so that one product does all; logaddexp; a Fortran result."""

import numpy as np


def grad_step(w, b, X, Y, lr):
    n, m = X.shape
    samples = np.empty((n + 1, m))
    samples[:n], samples[n] = X, 1.0
    theta = np.append(w[:, 0], b)
    z, y = theta @ samples, Y[0]
    error = np.exp(-np.logaddexp(0.0, -z)) - y
    theta = theta - lr / m * (samples @ error)
    loss = np.logaddexp(0.0, z) - y * z
    return [np.asfortranarray(theta[:n, None]), theta[n], np.array(np.average(loss))]
