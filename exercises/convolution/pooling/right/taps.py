"""A running maximum over the cells of the window; of equal maxima the last one wins."""

import numpy as np


def cells(k, stride, rows, columns):
    for u in range(k):
        for v in range(k):
            yield np.s_[..., u : u + stride * rows : stride, v : v + stride * columns : stride]


def pool2d(x, k, stride, mode):
    rows, columns = (1 + (side - k) // stride for side in x.shape[2:])
    y = np.full((*x.shape[:2], rows, columns), -np.inf if mode == "max" else 0.0)
    winner = np.zeros(y.shape, dtype=np.int64)
    for number, cell in enumerate(cells(k, stride, rows, columns)):
        if mode == "avg":
            y += x[cell] / k**2
        else:
            better = x[cell] >= y
            winner[better] = number
            y = np.where(better, x[cell], y)
    return [y, {"like": list(x.shape), "settings": (k, stride, mode), "winner": winner}]


def pool2d_backward(dy, cache):
    k, stride, mode = cache["settings"]
    dx = np.zeros(cache["like"])
    for number, cell in enumerate(cells(k, stride, *dy.shape[2:])):
        dx[cell] += dy / k**2 if mode == "avg" else dy * (cache["winner"] == number)
    return dx


def roi_max_pool(f, box, out=7):
    left, top, right, bottom = box
    y = np.full((out, out, len(f)), -np.inf)
    for row in range(top, bottom):
        for column in range(left, right):
            for i in range(out):
                for j in range(out):
                    # pixel [p, p + 1) meets bin [i size / out, (i + 1) size / out)
                    p, q = row - top, column - left
                    if i * (bottom - top) < (p + 1) * out and p * out < (i + 1) * (bottom - top):
                        if j * (right - left) < (q + 1) * out and q * out < (j + 1) * (
                            right - left
                        ):
                            y[i, j] = np.maximum(y[i, j], f[:, row, column])
    return np.moveaxis(y, -1, 0)
