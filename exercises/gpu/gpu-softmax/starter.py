import torch


def softmax_rows(x):
    """Return the softmax of each row: shape, dtype and device of x."""
    return torch.exp(x)
