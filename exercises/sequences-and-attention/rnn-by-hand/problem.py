"""h_t = tanh(w x_t + u h_(t-1)) for three steps, L = (h_3 - y)^2 / 2, and its gradients by u and w.

One state variable, no bias. The norm of the gradient is always above the limit c.
"""

from math import hypot, log, log10, tanh

from grader.authoring import mistake, step


def draw(rng):
    """Draw until states, gradient and factor are so large that rounding does not hide mistakes."""
    numbers = attempt(rng)
    for _ in range(1000):
        if is_usable(numbers):
            break
        numbers = attempt(rng)
    return numbers


def attempt(rng):
    def signed(low, high):
        return rng.choice([-1, 1]) * round(rng.uniform(low=low, high=high), 2)

    return {
        "w": signed(0.3, 1.5), "u": signed(0.3, 1.5), "h0": signed(0.1, 0.9),
        "x1": signed(0.1, 1), "x2": signed(0.1, 1), "x3": signed(0.1, 1),
        "y": round(rng.uniform(low=-0.9, high=0.9), 2), "c": 0.1,
    }  # fmt: skip


def is_usable(numbers):
    h, u, w = [numbers["h0"]], numbers["u"], numbers["w"]
    for t in (1, 2, 3):
        h.append(tanh(w * numbers[f"x{t}"] + u * h[-1]))
    delta, du, dw = h[3] - numbers["y"], 0.0, 0.0
    for t in (3, 2, 1):
        delta *= 1 - h[t] ** 2
        du, dw = du + delta * h[t - 1], dw + delta * numbers[f"x{t}"]
        delta *= u
    factor = abs(u) * (1 - h[3] ** 2)
    return min(abs(state) for state in h) > 0.1 and hypot(du, dw) > 0.15 and factor > 0.1


def x(n, t):
    return getattr(n, f"x{t}")


def h(n, a, t):
    return getattr(a, f"h{t}") if t else n.h0


def dh(a, t):
    return getattr(a, f"dh{t}")


def slope(a, t):
    return 1 - getattr(a, f"h{t}") ** 2


def state(n, a, t):
    return tanh(n.w * x(n, t) + n.u * h(n, a, t - 1))


def earlier(n, a, t):
    """What reaches h_t from step t + 1."""
    return dh(a, t + 1) * slope(a, t + 1) * n.u


def over(steps, name, formula):
    """One formula for several steps, by the id of the answer."""
    return {f"{name}{t}": lambda n, a, t=t: formula(n, a, t) for t in steps}


def sum_u(n, a, steps=(1, 2, 3), state_of=-1):
    return sum(dh(a, t) * slope(a, t) * h(n, a, t + state_of) for t in steps)


def sum_w(n, a, steps=(1, 2, 3)):
    return sum(dh(a, t) * slope(a, t) * x(n, t) for t in steps)


def limited(value, c):
    return max(-c, min(c, value))


FORWARD, BACKWARD, CLIPPING, FAR = (
    "Forward", "Backward through time", "Clipping", "Far back in time",
)  # fmt: skip
states, gradients = over((1, 2, 3), "h", state), over((2, 1), "dh", earlier)

steps = [
    *(
        step(f"h{t}", states[f"h{t}"], label=f"State after step {t}",
             latex=rf"h_{t} = \tanh(w x_{t} + u h_{t - 1})", points=1, section=FORWARD)
        for t in (1, 2, 3)
    ),
    step("loss", lambda n, a: (a.h3 - n.y) ** 2 / 2, label="Loss",
         latex=r"L = \frac12 (h_3 - y)^2", points=1, section=FORWARD),
    step("dh3", lambda n, a: a.h3 - n.y, label="Gradient at state 3",
         latex=r"dh_3", points=1, section=BACKWARD),
    *(
        step(f"dh{t}", gradients[f"dh{t}"], label=f"Gradient at state {t}",
             latex=rf"dh_{t}", points=2, section=BACKWARD)
        for t in (2, 1)
    ),
    step("du", sum_u, label="Gradient of the recurrent weight",
         latex=r"du = \sum_t dh_t\, (1 - h_t^2)\, h_{t-1}", points=2, section=BACKWARD),
    step("dw", sum_w, label="Gradient of the input weight",
         latex=r"dw = \sum_t dh_t\, (1 - h_t^2)\, x_t", points=2, section=BACKWARD),
    step("norm", lambda n, a: hypot(a.du, a.dw), label="Norm of the gradient",
         latex=r"g = \sqrt{du^2 + dw^2}", points=1, section=CLIPPING),
    step("du_clipped", lambda n, a: a.du * n.c / a.norm, label="Recurrent weight, clipped",
         latex=r"du \cdot c / g", points=1, section=CLIPPING),
    step("dw_clipped", lambda n, a: a.dw * n.c / a.norm, label="Input weight, clipped",
         latex=r"dw \cdot c / g", points=1, section=CLIPPING),
    step("factor", lambda n, a: abs(n.u) * slope(a, 3), label="Factor of one step",
         latex=r"q = |u|\, (1 - h_3^2)", points=2, section=FAR),
    step("factor20_log10", lambda n, a: 20 * log10(a.factor),
         label="Decimal logarithm of the factor of twenty steps",
         latex=r"\log_{10} q^{20}", points=2, section=FAR),
]  # fmt: skip

