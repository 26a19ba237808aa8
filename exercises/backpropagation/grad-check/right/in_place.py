"""The argument itself is moved and put back; layers checked in their own 2-norm, entry by entry."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    columns = []
    with np.nditer(x, flags=["multi_index"], op_flags=["readwrite"]) as entries:
        for entry in entries:
            old = entry.copy()
            values = []
            for sign in (1, -1):
                entry[...] = old + sign * h
                values.append(f(x))
            entry[...] = old
            columns.append((values[0] - values[1]) / h / 2)
    return np.asfortranarray(np.array(columns).reshape(x.shape))


def relative_error(a, b):
    with np.errstate(invalid="ignore"):
        quotient = np.abs(a - b) / (np.abs(a) + np.abs(b))
    return np.max(np.nan_to_num(quotient, nan=0.0), initial=0.0)


def find_broken(layers):
    names = ()
    for name, (forward, backward, in_shape) in layers.items():
        rng = np.random.default_rng(len(names))
        x = rng.choice([-1, 1], size=(4, *in_shape)) * rng.uniform(0.2, 1.5, size=(4, *in_shape))
        dy = rng.normal(size=np.shape(forward(x)))
        slopes = numerical_gradient(lambda p, f=forward, d=dy: (f(p) * d).sum(), x)
        if not np.allclose(backward(x, dy), slopes, rtol=1e-4, atol=1e-8):
            names += (name,)
    return names
