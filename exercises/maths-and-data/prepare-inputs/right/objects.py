"""The state is an object; the others are views, masks and callables."""

import numpy as np


class Scaler:
    def __init__(self, X, kind):
        self.constant = np.ptp(X, axis=1) == 0
        self.centre, self.width = (
            (np.amin(X, axis=1), np.ptp(X, axis=1))
            if kind == "minmax"
            else (np.mean(X, axis=1), np.sqrt(np.var(X, axis=1)))
        )

    def __call__(self, X):
        scaled = np.zeros_like(X)
        moving = ~self.constant
        scaled[moving] = ((X[moving].T - self.centre[moving]) / self.width[moving]).T
        return scaled


fit_scaler = Scaler


def apply_scaler(X, state):
    return state(X)


class ToColumn:
    def __call__(self, imgs):
        return np.stack([img.ravel() for img in imgs], axis=1).astype(np.float64) / 255.0


image_to_column = ToColumn()


def one_hot(col, categories):
    hits = np.array(categories)[:, None] == np.array(col)[None, :]
    if not hits.any(axis=0).all():
        raise ValueError("a value is no category")
    return hits.astype(float)


def embed(tokens, table, lowercase):
    spell = str.lower if lowercase else str
    return np.vstack([np.asarray(table[spell(token)]) for token in tokens])
