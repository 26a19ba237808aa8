"""Slopes of f(x) = a x^n + b x + c by small steps and by the rules; a product, a quotient, a chain.

Tolerances are set here: the measured ones assume four decimals, and a quotient over a step of 1e-4
needs its two values to eight.
"""

from grader.authoring import curves, mistake, step


def draw(rng):
    while True:
        n = {
            "a": rng.choice([-3, -2, 2, 3]),
            "b": rng.choice([-1, 1]) * rng.integers(2, 6),
            "c": rng.choice([-4, -3, -2, 2, 3, 4]),
            "x0": rng.choice([-1, 1]) * rng.integers(11, 31) / 10,
            "n": rng.choice([2, 3]),
            "h": rng.choice([0.001, 0.0001]),
        }
        if n["n"] == 2:
            n["h"] = 0.001  # else forward quotient and derivative differ by as little as 2e-4
        if n["a"] == n["n"]:
            continue  # inner derivative and exponent could not be told apart
        if all(abs(slope) > least for slope, least in slopes(**n)):
            return n


def slopes(a, b, c, x0, n, h):
    """The four derivatives, each with the size that it must have."""
    yield n * a * x0 ** (n - 1) + b, 0.5
    yield product_slope(a, b, c, x0), 0.5
    yield quotient_slope(a, b, x0), 0.02
    yield n * a * (a * x0 + b) ** (n - 1), 0.5


def f(n, x):
    return n.a * x**n.n + n.b * x + n.c


def product_slope(a, b, c, x):
    return 2 * x * (a * x + b) + (x * x + c) * a


def quotient_slope(a, b, x, sign=-1):
    return (a * (x * x + 1) + sign * (a * x + b) * 2 * x) / (x * x + 1) ** 2


def line(n):
    return n.a * n.x0 + n.b


EXACT = "the exact value has few decimals, and six are asked"
SMALL_STEP, RULES = "Slope by a small step", "Slope by the rules"

steps = [
    step("f0", lambda n, a: f(n, n.x0), label="Value at the place", latex=r"f(x_0)", points=1,
         tolerance=1e-6, reason=EXACT, section=SMALL_STEP),
    step("fh", lambda n, a: f(n, n.x0 + n.h), label="Value one step further",
         latex=r"f(x_0 + h)", points=1, tolerance=1e-7, reason="eight decimals are asked",
         section=SMALL_STEP),
    step("forward_quotient", lambda n, a: (a.fh - a.f0) / n.h, label="Forward quotient",
         latex=r"\frac{f(x_0 + h) - f(x_0)}{h}", points=1, tolerance=1e-4,
         reason="rounding the values to eight decimals moves it by up to 1e-4",
         section=SMALL_STEP),
    step("derivative", lambda n, a: n.n * n.a * n.x0 ** (n.n - 1) + n.b, label="Derivative",
         latex=r"f'(x_0)", points=2, tolerance=1e-6, reason=EXACT, section=SMALL_STEP),
    step("central_quotient", lambda n, a: (a.fh - f(n, n.x0 - n.h)) / (2 * n.h),
         label="Central quotient", latex=r"\frac{f(x_0 + h) - f(x_0 - h)}{2 h}", points=1,
         tolerance=1e-4, reason="rounding the values to eight decimals moves it by up to 5e-5",
         section=SMALL_STEP),
    step("product_derivative", lambda n, a: product_slope(n.a, n.b, n.c, n.x0),
         label="Derivative of the product", latex=r"p'(x_0)", points=1,
         tolerance=1e-6, reason=EXACT, section=RULES),
    step("quotient_derivative", lambda n, a: quotient_slope(n.a, n.b, n.x0),
         label="Derivative of the quotient", latex=r"q'(x_0)", points=2,
         tolerance=1e-6, reason="six decimals are asked", section=RULES),
    step("chain_derivative", lambda n, a: n.n * line(n) ** (n.n - 1) * n.a,
         label="Derivative of the chain", latex=r"k'(x_0)", points=1,
         tolerance=1e-6, reason=EXACT, section=RULES),
]  # fmt: skip

