"""A cell as a class, with weights of its own for each gate."""

import numpy as np


class Gate:
    def __init__(self, of_x, of_h, bias, activation):
        self.of_x, self.of_h, self.bias = of_x.T.copy(), of_h.T.copy(), bias
        self.activation = activation

    def look(self, x):
        self.seen = x @ self.of_x
        self.seen += self.bias

    def __call__(self, t, h):
        return self.activation(self.seen[t] + h @ self.of_h)


def sigmoid(a):
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    parts = zip(*(np.split(array, 4) for array in (W_ih, W_hh, b_ih + b_hh)), strict=True)
    activations = sigmoid, sigmoid, np.tanh, sigmoid
    gates = [Gate(*part, act) for part, act in zip(parts, activations, strict=True)]
    for gate in gates:
        gate.look(x)
    out, h, c = [], h0, c0
    for t in range(x.shape[0]):
        i, f, g, o = (gate(t, h) for gate in gates)
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out), h, c
