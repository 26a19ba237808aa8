"""Leaky ReLU, ELU, softplus, two hard sigmoids and tanh, far to the left and near 0."""

from math import exp, log, log10

from grader.authoring import curves, mistake, step


def draw(rng):
    return {
        "x1": round(rng.uniform(low=-12, high=-3), 1),
        "x2": round(rng.uniform(low=-2, high=2), 2),
        "alpha": round(rng.uniform(low=0.05, high=0.5), 2),
    }


def leaky(x, alpha):
    return x if x > 0 else alpha * x


def elu(x, alpha, one=1):
    return x if x > 0 else alpha * (exp(x) - one)


def hard(x, slope):
    return min(1, max(0, slope * x + 0.5))


def sigmoid(z):
    return 1 / (1 + exp(-z))


def at(place):
    """Return the steps at x1 or x2."""
    section = {1: "At the first place", 2: "At the second place"}[place]

    def x(n):
        return getattr(n, f"x{place}")

    def one(name, formula, label, latex, points):
        return step(f"{name}{place}", formula, label=label, latex=latex, points=points,
                    section=section)  # fmt: skip

    return [
        one("leaky", lambda n, a: leaky(x(n), n.alpha), "Leaky ReLU",
            rf"\text{{leaky}}(x_{place})", 0.5),
        one("elu", lambda n, a: elu(x(n), n.alpha), "ELU",
            rf"\text{{ELU}}(x_{place})", 1),
        one("softplus", lambda n, a: log(1 + exp(x(n))), "Softplus",
            rf"\ln(1 + e^{{x_{place}}})", 1),
        one("hard_fifth", lambda n, a: hard(x(n), 0.2), "Hard sigmoid, 0.2 form",
            rf"h_{{0.2}}(x_{place})", 0.5),
        one("hard_sixth", lambda n, a: hard(x(n), 1 / 6), "Hard sigmoid, 1/6 form",
            rf"h_{{1/6}}(x_{place})", 0.5),
        one("sigmoid_2x", lambda n, a: sigmoid(2 * x(n)), "Sigmoid of twice x",
            rf"\sigma(2 x_{place})", 0.5),
        one("tanh", lambda n, a: 2 * getattr(a, f"sigmoid_2x{place}") - 1, "Hyperbolic tangent",
            rf"\tanh(x_{place})", 1),
    ]  # fmt: skip


steps = [*at(1), *at(2)]

mistakes = [
    mistake(
        "max_min_mixed",
        "The larger and the smaller were mixed up in the hard sigmoid.",
        hint="First the larger of 0 and the line, then the smaller of 1 and that.",
        hard_fifth1=lambda n, a: 0.5,
    ),
    mistake(
        "leaky_as_relu",
        "This is ReLU: nothing leaks.",
        hint="To the left of 0 leaky ReLU is a line with a small slope.",
        leaky1=lambda n, a: 0,
        leaky2=lambda n, a: max(0, n.x2),
    ),
    mistake(
        "elu_as_relu",
        "ELU is not 0 to the left of 0.",
        hint="Which value does ELU tend to far on the left?",
        elu1=lambda n, a: 0,
        elu2=lambda n, a: max(0, n.x2),
    ),
    mistake(
        "elu_without_minus_one",
        "In ELU the 1 is not subtracted.",
        hint="ELU is 0 at 0: the two cases meet there.",
        elu1=lambda n, a: elu(n.x1, n.alpha, 0),
        elu2=lambda n, a: elu(n.x2, n.alpha, 0),
    ),
    mistake(
        "elu_without_alpha",
        "In ELU alpha is missing.",
        hint="Far on the left ELU tends to minus alpha.",
        elu1=lambda n, a: elu(n.x1, 1),
        elu2=lambda n, a: elu(n.x2, 1),
    ),
    mistake(
        "softplus_log10",
        "The logarithm to base 10 was taken.",
        hint="Softplus uses the natural logarithm, the key marked ln.",
        softplus1=lambda n, a: log10(1 + exp(n.x1)),
        softplus2=lambda n, a: log10(1 + exp(n.x2)),
    ),
    mistake(
        "softplus_mirrored",
        "The exponent of softplus has the wrong sign.",
        hint="Softplus is nearly ReLU: nearly 0 far on the left.",
        softplus1=lambda n, a: log(1 + exp(-n.x1)),
        softplus2=lambda n, a: log(1 + exp(-n.x2)),
    ),
    mistake(
        "hard_unclipped",
        "The line was not cut off.",
        hint="A sigmoid, hard or not, stays between 0 and 1.",
        hard_fifth1=lambda n, a: 0.2 * n.x1 + 0.5,
        hard_sixth1=lambda n, a: n.x1 / 6 + 0.5,
    ),
    mistake(
        "sixth_for_fifth",
        "The slope 1/6 was used where 0.2 is asked.",
        hint="The two conventions differ in the slope of the line only.",
        hard_fifth2=lambda n, a: hard(n.x2, 1 / 6),
    ),
    mistake(
        "fifth_for_sixth",
        "The slope 0.2 was used where 1/6 is asked.",
        hint="The two conventions differ in the slope of the line only.",
        hard_sixth2=lambda n, a: hard(n.x2, 0.2),
    ),
    mistake(
        "tanh_without_two",
        "The sigmoid was taken at x, not at 2x.",
        hint="Double the argument before the sigmoid; the result is doubled later.",
        sigmoid_2x1=lambda n, a: sigmoid(n.x1),
        sigmoid_2x2=lambda n, a: sigmoid(n.x2),
    ),
    mistake(
        "tanh_not_shifted",
        "The sigmoid was doubled but not shifted.",
        hint="The hyperbolic tangent of 0 is 0.",
        tanh1=lambda n, a: 2 * a.sigmoid_2x1,
        tanh2=lambda n, a: 2 * a.sigmoid_2x2,
    ),
]


def figure(n):
    xs = [round(-12 + k / 4, 2) for k in range(57)]
    lines = {
        "leaky ReLU": [leaky(x, n.alpha) for x in xs],
        "ELU": [elu(x, n.alpha) for x in xs],
        "softplus": [log(1 + exp(x)) for x in xs],
        "tanh": [2 * sigmoid(2 * x) - 1 for x in xs],
    }
    return curves(
        {name: [round(y, 2) for y in ys] for name, ys in lines.items()},
        f"Where your places lie: x₁ = {n.x1}, x₂ = {n.x2}",
        f"Leaky ReLU and ELU with alpha = {n.alpha}, softplus and the hyperbolic tangent from "
        f"x = -12 to x = 2. Far on the left, where x1 = {n.x1} lies, leaky ReLU still falls while "
        f"the others are nearly at rest; near 0, where x2 = {n.x2} lies, all of them move.",
        xs=xs,
        x="x",
        y="value",
    )
