"""Frozen blocks run once for each batch, before training; only what follows them is repeated."""

import torch
from torch import nn


def adapt(backbone, num_classes, mode):
    model = type(backbone)()
    old = backbone.state_dict()
    model.head = nn.Linear(in_features=32, out_features=num_classes)
    model.load_state_dict({name: old[name] for name in old if "head" not in name}, strict=False)
    frozen = {"feature": ["block1", "block2", "block3"], "partial": ["block1", "block2"]}
    for name in frozen.get(mode, []):
        for p in model.get_submodule(name).parameters():
            p.requires_grad = False
    return model


def make_optimizer(model, lr):
    free = list(filter(lambda p: p.requires_grad, model.parameters()))
    groups = [{"params": free[-2:], "lr": 2 * lr}]
    if len(free) > 2:
        groups.append({"params": free[:-2]})
    return torch.optim.RMSprop(groups, lr=lr, alpha=0.95)


def train(model, loader, epochs, lr):
    parts = [model.block1, model.block2, model.block3, model.pool, model.head]
    learns = [any(p.requires_grad for p in part.parameters()) for part in parts]
    first = learns.index(True)
    model.eval()
    with torch.no_grad():
        cached = [(nn.Sequential(*parts[:first])(x), y) for x, y in loader]
    rest = nn.Sequential(*parts[first:]).train()
    optimizer = make_optimizer(model, lr)
    loss_of = nn.CrossEntropyLoss()
    for _ in range(epochs):
        for features, y in cached:
            loss = loss_of(rest(features), y)
            optimizer.zero_grad(set_to_none=False)
            loss.backward()
            optimizer.step()
    model.eval()
    return model
