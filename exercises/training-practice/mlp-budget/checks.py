"""Checks for mlp-budget: the network is run here, on points that the student's code never sees.

A file of known-wrong weights would train as long as the student's: too long for a diagnosis to
replay it. So the second check looks for the usual mistakes itself.
"""

import numpy as np

from grader.authoring import attach, check, heatmap, performance, require

MOST = 6000
GOOD = 0.85  # far above a straight line (0.66), far below any network that fits


class Spirals:
    """Two interleaved spirals around a centre of their own."""

    def __init__(self, draw):
        signs = [draw.choice([-1.0, 1.0]) for _ in range(2)]
        self.centre = np.array([sign * draw.uniform(low=2.0, high=3.0) for sign in signs])

    def points(self, draw, n):
        """Return n points, their classes, and how far along the spiral they lie."""
        y = draw.integers(0, 2, size=n)
        t = 3.0 * np.pi * np.sqrt(draw.uniform(n, low=0.02, high=1.0))
        angle = t + np.pi * y
        clean = np.stack([t * np.cos(angle), t * np.sin(angle)], axis=1)
        return clean + draw.normal(n, 2, scale=0.15) + self.centre, y, t

    def training_set(self, draw):
        """Return 1200 points sorted by class and along the spirals."""
        X, y, t = self.points(draw, 1200)
        order = np.lexsort((t, y))
        return X[order], y[order]


def array_of(value):
    """Return a float64 array; one without axes for what holds no numbers."""
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array(np.nan)


def layers_of(result):
    """Return the layers as float64 arrays, or fail with what does not fit."""
    good = isinstance(result, (list, tuple)) and len(result) > 0
    require(good, "fit must return a list of pairs (W, b), one per layer.")
    layers, width = [], 2
    for number, layer in enumerate(result, start=1):
        pair = isinstance(layer, (list, tuple)) and len(layer) == 2
        require(pair, f"Layer {number} is no pair (W, b).")
        W, b = (array_of(value) for value in layer)
        fits = W.ndim == 2 and W.shape[0] == width and b.shape == W.shape[1:]
        found = f"Layer {number} has W of shape {W.shape} and b of shape {b.shape}; "
        require(fits, found + f"W needs {width} rows, and b one number per column of W.")
        require(W.size > 0, f"Layer {number} has no units.")
        finite = np.isfinite(W).all() and np.isfinite(b).all()
        require(finite, f"Layer {number} holds nan or inf.")
        layers.append((W, b))
        width = W.shape[1]
    text = f"The last layer has {width} output{'' if width == 1 else 's'}; "
    require(width == 2, text + "expected 2, one for each class.")
    count = sum(W.size + b.size for W, b in layers)
    require(count <= MOST, f"The network has {count} numbers; at most {MOST} are allowed.")
    return layers


def relu(z):
    return np.maximum(z, 0.0)


def outputs(layers, X, act=relu):
    for W, b in layers[:-1]:
        X = act(X @ W + b)
    W, b = layers[-1]
    return X @ W + b


def accuracy(layers, X, y, act=relu):
    return float((outputs(layers, X, act).argmax(axis=1) == y).mean())


def trained(student, draw):
    """Have a network trained; return it, the spirals and the training set."""
    spirals = Spirals(draw)
    X, y = spirals.training_set(draw)
    return layers_of(student.fit(X, y, draw.generator())), spirals, X, y


@check("The layers fit together, and equal generators give equal layers", points=6, visible=True)
def layers_fit(student, reference, draw):
    X, y = Spirals(draw).training_set(draw)
    rng = draw.generator()
    state = rng.bit_generator.state
    first = layers_of(student.fit(X, y, rng))
    rng.bit_generator.state = state
    second = layers_of(student.fit(X, y, rng))
    text = "A second call with an equal generator gave a network of other sizes."
    require([W.shape for W, _ in second] == [W.shape for W, _ in first], text)
    for number, (new, old) in enumerate(zip(second, first, strict=True), start=1):
        for name, mine, before in zip("Wb", new, old, strict=True):
            text = f"A second call with an equal generator gave layer {number} another {name}, off "
            text += f"by up to {np.abs(mine - before).max():.2g}: where do its random numbers come "
            require(np.allclose(mine, before, rtol=1e-6, atol=1e-9), text + "from?")


@check("The network does better than straight lines can", points=10, visible=True, after=layers_fit)
def learns(student, reference, draw):
    layers, spirals, X, y = trained(student, draw)
    new, labels, _ = spirals.points(draw, 2000)
    found = accuracy(layers, new, labels)
    attach(region(layers, spirals, found))
    widths = "-".join(str(n) for n in (2, *(len(b) for _, b in layers)))
    text = f"Of 2000 new points {100 * found:.1f} % are classified right, "
    text += f"{100 * accuracy(layers, X, y):.1f} % of the training points; asked for: {GOOD:.0%}. "
    text += f"Your network is {widths}."
    require(found >= GOOD, text + advice(layers, new, labels, X))


def region(layers, spirals, found):
    """Return a picture of which class the network sees where."""
    side = np.linspace(-10.0, 10.0, 41)
    grid = np.stack(np.meshgrid(side, side[::-1]), axis=-1).reshape(-1, 2) + spirals.centre
    classes = outputs(layers, grid).argmax(axis=1).reshape(41, 41).astype(float)
    about = f"Which class the network sees around the centre; {found:.1%} of new points are right."
    return heatmap(classes, title="Regions of the two classes", description=about)


def advice(layers, new, labels, X):
    """Return a sentence about a mistake that shows in the network itself, or nothing."""
    seen = outputs(layers, new).argmax(axis=1)
    if accuracy(layers, new, 1 - labels) >= GOOD:
        return " With the two outputs exchanged it would be good: which column is class 0?"
    if accuracy(layers, (new - X.mean(axis=0)) / X.std(axis=0), labels) >= GOOD:
        return " On scaled points it is good, but it gets raw ones: fold the scaling into a layer."
    if accuracy(layers, new - X.mean(axis=0), labels) >= GOOD:
        return " With the mean subtracted from the points it is good: a layer can do that, too."
    if accuracy(layers, new, labels, np.tanh) >= GOOD:
        return " With tanh in the place of ReLU it is good: train with what it will be run with."
    if len(layers) == 1:
        return " It has one layer: the border between its classes is a straight line."
    first = layers[0][0]
    if first.shape[1] > 1 and np.ptp(first, axis=1).max() < 1e-12:
        return " All units of its first layer are equal: what did each of them start with?"
    largest = max(np.abs(W).max() for W, _ in layers)
    if largest > 1e3:
        return f" Its largest weight is {largest:.2g}: how long were the steps?"
    if not any(b.any() for _, b in layers):
        return " All of its biases are 0."
    if (seen == seen[0]).all():
        return f" Every point is put into class {seen[0]}: the network has learnt nothing."
    if accuracy(layers, new, labels) < 0.45:
        return " That is worse than guessing: which way does a step change the loss?"
    return ""


@performance("Accuracy on new points, mean of three spirals", points=24)
def spirals_learnt(student, reference, draw):
    found = []
    for _ in range(3):
        layers, spirals, _, _ = trained(student, draw)
        new, labels, _ = spirals.points(draw, 2000)
        found.append(accuracy(layers, new, labels))
    return float(np.mean(found))
