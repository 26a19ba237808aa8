"""Checks for perceptron-xor: what the trained line says, and how many passes it took.

Whether z = 0 triggers an update is free. Where passes are counted exactly, the first sample has
label 0 (there both choices update) and no other z is 0; points on a grid are judged by their side
alone, with rates that keep the arithmetic exact.

That the hidden layer is used needs no check: with a unit switched off the net is a single line, and
no line gives the table.
"""

import numpy as np

from grader.authoring import attach, check, heatmap, require

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])
LIMIT = 20_000


def step(z):
    return (z >= 0).astype(np.int64)


def found(name, value, wanted):
    """Say what came where `wanted` was asked for."""
    what = f"{value!r:.60}" if isinstance(value, bool | int | float | str | None) else "an object"
    if isinstance(value, np.ndarray):
        what = f"an array of shape {value.shape}"
    elif isinstance(value, list | tuple):
        what = f"a {type(value).__name__} of {len(value)}"
    return f"{name} is {what}; expected {wanted}."


def four_things(name, got, names):
    four = isinstance(got, list | tuple) and len(got) == 4
    count = f"{len(got)} things" if isinstance(got, list | tuple) else "one thing"
    require(four, f"{name} returned {count}; expected four: {names}.")


def is_number(value, kinds):
    kind = bool | int | float | np.generic | np.ndarray
    return isinstance(value, kind) and np.ndim(value) == 0 and np.asarray(value).dtype.kind in kinds


def is_array(value, *shape):
    if not isinstance(value, np.ndarray | list | tuple):
        return False
    try:
        array = np.asarray(value)
    except ValueError:
        return False
    return array.shape == shape and array.dtype.kind in "iuf" and np.isfinite(array).all()


def train(student, X, y, lr, max_epochs):
    """Train the student's perceptron; return what came back once it is well formed."""
    got = student.train(X, y, lr, max_epochs)
    four_things("train", got, "w, b, epochs and converged")
    w, b, epochs, converged = got
    require(is_array(w, 2), found("w", w, "two finite numbers in an array of shape (2,)"))
    require(is_number(b, "iuf") and np.isfinite(b), found("b", b, "one finite number"))
    require(is_number(epochs, "iu"), found("epochs", epochs, "a whole number"))
    require(is_number(converged, "b"), found("converged", converged, "True or False"))
    require(
        epochs <= max_epochs, f"{epochs} passes were made; max_epochs allows {max_epochs} of them."
    )
    return np.asarray(w, dtype=np.float64), float(b), int(epochs), bool(converged)


def learns(student, X, y, lr, epochs=None, max_epochs=LIMIT):
    """The set can be separated: the line does it, and says so, after the right number of passes."""
    w, b, made, converged = train(student, X, y, lr, max_epochs)
    wrong = np.flatnonzero(step(X @ w + b) != y)
    if wrong.size:
        i = wrong[0]
        require(
            False,
            f"{wrong.size} of {len(y)} samples are on the wrong side, the first of them at index "
            f"{i}: label {y[i]}, but z = {X[i] @ w + b:.6g}.",
        )
    require(
        converged,
        f"converged is False after {made} passes of at most {max_epochs}, but a line separates the "
        "two classes, and the last pass was to be clean.",
    )
    require(
        epochs is None or made == epochs,
        f"epochs is {made}; with this rule and order of samples it takes {epochs} passes, the last "
        "clean one included.",
    )


def gives_up(student, X, y, lr, max_epochs):
    """The last pass cannot be clean."""
    _, _, made, converged = train(student, X, y, lr, max_epochs)
    require(
        not converged,
        f"converged is True after {made} passes of at most {max_epochs}, but the last pass cannot "
        "have been without an error.",
    )
    require(
        made == max_epochs,
        f"epochs is {made}; without a clean pass there are {max_epochs} of them.",
    )


def apart(draw, m, margin, near, spread):
    """Draw two classes on the two sides of a line far from the origin, the first label being 0."""
    turn, where = draw.uniform(2, low=0.0, high=2 * np.pi)
    across, along = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    centre = draw.uniform(low=3.0, high=5.0) * np.array([np.cos(where), np.sin(where)])
    y = draw.integers(0, 2, size=m)
    y[:2] = 0, 1
    distance = (2 * y - 1) * draw.uniform(m, low=margin, high=near)
    place = spread * draw.uniform(m, low=-1.0, high=1.0)
    return centre + distance[:, None] * across + place[:, None] * along, y


def with_passes(reference, draw, low, high, *options):
    """Draw such a set again until the reference needs from low to high passes."""
    while True:
        X, y = apart(draw, *options)
        _, _, epochs, converged = reference.train(X, y, 1.0, high)
        if converged and epochs >= low:
            return X, y, epochs


