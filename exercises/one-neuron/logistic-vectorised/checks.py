"""Checks for logistic-vectorised: one sample first, then each part of the formula, then speed.

The full points for speed are set where every way without loops gets them: twice `np.logaddexp`
gives a ratio near 100, a copy of X besides 60, while one loop over the samples gives 2.
"""

import numpy as np

from grader.authoring import check, close, performance, require, view

RTOL = 1e-10


def inputs(draw, n, m):
    """Draw w, b, X, Y, lr with net inputs of moderate size and both labels where m allows it."""
    Y = draw.integers(0, 2, size=(1, m)).astype(np.float64)
    Y[0, :2] = [1.0, 0.0][:m]
    w = draw.normal(n, 1, scale=1.5 / np.sqrt(n))
    return w, draw.normal(), draw.normal(n, m), Y, draw.uniform(low=0.1, high=2.0)


def judge(got, expected):
    three = isinstance(got, (list, tuple)) and len(got) == 3
    require(three, "grad_step must return three results: w, b and J.")
    for mine, its, name in zip(got, expected, ("w", "b", "J"), strict=True):
        close(mine, its, rtol=RTOL, name=name)


def compare(student, reference, *args):
    expected = reference.grad_step(*args)
    judge(student.grad_step(*args), expected)


@check("One sample, one feature", points=2, visible=True)
def one_sample(student, reference, draw):
    for y in (1.0, 0.0):
        w, b, X, _, lr = inputs(draw, 1, 1)
        compare(student, reference, w, b, X, np.array([[y]]), lr)


@check("Several features, several samples", points=3, visible=True)
def small(student, reference, draw):
    for n, m in ((2, 3), (1, 2), (2, 1), (4, 3)):
        compare(student, reference, *inputs(draw, n, m))


@check("As many features as samples", points=2)
def square(student, reference, draw):
    for size in (2, 3):
        compare(student, reference, *inputs(draw, size, size))


@check("More samples than features, and the other way round", points=2)
def sizes(student, reference, draw):
    for n, m in ((3, 8), (7, 2), (2, 40), (30, 5)):
        compare(student, reference, *inputs(draw, n, m))


@check("Samples that are all of one class", points=1)
def one_class(student, reference, draw):
    for label, m in ((1.0, 5), (0.0, 6)):
        w, b, X, Y, lr = inputs(draw, 3, m)
        compare(student, reference, w, b, X, np.full_like(Y, label), lr)


@check("Large net inputs, right and wrong, are no problem", points=4)
def large(student, reference, draw):
    one = np.ones((1, 1))
    for z in (800.0, -800.0, 40.0, -40.0):
        for y in (1.0, 0.0):
            compare(student, reference, z * one, 0.0, one, y * one, 0.5)
    w, b, X, Y, lr = inputs(draw, 2, 9)
    z = (w.T @ X + b)[0]
    wanted = draw.permutation(9) * 200.0 - 800.0  # from -800 to 800
    X = X + w * (wanted - z) / (w.T @ w)
    compare(student, reference, w, b, X, Y, lr)


@check("Each call is computed from its own arguments", points=2)
def own_arguments(student, reference, draw):
    first, second = inputs(draw, 3, 4), inputs(draw, 3, 4)
    for changed in ((), (0,), (1,), (2,), (3,), (4,), (0, 1, 2, 3, 4), ()):
        args = [second[k] if k in changed else first[k] for k in range(5)]
        if changed == (3,):
            args[3] = 1.0 - first[3]
        compare(student, reference, *args)


@check("A training of thirty steps stays on the path", points=1)
def thirty_steps(student, reference, draw):
    w, b, X, Y, lr = inputs(draw, 3, 12)
    w = np.zeros_like(w)
    for _ in range(30):
        compare(student, reference, w, b, X, Y, lr)
        w, b, _ = reference.grad_step(w, b, X, Y, lr)


@check("Arrays may lie in memory in any order", points=1)
def layouts(student, reference, draw):
    w, b, X, Y, lr = inputs(draw, 3, 5)
    expected = reference.grad_step(w, b, X, Y, lr)
    for of_w, of_x, of_y in (((1, 1), (1, 3), (1, 1)), ((2, 1), (20, 2), (9, 3))):
        got = student.grad_step(view(w, of_w), b, view(X, of_x), view(Y, of_y), lr)
        judge(got, expected)


@performance("Many times faster than the loops", points=12, rtol=RTOL)
def fast(draw):
    return inputs(draw, 20, 5000)
