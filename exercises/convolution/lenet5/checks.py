"""Checks for lenet5: the parameters, what they compute, what training makes of them.

Most checks put drawn weights into the model, so that its outputs follow from the draw alone.
"""

import numpy as np

from grader.authoring import attach, check, close, curves, require, tensor

LAYERS = ("convolution 1", "convolution 2", "dense layer 1", "dense layer 2", "dense layer 3")
SHAPES = [
    (6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,), (10, 84), (10,),
]  # fmt: skip
LOGITS = {"rtol": 1e-9, "atol": 1e-12, "name": "logits"}


def drawn(draw, dtype="float64"):
    """Draw values for all parameters: no activation is tiny, none is at its limit."""
    fans = [int(np.prod(shape[1:])) for shape in SHAPES]
    scales = [1.5 / fan**0.5 if fan > 1 else 0.3 for fan in fans]
    return [
        draw.normal(*shape, scale=scale).astype(dtype)
        for shape, scale in zip(SHAPES, scales, strict=True)
    ]


def model_of(side, weights):
    """Make a model of the student's or the reference's class that holds these weights.

    The seed makes alike what is random: a known mistake can be told by it.
    """
    side.given("trainer").seed(0)
    return side.given("trainer").set_weights(side.LeNet5(), weights)


def images(draw, n):
    return tensor(draw.normal(n, 1, 32, 32), dtype="float64")


@check("The parameters have the right shapes and order", points=4, visible=True)
def parameters(student, reference, draw):
    got = [tuple(shape) for shape in student.given("trainer").shapes(student.LeNet5())]
    pairs = enumerate(zip(got, SHAPES))
    k = next((k for k, (one, other) in pairs if one != other), min(len(got), len(SHAPES)))
    told = [f"The model registers {len(got)} parameters; expected {len(SHAPES)}."]
    if k < len(SHAPES):
        wanted = f"the {('weights', 'biases')[k % 2]} of {LAYERS[k // 2]}, of shape {SHAPES[k]}"
        found = f"it has the shape {got[k]}" if k < len(got) else "there is none"
        told.append(f"Number {k + 1} should be {wanted}; {found}.")
    text = " ".join(told[len(got) == len(SHAPES) :])
    require(got == SHAPES, f"{text} Yours: {', '.join(map(str, got[:20])) or 'none'}.")


@check(
    "One image gives the ten logits that follow from the weights",
    points=5,
    visible=True,
    after=parameters,
)
def one_image(student, reference, draw):
    weights, x = drawn(draw), images(draw, 1)
    mine = model_of(student, weights)
    got, again = mine(x), mine(x)
    if isinstance(got, np.ndarray):
        close(again, got, name="the logits of a second call with the same image")
    close(got, model_of(reference, weights)(x), **LOGITS)


@check("Every image of a batch has its own logits", points=4, after=parameters)
def batch(student, reference, draw):
    first, second = drawn(draw), drawn(draw)
    models = [(model_of(student, w), model_of(reference, w)) for w in (first, second)]
    for n in (2, 5, 3):
        x = images(draw, n)
        for mine, theirs in models:
            close(mine(x), theirs(x), **LOGITS)


@check(
    "A new model is float32 and computes with the weights it starts with",
    points=3,
    after=parameters,
)
def own_start(student, reference, draw):
    student.given("trainer").seed(0)
    model = student.LeNet5()
    weights = student.given("trainer").weights(model)
    twin = model_of(reference, [np.array(w) for w in weights])
    x = tensor(draw.normal(3, 1, 32, 32), dtype="float32")
    close(model(x), twin(x), rtol=1e-4, atol=1e-5, name="logits")


@check(
    "Three steps of Adam change every weight as they should",
    points=6,
    after=(parameters, one_image),
)
def steps(student, reference, draw):
    weights, x, y = drawn(draw), images(draw, 4), tensor(draw.integers(0, 10, size=4))
    mine = model_of(student, weights)
    mine(x)
    student.given("trainer").adam_steps(mine, x, y, 3, 1e-3)
    got = student.given("trainer").weights(mine)
    theirs = model_of(reference, weights)
    reference.given("trainer").adam_steps(theirs, x, y, 3, 1e-3)
    expected = reference.given("trainer").weights(theirs)
    close(got, expected, rtol=1e-6, atol=1e-9, name="parameters")


@check("It learns 64 images in 60 steps from its own start", points=3, after=steps)
def learns(student, reference, draw):
    y = draw.permutation(64) % 10
    x = draw.normal(10, 1, 32, 32)[y] + 0.5 * draw.normal(64, 1, 32, 32)
    student.given("trainer").seed(draw.integers(0, 2**31))
    model, x = student.LeNet5(), tensor(x, dtype="float32")
    losses = student.given("trainer").adam_steps(model, x, tensor(y), 60, 2e-3)
    about = f"The loss before each step: {losses[0]:.2f} at first, {losses[-1]:.2f} at last."
    attach(curves({"loss": losses}, title="Loss during training", description=about))
    right = int((np.argmax(model(x), axis=1) == y).sum())
    text = (
        f"After 60 steps {right} of 64 images are classified right; 58 are asked for. The steps "
        "themselves were right, so look at the weights that a new model starts with."
    )
    require(right > 57, text)
