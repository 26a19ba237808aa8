"""Checks for gpu-nms: two boxes first, then chains, order, classes, crowds, and empty input.

No drawn pair of boxes has an IoU within 2e-5 of the threshold: rounding decides nothing. Where
an IoU is meant to equal it, corners are small whole numbers and the threshold is 1/2 or 1/4.

Memory on the GPU is not measured. Neither was the speed: its thresholds are not calibrated.
"""

import numpy as np

from grader.authoring import attach, boxes, check, equal, performance, require, tensor

MARGIN = 2e-5


def compare(student, reference, corners, scores, cls, thr, title=""):
    """Compare the kept indices; boxes, scores and classes may be lists. A title asks for a picture
    of what the student keeps.
    """
    corners = np.reshape(np.array(corners), (-1, 4)).astype("float32")
    scores, cls = np.array(scores, dtype="float32"), np.array(cls, dtype="int64")
    args = tensor(corners), tensor(scores), tensor(cls), thr
    got, expected = student.batched_nms(*args), reference.batched_nms(*args)
    if title:
        picture(corners, got, title)
    if is_list(got, len(corners)):
        wrong = first_wrong(corners, scores, cls, thr, got.tolist(), expected.tolist())
        require(not wrong, f"You keep {few_of(got)}; expected {few_of(expected)}. {wrong}")
    equal(got, expected, name="the kept indices")
    require(
        got.device == expected.device,
        f"The result lies on {got.device}; it should lie on {expected.device}, as the boxes do.",
    )


def is_list(kept, n):
    """Tell whether these are indices of n boxes, each of them once."""
    good = isinstance(kept, np.ndarray) and kept.ndim == 1 and kept.dtype == np.int64
    return good and set(kept.tolist()) <= set(range(n)) and len(set(kept.tolist())) == len(kept)


def few_of(kept):
    return "[" + ", ".join(map(str, kept[:8].tolist())) + (", ...]" if len(kept) > 8 else "]")


def first_wrong(corners, scores, cls, thr, kept, expected):
    """Say of the first box that is missing, or too many, how much a better kept box overlaps it."""
    missing = [index for index in expected if index not in kept]
    extra = [index for index in kept if index not in expected]
    if not missing + extra:
        return "" if kept == expected else "These are the right boxes in another order."
    box = (missing + extra)[0]
    order = np.argsort(-scores, kind="stable").tolist()
    better = order[: order.index(box)]
    mates = [index for index in expected if index in better and cls[index] == cls[box]]
    if not mates:
        return f"Box {box} must be kept: no better box of its class ({cls[box]}) is kept."
    overlaps = [iou(corners[index], corners[box]) for index in mates]
    most = max(overlaps)
    return (
        f"Box {box} must {'be kept' if missing else 'go'}: of the kept boxes of its class that are "
        f"better, box {mates[overlaps.index(most)]} overlaps it most, with an IoU of {most:.5g}; "
        f"thr is {thr:g}."
    )


def iou(a, b):
    """Return the IoU of two boxes in float64."""
    a, b = np.float64(a), np.float64(b)
    common = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    union = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - common
    return float(common / union) if union > 0 else 0.0


def picture(corners, kept, title):
    """Attach the boxes and those that the student keeps, where these are indices of boxes."""
    if is_list(kept, len(corners)):
        about = f"Boxes 0 to {len(corners) - 1}, best first. You keep {kept.tolist()}. "
        about += "The picture begins near the first corner."
        shown = corners - np.tile(corners[:, :2].min(axis=0) - 10, 2)
        width, height = (float(v) + 10 for v in shown[:, 2:].max(axis=0))
        groups = {f"box {index}": box for index, box in enumerate(shown)}
        if len(kept):
            groups["you keep"] = shown[np.asarray(kept)]
        attach(boxes(groups, title, about, width=width, height=height))


def falling(draw, n):
    """Draw n different scores, best first."""
    return 0.9 - 0.1 * np.arange(n) / n - 0.05 * draw.uniform(n) / n


def crowd(draw, n, classes, thr, centres, low=0.0):
    """Draw boxes in groups, and a class for each; no IoU is close to thr."""
    middles = draw.uniform(classes, centres, 2, low=low, high=low + 1000.0)
    cls = draw.integers(0, classes, size=n)
    corners = around(draw, middles, cls)
    while len(unsure := close_calls(corners, cls, thr)):
        corners[unsure] = around(draw, middles, cls[unsure])
    return corners, cls


def around(draw, middles, cls):
    """Draw a box near one of the middles of each class."""
    n = len(cls)
    centre = middles[cls, draw.integers(0, middles.shape[1], size=n)]
    centre = centre + draw.normal(n, 2, scale=6.0)
    half = draw.uniform(n, 2, low=20.0, high=40.0)
    return np.hstack([centre - half, centre + half]).astype("float32")


def close_calls(corners, cls, thr):
    """Return the indices of boxes whose IoU with one before in their class is close to thr."""
    found = []
    for kind in np.unique(cls):
        members = np.flatnonzero(cls == kind)
        own = corners[members].astype("float64")
        low = np.maximum(own[:, None, :2], own[None, :, :2])
        high = np.minimum(own[:, None, 2:], own[None, :, 2:])
        common = np.clip(high - low, 0, None).prod(2)
        area = (own[:, 2:] - own[:, :2]).prod(1)
        iou = common / (area[:, None] + area - common)
        found.append(members[np.triu(np.abs(iou - thr) < MARGIN, 1).any(0)])
    return np.concatenate(found)


