"""The eighteen cases of the experiment: three activations, three starts, with and without residual.

Cases with the same start have the same weights, so that two cases differ in what their names say.
"""

import torch

DEPTH, WIDTH, EXAMPLES = 10, 32, 64
ACTS = ("sigmoid", "tanh", "relu")
STARTS = {"small": 0.05, "xavier": (1 / WIDTH) ** 0.5, "he": (2 / WIDTH) ** 0.5}  # weight sd


def cases():
    """Return {name: (W, X, Y, act, residual)}, float64 tensors, the same at every call."""
    random = torch.Generator().manual_seed(20240501)

    def normal(*shape):
        return torch.randn(*shape, generator=random, dtype=torch.float64)

    X = normal(EXAMPLES, WIDTH)
    Y = torch.rand(EXAMPLES, WIDTH, generator=random, dtype=torch.float64)
    unit = [normal(WIDTH, WIDTH) for _ in range(DEPTH)]
    found = {}
    for act in ACTS:
        for start, sd in STARTS.items():
            for residual in (False, True):
                name = f"{act}-{start}-{'residual' if residual else 'plain'}"
                found[name] = ([sd * w for w in unit], X.clone(), Y.clone(), act, residual)
    return found
