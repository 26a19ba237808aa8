"""Checks for grad-check: slopes of known functions, relative errors, and layers that are broken.

The functions and layers live here; the student's code only calls them. Which layers are broken, and
how, is drawn anew each time.
"""

import numpy as np

from grader.authoring import check, close, require

LARGEST = 1e-8  # absolute error of a numerical gradient
MOST_CALLS = 20_000  # of forward and backward together in one call of find_broken


# Functions with a known gradient.


def sum_of_cubes(x):
    return float(np.sum(x**3))


def sum_of_sines(x):
    return float(np.sum(np.sin(x)))


def sine_of_the_sum(x):
    return float(np.sin(np.sum(x)))


GRADIENTS = {
    sum_of_cubes: lambda x: 3 * x**2,
    sum_of_sines: np.cos,
    sine_of_the_sum: lambda x: np.full(x.shape, np.cos(np.sum(x))),
}


def compare_gradient(student, f, x, *h):
    close(
        student.numerical_gradient(f, x, *h),
        GRADIENTS[f](x),
        rtol=0.0,
        atol=LARGEST,
        name="gradient",
    )


class Recorder:
    """A linear function that remembers where it was called."""

    def __init__(self, x, weights):
        self.x, self.weights = x, weights
        self.moves = []
        self.__name__ = "linear_function"

    def __call__(self, point):
        same = getattr(point, "shape", None) == self.x.shape
        require(same, f"f was not called with an array of x's shape {self.x.shape}.")
        self.moves.append(point - self.x)
        return float(np.sum(self.weights * point))

    def steps(self, h):
        """The steps of each entry in units of h; what rounding leaves of a step is none."""
        moves = np.abs(np.array(self.moves)).reshape(len(self.moves), -1) / h
        return [np.unique(np.round(column[column > 1e-6], 4)) for column in moves.T]


@check("The gradient of functions with known slopes", points=3, visible=True)
def known_slopes(student, reference, draw):
    for size in (1, 2, 4):
        compare_gradient(student, sum_of_cubes, draw.normal(size))
        compare_gradient(student, sum_of_sines, draw.normal(size))


@check("Several axes, and entries that act together", points=3)
def several_axes(student, reference, draw):
    for shape in ((2,), (2, 3), (3, 1)):
        compare_gradient(student, sine_of_the_sum, draw.normal(*shape))
    compare_gradient(student, sum_of_cubes, draw.normal(2, 3, 2))
    compare_gradient(student, sum_of_sines, draw.normal(2, 2), 1e-5)


@check("Every entry is moved by steps between h/2 and 100 h", points=3)
def step_sizes(student, reference, draw):
    for x in (np.zeros(1), np.array([0.0, 50.0]), 5.0 * draw.normal(1, 2)):
        for h in (1e-3, 1e-4):
            f = Recorder(x, draw.normal(*x.shape))
            gradient = student.numerical_gradient(f, x, h)
            require(f.moves, "f was not called.")
            steps = f.steps(h)
            for number, own in enumerate(steps):
                moved = f"Entry {number} of x was moved by {own.tolist()[:6]} times h"
                require(own.size, f"Entry {number} of x was not moved in any call of f.")
                inside = own.min() >= 0.499 and own.max() <= 100.001
                require(inside, f"{moved}; steps lie between h/2 and 100 h.")
                same = own.shape == steps[0].shape and np.allclose(own, steps[0], rtol=1e-3)
                require(same, f"{moved}, entry 0 by {steps[0].tolist()[:6]} times h.")
            close(gradient, f.weights, rtol=0.0, atol=1e-6, name="gradient")


@check("The relative error of two arrays", points=3, visible=True)
def errors(student, reference, draw):
    for shape in ((1,), (4,), (2, 3)):
        for scale in (0.01, 1.0):
            a = draw.normal(*shape)
            b = a + scale * draw.normal(*shape)
            close(student.relative_error(a, b), reference.relative_error(a, b))


