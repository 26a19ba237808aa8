"""A bin without a pixel gives 0.

How does the statement round the end of a bin? Can a bin be empty then?
"""

import numpy as np


def pool2d(x, k, stride, mode):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', k, k)
    flat = windows.reshape(*windows.shape[:4], k * k)
    cache = {"shape": x.shape, "k": k, "stride": stride, "winner": None}
    if mode == "avg":
        return flat.mean(axis=-1), cache
    cache["winner"] = flat.argmax(axis=-1)
    return flat.max(axis=-1), cache


def pool2d_backward(dy, cache):
    k, stride, winner = cache["k"], cache["stride"], cache["winner"]
    rows, columns = dy.shape[2:]
    dx = np.zeros(cache["shape"])
    for u in range(k):
        for v in range(k):
            share = dy / k**2 if winner is None else np.where(winner == u * k + v, dy, 0.0)
            # cell (u, v) of every window
            dx[:, :, u : u + stride * rows : stride, v : v + stride * columns : stride] += share
    return dx


def roi_max_pool(f, box, out=7):
    x1, y1, x2, y2 = box
    result = np.zeros((f.shape[0], out, out))
    for i in range(out):
        top, bottom = bin_of(i, y1, y2, out)
        for j in range(out):
            left, right = bin_of(j, x1, x2, out)
            pixels = f[:, top:bottom, left:right]
            result[:, i, j] = pixels.max(axis=(1, 2)) if pixels.size else 0.0
    return result


def bin_of(i, start, end, out):
    size = end - start
    return start + i * size // out, start + (i + 1) * size // out
