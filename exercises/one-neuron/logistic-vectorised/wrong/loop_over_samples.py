"""There is still a loop over the samples.

All samples can meet the weights in one product.
"""

import numpy as np


def grad_step(w, b, X, Y, lr):
    m = X.shape[1]
    J, db, dw = 0.0, 0.0, np.zeros(w.shape)
    for i in range(m):
        x, y = X[:, i : i + 1], Y[0, i]
        z = (w * x).sum() + b
        e = np.exp(-abs(z))
        a = (1.0 if z >= 0 else e) / (1.0 + e)
        J += (max(z, 0.0) + np.log1p(e) - y * z) / m
        dw += x * (a - y) / m
        db += (a - y) / m
    return w - lr * dw, b - lr * db, J