mistakes = [
    mistake(
        "weights_exchanged",
        "The two weights are exchanged.",
        hint="Which weight belongs to the input, and which to the state before?",
        **over((1, 2, 3), "h", lambda n, a, t: tanh(n.u * x(n, t) + n.w * h(n, a, t - 1))),
    ),
    mistake(
        "state_before_left_out",
        "The state before is missing.",
        hint="What makes this network recurrent?",
        **over((1, 2, 3), "h", lambda n, a, t: tanh(n.w * x(n, t))),
    ),
    mistake(
        "y_minus_h",
        "Target minus state was taken.",
        hint="Differentiate the square; which of the two stands first in it?",
        dh3=lambda n, a: n.y - a.h3,
    ),
    mistake(
        "one_minus_h",
        "The slope of tanh was taken as 1 − h.",
        hint="The slope of tanh is largest, namely 1, where h is 0, on both sides of it.",
        **over((2, 1), "dh", lambda n, a, t: dh(a, t + 1) * (1 - getattr(a, f"h{t + 1}")) * n.u),
    ),
    mistake(
        "slope_missing",
        "The slope of tanh is missing on the way back.",
        hint="Between two states there is a weight, and there is a tanh.",
        **over((2, 1), "dh", lambda n, a, t: dh(a, t + 1) * n.u),
    ),
    mistake(
        "own_slope",
        "The slope was taken at the earlier state.",
        hint="Which tanh lies between this state and the next one?",
        **over((2, 1), "dh", lambda n, a, t: dh(a, t + 1) * slope(a, t) * n.u),
    ),
    mistake(
        "w_for_u",
        "The gradient went back through the input weight.",
        hint="Through which weight does a state reach the next one?",
        **over((2, 1), "dh", lambda n, a, t: dh(a, t + 1) * slope(a, t + 1) * n.w),
    ),
    mistake(
        "last_step_only",
        "Only the last step was counted.",
        hint="The same weight was used at every step, and each use has a share.",
        du=lambda n, a: sum_u(n, a, (3,)),
        dw=lambda n, a: sum_w(n, a, (3,)),
    ),
    mistake(
        "h_t_in_du",
        "The state after the step stands where the one before it belongs.",
        hint="By which number is the recurrent weight multiplied at step t?",
        du=lambda n, a: sum_u(n, a, state_of=0),
    ),
    mistake(
        "clip_per_component",
        "Each component was clipped by itself.",
        hint="Clipping by the norm keeps the direction: both get the same factor.",
        du_clipped=lambda n, a: limited(a.du, n.c),
        dw_clipped=lambda n, a: limited(a.dw, n.c),
    ),
    mistake(
        "not_divided_by_the_norm",
        "The limit was multiplied in without dividing by the norm.",
        hint="How long is the clipped gradient to be?",
        du_clipped=lambda n, a: a.du * n.c,
        dw_clipped=lambda n, a: a.dw * n.c,
    ),
    mistake(
        "factor_without_slope",
        "The slope of tanh is missing in the factor.",
        hint="A gradient passes the weight and the tanh at every step.",
        factor=lambda n, a: abs(n.u),
    ),
    mistake(
        "natural_logarithm",
        "The natural logarithm was taken.",
        hint="The logarithm to base 10 tells the power of ten.",
        factor20_log10=lambda n, a: 20 * log(a.factor),
    ),
]


def figure(n):
    small = "₀₁₂₃"
    layers = [
        [
            {"id": f"h{t}", "label": f"h{small[t]}", **({"value": n.h0} if t == 0 else {})},
            {"id": f"x{t + 1}", "label": f"x{small[t + 1]}", "value": x(n, t + 1)},
        ]
        for t in (0, 1, 2)
    ]
    last = [{"id": "h3", "label": "h₃"}, {"id": "y", "label": "y", "value": n.y}]
    edges = []
    for t in (1, 2, 3):
        edges.append({"from": f"h{t - 1}", "to": f"h{t}", "label": "u", "value": n.u})
        edges.append({"from": f"x{t}", "to": f"h{t}", "label": "w", "value": n.w})
    return {
        "kind": "network",
        "title": "Your network, unrolled",
        "description": (
            f"From left to right: the state h0 = {n.h0} leads to h1, h1 to h2, h2 to h3, each time "
            f"through the recurrent weight u = {n.u}. The inputs x1 = {n.x1}, x2 = {n.x2} and "
            f"x3 = {n.x3} enter h1, h2 and h3 through the input weight w = {n.w}. "
            f"The target of h3 is y = {n.y}."
        ),
        "data": {"layers": [*layers, last], "edges": edges, "notes": []},
    }
