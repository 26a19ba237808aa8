"""A class that freezes in its constructor, momentum, gradients taken only where they are used."""

import copy

import torch
from torch import nn
from torch.nn import functional as F


class Adapter:
    depth = {"feature": 3, "partial": 2, "full": 0}

    def __call__(self, backbone, num_classes, mode):
        model = copy.deepcopy(backbone)
        fresh = nn.Linear(32, num_classes)
        nn.init.zeros_(fresh.bias)
        nn.init.xavier_uniform_(fresh.weight)
        model.head = fresh
        blocks = [model.block1, model.block2, model.block3]
        for number, part in enumerate(blocks):
            for p in part.parameters():
                p.requires_grad_(number >= self.depth[mode])
        return model.train()


adapt = Adapter()


def free(model):
    return [p for p in model.parameters() if p.requires_grad]


def make_optimizer(model, lr):
    return torch.optim.SGD(free(model), lr=10 * lr, momentum=0.9, nesterov=True)


def train(model, loader, epochs, lr):
    optimizer, own = make_optimizer(model, lr), free(model)
    for _ in range(epochs):
        for x, y in loader:
            model.train()
            for module in model.modules():
                if isinstance(module, nn.BatchNorm2d) and not module.weight.requires_grad:
                    module.eval()
            loss = F.nll_loss(model(x).log_softmax(dim=1), y)
            for p, g in zip(own, torch.autograd.grad(loss, own), strict=True):
                p.grad = g
            optimizer.step()
    for module in model.modules():
        module.training = False
    return model
