"""Entry by entry in plain Python, the number of random draws depends on p."""

import numpy as np


def dropout(x, p, training, rng):
    kept = [not training or p == 0.0 or (p < 1.0 and rng.random() > p) for _ in range(x.size)]
    mask = np.array(kept, dtype=bool).reshape(x.shape)
    scale = 1.0 if not training or p == 1.0 else 1.0 / (1.0 - p)
    y = np.array([scale * value if keep else 0.0 for value, keep in zip(x.flat, kept, strict=True)])
    return y.reshape(x.shape), mask


def dropout_backward(dy, mask, p):
    return np.where(mask, dy, 0.0) / (1.0 - p) if p < 1.0 else 0.0 * dy
