"""Two inputs, two sigmoid neurons 3 and 4, one sigmoid output neuron 5, no biases.

The form followed here: delta = f'(a) * (t - y), and a weight changes by +eta * delta * input.
"""

from math import exp

from grader.authoring import mistake, step


def draw(rng):
    def weight():
        return round(rng.uniform(low=0.05, high=0.95), 2)

    def value():
        return round(rng.uniform(low=0.2, high=0.95), 2)

    names = ["w13", "w23", "w14", "w24", "w35", "w45"]
    return {
        **{name: weight() for name in names},
        "x1": value(),
        "x2": value(),
        "t": rng.choice([0.05, 0.1, 0.2, 0.9]),
        "eta": rng.choice([0.5, 2]),
    }


def sigmoid(z):
    return 1 / (1 + exp(-z))


def second_output(n, a):
    y3 = sigmoid(a.w13_new * n.x1 + a.w23_new * n.x2)
    y4 = sigmoid(a.w14_new * n.x1 + a.w24_new * n.x2)
    return sigmoid(a.w35_new * y3 + a.w45_new * y4)


FORWARD, BACKWARD = "Forward pass", "Error and deltas"
CHANGES, WEIGHTS, AGAIN = "Weight changes", "New weights", "Second forward pass"


def new_weight(name):
    i, j = name[1], name[2]
    return step(
        f"{name}_new",
        lambda n, a: getattr(n, name) + getattr(a, f"d{name}"),
        label=f"New weight from {i} to {j}",
        latex=rf"w_{{{name[1:]}}}^{{\text{{new}}}} = w_{{{name[1:]}}} + \Delta w_{{{name[1:]}}}",
        points=0.5,
        section=WEIGHTS,
    )


def change(name, formula, signal):
    i, j = name[1], name[2]
    return step(
        f"d{name}",
        formula,
        label=f"Change of the weight from {i} to {j}",
        latex=rf"\Delta w_{{{name[1:]}}} = \eta\,\delta_{j}\,{signal}",
        points=1,
        section=CHANGES,
    )


steps = [
    step("a1", lambda n, a: n.w13 * n.x1 + n.w23 * n.x2, label="Net input of neuron 3",
         latex=r"a_1 = w_{13} x_1 + w_{23} x_2", points=0.5, section=FORWARD),
    step("a2", lambda n, a: n.w14 * n.x1 + n.w24 * n.x2, label="Net input of neuron 4",
         latex=r"a_2 = w_{14} x_1 + w_{24} x_2", points=0.5, section=FORWARD),
    step("y3", lambda n, a: sigmoid(a.a1), label="Output of neuron 3",
         latex=r"y_3 = \sigma(a_1)", points=0.5, section=FORWARD),
    step("y4", lambda n, a: sigmoid(a.a2), label="Output of neuron 4",
         latex=r"y_4 = \sigma(a_2)", points=0.5, section=FORWARD),
    step("a3", lambda n, a: n.w35 * a.y3 + n.w45 * a.y4, label="Net input of neuron 5",
         latex=r"a_3 = w_{35} y_3 + w_{45} y_4", points=0.5, section=FORWARD),
    step("y5", lambda n, a: sigmoid(a.a3), label="Output of neuron 5",
         latex=r"y_5 = \sigma(a_3)", points=0.5, section=FORWARD),
    step("error", lambda n, a: n.t - a.y5, label="Error",
         latex=r"e = t - y_5", points=1, section=BACKWARD),
    step("delta5", lambda n, a: a.y5 * (1 - a.y5) * a.error, label="Delta of neuron 5",
         latex=r"\delta_5 = y_5 (1 - y_5)\, e", points=2, section=BACKWARD),
    step("delta3", lambda n, a: a.y3 * (1 - a.y3) * n.w35 * a.delta5, label="Delta of neuron 3",
         latex=r"\delta_3 = y_3 (1 - y_3)\, w_{35}\, \delta_5", points=2, section=BACKWARD),
    step("delta4", lambda n, a: a.y4 * (1 - a.y4) * n.w45 * a.delta5, label="Delta of neuron 4",
         latex=r"\delta_4 = y_4 (1 - y_4)\, w_{45}\, \delta_5", points=2, section=BACKWARD),
    change("w35", lambda n, a: n.eta * a.delta5 * a.y3, "y_3"),
    change("w45", lambda n, a: n.eta * a.delta5 * a.y4, "y_4"),
    change("w13", lambda n, a: n.eta * a.delta3 * n.x1, "x_1"),
    change("w23", lambda n, a: n.eta * a.delta3 * n.x2, "x_2"),
    change("w14", lambda n, a: n.eta * a.delta4 * n.x1, "x_1"),
    change("w24", lambda n, a: n.eta * a.delta4 * n.x2, "x_2"),
    *(new_weight(name) for name in ["w13", "w23", "w14", "w24", "w35", "w45"]),
    step("error_second_pass", lambda n, a: n.t - second_output(n, a),
         label="Error of the second forward pass",
         latex=r"e^{\text{new}} = t - y_5^{\text{new}}", points=1, section=AGAIN),
]  # fmt: skip

