"""A view of all windows instead of a copy; the channels of the result come last in memory."""

import torch
from torch.nn.functional import pad as surround


def conv2d(x, w, b, stride, pad):
    padded = surround(x, [pad] * 4, mode="constant")
    views = padded.unfold(2, w.shape[2], stride).unfold(3, w.shape[3], stride)
    y = torch.einsum("nchwuv,fcuv->nhwf", views, w) + b
    return y.permute(0, 3, 1, 2)
