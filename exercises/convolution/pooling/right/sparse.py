"""Pooling of the average as a matrix; the maximum by flat positions in x."""

import numpy as np


def starts(size, k, stride):
    return np.arange(0, size - k + 1, stride)


def pool2d(x, k, stride, mode):
    N, C, H, W = x.shape
    rows, columns = starts(H, k, stride), starts(W, k, stride)
    if mode == "avg":
        up = ((np.arange(H) >= rows[:, None]) & (np.arange(H) < rows[:, None] + k)) / k
        across = ((np.arange(W) >= columns[:, None]) & (np.arange(W) < columns[:, None] + k)) / k
        return up @ x @ across.T, ["avg", up, across]
    corner = rows[:, None] * W + columns  # (H', W')
    inside = (np.arange(k)[:, None] * W + np.arange(k)).ravel()
    where = corner[..., None] + inside  # (H', W', k k)
    flat = x.reshape(N * C, H * W)
    best = flat[:, where].argmax(axis=-1)  # (N C, H', W')
    position = np.take_along_axis(
        np.broadcast_to(where, (N * C, *where.shape)), best[..., None], -1
    )
    position = position.reshape(N * C, -1)
    y = np.take_along_axis(flat, position, 1).reshape(N, C, len(rows), len(columns))
    return y, ["max", position, (N, C, H, W)]


def pool2d_backward(dy, cache):
    kind, *rest = cache
    if kind == "avg":
        up, across = rest
        return np.einsum("ih,ncij,jw->nchw", up, dy, across)
    position, shape = rest
    dx = np.zeros((shape[0] * shape[1], shape[2] * shape[3]))
    np.add.at(dx, (np.arange(len(dx))[:, None], position), dy.reshape(len(dx), -1))
    return dx.reshape(shape)


def roi_max_pool(f, box, out=7):
    x1, y1, x2, y2 = box
    i = np.arange(out)

    def edges(start, end):
        return start + i * (end - start) // out, start + ((i + 1) * (end - start) + out - 1) // out

    tops, bottoms = edges(y1, y2)
    lefts, rights = edges(x1, x2)
    strips = np.stack([f[:, a:b].max(axis=1) for a, b in zip(tops, bottoms)], axis=1)
    return np.stack([strips[:, :, a:b].max(axis=2) for a, b in zip(lefts, rights)], axis=2)
