"""One perceptron with two inputs: net input, step, sigmoid, one update.

The example is always on the wrong side, and a listed mistake in z never changes the side: what
follows from an own step of 0 or 1 earns nothing, so one slip would cost the whole sheet.
"""

from math import exp

from grader.authoring import mistake, step


def draw(rng):
    def half(zero=False):
        halves = range(-6, 7) if zero else [*range(-6, 0), *range(1, 7)]
        return rng.choice(halves) / 2

    while True:
        w1, w2, b, x1, x2 = half(zero=True), half(), half(), half(), half()
        z = w1 * x1 + w2 * x2 + b
        same_side = [z, w1 * x1 + w2 * x2, w1 * x1 - w2 * x2 + b]
        if (min(same_side) > 0 or max(same_side) < 0) and abs(x1) != abs(x2):
            break
    t = 0 if z > 0 else 1
    eta = rng.choice([0.1, 0.5])
    return {"w1": w1, "w2": w2, "b": b, "x1": x1, "x2": x2, "t": t, "eta": eta}


def sigmoid(z):
    return 1 / (1 + exp(-z))


def updated(error, inputs=("x1", "x2")):
    """The three updates with another error, a formula over (n, a)."""
    first, second = inputs
    return {
        "w1_new": lambda n, a: n.w1 + error(n, a) * getattr(n, first),
        "w2_new": lambda n, a: n.w2 + error(n, a) * getattr(n, second),
        "b_new": lambda n, a: n.b + error(n, a),
    }


def right_error(n, a):
    return n.eta * (n.t - a.step)


FORWARD, UPDATE = "Forward", "Update"
new = updated(right_error)

steps = [
    step("z", lambda n, a: n.w1 * n.x1 + n.w2 * n.x2 + n.b, label="Net input",
         latex=r"z = w_1 x_1 + w_2 x_2 + b", points=2, section=FORWARD),
    step("step", lambda n, a: 1 if a.z > 0 else 0, label="Output of the perceptron",
         latex=r"\hat{y} = \text{step}(z)", points=1, integer=True, section=FORWARD),
    step("sigmoid", lambda n, a: sigmoid(a.z), label="Output of a sigmoid neuron",
         latex=r"\sigma(z)", points=2, section=FORWARD),
    step("w1_new", new["w1_new"], label="New first weight", latex=r"w_1^{\text{new}}",
         points=2, section=UPDATE),
    step("w2_new", new["w2_new"], label="New second weight", latex=r"w_2^{\text{new}}",
         points=1, section=UPDATE),
    step("b_new", new["b_new"], label="New bias", latex=r"b^{\text{new}}",
         points=2, section=UPDATE),
]  # fmt: skip

mistakes = [
    mistake(
        "bias_missing",
        "The bias is missing.",
        hint="The net input has three terms.",
        z=lambda n, a: n.w1 * n.x1 + n.w2 * n.x2,
    ),
    mistake(
        "w2_sign",
        "The second weight has the wrong sign.",
        hint="A weight keeps its sign when it is multiplied; minus times minus is plus.",
        z=lambda n, a: n.w1 * n.x1 - n.w2 * n.x2 + n.b,
    ),
    mistake(
        "sigma_minus_z",
        "This is the sigmoid of -z.",
        hint="The sigmoid of a positive number is above one half. Which sign has your exponent?",
        sigmoid=lambda n, a: sigmoid(-a.z),
    ),
    mistake(
        "sigmoid_in_update",
        "The sigmoid output was used in the update.",
        hint="A perceptron learns from what it answered, and its answer is 0 or 1.",
        **updated(lambda n, a: n.eta * (n.t - a.sigmoid)),
    ),
    mistake(
        "z_in_update",
        "The net input was used in the update.",
        hint="A perceptron learns from what it answered, and its answer is 0 or 1.",
        **updated(lambda n, a: n.eta * (n.t - a.z)),
    ),
    mistake(
        "error_sign",
        "The update goes the wrong way.",
        hint="With target 1 and answer 0 the net input has to grow.",
        **updated(lambda n, a: n.eta * (a.step - n.t)),
    ),
    mistake(
        "eta_forgotten",
        "The learning rate is missing.",
        hint="Which of your numbers has not been used yet?",
        **updated(lambda n, a: n.t - a.step),
    ),
    mistake(
        "inputs_swapped",
        "The inputs are exchanged.",
        hint="Each weight changes by the input that comes in through it.",
        w1_new=updated(right_error, ("x2", "x1"))["w1_new"],
        w2_new=updated(right_error, ("x2", "x1"))["w2_new"],
    ),
    mistake(
        "x_forgotten",
        "The input is missing in the change of a weight.",
        hint="A weight with a large input had more to do with the answer.",
        w1_new=lambda n, a: n.w1 + right_error(n, a),
        w2_new=lambda n, a: n.w2 + right_error(n, a),
    ),
    mistake(
        "bias_not_updated",
        "The bias was not updated.",
        hint="The bias is a weight too; which input does it belong to?",
        b_new=lambda n, a: n.b,
    ),
    mistake(
        "not_updated",
        "The old value was given.",
        hint="Is this example on the right side of the line?",
        w1_new=lambda n, a: n.w1,
        w2_new=lambda n, a: n.w2,
        b_new=lambda n, a: n.b,
    ),
]


def figure(n):
    return {
        "kind": "network",
        "title": "Your perceptron",
        "description": (
            f"Inputs x1 = {n.x1} and x2 = {n.x2} reach one step unit with bias {n.b} through "
            f"the weights w1 = {n.w1} and w2 = {n.w2}. Target t = {n.t}, learning rate {n.eta}."
        ),
        "data": {
            "layers": [
                [
                    {"id": "x1", "label": "x₁", "value": n.x1},
                    {"id": "x2", "label": "x₂", "value": n.x2},
                ],
                [{"id": "y", "label": "ŷ", "value": "step"}],
            ],
            "edges": [
                {"from": "x1", "to": "y", "label": "w₁", "value": n.w1},
                {"from": "x2", "to": "y", "label": "w₂", "value": n.w2},
            ],
            "notes": [
                {"label": "b", "value": n.b},
                {"label": "t", "value": n.t},
                {"label": "η", "value": n.eta},
            ],
        },
    }
