"""Two inputs, two linear hidden units, one linear output, no biases; one step on 1/2 delta^2.

The form followed here: delta = prediction - actual, and a weight changes by -a * its derivative.
"""

from grader.authoring import mistake, step


def draw(rng):
    names = [f"w{k}" for k in range(1, 7)]
    return {
        **{name: round(rng.uniform(low=0.05, high=0.6), 2) for name in names},
        "i1": rng.integers(1, 5),
        "i2": rng.integers(1, 5),
        "actual": rng.choice([1, 2]),
        "a": rng.choice([0.02, 0.05, 0.1]),
    }


def forward(i1, i2, w1, w2, w3, w4, w5, w6):
    return (i1 * w1 + i2 * w2) * w5 + (i1 * w3 + i2 * w4) * w6


def new_weights(a):
    return [getattr(a, f"w{k}_new") for k in range(1, 7)]


HIDDEN = {"w1": ("i1", "w5"), "w2": ("i2", "w5"), "w3": ("i1", "w6"), "w4": ("i2", "w6")}
OUTPUT = {"w5": "h1", "w6": "h2"}


def hidden_updates(slope):
    """Updates of w1 to w4: slope(n, a, input, outer) is the derivative of the error."""

    def update(name):
        i, outer = HIDDEN[name]
        return lambda n, a: getattr(n, name) - n.a * slope(n, a, i, outer)

    return {f"{name}_new": update(name) for name in HIDDEN}


def output_updates(slope):
    """Updates of w5 and w6: slope(n, a, hidden) is the derivative of the error."""

    def update(name):
        hidden = OUTPUT[name]
        return lambda n, a: getattr(n, name) - n.a * slope(n, a, hidden)

    return {f"{name}_new": update(name) for name in OUTPUT}


def hidden_slope(n, a, i, outer):
    return a.delta * getattr(n, i) * getattr(n, outer)


def output_slope(n, a, hidden):
    return a.delta * getattr(a, hidden)


right = {**output_updates(output_slope), **hidden_updates(hidden_slope)}
FORWARD, ERROR, WEIGHTS, AGAIN = "Forward pass", "Error", "New weights", "Second forward pass"


def new_weight(k, points):
    return step(
        f"w{k}_new",
        right[f"w{k}_new"],
        label=f"New weight {k}",
        latex=rf"w_{k}^{{\text{{new}}}}",
        points=points,
        section=WEIGHTS,
    )


steps = [
    step("h1", lambda n, a: n.i1 * n.w1 + n.i2 * n.w2, label="First hidden unit",
         latex=r"h_1 = i_1 w_1 + i_2 w_2", points=1, section=FORWARD),
    step("h2", lambda n, a: n.i1 * n.w3 + n.i2 * n.w4, label="Second hidden unit",
         latex=r"h_2 = i_1 w_3 + i_2 w_4", points=1, section=FORWARD),
    step("prediction", lambda n, a: a.h1 * n.w5 + a.h2 * n.w6, label="Prediction",
         latex=r"p = h_1 w_5 + h_2 w_6", points=1, section=FORWARD),
    step("delta", lambda n, a: a.prediction - n.actual, label="Delta",
         latex=r"\Delta = p - \text{actual}", points=2, section=ERROR),
    step("error", lambda n, a: 0.5 * a.delta**2, label="Error",
         latex=r"E = \tfrac12 \Delta^2", points=1, section=ERROR),
    *(new_weight(k, 1) for k in (5, 6)),
    *(new_weight(k, 1.5) for k in (1, 2, 3, 4)),
    step("prediction_new", lambda n, a: forward(n.i1, n.i2, *new_weights(a)),
         label="Prediction with the new weights", latex=r"p^{\text{new}}", points=1,
         section=AGAIN),
]  # fmt: skip

