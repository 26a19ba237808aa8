"""The state keeps the data and nothing is computed before it is applied; errors of own classes."""

from collections import namedtuple

import numpy as np

Fitted = namedtuple("Fitted", ["data", "kind"])


class UnknownCategory(ValueError):
    pass


class UnknownWord(KeyError):
    pass


def image_to_column(imgs):
    m = imgs.shape[0]
    return np.divide(np.transpose(imgs, (1, 2, 3, 0)).reshape(-1, m), 255, dtype=np.float64)


def fit_scaler(X, kind):
    return Fitted(X, kind)


def apply_scaler(X, state):
    data, kind = state
    low, high = data.min(1, keepdims=True), data.max(1, keepdims=True)
    flat = high <= low
    if kind == "minmax":
        return np.where(flat, 0.0, X - low) / np.where(flat, 1.0, high - low)
    mean = data.sum(1, keepdims=True) / data.shape[1]
    deviation = np.sqrt(((data - mean) ** 2).sum(1, keepdims=True) / data.shape[1])
    return np.where(flat, 0.0, X - mean) / np.where(flat, 1.0, deviation)


def one_hot(col, categories):
    unknown = set(col) - set(categories)
    if unknown:
        raise UnknownCategory(sorted(unknown))
    return np.eye(len(categories))[:, [categories.index(value) for value in col]]


def embed(tokens, table, lowercase):
    vectors = np.empty((len(tokens), len(next(iter(table.values())))))
    for row, token in enumerate(tokens):
        word = token.lower() if lowercase else token
        if word not in table:
            raise UnknownWord(word)
        vectors[row] = table[word]
    return vectors
