import numpy as np


def image_to_column(imgs):
    """Return the m images as columns, shape (H * W * C, m), values from 0 to 1."""
    m, H, W, C = imgs.shape
    return np.zeros((H * W * C, m))


def fit_scaler(X, kind):
    """Return what apply_scaler has to know about X; kind is "minmax" or "zscore"."""
    return {}


def apply_scaler(X, state):
    """Return X scaled by what was fitted, shape of X."""
    return np.zeros(X.shape)


def one_hot(col, categories):
    """Return one row for each category, one column for each entry of col."""
    return np.zeros((len(categories), len(col)))


def embed(tokens, table, lowercase):
    """Return one row for each token, shape (T, d)."""
    d = len(next(iter(table.values())))
    return np.zeros((len(tokens), d))
