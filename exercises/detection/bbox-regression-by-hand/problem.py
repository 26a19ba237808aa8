"""Offsets from a proposal P to its true box G, and a prediction t decoded on another proposal Q.

Boxes are [centre x, centre y, width, height]; the form is that of R-CNN, with natural logarithms.
"""

from math import exp, log, log10

from grader.authoring import boxes, mistake, step

WIDTH = HEIGHT = 280


PLACES, SIDES = (70, 200), (40, 140)


def draw(rng):
    P, Q = proposal(rng), proposal(rng)
    t = [offset(rng, low, high) for low, high in ((0.05, 0.25),) * 2 + ((0.1, 0.6),) * 2]
    return {"P": P, "G": true_box(rng, P), "Q": Q, "t": t}


def proposal(rng):
    return [rng.integers(low, high + 1) for low, high in (PLACES, PLACES, SIDES, SIDES)]


def offset(rng, low, high):
    return rng.choice([-1, 1]) * round(rng.uniform(low=low, high=high), 2)


def true_box(rng, P):
    """Draw the true box of a proposal: moved by a part of its sides, and of another size."""
    while True:
        centre = [round(P[k] + offset(rng, 0.1, 0.35) * P[k + 2]) for k in (0, 1)]
        size = [round(P[k] * (1 + offset(rng, 0.12, 0.35))) for k in (2, 3)]
        ranges = zip((*centre, *size), (PLACES, PLACES, SIDES, SIDES))
        if all(low <= value <= high for value, (low, high) in ranges):
            return [*centre, *size]


X, Y, W, H = range(4)
ENCODE, DECODE, CORNER = "Offsets from P to G", "Prediction t on Q", "Its upper left corner"

steps = [
    step("dx", lambda n, a: (n.G[X] - n.P[X]) / n.P[W], label="Offset along x",
         latex=r"d_x = (G_x - P_x) / P_w", points=2, section=ENCODE),
    step("dy", lambda n, a: (n.G[Y] - n.P[Y]) / n.P[H], label="Offset along y",
         latex=r"d_y", points=1, section=ENCODE),
    step("dw", lambda n, a: log(n.G[W] / n.P[W]), label="Change of the width",
         latex=r"d_w = \ln(G_w / P_w)", points=2, section=ENCODE),
    step("dh", lambda n, a: log(n.G[H] / n.P[H]), label="Change of the height",
         latex=r"d_h", points=1, section=ENCODE),
    step("x", lambda n, a: n.Q[X] + n.t[X] * n.Q[W], label="Centre x of the predicted box",
         latex=r"x = Q_x + t_x\, Q_w", points=2, section=DECODE),
    step("y", lambda n, a: n.Q[Y] + n.t[Y] * n.Q[H], label="Centre y of the predicted box",
         latex=r"y", points=1, section=DECODE),
    step("w", lambda n, a: n.Q[W] * exp(n.t[W]), label="Width of the predicted box",
         latex=r"w = Q_w\, e^{t_w}", points=2, section=DECODE),
    step("h", lambda n, a: n.Q[H] * exp(n.t[H]), label="Height of the predicted box",
         latex=r"h", points=1, section=DECODE),
    step("left", lambda n, a: a.x - a.w / 2, label="Left edge of the predicted box",
         latex=r"x - w / 2", points=1.5, section=CORNER),
    step("top", lambda n, a: a.y - a.h / 2, label="Upper edge of the predicted box",
         latex=r"y - h / 2", points=1.5, section=CORNER),
]  # fmt: skip

mistakes = [
    mistake(
        "log10",
        "The logarithm to base 10 was taken.",
        hint="Decoding uses powers of e; which logarithm undoes them?",
        dw=lambda n, a: log10(n.G[W] / n.P[W]),
        dh=lambda n, a: log10(n.G[H] / n.P[H]),
    ),
    mistake(
        "by_ground_truth",
        "The offset was divided by the size of the true box.",
        hint="When the prediction is decoded, only the proposal is known.",
        dx=lambda n, a: (n.G[X] - n.P[X]) / n.G[W],
        dy=lambda n, a: (n.G[Y] - n.P[Y]) / n.G[H],
    ),
    mistake(
        "dy_by_width",
        "The offset along y was divided by the width.",
        hint="Which side of the box runs along y?",
        dy=lambda n, a: (n.G[Y] - n.P[Y]) / n.P[W],
    ),
    mistake(
        "inverse",
        "These are the offsets from G to P.",
        hint="The offsets say how the proposal has to move to become the true box.",
        dx=lambda n, a: (n.P[X] - n.G[X]) / n.G[W],
        dy=lambda n, a: (n.P[Y] - n.G[Y]) / n.G[H],
        dw=lambda n, a: log(n.P[W] / n.G[W]),
        dh=lambda n, a: log(n.P[H] / n.G[H]),
    ),
    mistake(
        "wrong_sign",
        "The offset has the wrong sign.",
        hint="A true box to the right of the proposal has a positive offset.",
        dx=lambda n, a: (n.P[X] - n.G[X]) / n.P[W],
        dy=lambda n, a: (n.P[Y] - n.G[Y]) / n.P[H],
    ),
    mistake(
        "no_logarithm",
        "The relative change was given, without the logarithm.",
        hint="Which number do you have to put into the exponential to get the ratio of the sizes?",
        dw=lambda n, a: (n.G[W] - n.P[W]) / n.P[W],
        dh=lambda n, a: (n.G[H] - n.P[H]) / n.P[H],
    ),
    mistake(
        "not_scaled",
        "The offset was added as if it were pixels.",
        hint="An offset of 0.1 is a tenth of a side, not of a pixel.",
        x=lambda n, a: n.Q[X] + n.t[X],
        y=lambda n, a: n.Q[Y] + n.t[Y],
    ),
    mistake(
        "one_plus_dw",
        "The size was scaled by one plus the change.",
        hint="That is nearly right for a small change; what undoes a logarithm exactly?",
        w=lambda n, a: n.Q[W] * (1 + n.t[W]),
        h=lambda n, a: n.Q[H] * (1 + n.t[H]),
    ),
    mistake(
        "whole_size",
        "The whole side was taken off the centre.",
        hint="How far is it from the centre to an edge?",
        left=lambda n, a: a.x - a.w,
        top=lambda n, a: a.y - a.h,
    ),
]


def corners(box):
    x, y, w, h = box
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2]


def figure(n):
    told = ", ".join(f"{name} = {getattr(n, name)}" for name in "PGQ")
    return boxes(
        {name: [corners(getattr(n, name))] for name in "PGQ"},
        "Your boxes",
        f"Boxes as centre x, centre y, width, height: {told}. G is the true box of the proposal P.",
        width=WIDTH,
        height=HEIGHT,
    )
