"""Checks for activations-extended: values, slopes, kinks, large arguments, other constants."""

import numpy as np

from grader.authoring import attach, check, close, curves, require

GRADIENT = {"rtol": 1e-7, "atol": 1e-10}
SHAPES = ((2,), (), (1,), (2, 3), (3, 1, 2))


def results(name, result, count):
    full = isinstance(result, (tuple, list)) and len(result) == count
    require(full, f"{name} must return {count} results.")
    return result


def compare(student, reference, name, *args):
    """Compare value and slope; slopes have the tolerance of gradients."""
    a, da_dz = results(name, getattr(student, name)(*args), 2)
    expected_a, expected_da_dz = getattr(reference, name)(*args)
    close(a, expected_a, name="a")
    close(da_dz, expected_da_dz, **GRADIENT, name="da_dz")


def picture(student, reference, name, title, *args):
    """Attach the student's two curves beside the expected values."""
    z = np.linspace(-5.0, 5.0, 41)
    a, da_dz = results(name, getattr(student, name)(z, *args), 2)
    expected, expected_slope = getattr(reference, name)(z, *args)
    series = {
        "your a": a,
        "your slope": da_dz,
        "a as expected": expected,
        "slope as expected": expected_slope,
    }
    fits = all(getattr(ys, "shape", None) == z.shape for ys in series.values())
    if fits and all(ys.dtype.kind == "f" for ys in series.values()):
        said = "Your a and its slope for z from -5 to 5, beside the expected ones."
        attach(curves(series, title, said, xs=z, x="z"))


def both_sides(draw, *shape, scale=2.0):
    """Numbers of which the first two, where there are two, are negative and positive."""
    z = np.asarray(draw.normal(*shape, scale=scale))
    if z.size > 1:
        z.flat[0], z.flat[1] = -0.1 - abs(z.flat[0]), 0.1 + abs(z.flat[1])
    return z


def compare_prelu(student, reference, z, alpha, names=("a", "dz", "dalpha")):
    got = results("prelu", student.prelu(z, alpha), 3)
    expected = reference.prelu(z, alpha)
    for name, mine, right in zip(("a", "dz", "dalpha"), got, expected, strict=True):
        if name == "a" and name in names:
            close(mine, right, name=name)
        elif name in names:
            close(mine, right, **GRADIENT, name=name)


@check("PReLU gives the right values and slopes", points=2, visible=True)
def prelu_values(student, reference, draw):
    for N, C in ((2, 1), (2, 3), (4, 2), (3, 3)):
        z, alpha = both_sides(draw, N, C), draw.uniform(C, low=0.05, high=0.6)
        compare_prelu(student, reference, z, alpha, names=("a", "dz"))


@check("PReLU gives the gradient of alpha", points=3)
def prelu_alpha_gradient(student, reference, draw):
    for N, C in ((3, 1), (1, 1), (3, 2), (3, 3), (6, 4)):
        z, alpha = both_sides(draw, N, C), draw.uniform(C, low=0.05, high=0.6)
        z[0, 0], z[-1, -1] = -abs(z[0, 0]), -abs(z[-1, -1]) - 0.1
        compare_prelu(student, reference, z, alpha, names=("dalpha",))


@check("PReLU follows any alpha", points=1)
def prelu_any_alpha(student, reference, draw):
    z = both_sides(draw, 2, 1)
    for alpha in (0.0, draw.uniform(low=1.2, high=3.0), -draw.uniform(low=0.2, high=2.0)):
        compare_prelu(student, reference, z, np.array([alpha]))
    alpha = np.array([0.3, 0.0, 1.5, -0.5])[draw.permutation(4)]
    compare_prelu(student, reference, both_sides(draw, 5, 4), alpha)


@check("ELU gives the right values and slopes", points=2, visible=True)
def elu_values(student, reference, draw):
    picture(student, reference, "elu", "ELU with alpha = 0.7", 0.7)
    for shape in SHAPES:
        small, large = draw.uniform(low=0.2, high=0.8), draw.uniform(low=1.2, high=2.5)
        alpha = large if shape == (2, 3) else small
        compare(student, reference, "elu", both_sides(draw, *shape), alpha)
    compare(student, reference, "elu", both_sides(draw, 3), 1.0)


