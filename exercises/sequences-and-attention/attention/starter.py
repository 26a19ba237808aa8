import numpy as np


def attention(Q, K, V, mask=None):
    """Return out, shape (N, Tq, dv), and weights, shape (N, Tq, Tk)."""
    N, Tq, dk = Q.shape
    Tk, dv = V.shape[1:]
    return np.zeros((N, Tq, dv)), np.zeros((N, Tq, Tk))


def multi_head(x, Wq, Wk, Wv, Wo, heads):
    """Return self-attention of x by several heads, shape (N, T, D)."""
    return np.zeros_like(x)
