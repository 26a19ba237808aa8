"""One gradient step of logistic regression with two features and one example."""

from math import exp, log, log10

from grader.authoring import mistake, step


def draw(rng):
    def feature():
        return rng.choice([-1, 1]) * round(rng.uniform(low=0.5, high=2), 2)

    def parameter():
        return round(rng.uniform(low=-1, high=1), 2)

    return {
        "x1": feature(), "x2": feature(),
        "w1": parameter(), "w2": parameter(), "b": parameter(),
        "y": rng.choice([0, 1]), "lr": rng.choice([0.1, 0.5]),
    }  # fmt: skip


def cross_entropy(n, a, logarithm):
    return -n.y * logarithm(a.a) - (1 - n.y) * logarithm(1 - a.a)


FORWARD, GRADIENT, UPDATE = "Forward pass", "Gradient", "Update"

steps = [
    step("z", lambda n, a: n.w1 * n.x1 + n.w2 * n.x2 + n.b, label="Net input",
         latex=r"z = w_1 x_1 + w_2 x_2 + b", points=1, section=FORWARD),
    step("a", lambda n, a: 1 / (1 + exp(-a.z)), label="Predicted probability",
         latex=r"a = \sigma(z)", points=1, section=FORWARD),
    step("loss", lambda n, a: cross_entropy(n, a, log), label="Loss",
         latex=r"L = -y \ln a - (1 - y) \ln(1 - a)", points=2, section=FORWARD),
    step("dz", lambda n, a: a.a - n.y, label="Gradient at the net input",
         latex=r"dz = \partial L / \partial z", points=3, section=GRADIENT),
    step("dw1", lambda n, a: a.dz * n.x1, label="Gradient of the first weight",
         latex=r"dw_1 = \partial L / \partial w_1", points=2, section=GRADIENT),
    step("dw2", lambda n, a: a.dz * n.x2, label="Gradient of the second weight",
         latex=r"dw_2 = \partial L / \partial w_2", points=1, section=GRADIENT),
    step("db", lambda n, a: a.dz, label="Gradient of the bias",
         latex=r"db = \partial L / \partial b", points=1, section=GRADIENT),
    step("w1_new", lambda n, a: n.w1 - n.lr * a.dw1, label="New first weight",
         latex=r"w_1^{\text{new}}", points=2, section=UPDATE),
    step("w2_new", lambda n, a: n.w2 - n.lr * a.dw2, label="New second weight",
         latex=r"w_2^{\text{new}}", points=1, section=UPDATE),
    step("b_new", lambda n, a: n.b - n.lr * a.db, label="New bias",
         latex=r"b^{\text{new}}", points=1, section=UPDATE),
]  # fmt: skip

mistakes = [
    mistake(
        "bias_missing",
        "The bias is missing.",
        hint="The net input has three terms.",
        z=lambda n, a: n.w1 * n.x1 + n.w2 * n.x2,
    ),
    mistake(
        "y_minus_a",
        "Target minus prediction was taken.",
        hint="Work out the sign of the derivative once for y = 1: more z means less loss.",
        dz=lambda n, a: n.y - a.a,
    ),
    mistake(
        "squared_error_chain",
        "This is the gradient of the squared error.",
        hint="With the cross-entropy one factor cancels; write out dL/da times da/dz.",
        dz=lambda n, a: (a.a - n.y) * a.a * (1 - a.a),
    ),
    mistake(
        "dl_da_as_dz",
        "This is the derivative by a, not by z.",
        hint="The chain rule has one more factor on the way from a to z.",
        dz=lambda n, a: -n.y / a.a + (1 - n.y) / (1 - a.a),
    ),
    mistake(
        "x_forgotten",
        "The input is missing in the gradient of a weight.",
        hint="How does z change when this weight does?",
        dw1=lambda n, a: a.dz,
        dw2=lambda n, a: a.dz,
    ),
    mistake(
        "log10",
        "The logarithm to base 10 was taken.",
        hint="The cross-entropy uses the natural logarithm, the key marked ln.",
        loss=lambda n, a: cross_entropy(n, a, log10),
    ),
    mistake(
        "ascent",
        "The step goes uphill.",
        hint="The gradient points towards more loss.",
        w1_new=lambda n, a: n.w1 + n.lr * a.dw1,
        w2_new=lambda n, a: n.w2 + n.lr * a.dw2,
        b_new=lambda n, a: n.b + n.lr * a.db,
    ),
    mistake(
        "lr_forgotten",
        "The learning rate is missing.",
        hint="The gradient says the direction; how far the step goes is a number of its own.",
        w1_new=lambda n, a: n.w1 - a.dw1,
        w2_new=lambda n, a: n.w2 - a.dw2,
        b_new=lambda n, a: n.b - a.db,
    ),
    mistake(
        "not_updated",
        "The old value was given.",
        hint="The last three answers are the parameters after the step.",
        w1_new=lambda n, a: n.w1,
        w2_new=lambda n, a: n.w2,
        b_new=lambda n, a: n.b,
    ),
]


def figure(n):
    return {
        "kind": "network",
        "title": "Your neuron",
        "description": (
            f"Inputs x1 = {n.x1} and x2 = {n.x2} reach one sigmoid neuron with bias {n.b} through "
            f"the weights w1 = {n.w1} and w2 = {n.w2}. Label y = {n.y}, learning rate {n.lr}."
        ),
        "data": {
            "layers": [
                [
                    {"id": "x1", "label": "x₁", "value": n.x1},
                    {"id": "x2", "label": "x₂", "value": n.x2},
                ],
                [{"id": "a", "label": "a", "value": "σ"}],
            ],
            "edges": [
                {"from": "x1", "to": "a", "label": "w₁", "value": n.w1},
                {"from": "x2", "to": "a", "label": "w₂", "value": n.w2},
            ],
            "notes": [
                {"label": "b", "value": n.b},
                {"label": "y", "value": n.y},
                {"label": "η", "value": n.lr},
            ],
        },
    }
