"""The sigmoid as a shifted tanh, sums by einsum, a named tuple from a callable object."""

from collections import namedtuple

import numpy as np

Step = namedtuple("Step", ["w", "b", "J"])


class GradStep:
    def __call__(self, w, b, X, Y, lr):
        m = Y.size
        z = np.einsum("jo,ji->i", w, X) + b
        error = 0.5 + 0.5 * np.tanh(0.5 * z) - Y.ravel()
        with np.errstate(under="ignore"):
            tail = np.log1p(np.exp(-np.abs(z)))
        J = float((np.clip(z, 0.0, None) + tail).sum() - z @ Y.ravel()) / m
        dw = np.einsum("ji,i->j", X, error) / m
        return Step(w - (lr * dw)[:, np.newaxis], float(b - lr * np.mean(error)), J)


grad_step = GradStep()
