"""Checks for momentum-optimisers: ways through a valley, the learning rate dropping on the way.

Until the rate drops, heavy ball and torch's form agree to the last digits; afterwards they do not.
The velocity itself is never looked at: what it must be follows from where the steps lead.
"""

import numpy as np

from grader.authoring import attach, check, close, require, trajectory

VARIANTS = ("heavy-ball", "torch", "ema", "nag")


class Valley:
    """f(theta) = 1/2 sum of h (theta - c)^2; `points` are those at which the slope was asked."""

    def __init__(self, draw, *shape, high=8.0):
        self.h = draw.uniform(*shape, low=0.5, high=high)
        self.c = draw.normal(*shape, scale=2.0)
        self.points = []

    def gradient(self, point):
        point = np.asarray(point, dtype=np.float64)
        require(
            point.shape == self.c.shape,
            f"grad_fn was called with shape {point.shape}; theta has shape {self.c.shape}.",
        )
        self.points.append(point)
        return self.h * (point - self.c)


class Walk:
    """One parameter array on its way, in the student's session and beside it in the reference's."""

    def __init__(self, student, reference, valley, theta, mu, variant):
        self.student, self.reference, self.valley = student, reference, valley
        self.state, self.expected_state = student.keep({}), reference.keep({})
        self.mu, self.variant = mu, variant
        self.way, self.expected = [theta], [theta]

    def go(self, lr):
        """Make one step on each side. Later steps of the student begin where its own step led."""
        self.way.append(self.one(self.student, self.way[-1], self.state, lr))
        self.expected.append(self.one(self.reference, self.expected[-1], self.expected_state, lr))

    def one(self, side, theta, state, lr):
        moved = side.step(theta, self.valley.gradient, state, lr, self.mu, self.variant)
        array = isinstance(moved, np.ndarray) and moved.shape == theta.shape
        require(array, f"step returns a new array of shape {theta.shape}, as theta has.")
        return moved

    def judge(self):
        pairs = zip(self.way[1:], self.expected[1:], strict=True)
        for number, (theta, expected) in enumerate(pairs, 1):
            close(theta, expected, name=f"theta after step {number}")


def three_steps(student, reference, draw, variant):
    for size in (1, 2):
        valley, mu = Valley(draw, size, high=2.0), draw.uniform(low=0.5, high=0.9)
        walk = Walk(student, reference, valley, draw.normal(size), mu, variant)
        # All three before the first is judged: some mistakes differ from each other only later.
        for lr in (0.2, 0.2, 0.1):
            walk.go(lr)
        walk.judge()


def sixty_steps(student, reference, draw, variant):
    valley = Valley(draw, 2)
    valley.h[:] = draw.uniform(low=0.5, high=1.0), draw.uniform(low=6.0, high=9.0)
    mu = draw.uniform(low=0.8, high=0.9)
    start = valley.c + np.array([4.0, 2.0]) * draw.uniform(2, low=0.8, high=1.2)
    walk = Walk(student, reference, valley, start, mu, variant)
    for t in range(60):
        walk.go(0.05 if t < 30 else 0.01)
    attach(picture(walk))
    walk.judge()


def picture(walk):
    """Draw both ways over the heights of the valley; what leaves the picture is not drawn."""
    expected, own = np.array(walk.expected), np.array(walk.way, dtype=np.float64)
    low, high = expected.min(axis=0) - 0.5, expected.max(axis=0) + 0.5
    outside = ~((own >= low) & (own <= high)).all(axis=1)
    own[outside] = np.nan
    x, y = (np.linspace(low[i], high[i], 48) for i in (0, 1))
    h, c = walk.valley.h, walk.valley.c
    heights = 0.5 * (h[0] * (x[None, :] - c[0]) ** 2 + h[1] * (y[:, None] - c[1]) ** 2)
    return trajectory(
        {"your steps": own, "expected": expected},
        f"Sixty steps of {walk.variant}",
        f"Two parameters; the valley is lowest at ({c[0]:.2f}, {c[1]:.2f}). The learning rate "
        f"drops after 30 steps. Outside of the picture: {int(outside.sum())} of your 61 points.",
        surface=heights,
        extent=(low[0], high[0], low[1], high[1]),
    )


@check("heavy-ball: three steps", points=2, visible=True)
def heavy_ball_three(student, reference, draw):
    three_steps(student, reference, draw, "heavy-ball")


@check("torch: three steps", points=2, visible=True)
def torch_three(student, reference, draw):
    three_steps(student, reference, draw, "torch")


@check("ema: three steps", points=2, visible=True)
def ema_three(student, reference, draw):
    three_steps(student, reference, draw, "ema")


@check("nag: three steps", points=2, visible=True)
def nag_three(student, reference, draw):
    three_steps(student, reference, draw, "nag")


@check("heavy-ball: sixty steps, the learning rate drops", points=3)
def heavy_ball_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "heavy-ball")


@check("torch: sixty steps, the learning rate drops", points=3)
def torch_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "torch")


@check("ema: sixty steps, the learning rate drops", points=3)
def ema_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "ema")


@check("nag: sixty steps, the learning rate drops", points=3)
def nag_sixty(student, reference, draw):
    sixty_steps(student, reference, draw, "nag")


@check("One gradient for each step", points=2)
def one_gradient(student, reference, draw):
    for variant in VARIANTS:
        valley, state = Valley(draw, 2), student.keep({})
        theta, mu = draw.normal(2), draw.uniform(low=0.5, high=0.9)
        for t in range(1, 4):
            theta = student.step(theta, valley.gradient, state, 0.05, mu, variant)
            asked, valley.points = len(valley.points), []
            require(
                asked == 1,
                f"{variant}: grad_fn was called {asked} times in step {t}; once is asked for.",
            )


@check("Two parameters of other shapes in turn do not disturb each other", points=2)
def two_parameters(student, reference, draw):
    for variant in VARIANTS:
        mu = draw.uniform(low=0.5, high=0.9)
        walks = [
            Walk(student, reference, Valley(draw, *shape), draw.normal(*shape), mu, variant)
            for shape in ((2, 3), (3,), (2, 3))
        ]
        for _ in range(3):
            for walk in walks:
                walk.go(0.05)
        for walk in walks:
            walk.judge()


@check("Without momentum all four forms descend alike", points=1)
def no_momentum(student, reference, draw):
    for variant in VARIANTS:
        walk = Walk(student, reference, Valley(draw, 3), draw.normal(3), 0.0, variant)
        for _ in range(3):
            walk.go(draw.uniform(low=0.02, high=0.1))
        walk.judge()
