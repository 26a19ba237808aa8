"""Plain Python floats, one number at a time; results as lists of arrays."""

import math

import numpy as np


def each(function, z):
    pairs = [function(float(x)) for x in z.ravel()]
    return [np.array(column).reshape(z.shape) for column in zip(*pairs, strict=True)]


def prelu(z, alpha):
    N, C = z.shape
    a, dz, dalpha = np.empty((N, C)), np.empty((N, C)), np.zeros(C)
    for i in range(N):
        for j in range(C):
            if z[i, j] > 0:
                a[i, j], dz[i, j] = z[i, j], 1.0
            else:
                a[i, j], dz[i, j] = alpha[j] * z[i, j], alpha[j]
                dalpha[j] += z[i, j]
    return [a, dz, dalpha]


def elu(z, alpha):
    def one(x):
        return (x, 1.0) if x > 0 else (alpha * math.expm1(x), alpha * math.exp(x))

    return each(one, z)


def softplus(z):
    def one(x):
        if x > 0:
            return x + math.log1p(math.exp(-x)), 1.0 / (1.0 + math.exp(-x))
        return math.log1p(math.exp(x)), math.exp(x) / (1.0 + math.exp(x))

    return each(one, z)


def hard_sigmoid(z, slope, shift):
    def one(x):
        line = slope * x + shift
        return min(1.0, max(0.0, line)), slope if 0 <= line <= 1 else 0.0

    return each(one, z)
