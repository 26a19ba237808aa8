"""The weights of a filter are unfolded column by column.

In which order does unfold put the entries of a window? The weights must come in the same order.
"""

from torch.nn import functional


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = (H + 2 * pad - kh) // stride + 1
    columns = (W + 2 * pad - kw) // stride + 1
    windows = functional.unfold(x, (kh, kw), padding=pad, stride=stride)  # (N, C kh kw, H' W')
    y = w.transpose(2, 3).flatten(1) @ windows + b[:, None]
    return y.reshape(N, F, rows, columns)
