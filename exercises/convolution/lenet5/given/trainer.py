"""Reads, sets and trains the parameters of a model, in the order in which they are registered."""

import torch
from torch.nn import functional as F


def shapes(model):
    """Return the shape of each parameter."""
    return [tuple(p.shape) for p in model.parameters()]


def weights(model):
    """Return a copy of each parameter."""
    return [p.detach().clone() for p in model.parameters()]


def set_weights(model, arrays):
    """Turn the model to the dtype of the arrays and give it their values; return the model."""
    values = [torch.as_tensor(array) for array in arrays]
    model.to(values[0].dtype)
    with torch.no_grad():
        for p, value in zip(model.parameters(), values, strict=True):
            p.copy_(value)
    return model


def adam_steps(model, X, y, steps, lr):
    """Train on the whole batch with Adam; return the loss before each step.

    X: (N, 1, 32, 32); y: (N,), the labels.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
