"""Checks for adaptive-optimisers: theta after every step of fixed gradient sequences.

Gradients are drawn beforehand, never computed from theta: there a rounding error would grow.
"""

import numpy as np

from grader.authoring import attach, check, close, trajectory

METHODS = ("adagrad_step", "rmsprop_step", "adam_step", "adamax_step", "nadam_step")


def gradients(draw, *shape, steps=60):
    """Return `steps` gradients whose size falls from 3 to 0.05."""
    return [size * draw.normal(*shape) for size in np.geomspace(3.0, 0.05, steps)]


def other_keywords(draw, method):
    """Return keywords that differ from every default, in ranges where one step shows them."""
    b1, b2 = draw.uniform(low=0.6, high=0.85), draw.uniform(low=0.9, high=0.98)
    return {
        "adagrad_step": {},
        "rmsprop_step": {"beta": draw.uniform(low=0.8, high=0.95)},
        "adam_step": {"b1": b1, "b2": b2},
        "adamax_step": {"b1": b1, "b2": b2},
        "nadam_step": {"b1": b1, "b2": b2, "psi": draw.uniform(low=0.02, high=0.1)},
    }[method]


class Walk:
    """One parameter array on its way, in the student's session and beside it in the reference's."""

    def __init__(self, student, reference, method, theta):
        self.step = getattr(student, method)
        self.expected_step = getattr(reference, method)
        self.state, self.expected_state = student.keep({}), reference.keep({})
        self.theta, self.steps = theta, 0

    def go(self, g, lr, **keywords):
        judge(self.call(g, lr, **keywords))

    def call(self, g, lr, **keywords):
        """Make one step; the next one begins at the right theta, whatever the student's was.

        Returns the student's theta, the right one, and the number of the step.
        """
        theta = self.step(self.theta, g, self.state, lr, **keywords)
        self.theta = self.expected_step(self.theta, g, self.expected_state, lr, **keywords)
        self.steps += 1
        return theta, self.theta, self.steps


def judge(*steps):
    for theta, expected, number in steps:
        close(theta, expected, name=f"theta after step {number}")


def three_steps(student, reference, draw, method):
    for size in (1, 2):
        walk = Walk(student, reference, method, draw.normal(size))
        # All three before the first is judged: some mistakes differ from each other only later.
        steps = [walk.call(g, 0.1, eps=1e-2) for g in gradients(draw, size, steps=3)]
        judge(*steps)


def sixty_steps(student, reference, draw, method):
    lr, keywords = draw.uniform(low=0.01, high=0.1), other_keywords(draw, method)
    walk = Walk(student, reference, method, draw.normal(5))
    start = walk.theta
    steps = [walk.call(g, lr, eps=1e-2, **keywords) for g in gradients(draw, 5)]
    picture(method, start, steps)
    judge(*steps)
    walk = Walk(student, reference, method, draw.normal(2, 3))
    for g in gradients(draw, 2, 3):
        walk.go(g, lr, eps=1e-8)


def picture(method, start, steps):
    """Attach both ways of the first two parameters; what leaves the picture is not drawn."""
    arrays = all(isinstance(own, np.ndarray) and own.dtype.kind == "f" for own, *_ in steps)
    if not arrays or any(own.shape != start.shape for own, *_ in steps):
        return
    expected = np.array([start, *(theta for _, theta, _ in steps)])
    moves = np.array([own for own, *_ in steps], dtype=np.float64) - expected[:-1]
    own = np.concatenate([start[None], start + np.cumsum(moves, axis=0)])[:, :2]
    expected = expected[:, :2]
    reach = np.ptp(expected, axis=0)
    near = (own >= expected.min(axis=0) - reach) & (own <= expected.max(axis=0) + reach)
    outside = ~near.all(axis=1)
    own[outside] = np.nan
    attach(trajectory(
        {"your steps": own, "expected": expected},
        f"Sixty steps of {method}",
        "The first two of the five parameters: your steps, one after the other, and the expected "
        f"ones. Outside of the picture: {int(outside.sum())} of your 61 points.",
    ))  # fmt: skip


@check("Adagrad: three steps", points=2, visible=True)
def adagrad_three(student, reference, draw):
    three_steps(student, reference, draw, "adagrad_step")


@check("RMSprop: three steps", points=2, visible=True)
def rmsprop_three(student, reference, draw):
    three_steps(student, reference, draw, "rmsprop_step")


@check("Adam: three steps", points=2, visible=True)
def adam_three(student, reference, draw):
    three_steps(student, reference, draw, "adam_step")


@check("AdaMax: three steps", points=2, visible=True)
def adamax_three(student, reference, draw):
    three_steps(student, reference, draw, "adamax_step")


@check("Nadam: three steps", points=2, visible=True)
def nadam_three(student, reference, draw):
    three_steps(student, reference, draw, "nadam_step")


@check("Adagrad: sixty steps", points=4)
def adagrad_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "adagrad_step")


@check("RMSprop: sixty steps", points=4)
def rmsprop_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "rmsprop_step")


@check("Adam: sixty steps", points=4)
def adam_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "adam_step")


@check("AdaMax: sixty steps", points=4)
def adamax_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "adamax_step")


@check("Nadam: sixty steps", points=4)
def nadam_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "nadam_step")


@check("Gradients that begin with zeros", points=2)
def zeros_first(student, reference, draw):
    for method in METHODS:
        for eps in (1e-8, 1e-2):
            walk = Walk(student, reference, method, draw.normal(3))
            walk.go(np.zeros(3), 0.1, eps=eps)
            walk.go(np.array([0.0, 1.0, -2.0]) * draw.uniform(low=0.5, high=2.0), 0.1, eps=eps)
            walk.go(draw.normal(3), 0.1, eps=eps)


@check("Two parameters in turn do not disturb each other", points=2)
def two_parameters(student, reference, draw):
    for method in METHODS:
        weights = Walk(student, reference, method, draw.normal(2, 3))
        bias = Walk(student, reference, method, draw.normal(3))
        for g in gradients(draw, 3, steps=3):
            weights.go(draw.normal(2, 3), 0.05, eps=1e-8)
            bias.go(g, 0.05, eps=1e-8)
    walks = [Walk(student, reference, method, draw.normal(2)) for method in METHODS]
    for g in gradients(draw, 2, steps=3):
        for walk in walks:
            walk.go(g, 0.05, eps=1e-8)


@check("Keywords that are left out have their stated values", points=1)
def keywords_left_out(student, reference, draw):
    for method in METHODS:
        walk = Walk(student, reference, method, draw.normal(3))
        for g in gradients(draw, 3, steps=4):
            walk.go(1e-6 * g, 0.1)  # so small that eps counts
