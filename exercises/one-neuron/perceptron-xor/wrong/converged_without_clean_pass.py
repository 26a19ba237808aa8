"""The training stops without a clean pass.

After a pass with changes all samples may be right already, but only the next pass shows it.
"""

import numpy as np


def train(X, y, lr, max_epochs):
    samples = [(x1, x2, int(t)) for (x1, x2), t in zip(X.tolist(), y, strict=True)]
    w1 = w2 = b = 0.0
    epochs, converged = 0, False
    while epochs < max_epochs and not converged:
        epochs += 1
        for x1, x2, t in samples:
            answer = 1 if w1 * x1 + w2 * x2 + b >= 0 else 0
            if answer != t:
                w1 += lr * (t - answer) * x1
                w2 += lr * (t - answer) * x2
                b += lr * (t - answer)
        converged = all((w1 * x1 + w2 * x2 + b >= 0) == t for x1, x2, t in samples)
    return np.array([w1, w2]), b, epochs, converged


def xor_net():
    # One unit says "at least one", the other one "not both".
    W1 = np.array([[1.0, -1.0], [1.0, -1.0]])
    b1 = np.array([-0.5, 1.5])
    return W1, b1, np.array([1.0, 1.0]), -1.5
