"""The places are right in number, but lie side by side.

How far apart are two neighbouring windows?
"""

from torch.nn import functional


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = (H + 2 * pad - kh) // stride + 1
    columns = (W + 2 * pad - kw) // stride + 1
    windows = functional.unfold(x, (kh, kw), padding=pad, stride=1)  # (N, C kh kw, H' W')
    windows = windows.unflatten(2, (H + 2 * pad - kh + 1, -1))[:, :, :rows, :columns].flatten(2)
    y = w.flatten(1) @ windows + b[:, None]
    return y.reshape(N, F, rows, columns)
