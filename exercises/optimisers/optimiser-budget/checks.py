"""Checks for optimiser-budget: quadratics of 500 parameters, gradients answered and counted here.

The minimum lies far from 0 and from the start, and 500 parameters are more than any budget: neither
a guess nor the matrix, put together from gradients, gets there.
"""

import numpy as np

from grader.authoring import attach, check, curves, performance, require

ROWS, COLUMNS = 20, 25
SIZE = ROWS * COLUMNS
GOAL = 1e-6


class Quadratic:
    """f(x) = 1/2 (x - x*)^T A (x - x*); `heights` are f / f(x0) at the points that were asked."""

    def __init__(self, draw, condition, budget, L=None):
        self.L = draw.uniform(low=0.5, high=5.0) if L is None else L
        self.mu, self.budget = self.L / condition, budget
        inner = draw.uniform(SIZE - 2, low=np.log(self.mu), high=np.log(self.L))
        curvatures = np.array([self.mu, *np.exp(inner), self.L])
        self.curvatures = curvatures[draw.permutation(SIZE)].reshape(ROWS, COLUMNS)
        # The eigenvectors are all products of one of these and one of those: as dense as others,
        # and a gradient takes microseconds.
        self.left, self.right = (np.linalg.qr(draw.normal(n, n))[0] for n in (ROWS, COLUMNS))
        self.start, self.minimum = draw.normal(SIZE), draw.normal(SIZE, scale=2.0)
        self.first = self.at(self.start)[0]
        self.heights = []

    def at(self, x):
        """Return f and its gradient."""
        with np.errstate(all="ignore"):  # a student's points may be anywhere
            away = self.left.T @ (x - self.minimum).reshape(ROWS, COLUMNS) @ self.right
            slope = self.left @ (self.curvatures * away) @ self.right.T
            return 0.5 * float(np.sum(self.curvatures * away**2)), slope.ravel()

    def grad(self, point):
        x = np.asarray(point, dtype=np.float64)
        require(x.shape == (SIZE,), f"grad was called with shape {x.shape}; x has shape ({SIZE},).")
        if len(self.heights) >= self.budget:
            raise RuntimeError("gradient budget spent")
        height, slope = self.at(x)
        self.heights.append(height / self.first)
        return slope

    def solve(self, student):
        """Return how far f came down at what the student returned, as a share of f(x0)."""
        x = student.minimise(self.grad, self.start, self.mu, self.L, self.budget)
        good = isinstance(x, np.ndarray) and x.shape == (SIZE,) and x.dtype == np.float64
        array = isinstance(x, np.ndarray)
        what = f"a {x.dtype} array of shape {x.shape}" if array else "no array"
        require(good, f"minimise returned {what}; expected a float64 array of shape ({SIZE},).")
        require(
            np.isfinite(x).all(),
            f"What minimise returned is not finite after {len(self.heights)} gradients: "
            "the steps lead away from the minimum.",
        )
        return self.at(x)[0] / self.first


def solved(student, quadratics):
    """Solve all of them, with a figure. Returns the most gradients that one of them took."""
    left = [q.solve(student) for q in quadratics]
    shown = {f"f {i}": q.heights for i, q in enumerate(quadratics, 1) if q.heights}
    if shown:
        attach(curves(
            shown,
            "How f comes down",
            "f at each point where a gradient was asked, as a share of f at the start. "
            f"At the end: {', '.join(f'{value:.2g}' for value in left)}; {GOAL:g} is asked for.",
            x="gradients", y="f / f(x0)", log=True,
        ))  # fmt: skip
    for q, value in zip(quadratics, left, strict=True):
        require(
            value <= GOAL,
            f"Condition {q.L / q.mu:.0f}: after {len(q.heights)} of {q.budget} gradients f is "
            f"{value:.3g} of f(x0); at most {GOAL:g} is asked for.",
        )
    return max(len(q.heights) for q in quadratics)


@check("An easy valley within 200 gradients", points=4, visible=True)
def easy(student, reference, draw):
    solved(student, [Quadratic(draw, 4, 200)])


@check("Steep and flat valleys of condition 200 within 200 gradients", points=3, after=easy)
def condition_200(student, reference, draw):
    solved(student, [Quadratic(draw, 200, 200, L) for L in (0.5, 5.0)])


@check("Any budget is kept, and a point comes back", points=3)
def any_budget(student, reference, draw):
    for budget in (1, 2, 7):
        Quadratic(draw, 50, budget).solve(student)


@performance("Condition 400 within 300 gradients, three times of three", points=10)
def condition_400(student, reference, draw):
    return solved(student, [Quadratic(draw, 400, 300) for _ in range(3)])


@performance("Condition 1000 within 400 gradients, three times of three", points=10)
def condition_1000(student, reference, draw):
    return solved(student, [Quadratic(draw, 1000, 400) for _ in range(3)])