def shifted(draw, *shifts):
    """Return boxes of 40 x 40 at a drawn place, moved to the right by each of the shifts."""
    x, y = draw.integers(0, 200, size=2)
    return np.array([[x + s, y, x + s + 40, y + 40] for s in shifts], dtype=float)


@check("Of two boxes that overlap much, the better one is kept", points=3, visible=True)
def two_boxes(student, reference, draw):
    for other in ([30, 0, 40, 10], [0, 40, 10, 50], [30, 40, 40, 50]):  # apart
        compare(student, reference, [[0, 0, 10, 10], other], (0.7, 0.6), (2, 2), 0.5)
    compare(student, reference, [[0, 0, 10, 10], other], (0.7, 0.2), (2, 2), 0.5)
    touching = np.array([[0, 0, 2, 2], [1, 1, 3, 3]])  # IoU 1/7
    compare(student, reference, touching, (0.7, 0.6), (2, 2), 0.25)
    compare(student, reference, shifted(draw, 0, 10), (0.9, 0.4), (1, 1), 0.25)  # IoU 0.6
    for shift in (10, 30, 100):  # IoU 0.6, 0.14 and 0
        for scores in ((0.9, 0.4), (0.3, 0.8)):
            compare(student, reference, shifted(draw, 0, shift), scores, (1, 1), 0.5)
    inside = np.array([[0, 0, 10, 10], [0, 0, 5, 5]])  # IoU 0.25
    compare(student, reference, inside, (0.7, 0.6), (2, 2), 0.4)


@check("A box that is dropped drops no other", points=3, visible=True)
def chain(student, reference, draw):
    # each overlaps its neighbours with IoU 0.6, and the next but one with 0.33
    three = shifted(draw, 0, 10, 20)
    title = "Three boxes, the best on the left, and those that you keep"
    compare(student, reference, three, falling(draw, 3), [0] * 3, 0.5, title)
    for n in (4, 6):
        corners = shifted(draw, *range(0, 10 * n, 10))
        compare(student, reference, corners, falling(draw, n), [0] * n, 0.5)


@check("The result is in order of falling score", points=3)
def order(student, reference, draw):
    for n in (3, 5, 8):
        place = draw.permutation(n)
        corners = shifted(draw, *(100 * place))
        compare(student, reference, corners, falling(draw, n)[draw.permutation(n)], [3] * n, 0.5)
    # equal scores: the lower index comes first, and wins
    corners = shifted(draw, 0, 10, 200, 210, 400)
    compare(student, reference, corners, [0.5] * 5, [0] * 5, 0.5)
    compare(student, reference, corners, [0.5, 0.5, 0.75, 0.75, 0.5], [0, 0, 1, 1, 0], 0.5)


@check("No boxes, one box, boxes without area", points=2)
def few(student, reference, draw):
    compare(student, reference, np.zeros((0, 4)), [], [], 0.5)
    compare(student, reference, shifted(draw, 0), [0.2], [4], 0.5)
    corners = np.array([[5, 5, 5, 9], [5, 5, 5, 9], [0, 0, 10, 10], [3, 3, 3, 3]])
    compare(student, reference, corners, falling(draw, 4), [0] * 4, 0.5)


@check("An overlap of exactly the threshold is no reason to drop", points=2)
def at_threshold(student, reference, draw):
    half = np.array([[0, 0, 2, 1], [0, 0, 1, 1]])
    quarter = np.array([[0, 0, 2, 2], [1, 1, 2, 2]])
    for scores in ((0.9, 0.4), (0.3, 0.8)):
        for corners, thr in ((half, 0.5), (quarter, 0.25), (half, 0.25), (quarter, 0.5)):
            compare(student, reference, corners, scores, (0, 0), thr)


@check("Boxes of different classes leave each other alone", points=4)
def classes(student, reference, draw):
    corners = shifted(draw, 0, 2, 4, 6)
    for cls in ((0, 1, 0, 1), (7, 7, 3, 3), (5, 0, 0, 5)):
        compare(student, reference, corners, falling(draw, 4), cls, 0.5)
    # one box is the other, moved by the largest corner
    compare(student, reference, [[-20, -20, 20, 20], [-40, -40, 0, 0]], (0.8, 0.6), (0, 1), 0.5)
    # left and right of zero; class numbers that leave no digits to a shifted corner
    for low, factor in ((-1000.0, 1), (-400.0, 40), (0.0, 300_000)):
        corners, cls = crowd(draw, 30, 3, 0.5, centres=3, low=low)
        compare(student, reference, corners, draw.uniform(30), factor * cls, 0.5)


@check("Small boxes far from zero, and many boxes in many groups", points=3)
def many(student, reference, draw):
    x = draw.integers(1100, 1900)  # small boxes far from zero, with an IoU of 0.48
    corners = np.array([[x + 0.6, 0, x + 4.6, 4], [x + 2.0, 0, x + 6.0, 4]])
    compare(student, reference, corners, falling(draw, 2), (0, 0), 0.5)
    for n, kinds, thr, centres in ((50, 1, 0.5, 8), (120, 3, 0.3, 8), (100, 2, 0.7, 6)):
        corners, cls = crowd(draw, n, kinds, thr, centres)
        compare(student, reference, corners, draw.uniform(n), cls, thr)


def large(draw):
    corners, cls = crowd(draw, 20_000, 80, 0.5, centres=60)
    scores = draw.uniform(20_000).astype("float32")
    return *(tensor(a, device="cuda") for a in (corners, scores, cls)), 0.5


@performance("Many times faster than numpy on the CPU", points=20)
def against_cpu(draw):
    return large(draw)