mistakes = [
    mistake(
        "weights_crossed",
        "The weights of the hidden units are exchanged.",
        hint="Follow the two edges that end in this unit.",
        h1=lambda n, a: n.i1 * n.w1 + n.i2 * n.w3,
        h2=lambda n, a: n.i1 * n.w2 + n.i2 * n.w4,
    ),
    mistake(
        "delta_sign",
        "Delta has the wrong sign.",
        hint="Which of prediction and actual value is subtracted from which?",
        delta=lambda n, a: n.actual - a.prediction,
    ),
    mistake(
        "half_missing",
        "The factor one half is missing in the error.",
        hint="The error is half a square; that is why no 2 appears in its derivative.",
        error=lambda n, a: a.delta**2,
    ),
    mistake(
        "factor_two",
        "The factor 2 was kept.",
        hint="The derivative of one half of a square: what does the 2 that comes down meet?",
        **output_updates(lambda n, a, hidden: 2 * output_slope(n, a, hidden)),
        **hidden_updates(lambda n, a, i, outer: 2 * hidden_slope(n, a, i, outer)),
    ),
    mistake(
        "ascent",
        "The step goes uphill.",
        hint="With a negative delta the prediction is too small. Should the weights grow?",
        **output_updates(lambda n, a, hidden: -output_slope(n, a, hidden)),
        **hidden_updates(lambda n, a, i, outer: -hidden_slope(n, a, i, outer)),
    ),
    mistake(
        "rate_forgotten",
        "The learning rate is missing.",
        hint="Which number of your network has not been used yet?",
        **output_updates(lambda n, a, hidden: output_slope(n, a, hidden) / n.a),
        **hidden_updates(lambda n, a, i, outer: hidden_slope(n, a, i, outer) / n.a),
    ),
    mistake(
        "error_for_delta",
        "The error was used where delta belongs.",
        hint="An update needs the derivative of the error, not the error.",
        **output_updates(lambda n, a, hidden: a.error * getattr(a, hidden)),
        **hidden_updates(lambda n, a, i, outer: a.error * getattr(n, i) * getattr(n, outer)),
    ),
    mistake(
        "h1_h2_swapped",
        "The hidden units are exchanged.",
        hint="A weight changes by what comes in through it.",
        **output_updates(lambda n, a, hidden: a.delta * (a.h2 if hidden == "h1" else a.h1)),
    ),
    mistake(
        "new_weights_in_hidden",
        "The new output weights were used for a hidden weight.",
        hint="All derivatives belong to the forward pass that was made, with the old weights.",
        **hidden_updates(
            lambda n, a, i, outer: a.delta * getattr(n, i) * getattr(a, f"{outer}_new")
        ),
    ),
    mistake(
        "w5_w6_swapped",
        "The output weights are exchanged.",
        hint="Follow the path from the weight through its hidden unit to the output.",
        **hidden_updates(
            lambda n, a, i, outer: a.delta * getattr(n, i) * (n.w6 if outer == "w5" else n.w5)
        ),
    ),
    mistake(
        "i1_i2_swapped",
        "The inputs are exchanged.",
        hint="At which input does the edge of this weight begin?",
        **hidden_updates(
            lambda n, a, i, outer: a.delta * (n.i2 if i == "i1" else n.i1) * getattr(n, outer)
        ),
    ),
    mistake(
        "w5_missing",
        "The output weight is missing in the update of a hidden weight.",
        hint="A change of the hidden unit reaches the output through one more weight.",
        **hidden_updates(lambda n, a, i, outer: a.delta * getattr(n, i)),
    ),
    mistake(
        "input_missing",
        "The input is missing in the update of a hidden weight.",
        hint="How does the hidden unit change when this weight does?",
        **hidden_updates(lambda n, a, i, outer: a.delta * getattr(n, outer)),
    ),
    mistake(
        "rounded_weights",
        "The new weights were rounded before the second pass.",
        hint="Carry at least four decimals; two are not enough to see a small step.",
        prediction_new=lambda n, a: forward(n.i1, n.i2, *(round(w, 2) for w in new_weights(a))),
    ),
    mistake(
        "only_output_updated",
        "The second pass used the old hidden units.",
        hint="The hidden units have new weights too: compute them again.",
        prediction_new=lambda n, a: a.h1 * a.w5_new + a.h2 * a.w6_new,
    ),
]


def figure(n):
    names = {"i1": "i₁", "i2": "i₂", "h1": "h₁", "h2": "h₂"}
    ends = {
        "w1": ("i1", "h1"),
        "w2": ("i2", "h1"),
        "w3": ("i1", "h2"),
        "w4": ("i2", "h2"),
        "w5": ("h1", "p"),
        "w6": ("h2", "p"),
    }
    subscripts = dict(zip("123456", "₁₂₃₄₅₆", strict=True))
    return {
        "kind": "network",
        "title": "Your network",
        "description": (
            f"Inputs i1 = {n.i1} and i2 = {n.i2} feed the linear unit h1 through w1 = {n.w1} and "
            f"w2 = {n.w2}, and the linear unit h2 through w3 = {n.w3} and w4 = {n.w4}; both feed "
            f"the prediction p through w5 = {n.w5} and w6 = {n.w6}. "
            f"Actual value {n.actual}, learning rate {n.a}."
        ),
        "data": {
            "layers": [
                [{"id": k, "label": names[k], "value": getattr(n, k)} for k in ("i1", "i2")],
                [{"id": k, "label": names[k]} for k in ("h1", "h2")],
                [{"id": "p", "label": "p"}],
            ],
            "edges": [
                {
                    "from": start,
                    "to": end,
                    "label": "w" + subscripts[name[1]],
                    "value": getattr(n, name),
                }
                for name, (start, end) in ends.items()
            ],
            "notes": [{"label": "actual", "value": n.actual}, {"label": "a", "value": n.a}],
        },
    }
