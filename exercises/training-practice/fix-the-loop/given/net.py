"""The network that is trained, in two styles with the same parameters and the same names."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


class Functional(nn.Module):
    """Layers are made here and put together in `forward`."""

    def __init__(self, inputs):
        super().__init__()
        self.body = nn.ModuleList([nn.Linear(inputs, 16), nn.BatchNorm1d(16)])
        self.head = nn.Linear(16, 8)

    def forward(self, x):
        linear, norm = self.body
        return self.head(F.relu(norm(linear(x))))


def make_sequential(inputs):
    """Layers one after the other; the names of the outer ones are body, relu and head."""
    body = nn.Sequential(nn.Linear(inputs, 16), nn.BatchNorm1d(16))
    return nn.Sequential(OrderedDict(body=body, relu=nn.ReLU(), head=nn.Linear(16, 8)))


def make_net(variant, inputs):
    """Return a float64 network; variant is "sequential" or "functional"."""
    make = make_sequential if variant == "sequential" else Functional
    return make(inputs).double()


def set_state(net, values):
    """Give the network these parameters and buffers: {name: array}; return the network."""
    net.load_state_dict({name: torch.as_tensor(value) for name, value in values.items()})
    return net


def parameters(net):
    """Return copies of what the optimiser changes: {name: tensor}."""
    return {name: value.detach().clone() for name, value in net.named_parameters()}


def buffers(net):
    """Return copies of what batch normalisation remembers: {name: tensor}."""
    return {name: value.detach().clone() for name, value in net.named_buffers()}


def learn(fit, net, task, outputs, X, y, Xval, yval, epochs, lr, batch_size, seed):
    """Train net by fit; return the losses and the parameters that it ends with."""
    losses = fit(net, task, outputs, X, y, Xval, yval, epochs, lr, batch_size, seed)["losses"]
    return [float(loss) for loss in losses], parameters(net)
