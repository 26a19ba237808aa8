"""Reads, sets and trains the parameters of a model, in the order in which they are registered."""

import torch
from torch.nn import functional as F


def seed(number):
    """Set torch's random seed, so that two models made the same way start the same."""
    torch.manual_seed(number)


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
    """Train on the whole batch with Adam (0.9, 0.999, 1e-8); return the loss before each step.

    X: (N, 1, 32, 32); y: (N,), the labels. Written out, because importing torch.optim for the first
    time takes longer than all the steps.
    """
    moments = [(p, torch.zeros_like(p), torch.zeros_like(p)) for p in model.parameters()]
    losses = []
    for t in range(1, steps + 1):
        model.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for p, m, v in moments:
                if p.grad is not None:
                    m += 0.1 * (p.grad - m)
                    v += 0.001 * (p.grad**2 - v)
                    p -= lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
    return losses
