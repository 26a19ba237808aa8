"""Layers as modules with their own parameters; backward fills .grad; tensors of norms come back."""

from experiment import cases
from torch import nn


class Layer(nn.Module):
    def __init__(self, weight, act, residual):
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone().T.contiguous())
        self.act = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[act]()
        self.residual = residual

    def forward(self, x):
        y = self.act(nn.functional.linear(x, self.weight))
        return x + y if self.residual else y


def grad_norms(W, X, Y, act, residual):
    net = nn.Sequential(*[Layer(w, act, residual) for w in W])
    loss = 0.5 * nn.functional.mse_loss(net(X), Y, reduction="sum") / X.size(0)
    loss.backward()
    return [layer.weight.grad.pow(2).sum().sqrt().item() for layer in net]


class Run:
    def __call__(self):
        return dict((name, grad_norms(*case)) for name, case in cases().items())


run = Run()
ANSWERS = dict(smallest="sigmoid-small-plain", largest="relu-he-residual", residual_gain="sigmoid")