@check("ELU at 0, right beside it, and far away", points=2)
def elu_edges(student, reference, draw):
    alpha = draw.uniform(low=0.2, high=0.8)
    compare(student, reference, "elu", np.array([0.0]), alpha)
    for alpha in (alpha, 1.0 + alpha):
        compare(student, reference, "elu", np.array([-1e-6, 0.0, 1e-6]), alpha)
    compare(student, reference, "elu", np.array([-800.0, -40.0]), alpha)
    compare(student, reference, "elu", np.array([40.0, 800.0]), alpha)


@check("Softplus gives the right values and slopes", points=2, visible=True)
def softplus_values(student, reference, draw):
    picture(student, reference, "softplus", "Softplus")
    for shape in SHAPES:
        compare(student, reference, "softplus", both_sides(draw, *shape, scale=3.0))
    compare(student, reference, "softplus", np.array([0.0]))


@check("Softplus of large arguments: finite, right, without a warning", points=2)
def softplus_large(student, reference, draw):
    for size in (35.0, 800.0):
        compare(student, reference, "softplus", np.array([size]))
        compare(student, reference, "softplus", np.array([-size]))
    compare(student, reference, "softplus", draw.uniform(6, low=-800.0, high=800.0))


@check("Far to the left softplus keeps its relative accuracy", points=1)
def softplus_tail(student, reference, draw):
    for z in (np.array([-50.0]), -draw.uniform(5, low=25.0, high=60.0)):
        a, _ = results("softplus", student.softplus(z), 2)
        close(a, reference.softplus(z)[0], rtol=1e-9, atol=0.0, name="a")


@check("The hard sigmoid in its two usual forms", points=2, visible=True)
def hard_sigmoid_usual(student, reference, draw):
    picture(student, reference, "hard_sigmoid", "Hard sigmoid with slope 0.2", 0.2, 0.5)
    for slope in (0.2, 1 / 6):
        inside = draw.uniform(2, low=0.2, high=2.0) * (-1.0, 1.0)
        compare(student, reference, "hard_sigmoid", inside, slope, 0.5)
        outside = np.array([-draw.uniform(low=10.0, high=12.0), draw.uniform(low=3.5, high=12.0)])
        compare(student, reference, "hard_sigmoid", outside, slope, 0.5)
    for shape in ((), (2, 3), (3, 1, 2)):
        compare(student, reference, "hard_sigmoid", both_sides(draw, *shape), 0.2, 0.5)


@check("The hard sigmoid with any slope and shift", points=2)
def hard_sigmoid_any(student, reference, draw):
    for low, high in ((0.3, 0.42), (0.58, 0.7), (0.3, 0.42)):
        slope, shift = draw.uniform(low=0.25, high=1.5), draw.uniform(low=low, high=high)
        left, right = -shift / slope, (1 - shift) / slope
        inside = draw.uniform(2, low=left * 0.9, high=right * 0.9)
        ends = [left * 0.95, left * 1.05, right * 0.95, right * 1.05, -800.0, 800.0]
        z = np.concatenate([inside, ends])
        compare(student, reference, "hard_sigmoid", z, slope, shift)


@check("The hard sigmoid at its kinks and right beside them", points=1)
def hard_sigmoid_kinks(student, reference, draw):
    usual = ((0.2, 0.5, 2.5), (1 / 6, 0.5, 3.0))
    for slope, shift, right in usual:
        kinks = np.array([-right, right])
        a, da_dz = results("hard_sigmoid", student.hard_sigmoid(kinks, slope, shift), 2)
        close(a, reference.hard_sigmoid(kinks, slope, shift)[0], name="a")
        either = np.where(np.abs(da_dz) > slope / 2, slope, 0.0)
        close(da_dz, either, **GRADIENT, name="da_dz")
        beside = np.concatenate([kinks * (1 - 1e-6), kinks * (1 + 1e-6)])
        compare(student, reference, "hard_sigmoid", beside, slope, shift)
