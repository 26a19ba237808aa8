"""One neuron with numbers of one's own for each student."""

from math import exp

from grader.authoring import mistake, step


def draw(rng):
    return {
        "x": rng.choice([0.5, 1.5, 2.0]),
        "w": rng.choice([-0.8, -0.4, 0.6, 0.9]),
        "b": rng.choice([-0.3, 0.2, 0.5]),
    }


steps = [  # n = this student's numbers, a = earlier answers
    step("z", lambda n, a: n.w * n.x + n.b, label="Net input", latex=r"z = w x + b", points=2),
    step("y", lambda n, a: 1 / (1 + exp(-a.z)), label="Output", latex=r"y = \sigma(z)", points=3),
]

mistakes = [
    mistake(
        "no_bias",
        "The bias is missing.",
        hint="What is added to the weighted input?",
        z=lambda n, a: n.w * n.x,
    ),
    mistake(
        "sign_of_exponent",
        "The exponent of the sigmoid has the wrong sign.",
        hint="Is the output above or below one half when the net input is positive?",
        y=lambda n, a: 1 / (1 + exp(a.z)),
    ),
]
