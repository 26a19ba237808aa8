import numpy as np


def activation(name, z, alpha=0.01):
    """Return (a, da_dz) of the activation `name` at z, both float64 and of z's shape."""
    if name == "linear":
        return np.array(z, dtype=np.float64), np.ones(z.shape)
    raise NotImplementedError(f"{name} is still to be written")
