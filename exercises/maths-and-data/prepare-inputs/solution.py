"""Images, numbers, categories and words as float64 arrays."""

import numpy as np


def image_to_column(imgs):
    return imgs.reshape(len(imgs), -1).T / 255


def fit_scaler(X, kind):
    low, high = X.min(axis=1), X.max(axis=1)
    if kind == "minmax":
        shift, scale = low, high - low
    else:
        shift, scale = X.mean(axis=1), X.std(axis=1)
    # Where all values are equal, rounding may leave a tiny standard deviation, so ask the values.
    scale = np.where(low == high, np.inf, scale)
    state = {"shift": shift[:, None], "scale": scale[:, None]}
    return state


def apply_scaler(X, state):
    return (X - state["shift"]) / state["scale"] + 0.0  # no minus zero


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