mistakes = [
    mistake(
        "f_prime_missing_output",
        "The slope of the sigmoid is missing at the output neuron.",
        hint="The error says how far the output is off; delta also asks how much it reacts to a.",
        delta5=lambda n, a: a.error,
    ),
    mistake(
        "f_prime_missing_hidden",
        "The slope of the sigmoid is missing at a hidden neuron.",
        hint="What arrives through the weight still has to pass the neuron's own sigmoid.",
        delta3=lambda n, a: n.w35 * a.delta5,
        delta4=lambda n, a: n.w45 * a.delta5,
    ),
    mistake(
        "sign",
        "The error has the wrong sign.",
        hint="Which of target and output is subtracted from which?",
        error=lambda n, a: a.y5 - n.t,
    ),
    mistake(
        "updated_weights_in_delta",
        "The updated weight was used for a hidden delta.",
        hint="The whole backward pass uses the weights of the forward pass.",
        delta3=lambda n, a: a.y3 * (1 - a.y3) * (n.w35 + n.eta * a.delta5 * a.y3) * a.delta5,
        delta4=lambda n, a: a.y4 * (1 - a.y4) * (n.w45 + n.eta * a.delta5 * a.y4) * a.delta5,
    ),
    mistake(
        "w35_w45_swapped",
        "The weights into the output neuron are swapped.",
        hint="Follow the edge from the output back to the neuron whose delta you compute.",
        delta3=lambda n, a: a.y3 * (1 - a.y3) * n.w45 * a.delta5,
        delta4=lambda n, a: a.y4 * (1 - a.y4) * n.w35 * a.delta5,
    ),
    mistake(
        "y4_for_x1",
        "The output of neuron 4 was used where its input belongs.",
        hint="A weight changes by the delta at its end times the signal at its start.",
        dw14=lambda n, a: n.eta * a.delta4 * a.y4,
    ),
    mistake(
        "eta_forgotten",
        "The learning rate is missing.",
        hint="Which number of your network has not been used yet?",
        dw35=lambda n, a: a.delta5 * a.y3,
        dw45=lambda n, a: a.delta5 * a.y4,
        dw13=lambda n, a: a.delta3 * n.x1,
        dw23=lambda n, a: a.delta3 * n.x2,
        dw14=lambda n, a: a.delta4 * n.x1,
        dw24=lambda n, a: a.delta4 * n.x2,
    ),
    mistake(
        "subtracting",
        "The change was subtracted.",
        hint="The error is target minus output, so the sign is already in delta.",
        w13_new=lambda n, a: n.w13 - a.dw13,
        w23_new=lambda n, a: n.w23 - a.dw23,
        w14_new=lambda n, a: n.w14 - a.dw14,
        w24_new=lambda n, a: n.w24 - a.dw24,
        w35_new=lambda n, a: n.w35 - a.dw35,
        w45_new=lambda n, a: n.w45 - a.dw45,
    ),
]


def figure(n):
    weights = [
        ("13", "w₁₃"),
        ("14", "w₁₄"),
        ("23", "w₂₃"),
        ("24", "w₂₄"),
        ("35", "w₃₅"),
        ("45", "w₄₅"),
    ]
    name = {"1": "x1", "2": "x2", "3": "n3", "4": "n4", "5": "n5"}
    return {
        "kind": "network",
        "title": "Your network",
        "description": (
            f"Inputs x1 = {n.x1} and x2 = {n.x2} feed the sigmoid neurons 3 and 4 through the "
            f"weights w13 = {n.w13}, w14 = {n.w14}, w23 = {n.w23}, w24 = {n.w24}; both feed the "
            f"sigmoid neuron 5 through w35 = {n.w35} and w45 = {n.w45}. "
            f"Target t = {n.t}, learning rate {n.eta}."
        ),
        "data": {
            "layers": [
                [
                    {"id": "x1", "label": "x₁", "value": n.x1},
                    {"id": "x2", "label": "x₂", "value": n.x2},
                ],
                [
                    {"id": "n3", "label": "3", "value": "σ"},
                    {"id": "n4", "label": "4", "value": "σ"},
                ],
                [{"id": "n5", "label": "5", "value": "σ"}],
            ],
            "edges": [
                {
                    "from": name[key[0]],
                    "to": name[key[1]],
                    "label": label,
                    "value": getattr(n, f"w{key}"),
                }
                for key, label in weights
            ],
            "notes": [{"label": "t", "value": n.t}, {"label": "η", "value": n.eta}],
        },
    }
