import copy

import torch
from torch.nn import functional as F


def adapt(backbone, num_classes, mode):
    """Return a new model with a fresh head; mode is "feature", "partial" or "full"."""
    model = copy.deepcopy(backbone)
    # a head for num_classes, and what may learn
    return model


def make_optimizer(model, lr):
    """Return an optimiser over what may learn, and nothing else."""
    return torch.optim.Adam(model.parameters(), lr=lr)


def train(model, loader, epochs, lr):
    """Train the model in place for some epochs over loader, a list of (x, y); return it."""
    optimizer = make_optimizer(model, lr)
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    return model
