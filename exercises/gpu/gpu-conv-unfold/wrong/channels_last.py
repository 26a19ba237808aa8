"""The result has its channels last.

Which axis of the result is the filter?
"""

from torch.nn import functional


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = (H + 2 * pad - kh) // stride + 1
    columns = (W + 2 * pad - kw) // stride + 1
    windows = functional.unfold(x, (kh, kw), padding=pad, stride=stride)  # (N, C kh kw, H' W')
    y = windows.transpose(1, 2) @ w.flatten(1).T + b
    return y.reshape(N, rows, columns, F)