mistakes = [
    mistake(
        "step_on_the_value",
        "The step was added to the value, not to x.",
        hint="Move along the x axis first; then compute the function there.",
        fh=lambda n, a: a.f0 + n.h,
    ),
    mistake(
        "not_divided",
        "The difference was not divided by the step.",
        hint="A slope is rise over run.",
        forward_quotient=lambda n, a: a.fh - a.f0,
        central_quotient=lambda n, a: a.fh - f(n, n.x0 - n.h),
    ),
    mistake(
        "derivative_as_quotient",
        "This is the derivative, not the forward quotient.",
        hint="The step is small, but not zero: the quotient is a little off. Keep all its digits.",
        forward_quotient=lambda n, a: n.n * n.a * n.x0 ** (n.n - 1) + n.b,
    ),
    mistake(
        "quotient_as_derivative",
        "This is the forward quotient, not the derivative.",
        hint="The derivative is what the quotient tends to; the rules give it without any step.",
        derivative=lambda n, a: a.forward_quotient,
    ),
    mistake(
        "constant_kept",
        "The constant was kept.",
        hint="A constant lifts the whole curve. Does that change its slope?",
        derivative=lambda n, a: n.n * n.a * n.x0 ** (n.n - 1) + n.b + n.c,
    ),
    mistake(
        "linear_term_lost",
        "The slope of the linear term is missing.",
        hint="Each term has a slope of its own, the straight line too.",
        derivative=lambda n, a: n.n * n.a * n.x0 ** (n.n - 1),
    ),
    mistake(
        "exponent_not_in_front",
        "The exponent did not come down as a factor.",
        hint="The power rule does two things: a new factor, and a smaller exponent.",
        derivative=lambda n, a: n.a * n.x0 ** (n.n - 1) + n.b,
        chain_derivative=lambda n, a: line(n) ** (n.n - 1) * n.a,
    ),
    mistake(
        "exponent_not_lowered",
        "The exponent was not lowered.",
        hint="The power rule does two things: a new factor, and a smaller exponent.",
        derivative=lambda n, a: n.n * n.a * n.x0**n.n + n.b,
        chain_derivative=lambda n, a: n.n * line(n) ** n.n * n.a,
    ),
    mistake(
        "divided_by_h",
        "The central difference was divided by one step.",
        hint="How far apart are the two places where the function was computed?",
        central_quotient=lambda n, a: (a.fh - f(n, n.x0 - n.h)) / n.h,
    ),
    mistake(
        "product_of_derivatives",
        "The derivatives of the two factors were multiplied.",
        hint="The product rule has two terms: in each, one factor changes and the other stays.",
        product_derivative=lambda n, a: 2 * n.x0 * n.a,
    ),
    mistake(
        "product_second_term_missing",
        "One term of the product rule is missing.",
        hint="Both factors change with x, so there are two terms.",
        product_derivative=lambda n, a: 2 * n.x0 * line(n),
    ),
    mistake(
        "quotient_of_derivatives",
        "The derivative of the numerator was divided by that of the denominator.",
        hint="The quotient rule has two terms, and the denominator squared below them.",
        quotient_derivative=lambda n, a: n.a / (2 * n.x0),
    ),
    mistake(
        "quotient_rule_sign",
        "The two terms of the quotient rule are in the wrong order.",
        hint="More numerator makes a quotient larger: its derivative comes with a plus.",
        quotient_derivative=lambda n, a: -quotient_slope(n.a, n.b, n.x0),
    ),
    mistake(
        "quotient_rule_plus",
        "The two terms of the quotient rule were added.",
        hint="More denominator makes a positive quotient smaller.",
        quotient_derivative=lambda n, a: quotient_slope(n.a, n.b, n.x0, sign=1),
    ),
    mistake(
        "denominator_not_squared",
        "The denominator is not squared.",
        hint="Write the quotient rule down once with all its parts.",
        quotient_derivative=lambda n, a: quotient_slope(n.a, n.b, n.x0) * (n.x0 * n.x0 + 1),
    ),
    mistake(
        "inner_missing",
        "The inner derivative is missing.",
        hint="When x moves, how much does the inside of the bracket move?",
        chain_derivative=lambda n, a: n.n * line(n) ** (n.n - 1),
    ),
]


def figure(n):
    xs = [round(n.x0 - 1 + k / 20, 2) for k in range(41)]
    end = n.x0 + 1
    rise = f(n, end) - f(n, n.x0)
    return curves(
        {
            "f": [round(f(n, x), 2) for x in xs],
            "a step of 1": [round(f(n, n.x0) + rise * (x - n.x0), 2) for x in xs],
        },
        f"Your f around x₀ = {n.x0}, and the line through x₀ and x₀ + 1",
        f"The curve f(x) = {n.a} x^{n.n} + ({n.b}) x + ({n.c}) from one below to one above "
        f"x0 = {n.x0}, with the straight line that meets it at x0 and one step of 1 further. Your "
        f"step is {n.h}: the line then all but touches the curve, and its slope is nearly that of "
        f"the curve at x0.",
        xs=xs,
        x="x",
        y="f(x)",
    )
