"""Loops over Python numbers; the state is a tuple; results in Fortran order."""

import math

import numpy as np


def image_to_column(imgs):
    m, H, W, C = imgs.shape
    columns = np.zeros((H * W * C, m), order="F")
    for i in range(m):
        for r in range(H):
            for c in range(W):
                for ch in range(C):
                    columns[r * W * C + c * C + ch, i] = int(imgs[i, r, c, ch]) / 255
    return columns


def fit_scaler(X, kind):
    fitted = []
    for row in X.tolist():
        if min(row) == max(row):
            fitted.append(None)
        elif kind == "minmax":
            fitted.append((min(row), max(row) - min(row)))
        else:
            mean = math.fsum(row) / len(row)
            variance = math.fsum((x - mean) ** 2 for x in row) / len(row)
            fitted.append((mean, math.sqrt(variance)))
    return tuple(fitted)


def apply_scaler(X, state):
    scaled = np.zeros(X.shape, order="F")
    for i, known in enumerate(state):
        for j in range(X.shape[1]):
            scaled[i, j] = 0.0 if known is None else (X[i, j] - known[0]) / known[1]
    return scaled


def one_hot(col, categories):
    places = [categories.index(value) for value in col]  # raises ValueError itself
    return np.array([[float(place == row) for place in places] for row in range(len(categories))])


def embed(tokens, table, lowercase):
    rows = []
    for token in tokens:
        rows.append([float(x) for x in table[token.lower() if lowercase else token]])
    return np.array(rows)
