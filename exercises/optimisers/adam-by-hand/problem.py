"""Three steps of Adam on one parameter, from three given gradients.

The gradients have two signs and different sizes: with equal ones the mean m and the gradient g
are the same number. Their size is 1 to 4: smaller ones make the tolerance of theta too wide.
"""

from math import sqrt

from grader.authoring import bars, mistake, step


def draw(rng):
    small = rng.uniform(low=1, high=2.6)
    sizes = [small, rng.uniform(low=small, high=4), rng.uniform(low=1.5 * small, high=4)]
    odd, sign = rng.integers(0, 3), rng.choice([-1, 1])
    g1, g2, g3 = (
        round(-sign * size if i == odd else sign * size, 2)
        for i, size in enumerate(rng.sample(sizes, 3))
    )
    return {
        "g1": g1, "g2": g2, "g3": g3,
        "b1": 0.9, "b2": rng.choice([0.95, 0.98]), "lr": rng.choice([0.05, 0.1]),
        "eps": 1e-8, "th0": rng.choice([-1, 1]) * round(rng.uniform(low=0.1, high=2), 1),
    }  # fmt: skip


def g(n, t):
    return getattr(n, f"g{t}")


def of(a, name, t, start=0.0):
    """An answer of step t; `start` before the first step."""
    return getattr(a, f"{name}{t}") if t else start


def new_m(n, a, t):
    return n.b1 * of(a, "m", t - 1) + (1 - n.b1) * g(n, t)


def new_v(n, a, t):
    return n.b2 * of(a, "v", t - 1) + (1 - n.b2) * g(n, t) ** 2


def m_hat(n, a, t):
    return of(a, "m", t) / (1 - n.b1**t)


def v_hat(n, a, t):
    return of(a, "v", t) / (1 - n.b2**t)


def new_theta(n, a, t, sign=-1):
    ratio = of(a, "m_hat", t) / (sqrt(of(a, "v_hat", t)) + n.eps)
    return of(a, "th", t - 1, n.th0) + sign * n.lr * ratio


FORMULAS = {  # name: formula, label, latex (of step t), points
    "m": (new_m, "Mean of the gradients", r"m_t = \beta_1 m_{t-1} + (1 - \beta_1)\, g_t", 0.5),
    "v": (new_v, "Mean of their squares", r"v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2", 0.5),
    "m_hat": (m_hat, "Corrected mean", r"\hat m_t", 1),
    "v_hat": (v_hat, "Corrected mean of squares", r"\hat v_t", 1),
    "th": (new_theta, "Parameter after the step", r"\theta_t", 2),
}


def answer(name, t):
    formula, label, latex, points = FORMULAS[name]
    return step(
        f"{name}{t}",
        lambda n, a: formula(n, a, t),
        label=f"{label}, t = {t}",
        latex=latex.replace("{t-1}", str(t - 1)).replace("_t", f"_{t}"),
        points=points,
        section=f"Step {t}",
    )


def each(name, formula, first=1):
    """One mistaken formula for each step from `first` on, by the id of its answer."""
    return {f"{name}{t}": lambda n, a, t=t: formula(n, a, t) for t in range(first, 4)}


steps = [answer(name, t) for t in (1, 2, 3) for name in FORMULAS]

mistakes = [
    mistake(
        "constant_correction",
        "The correction of the first step was used again.",
        hint="The number of the step is an exponent in it: it fades as the means fill up.",
        **each("m_hat", lambda n, a, t: of(a, "m", t) / (1 - n.b1), 2),
        **each("v_hat", lambda n, a, t: of(a, "v", t) / (1 - n.b2), 2),
    ),
    mistake(
        "no_correction",
        "The mean was not corrected.",
        hint="Both means start at 0 and are too small at first. What do you divide by?",
        **each("m_hat", lambda n, a, t: of(a, "m", t)),
        **each("v_hat", lambda n, a, t: of(a, "v", t)),
    ),
    mistake(
        "multiplied",
        "The mean was multiplied by the correction.",
        hint="The means are too small at first; the correction makes them larger.",
        **each("m_hat", lambda n, a, t: of(a, "m", t) * (1 - n.b1**t)),
        **each("v_hat", lambda n, a, t: of(a, "v", t) * (1 - n.b2**t)),
    ),
    mistake(
        "g_for_m_hat",
        "The step uses the gradient in the place of the mean.",
        hint="What is the corrected mean of the gradients for?",
        **each(
            "th",
            lambda n, a, t: (
                of(a, "th", t - 1, n.th0) - n.lr * g(n, t) / (sqrt(of(a, "v_hat", t)) + n.eps)
            ),
            2,
        ),
    ),
    mistake(
        "state_reset",
        "The mean starts at 0 again.",
        hint="The mean of the step before goes on into this one.",
        **each("m", lambda n, a, t: (1 - n.b1) * g(n, t), 2),
        **each("v", lambda n, a, t: (1 - n.b2) * g(n, t) ** 2, 2),
    ),
    mistake(
        "corrected_mean_carried",
        "The corrected mean was carried over into the next step.",
        hint="The correction is for the step alone; the mean itself goes on without it.",
        **each("m", lambda n, a, t: n.b1 * of(a, "m_hat", t - 1) + (1 - n.b1) * g(n, t), 2),
        **each("v", lambda n, a, t: n.b2 * of(a, "v_hat", t - 1) + (1 - n.b2) * g(n, t) ** 2, 2),
    ),
    mistake(
        "weights_swapped",
        "The factor of the old mean and that of the new gradient are swapped.",
        hint="Adam's means change slowly: the old one has the larger weight.",
        **each("m", lambda n, a, t: (1 - n.b1) * of(a, "m", t - 1) + n.b1 * g(n, t)),
        **each("v", lambda n, a, t: (1 - n.b2) * of(a, "v", t - 1) + n.b2 * g(n, t) ** 2),
    ),
    mistake(
        "square_missing",
        "The gradient was not squared.",
        hint="v is a mean of squares and is never negative.",
        **each("v", lambda n, a, t: n.b2 * of(a, "v", t - 1) + (1 - n.b2) * abs(g(n, t))),
    ),
    mistake(
        "no_root",
        "The root is missing.",
        hint="A mean of squares has the size of a square.",
        **each(
            "th",
            lambda n, a, t: (
                of(a, "th", t - 1, n.th0) - n.lr * of(a, "m_hat", t) / (of(a, "v_hat", t) + n.eps)
            ),
        ),
    ),
    mistake(
        "ascent",
        "The step goes uphill.",
        hint="The mean of the gradients points towards more loss.",
        **each("th", lambda n, a, t: new_theta(n, a, t, +1)),
    ),
]


def figure(n):
    return bars(
        {"g₁": n.g1, "g₂": n.g2, "g₃": n.g3},
        "Your three gradients",
        f"Gradients of the steps 1, 2, 3: {n.g1}, {n.g2}, {n.g3}.",
        y="gradient",
    )