@check("AND, OR and their opposites are learnt", points=3, visible=True)
def gates(student, reference, draw):
    for labels in ([1, 1, 1, 0], [0, 0, 0, 1], [0, 1, 1, 1], [1, 0, 0, 0], [0, 0, 1, 0]):
        learns(student, CORNERS, np.array(labels), draw.choice([0.25, 0.5, 1.0]), max_epochs=100)
    order = draw.permutation(4)
    learns(student, 2 * CORNERS[order] - 1, np.array([0, 0, 0, 1])[order], 0.5)


@check("A clean pass ends the training, and it is counted", points=3)
def last_pass(student, reference, draw):
    for m in (4, 12):
        X, y, epochs = with_passes(reference, draw, 3, 60, m, 0.2, 1.0, 1.0)
        lr = draw.uniform(low=0.05, high=2.0)
        gives_up(student, X, y, lr, 1)
        gives_up(student, X, y, lr, epochs - 1)
        learns(student, X, y, lr, epochs, max_epochs=epochs + 1)
        learns(student, X, y, lr, epochs, max_epochs=epochs)


@check("Two classes with a gap between them are separated", points=3)
def wide(student, reference, draw):
    for m in (2, 6, 40):
        X, y, epochs = with_passes(reference, draw, 2, 150, m, 0.2, 1.5, 2.0)
        learns(student, X, y, draw.uniform(low=0.05, high=2.0), epochs)


@check("A narrow gap takes hundreds of passes", points=3)
def narrow(student, reference, draw):
    for lr in (1.0, draw.uniform(low=0.05, high=0.5)):
        X, y, epochs = with_passes(reference, draw, 150, 1000, 40, 0.01, 0.1, 2.0)
        learns(student, X, y, lr, epochs)


@check("Labels that are all the same are learnt too", points=1)
def one_class(student, reference, draw):
    for m in (1, 3):
        X = draw.normal(m, 2)
        for label in (0, 1):
            learns(student, X, np.full(m, label), 0.5)


@check("On XOR no pass is clean, and the limit ends the training", points=3)
def xor_is_not_learnt(student, reference, draw):
    for max_epochs in (3, 1, 50):
        gives_up(student, CORNERS, XOR, 0.5, max_epochs)
    crosses = np.array([[0.0, 0.0], [2.0, 0.5], [-0.5, 2.0], [1.5, 2.5]])
    moved = crosses + draw.integers(-8, 9, size=2) / 4  # quarters: no z is rounded
    gives_up(student, moved, XOR, 1.0, draw.integers(5, 30))


def parameters(student):
    """Return the net as four arrays, once they are well formed."""
    got = student.xor_net()
    four_things("xor_net", got, "W1, b1, W2 and b2")
    for name, value, shape in zip(("W1", "b1", "W2"), got, ((2, 2), (2,), (2,)), strict=False):
        wanted = f"finite numbers in an array of shape {shape}"
        require(is_array(value, *shape), found(name, value, wanted))
    b2 = got[3]
    require(is_number(b2, "iuf") and np.isfinite(b2), found("b2", b2, "one finite number"))
    return [np.asarray(value, dtype=np.float64) for value in got]


def run(net, x):
    W1, b1, W2, b2 = net
    return step(step(x @ W1 + b1) @ W2 + b2)


def gives_xor(net, x, nearest):
    wrong = np.flatnonzero(run(net, x) != XOR[nearest])
    if wrong.size:
        i = wrong[0]
        hidden = step(x[i] @ net[0] + net[1])
        require(
            False,
            f"The net answers {run(net, x)[i]} at ({x[i, 0]:.4g}, {x[i, 1]:.4g}), expected "
            f"{XOR[nearest[i]]}. Its two hidden units answer {hidden[0]} and {hidden[1]} there.",
        )


@check("The net gives the table of XOR", points=2, visible=True)
def table(student, reference, draw):
    net = parameters(student)
    ticks = np.linspace(-0.2, 1.2, 29)
    plane = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1)
    attach(
        heatmap(
            run(net, plane),
            "Where your net says 1",
            "Answers of your net for inputs from -0.2 to 1.2; XOR has 1 at two opposite corners.",
            rows="x1",
            columns="x2",
        )
    )
    gives_xor(net, CORNERS, np.arange(4))


@check("The answers hold a little beside the corners", points=2, after=table)
def beside_corners(student, reference, draw):
    net = parameters(student)
    nearest = np.repeat(np.arange(4), 4)
    signs = np.tile(2 * CORNERS - 1, (4, 1))
    gives_xor(net, CORNERS[nearest] + 0.099 * signs, nearest)
    nearest = np.repeat(np.arange(4), 50)
    gives_xor(net, CORNERS[nearest] + draw.uniform(200, 2, low=-0.099, high=0.099), nearest)
