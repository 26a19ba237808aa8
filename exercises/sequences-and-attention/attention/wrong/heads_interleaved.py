"""The columns are dealt out to the heads one by one.

Which columns does the statement give to head 0? Do they lie side by side?
"""

import numpy as np


def attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[-1])  # (N, Tq, Tk)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    e = np.exp(scores - np.where(np.isinf(top), 0.0, top))
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total == 0.0, 1.0, total)
    return weights @ V, weights


def multi_head(x, Wq, Wk, Wv, Wo, heads):
    N, T, D = x.shape

    def split(projected):  # (N, T, D) to (N * heads, T, D / heads)
        blocks = projected.reshape(N, T, D // heads, heads).swapaxes(2, 3)
        return blocks.transpose(0, 2, 1, 3).reshape(N * heads, T, D // heads)

    out, _ = attention(split(x @ Wq), split(x @ Wk), split(x @ Wv))
    joined = out.reshape(N, heads, T, D // heads).transpose(0, 2, 3, 1).reshape(N, T, D)
    return joined @ Wo