@check("Zeros, opposite signs, tiny numbers and empty arrays", points=2)
def special_errors(student, reference, draw):
    v = draw.uniform(low=0.5, high=2.0)
    pairs = [([0.0], [0.0]), ([0.0, v], [0.0, v]), ([0.0, v], [0.0, 1.01 * v]), ([v], [0.0])]
    pairs += [([v], [-v]), ([-v], [0.5 * v]), ([1e-12 * v], [2e-12 * v]), ([1e-200], [3e-200])]
    for a, b in pairs:
        a, b = np.array(a), np.array(b)
        close(student.relative_error(a, b), reference.relative_error(a, b))
    for shape in ((0,), (2, 0)):
        close(student.relative_error(np.zeros(shape), np.zeros(shape)), 0.0)


# Layers: forward(x) and backward(x, dy) for x of the shape (n, *in_shape).


def linear(draw):
    W, b = draw.normal(3, 2), draw.normal(2)
    return (3,), lambda x: x @ W + b, lambda x, dy: dy @ W.T


def sigmoid(draw):
    def a(x):
        return 1 / (1 + np.exp(-x))

    return (4,), a, lambda x, dy: dy * a(x) * (1 - a(x))


def tanh(draw):
    return (2, 3), np.tanh, lambda x, dy: dy * (1 - np.tanh(x) ** 2)


def relu(draw):
    return (4,), lambda x: np.maximum(x, 0.0), lambda x, dy: dy * (x > 0)


def leaky_relu(draw):
    alpha = draw.uniform(low=0.1, high=0.5)

    def slope(x):
        return np.where(x > 0, 1.0, alpha)

    return (3,), lambda x: x * slope(x), lambda x, dy: dy * slope(x)


def squares(draw):
    return (3,), lambda x: 0.5 * x**2 + x, lambda x, dy: dy * (x + 1)


