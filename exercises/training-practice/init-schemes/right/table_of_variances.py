"""Every scheme is a variance and a standard shape; the result is a transposed view."""

import numpy as np

VARIANCES = {
    "zeros": lambda n, m, sd: 0,
    "normal": lambda n, m, sd: sd**2,
    "xavier": lambda n, m, sd: 1 / np.mean([n, m]),
    "he": lambda n, m, sd: 2 / n,
}
ACTS = {"relu": lambda z: z * (z > 0), "tanh": np.tanh, "linear": lambda z: z}


def init(fan_in, fan_out, scheme, rng, sd=1.0):
    family, _, shape = scheme.partition("_")
    if shape == "uniform":
        unit = np.sqrt(12) * (rng.random((fan_out, fan_in)) - 0.5)
    else:
        unit = rng.standard_normal((fan_out, fan_in))
    return np.sqrt(VARIANCES[family](fan_in, fan_out, sd)) * unit.T


def signal_std(depth, width, scheme, act, rng):
    x = rng.standard_normal((600, width))
    for _ in range(depth):
        x = ACTS[act](x @ init(width, width, scheme, rng))
    return np.sqrt(np.mean((x - x.mean()) ** 2))
