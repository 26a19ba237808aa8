"""One mask for each piece; Fortran order, numpy scalars for 0-d input."""

import numpy as np


def prelu(z, alpha):
    z = np.asfortranarray(z)
    a, dz = z.copy(order="F"), np.ones_like(z)
    rows, columns = np.nonzero(z < 0)
    a[rows, columns] *= alpha[columns]
    dz[rows, columns] = alpha[columns]
    dalpha = np.bincount(columns, weights=z[rows, columns], minlength=z.shape[1])
    return a, dz, dalpha.astype(np.float64)


def piecewise(z, masks, values, slopes):
    z = np.asarray(z, dtype=np.float64)
    a, da_dz = np.empty(z.shape, order="F"), np.empty(z.shape, order="F")
    for mask, value, slope in zip(masks, values, slopes, strict=True):
        a[mask], da_dz[mask] = value(z[mask]), slope(z[mask])
    return a[()], da_dz[()]


def elu(z, alpha):
    left, right = z <= 0, z > 0
    return piecewise(
        z,
        (left, right),
        (lambda x: alpha * np.exp(x) - alpha, lambda x: x),
        (lambda x: alpha * np.exp(x), np.ones_like),
    )


def softplus(z):
    return piecewise(
        z,
        (z <= 0, z > 0),
        (lambda x: np.log1p(np.exp(x)), lambda x: x + np.log1p(np.exp(-x))),
        (lambda x: 1 - 1 / (1 + np.exp(x)), lambda x: 1 / (1 + np.exp(-x))),
    )


def hard_sigmoid(z, slope, shift):
    first, last = -shift / slope, (1 - shift) / slope
    return piecewise(
        z,
        (z < first, (z >= first) & (z <= last), z > last),
        (np.zeros_like, lambda x: slope * x + shift, np.ones_like),
        (np.zeros_like, lambda x: np.full_like(x, slope), np.zeros_like),
    )
