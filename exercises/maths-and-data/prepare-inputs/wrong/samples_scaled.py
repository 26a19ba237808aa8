"""Each sample is scaled, not each feature.

Features are rows. Along which axis do the values of one feature lie?
"""

import numpy as np


def image_to_column(imgs):
    return imgs.reshape(len(imgs), -1).T / 255


def fit_scaler(X, kind):
    return {"kind": kind}


def apply_scaler(X, state):
    low, high = X.min(axis=0), X.max(axis=0)
    if state["kind"] == "minmax":
        shift, scale = low, high - low
    else:
        shift, scale = X.mean(axis=0), X.std(axis=0)
    return (X - shift) / np.where(low == high, np.inf, scale)


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
