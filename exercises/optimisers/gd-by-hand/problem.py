"""Three steps on f = a (theta - c)^2, its stable rates, and one step of a line through 3 points.

One step multiplies theta - c by 1 - 2 a lr: that number decides between the three verdicts.
"""

from grader.authoring import curves, mistake, step

MONOTONE, OSCILLATING, DIVERGENT = 1, 2, 3
PLACES = (1, 2, 3)
RATES = [round(0.1 * k, 1) for k in range(1, 26)]


def verdict_of(a, lr):
    return MONOTONE if 2 * a * lr < 1 else OSCILLATING if 2 * a * lr < 2 else DIVERGENT


def suits(a, lr):
    """Whether the rate is neither tiny nor wild, nor close to a border between two verdicts."""
    curvature = 2 * a * lr
    return 0.3 < curvature < 2.5 and min(abs(curvature - 1), abs(curvature - 2)) > 0.05


def draw(rng):
    def number(low, high):
        return round(rng.uniform(low=low, high=high), 1) + 0.0  # no -0.0

    a, verdict = rng.choice([0.5, 1, 2]), rng.choice([MONOTONE, OSCILLATING, DIVERGENT])
    lr = rng.choice([r for r in RATES if suits(a, r) and verdict_of(a, r) == verdict])
    c = number(-3, 3)
    th0 = number(-3, 3)
    while abs(th0 - c) < 1:
        th0 = number(-3, 3)
    return {
        "a": a, "c": c, "th0": th0, "lr": lr,
        "m": number(-2, 2), "k": number(-2, 2),
        "y1": number(-3, 3), "y2": number(-3, 3), "y3": number(-3, 3),
        "lr_line": 0.1,
    }  # fmt: skip


def errors(n, m):
    """Line minus point at x = 1, 2, 3."""
    return [m * x + n.k - y for x, y in zip(PLACES, (n.y1, n.y2, n.y3), strict=True)]


def slope_m(n, m):
    return 2 / 3 * sum(e * x for e, x in zip(errors(n, m), PLACES, strict=True))


def slope_k(n, m):
    return 2 / 3 * sum(errors(n, m))


def before(a, n, t):
    """Theta before step t."""
    return n.th0 if t == 1 else getattr(a, f"th{t - 1}")


def gradient(t, factor=2):
    return lambda n, a: factor * n.a * (before(a, n, t) - n.c)


def update(t, sign=-1):
    return lambda n, a: before(a, n, t) + sign * n.lr * getattr(a, f"grad{t}")


PARABOLA, RATE, LINE = "Three steps on the parabola", "The learning rate", "One step of a line"


def parabola_step(t):
    return [
        step(f"grad{t}", gradient(t), label=f"Gradient of step {t}",
             latex=rf"g_{t} = f'(\theta_{t - 1})", points=0.5, section=PARABOLA),
        step(f"th{t}", update(t), label=f"Theta after step {t}",
             latex=rf"\theta_{t} = \theta_{t - 1} - \eta\, g_{t}", points=0.5, section=PARABOLA),
    ]  # fmt: skip


steps = [
    *parabola_step(1),
    *parabola_step(2),
    *parabola_step(3),
    step("verdict", lambda n, a: verdict_of(n.a, n.lr), label="What these steps do",
         latex=r"\text{1, 2 or 3}", points=1, integer=True, section=RATE),
    step("largest_stable_rate", lambda n, a: 1 / n.a, label="Bound of the rates that converge",
         latex=r"\eta_{\max}", points=1, section=RATE),
    step("dm", lambda n, a: slope_m(n, n.m), label="Gradient by the slope",
         latex=r"\partial L / \partial m", points=1.5, section=LINE),
    step("dk", lambda n, a: slope_k(n, n.m), label="Gradient by the intercept",
         latex=r"\partial L / \partial k", points=1.5, section=LINE),
    step("m_new", lambda n, a: n.m - n.lr_line * a.dm, label="New slope",
         latex=r"m^{\text{new}}", points=1, section=LINE),
    step("k_new", lambda n, a: n.k - n.lr_line * a.dk, label="New intercept",
         latex=r"k^{\text{new}}", points=1, section=LINE),
]  # fmt: skip

mistakes = [
    mistake(
        "factor_two_lost",
        "The factor 2 of the square is lost.",
        hint="What is the derivative of a square?",
        **{f"grad{t}": gradient(t, factor=1) for t in PLACES},
    ),
    mistake(
        "plus_gradient",
        "The step goes uphill.",
        hint="The gradient points towards larger values of f.",
        **{f"th{t}": update(t, sign=1) for t in PLACES},
        m_new=lambda n, a: n.m + n.lr_line * a.dm,
        k_new=lambda n, a: n.k + n.lr_line * a.dk,
    ),
    mistake(
        "lr_forgotten",
        "The learning rate is missing.",
        hint="The gradient says the direction; how far the step goes is a number of its own.",
        **{f"th{t}": lambda n, a, t=t: before(a, n, t) - getattr(a, f"grad{t}") for t in PLACES},
        m_new=lambda n, a: n.m - a.dm,
        k_new=lambda n, a: n.k - a.dk,
    ),
    mistake(
        "gradient_frozen",
        "The gradient at the start was used again.",
        hint="Each step begins where the last one ended, and takes the gradient there.",
        grad2=lambda n, a: a.grad1,
        grad3=lambda n, a: a.grad1,
    ),
    mistake(
        "limit_two_over_a",
        "With this rate the steps already lead away from the minimum.",
        hint="Which factor multiplies the distance in each step, and how large may it be?",
        largest_stable_rate=lambda n, a: 2 / n.a,
    ),
    mistake(
        "best_rate",
        "This rate jumps into the minimum; larger ones converge too.",
        hint="A step may go past the minimum, as long as it ends nearer to it than it began.",
        largest_stable_rate=lambda n, a: 0.5 / n.a,
    ),
    mistake(
        "mean_forgotten",
        "The three points were summed, not averaged.",
        hint="The M of MSE.",
        dm=lambda n, a: 3 * slope_m(n, n.m),
        dk=lambda n, a: 3 * slope_k(n, n.m),
    ),
    mistake(
        "line_factor_two_lost",
        "The factor 2 is missing in a gradient of the line.",
        hint="What is the derivative of a square?",
        dm=lambda n, a: slope_m(n, n.m) / 2,
        dk=lambda n, a: slope_k(n, n.m) / 2,
    ),
    mistake(
        "error_sign",
        "Point minus line was taken.",
        hint="How does the error line minus point change when m or k grows?",
        dm=lambda n, a: -slope_m(n, n.m),
        dk=lambda n, a: -slope_k(n, n.m),
    ),
    mistake(
        "x_forgotten",
        "The factor x is missing in the gradient by the slope.",
        hint="How much does the line rise at x = 3 when m grows by 1?",
        dm=lambda n, a: slope_k(n, n.m),
    ),
    mistake(
        "new_slope_in_dk",
        "The new slope was used in the gradient by the intercept.",
        hint="Both gradients belong to the old line; only then do both numbers change.",
        dk=lambda n, a: slope_k(n, n.m - n.lr_line * a.dm),
    ),
]


def figure(n):
    points = (n.y1, n.y2, n.y3)
    line = [round(n.m * x + n.k, 4) for x in PLACES]
    said = ", ".join(f"({x}, {y})" for x, y in zip(PLACES, points, strict=True))
    return curves(
        {"points": points, "line": line},
        "Your points and the line you start from",
        f"The points {said} and the line y = {n.m} x + {n.k} from x = 1 to x = 3.",
        xs=PLACES,
        x="x",
        y="y",
    )
