"""Softmax of four logits, hard max, the shifted form, two classes, cross-entropy and gradient."""

from math import exp, log, log10

from grader.authoring import bars, mistake, step

CLASSES = (1, 2, 3, 4)
LEAST = 0.05  # probability of the target: below it rounding hides a wrong logarithm


def draw(rng):
    while True:
        z = [int(value) for value in rng.integers(-2, 7, size=4)]
        if z.count(max(z)) == 1 and z[0] != z[1]:
            break
    total = sum(exp(value) for value in z)
    target = rng.choice([j for j in CLASSES if exp(z[j - 1]) / total >= LEAST])
    return {**{f"z{j}": z[j - 1] for j in CLASSES}, "target": target}


def logits(n):
    return [getattr(n, f"z{j}") for j in CLASSES]


def exponential(j):
    return lambda n, a: exp(getattr(n, f"z{j}"))


def share(j):
    return lambda n, a: getattr(a, f"e{j}") / a.sum


def gradient(j):
    return lambda n, a: getattr(a, f"a{j}") - (j == n.target)


def of_target(n, a):
    return getattr(a, f"a{n.target}")


def place_of_largest(n):
    return 1 + logits(n).index(max(logits(n)))


def each(name, formula):
    """Replace the formula of a step of each class."""
    return {f"{name}{j}": formula(j) for j in CLASSES}


SOFTMAX, FORMS, LOSS = "Softmax", "Relatives", "Loss and gradient"

steps = [
    *(step(f"e{j}", exponential(j), label=f"Exponential {j}", latex=rf"e_{j} = e^{{z_{j}}}",
           points=0.25, section=SOFTMAX) for j in CLASSES),
    step("sum", lambda n, a: a.e1 + a.e2 + a.e3 + a.e4, label="Their sum",
         latex=r"S = e_1 + e_2 + e_3 + e_4", points=0.5, section=SOFTMAX),
    *(step(f"a{j}", share(j), label=f"Probability {j}", latex=rf"a_{j} = e_{j} / S",
           points=0.5, section=SOFTMAX) for j in CLASSES),
    step("hard_max_index", lambda n, a: place_of_largest(n), label="Class that hard max chooses",
         latex=r"\text{1, 2, 3 or 4}", points=0.5, integer=True, section=FORMS),
    step("shifted_sum", lambda n, a: sum(exp(z - max(logits(n))) for z in logits(n)),
         label="Sum of the shifted exponentials", latex=r"S' = \sum_j e^{z_j - z_{\max}}",
         points=1, section=FORMS),
    step("sigmoid_z1_minus_z2", lambda n, a: 1 / (1 + exp(n.z2 - n.z1)),
         label="Probability of class 1 beside class 2 alone", latex=r"\sigma(z_1 - z_2)",
         points=1.5, section=FORMS),
    step("cross_entropy", lambda n, a: -log(of_target(n, a)), label="Cross-entropy",
         latex=r"L = -\ln a_t", points=1.5, section=LOSS),
    *(step(f"g{j}", gradient(j), label=f"Gradient at logit {j}",
           latex=rf"g_{j} = \partial L / \partial z_{j}", points=0.5, section=LOSS)
      for j in CLASSES),
]  # fmt: skip

mistakes = [
    mistake(
        "z_over_sum",
        "The logits themselves were divided by their sum.",
        hint="Softmax divides exponentials, so that negative logits get a share too.",
        **each("a", lambda j: lambda n, a: getattr(n, f"z{j}") / sum(logits(n))),
    ),
    mistake(
        "divided_by_max",
        "The exponentials were divided by the largest, not by their sum.",
        hint="What do the four probabilities add up to?",
        **each("a", lambda j: lambda n, a: getattr(a, f"e{j}") / max(a.e1, a.e2, a.e3, a.e4)),
    ),
    mistake(
        "base_2",
        "Powers of 2 were taken.",
        hint="The base is e = 2.71828...",
        **each("e", lambda j: lambda n, a: 2 ** getattr(n, f"z{j}")),
    ),
    mistake(
        "absolute_logit",
        "The sign of a negative logit was lost.",
        hint="The exponential of a negative number lies between 0 and 1.",
        **each("e", lambda j: lambda n, a: exp(abs(getattr(n, f"z{j}")))),
    ),
    mistake(
        "hard_max_value",
        "The largest logit was given, not the number of its class.",
        hint="Hard max gives the whole 1 to one class. Which one is it?",
        hard_max_index=lambda n, a: max(logits(n)),
    ),
    mistake(
        "counted_from_zero",
        "The classes were counted from 0.",
        hint="In this exercise the first class has the number 1.",
        hard_max_index=lambda n, a: place_of_largest(n) - 1,
    ),
    mistake(
        "not_shifted",
        "The maximum was not subtracted.",
        hint="After the shift the largest exponent is 0; what is its exponential?",
        shifted_sum=lambda n, a: a.sum,
    ),
    mistake(
        "sigmoid_reversed",
        "The difference was taken the other way round.",
        hint="The larger z1 is, the more probable class 1 is.",
        sigmoid_z1_minus_z2=lambda n, a: 1 / (1 + exp(n.z1 - n.z2)),
    ),
    mistake(
        "four_classes_for_two",
        "This is the probability of class 1 among all four classes.",
        hint="Here only the classes 1 and 2 are left; the other two are not part of the sum.",
        sigmoid_z1_minus_z2=lambda n, a: a.a1,
    ),
    mistake(
        "log10",
        "The logarithm to base 10 was taken.",
        hint="The cross-entropy uses the natural logarithm, the key marked ln.",
        cross_entropy=lambda n, a: -log10(of_target(n, a)),
    ),
    mistake(
        "cross_entropy_sign",
        "The minus sign is missing.",
        hint="The logarithm of a probability is negative; a loss is not.",
        cross_entropy=lambda n, a: log(of_target(n, a)),
    ),
    mistake(
        "y_minus_a",
        "Target minus probability was taken.",
        hint="More of the target's logit means less loss: which sign has its gradient?",
        **each("g", lambda j: lambda n, a: (j == n.target) - getattr(a, f"a{j}")),
    ),
    mistake(
        "target_not_subtracted",
        "The target was not subtracted.",
        hint="The four gradients add up to 0.",
        **each("g", lambda j: lambda n, a: getattr(a, f"a{j}")),
    ),
    mistake(
        "slope_of_sigmoid",
        "This is a(1 - a), the slope of one probability, not the gradient of the loss.",
        hint="With the cross-entropy one factor cancels; write out the chain rule once.",
        **each("g", lambda j: lambda n, a: getattr(a, f"a{j}") * (1 - getattr(a, f"a{j}"))),
    ),
]


def figure(n):
    z = logits(n)
    named = ", ".join(f"class {j}: {z[j - 1]}" for j in CLASSES)
    title = f"Your logits; the true class is {n.target}"
    return bars({f"class {j}": z[j - 1] for j in CLASSES}, title, f"{named}.", y="logit")
