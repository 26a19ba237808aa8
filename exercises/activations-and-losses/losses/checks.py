"""Checks for losses: value and gradient of each, then ends, large logits, soft labels, axes."""

import numpy as np

from grader.authoring import check, close, require

GRADIENT = {"rtol": 1e-7, "atol": 1e-10}
SIZES = (2, 1, 5)  # one entry hides some mistakes behind others


def both(name, result):
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    require(pair, f"{name} must return two results, loss and gradient.")
    return result


def compare(student, reference, name, first, y, which=("loss", "gradient")):
    loss, gradient = both(name, getattr(student, name)(first, y))
    expected_loss, expected_gradient = getattr(reference, name)(first, y)
    if "loss" in which:
        close(loss, expected_loss, name="loss")
    if "gradient" in which:
        close(gradient, expected_gradient, **GRADIENT, name="gradient")


def labels(draw, *shape):
    """Labels 0 and 1, both of them where there are at least two."""
    y = np.asarray(draw.integers(0, 2, size=shape), dtype=np.float64)
    if y.size > 1:
        first = draw.integers(0, 2)
        y.flat[0], y.flat[1] = first, 1 - first
    return y


def probabilities(draw, *shape):
    return draw.uniform(*shape, low=0.02, high=0.98)


@check("The mean squared error", points=2, visible=True)
def mse_value(student, reference, draw):
    for size in SIZES:
        p, y = draw.normal(size), draw.normal(size, scale=2.0)
        compare(student, reference, "mse", p, y, ("loss",))


@check("The gradient of the mean squared error", points=2)
def mse_gradient(student, reference, draw):
    for size in SIZES:
        p, y = draw.normal(size), draw.normal(size, scale=2.0)
        compare(student, reference, "mse", p, y, ("gradient",))


@check("The binary cross-entropy of probabilities", points=2, visible=True)
def bce_value(student, reference, draw):
    for label in (1.0, 0.0):
        p, y = probabilities(draw, 1), np.array([label])
        compare(student, reference, "bce", p, y, ("loss",))
    for size in (2, 5):
        compare(student, reference, "bce", probabilities(draw, size), labels(draw, size), ("loss",))


@check("The gradient of the binary cross-entropy by a probability", points=2)
def bce_gradient(student, reference, draw):
    for size in SIZES:
        p, y = probabilities(draw, size), labels(draw, size)
        compare(student, reference, "bce", p, y, ("gradient",))


@check("Probabilities of 0 and 1, and very close to them", points=2)
def bce_ends(student, reference, draw):
    for p, y in ((1e-12, 1.0), (0.0, 1.0), (1.0, 0.0), (0.0, 0.0), (1.0, 1.0)):
        compare(student, reference, "bce", np.array([p]), np.array([y]), ("loss",))
    p = np.array([0.0, 1.0, 1e-12, 1e-60, 0.0, 1.0])
    y = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    order = draw.permutation(6)
    compare(student, reference, "bce", p[order], y[order], ("loss",))
    p, y = np.array([0.0, 1.0]), draw.uniform(2, low=0.2, high=0.8)
    compare(student, reference, "bce", p, y, ("loss",))


@check("The binary cross-entropy of logits, with its gradient", points=2, visible=True)
def logits(student, reference, draw):
    for size in SIZES:
        z, y = draw.normal(size, scale=2.0), labels(draw, size)
        compare(student, reference, "bce_logits", z, y)


@check("Large logits: exact, finite, without a warning", points=1)
def large_logits(student, reference, draw):
    for size in (40.0, 800.0):
        z = np.array([size])
        for z, y in ((z, 1.0), (-z, 0.0), (z, 0.0), (-z, 1.0)):
            compare(student, reference, "bce_logits", z, np.array([y]))
    z, y = draw.uniform(6, low=-800.0, high=800.0), labels(draw, 6)
    compare(student, reference, "bce_logits", z, y)


@check("Labels between 0 and 1", points=1)
def soft_labels(student, reference, draw):
    for size in (1, 4):
        y = draw.uniform(size, low=0.1, high=0.9)
        compare(student, reference, "bce", probabilities(draw, size), y)
        compare(student, reference, "bce_logits", draw.normal(size, scale=2.0), y)


@check("Arrays with several axes: the mean is over all entries", points=1)
def several_axes(student, reference, draw):
    for shape in ((2, 3), (3, 1), (1, 4), (2, 1, 3)):
        compare(student, reference, "mse", draw.normal(*shape), draw.normal(*shape))
        compare(student, reference, "bce", probabilities(draw, *shape), labels(draw, *shape))
        compare(student, reference, "bce_logits", draw.normal(*shape), labels(draw, *shape))
