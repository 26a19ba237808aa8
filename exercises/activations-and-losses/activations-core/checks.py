"""Checks for activations-core: values, slopes, kinks, shapes, large arguments."""

import numpy as np

from grader.authoring import check, close, require

NAMES = ("step", "linear", "relu", "leaky_relu", "sigmoid", "tanh")


def compare(student, reference, *args):
    """Compare both results; slopes have the tolerance of gradients."""
    a, da_dz = both(student.activation(*args))
    expected_a, expected_da_dz = reference.activation(*args)
    close(a, expected_a, name="a")
    close(da_dz, expected_da_dz, rtol=1e-7, atol=1e-10, name="da_dz")


def both(result):
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    require(pair, "activation must return two results, a and da_dz.")
    return result


@check("Each function gives the right values", points=4, visible=True)
def values(student, reference, draw):
    for name in NAMES:
        for size in (2, 6):
            z = draw.normal(size, scale=2.0)
            z[:2] = -abs(z[0]), abs(z[1])  # both sides in every draw
            a, _ = both(student.activation(name, z))
            close(a, reference.activation(name, z)[0], name="a")


@check("The second result is the slope da/dz", points=4, visible=True)
def slopes(student, reference, draw):
    for name in NAMES:
        for size in (2, 6):
            z = draw.normal(size, scale=2.0)
            z[:2] = -abs(z[0]), abs(z[1])
            _, da_dz = both(student.activation(name, z))
            expected = reference.activation(name, z)[1]
            close(da_dz, expected, rtol=1e-7, atol=1e-10, name="da_dz")


@check("At 0 and right beside it the stated conventions hold", points=3)
def beside_zero(student, reference, draw):
    alpha = draw.uniform(low=0.1, high=0.4)
    for name in NAMES:
        for z in ([0.0], [-1e-9, 0.0, 1e-9]):
            compare(student, reference, name, np.array(z), alpha)


@check("Leaky ReLU follows any alpha", points=3)
def any_alpha(student, reference, draw):
    z = np.concatenate([-draw.uniform(2, low=0.5, high=3.0), draw.uniform(2, low=0.5, high=3.0)])
    compare(student, reference, "leaky_relu", z)  # alpha left out
    for alpha in (0.2, 0.0, 1.5, -0.5, draw.uniform(low=1.1, high=3.0)):
        compare(student, reference, "leaky_relu", z, alpha)


@check("Any shape, and integers too", points=2)
def shapes(student, reference, draw):
    for name in NAMES:
        for shape in ((), (1,), (2, 3), (3, 1, 2)):
            z = np.asarray(draw.normal(*shape, scale=3.0))
            compare(student, reference, name, z)
        compare(student, reference, name, np.array([-3, -1, 0, 1, 4]))
        compare(student, reference, name, np.array(draw.integers(-5, 6)))


@check("Large arguments give finite results without a warning", points=2)
def large(student, reference, draw):
    for name in reversed(NAMES):  # those with exponentials first
        for size in (50.0, 800.0, 1e4):
            compare(student, reference, name, np.array([-size]))
            compare(student, reference, name, np.array([size]))
        compare(student, reference, name, draw.uniform(8, low=-1e4, high=1e4))


@check("Far to the left the sigmoid keeps its relative accuracy", points=2)
def left_tail(student, reference, draw):
    z = np.array([-31.0, -40.0, -300.0, -700.0])
    for z in (z, -draw.uniform(5, low=30.0, high=700.0)):
        a, _ = both(student.activation("sigmoid", z))
        close(a, reference.activation("sigmoid", z)[0], rtol=1e-9, atol=0.0, name="a")
