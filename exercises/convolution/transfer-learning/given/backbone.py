"""The pre-trained network, and what the checks need to look into a model."""

import base64

import torch
import weights
from torch import nn


def block(n_in, n_out):
    """Return a convolution with batch normalisation that halves the picture."""
    convolution = nn.Conv2d(n_in, n_out, 3, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(n_out), nn.ReLU(), nn.MaxPool2d(2))


class Backbone(nn.Module):
    """(N, 1, 16, 16) to four logits."""

    def __init__(self):
        super().__init__()
        self.block1 = block(1, 8)
        self.block2 = block(8, 16)
        self.block3 = block(16, 32)
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(32, 4)

    def forward(self, x):
        return self.head(self.pool(self.block3(self.block2(self.block1(x)))))


def load_backbone():
    """Return the network with the weights that pretrain.py found, in evaluation mode."""
    model = Backbone()
    raw = bytearray(base64.b64decode(weights.FLOAT32))
    values = torch.frombuffer(raw, dtype=torch.float32)
    state, start = model.state_dict(), 0
    for name, value in state.items():
        if value.is_floating_point():
            state[name] = values[start : start + value.numel()].view_as(value).clone()
            start += value.numel()
    state = {n: v if v.is_floating_point() else v + weights.BATCHES for n, v in state.items()}
    model.load_state_dict(state)
    return model.eval()


def new_backbone(seed):
    """Return the network with random weights; sets torch's random seed."""
    torch.manual_seed(seed)
    return Backbone()


def seed(number):
    """Set torch's random seed, so that two heads made the same way start the same."""
    torch.manual_seed(number)


def set_state(model, values):
    """Give a model these parameters and buffers: {name: array}; return it in evaluation mode."""
    model.load_state_dict({name: torch.as_tensor(value) for name, value in values.items()})
    return model.eval()


def state(model):
    """Return copies of all parameters and buffers: {name: tensor}."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def learning(model):
    """Return the names of the parameters that may learn."""
    return [name for name, p in model.named_parameters() if p.requires_grad]


def held(optimizer, model):
    """Return the names of what the optimiser holds, and its weight decays."""
    names = {id(p): name for name, p in model.named_parameters()}
    groups = optimizer.param_groups
    found = [names.get(id(p), "a tensor of another model") for g in groups for p in g["params"]]
    return sorted(found), [float(group.get("weight_decay", 0.0)) for group in groups]


def is_same(first, second):
    """Tell whether two names mean one object."""
    return first is second


def in_training_mode(model):
    """Return the names of the modules that are in training mode."""
    return [name or "the model itself" for name, m in model.named_modules() if m.training]