def softmax(draw):
    def p(x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def backward(x, dy):
        return p(x) * (dy - np.sum(p(x) * dy, axis=1, keepdims=True))

    return (3,), p, backward


def batch_centre(draw):
    W = draw.uniform(3, low=0.5, high=2.0)

    def centred(x):
        return x - x.mean(axis=0)

    return (3,), lambda x: W * centred(x), lambda x, dy: centred(W * dy)


PER_SAMPLE = (linear, sigmoid, tanh, leaky_relu, squares, softmax)
LAYERS = (*PER_SAMPLE, batch_centre)  # of one sample the last one makes 0, whatever is broken


# Ways to break a backward. Each takes the right one.


def doubled(backward):
    return lambda x, dy: 2.0 * backward(x, dy)


def negated(backward):
    return lambda x, dy: -backward(x, dy)


def stray_term(backward):
    return lambda x, dy: backward(x, dy) + 0.5 * np.sin(x + 1.0)


def one_percent(backward):
    return lambda x, dy: 1.01 * backward(x, dy)


def one_percent_of_a_column(backward):
    def broken(x, dy):
        dx = backward(x, dy)
        dx[..., -1] *= 1.01
        return dx

    return broken


def averaged(backward):
    return lambda x, dy: backward(x, dy) / len(x)


def rows_exchanged(backward):
    return lambda x, dy: backward(x, dy)[::-1]


def later_rows(backward):
    def broken(x, dy):
        dx = backward(x, dy)
        dx[1:] *= 1.01
        return dx

    return broken


def wrong_below_zero(backward):
    return lambda x, dy: backward(x, dy) * np.where(x < 0, 1.3, 1.0)


def wrong_above_zero(backward):
    return lambda x, dy: backward(x, dy) * np.where(x > 0, 1.3, 1.0)


def constant_dy(backward):
    return lambda x, dy: backward(x, np.broadcast_to(dy.mean(axis=-1, keepdims=True), dy.shape))


class Hunt:
    """Six layers of which some are broken, and the calls that were made to them."""

    def __init__(self, draw, ways, candidates=PER_SAMPLE):
        broken = draw.sample(candidates, len(ways))
        others = [layer for layer in LAYERS if layer not in broken]
        right = [relu, *draw.sample(others, 5 - len(ways))]
        broken_by = dict(zip(broken, draw.sample(ways, len(ways)), strict=True))
        self.broken = sorted(layer.__name__ for layer in broken)
        self.calls, self.draw = 0, draw
        self.layers, self.slopes = {}, {}
        for layer in draw.sample([*broken, *right], 6):
            in_shape, forward, backward = layer(draw)
            claimed = broken_by.get(layer, lambda backward: backward)(backward)
            self.slopes[layer.__name__] = in_shape, forward, backward, claimed
            self.layers[layer.__name__] = (
                self.watched(f"forward of {layer.__name__}", in_shape, forward),
                self.watched(f"backward of {layer.__name__}", in_shape, claimed),
                in_shape,
            )

    def watched(self, name, in_shape, function):
        def call(x, *dy):
            self.calls += 1
            require(self.calls <= MOST_CALLS, f"More than {MOST_CALLS} calls of the layers.")
            shape = getattr(x, "shape", None)
            fits = shape is not None and len(shape) == 1 + len(in_shape) and shape[0] > 0
            right = fits and shape[1:] == in_shape
            wanted = ", ".join(map(str, ("n", *in_shape)))
            require(right, f"{name} needs an array of the shape ({wanted}), not {shape}.")
            return function(x, *dy)

        call.__name__ = name
        return call

    def go(self, student):
        found = student.find_broken(self.layers)
        listed = isinstance(found, (list, tuple))
        what = f"a {type(found).__name__} that holds other things" if listed else "no list or tuple"
        names = listed and all(isinstance(name, str) for name in found)
        require(names, f"find_broken returned {what}; expected a list of names, each a string.")
        missed = sorted(set(self.broken) - set(found))
        blamed = sorted(set(found) - set(self.broken))
        if missed:
            proof = self.proof(missed[0])
            require(False, f"Broken, but not found: {', '.join(missed)}. {proof}")
        require(
            not blamed,
            f"Named as broken, but right: {', '.join(blamed)}. Where no entry of x is 0, backward "
            "and the slopes of forward agree up to rounding.",
        )
        require(len(set(found)) == len(found), f"A name is there twice: {', '.join(found)}.")

    def proof(self, name):
        """Return an input at which a broken layer shows what it is."""
        in_shape, forward, backward, claimed = self.slopes[name]
        x = self.draw.uniform(3, *in_shape, low=0.3, high=2.0)
        x[1] *= -1.0
        dy = self.draw.normal(*forward(x).shape)
        got, slope = claimed(x, dy), backward(x, dy)
        worst = np.unravel_index(np.argmax(np.abs(got - slope)), slope.shape)
        place = tuple(int(i) for i in worst)
        return (
            f"With 3 samples of both signs and a random dy, entry {place} of the dx of {name} came "
            f"out as {got[worst]:.5g}, where x is {x[worst]:.3g}; the slope is {slope[worst]:.5g}."
        )


@check("Layers that are plainly broken", points=3, visible=True)
def plain(student, reference, draw):
    Hunt(draw, [doubled, negated, stray_term]).go(student)


@check("Layers that are wrong by 1 %", points=3)
def small(student, reference, draw):
    Hunt(draw, [one_percent, one_percent_of_a_column]).go(student)


@check("Layers that are wrong for several samples only", points=3)
def batches(student, reference, draw):
    Hunt(draw, [averaged, rows_exchanged, later_rows], LAYERS).go(student)


@check("Layers that are wrong for some x or some dy only", points=2)
def special_inputs(student, reference, draw):
    elementwise = [sigmoid, tanh, leaky_relu, squares]
    Hunt(draw, [wrong_below_zero, wrong_above_zero, constant_dy], elementwise).go(student)
