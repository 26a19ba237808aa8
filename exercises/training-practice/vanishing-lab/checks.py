"""Checks for vanishing-lab: one layer first, then what each part of the formula does, then the lab.

Norms are compared by their relative error alone: the smallest of them are far below any atol.
"""

import numpy as np

from grader.authoring import attach, check, close, curves, require, tensor

ACTS = ("sigmoid", "tanh", "relu")
NAMES = [
    f"{act}-{start}-{way}"
    for act in ACTS
    for start in ("small", "xavier", "he")
    for way in ("plain", "residual")
]
DEPTH = 10


def network(draw, depth, width, examples, scale=1.0):
    """Draw weights, inputs and targets. The first unit of each layer is alive: a ReLU network that
    gives 0 for every example would have no gradient to compare.
    """
    W = [draw.normal(width, width, scale=scale / width**0.5) for _ in range(depth)]
    X, Y = draw.normal(examples, width), draw.uniform(examples, width)
    X[0] = np.abs(X[0])
    for w in W:
        w[:, 0] = np.abs(w[:, 0])
    return W, X, Y


def compare(student, reference, drawn, act, residual=False):
    W, X, Y = ([tensor(w) for w in drawn[0]], tensor(drawn[1]), tensor(drawn[2]))
    got = student.grad_norms(W, X, Y, act, residual)
    expected = reference.grad_norms(W, X, Y, act, residual)
    close(got, expected, rtol=1e-6, atol=0.0, name="norms")
    return got


@check("One layer, one example", points=3, visible=True)
def one_layer(student, reference, draw):
    for act in ACTS:
        compare(student, reference, network(draw, 1, 3, 1), act)


@check("One layer, several examples", points=2, after=one_layer)
def examples(student, reference, draw):
    for act in ACTS:
        compare(student, reference, network(draw, 1, 3, 4), act)


@check("Several layers, the first layer first", points=3, after=one_layer)
def layers(student, reference, draw):
    for act in ACTS:
        for depth in (2, 4):
            compare(student, reference, network(draw, depth, 3, 5), act)


@check("The residual is added after the activation, and the gradient passes it too", points=3)
def residual(student, reference, draw):
    for act in ACTS:
        for depth in (1, 2, 4):
            compare(student, reference, network(draw, depth, 3, 5), act, True)


@check("Very small gradients, and very large ones", points=3, after=(layers, residual))
def extremes(student, reference, draw):
    shown = {}
    for act, scale, way in (
        ("sigmoid", 0.1, False), ("tanh", 0.2, False), ("relu", 0.3, False), ("relu", 2.0, True),
    ):  # fmt: skip
        got = compare(student, reference, network(draw, 12, 6, 8, scale), act, way)
        shown[f"{act}, {scale:g}, {'residual' if way else 'plain'}"] = got
    attach(curves(
        shown,
        "Gradients in twelve layers",
        "Norm of the gradient of each layer, by activation and by size of the weights.",
        xs=np.arange(1, 13), x="layer", y="norm", log=True,
    ))  # fmt: skip


def table_of(student):
    """Run the experiment; return {name: ten positive numbers}."""
    found = student.run()
    require(isinstance(found, dict), "run returns a dict {name of the case: norms}.")
    missing = [name for name in NAMES if name not in found]
    text = f"run returns {len(found)} names, without {', '.join(missing[:6])}"
    require(not missing, text + f"; expected one for each of the {len(NAMES)} cases.")
    other = [str(name)[:40] for name in found if name not in NAMES]
    require(not other, f"run returns the names {', '.join(other[:6])} too: no case has these.")
    table = {name: np.asarray(found[name], dtype=np.float64) for name in NAMES}
    for name, norms in table.items():
        require(
            norms.shape == (DEPTH,) and np.isfinite(norms).all() and (norms > 0).all(),
            f"run()[{name!r}] is {str(found[name])[:200]}; expected {DEPTH} norms, each above 0.",
        )
    return found, table


@check("The experiment: all eighteen cases", points=3, visible=True)
def lab(student, reference, draw):
    found, table = table_of(student)
    for act in ACTS:
        attach(curves(
            {k.removeprefix(f"{act}-"): v for k, v in table.items() if k.startswith(act)},
            f"Gradients in ten layers of {act}",
            "Your norms of the gradients from the first layer to the last; first layer: "
            + ", ".join(f"{k} {v[0]:.2g}" for k, v in table.items() if k.startswith(act)) + ".",
            xs=np.arange(1, DEPTH + 1), x="layer", y="norm", log=True,
        ))  # fmt: skip
    expected = reference.run()
    for name in NAMES:
        close(found[name], expected[name], rtol=1e-6, atol=0.0, name=name)


def answer(student, key, options):
    """Return one of the student's answers."""
    kind = type(student.ANSWERS.value())
    require(kind is dict, f"ANSWERS is a {kind.__name__}; expected a dict with three answers.")
    given = student.ANSWERS.get(key)  # a call, so that a mistake is named by what was answered
    require(given != "", f"ANSWERS[{key!r}] is still empty. Fill it in after a run.")
    require(
        isinstance(given, str) and given in options,
        f"ANSWERS[{key!r}] is {str(given)[:60]!r}; expected one of {', '.join(options)}.",
    )
    return given


def judge(given, right, key, text):
    require(given == right, f"ANSWERS[{key!r}] is {given!r}. In your own table {text}")


@check("ANSWERS: where the first layer learns least", points=1)
def smallest(student, reference, draw):
    first = {name: norms[0] for name, norms in table_of(student)[1].items()}
    given, right = answer(student, "smallest", NAMES), min(first, key=first.get)
    text = f"the first layer has the norm {first[given]:.3g} there; another case has a smaller one."
    judge(given, right, "smallest", text)


@check("ANSWERS: where its gradient is largest", points=1)
def largest(student, reference, draw):
    first = {name: norms[0] for name, norms in table_of(student)[1].items()}
    given, right = answer(student, "largest", NAMES), max(first, key=first.get)
    text = f"the first layer has the norm {first[given]:.3g} there; another case has a larger one."
    judge(given, right, "largest", text)


@check("ANSWERS: whom the residual helps most", points=1)
def residual_gain(student, reference, draw):
    table = table_of(student)[1]
    ways = {a: [table[f"{a}-xavier-{way}"][0] for way in ("plain", "residual")] for a in ACTS}
    gain = {act: residual / plain for act, (plain, residual) in ways.items()}
    given, right = answer(student, "residual_gain", ACTS), max(gain, key=gain.get)
    plain, residual = ways[given]
    text = f"its first norm grows from {plain:.3g} to {residual:.3g}, by a factor of "
    judge(
        given, right, "residual_gain", text + f"{gain[given]:.3g}; another grows by a larger one."
    )
