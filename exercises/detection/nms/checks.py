"""Checks for nms: two boxes first, then each rule by itself, then classes, then speed.

Drawn boxes never meet the threshold exactly; `threshold` does, with whole numbers and thresholds
that are binary fractions, so that every way to compare them is exact.
"""

import numpy as np

from grader.authoring import attach, boxes, check, equal, performance


def clusters(draw, n, spots, low=0.0, high=300.0):
    """Draw n boxes (n, 4), each near one of some spots, with sides from 40 to 80."""
    centres = draw.uniform(spots, 2, low=low, high=high)
    centres = centres[draw.integers(0, spots, size=n)] + draw.normal(n, 2, scale=6.0)
    half = draw.uniform(n, 2, low=20.0, high=40.0)
    return np.hstack([centres - half, centres + half])


def ranks(draw, n):
    """Draw n scores in [0, 1], all different, in random order."""
    return (draw.permutation(n) + draw.uniform(n, low=0.1, high=0.9)) / n


def compare(student, reference, *cases, shown=""):
    """Compare nms on several inputs, all called before the first is judged.

    With a title the boxes of the first wrong call are shown, or those of the first call.
    """
    judge(cases, [student.nms(*c) for c in cases], [reference.nms(*c) for c in cases], shown)


def compare_batched(student, reference, *cases, shown=""):
    got, expected = ([side.batched_nms(*case) for case in cases] for side in (student, reference))
    judge(cases, got, expected, shown)


def judge(cases, got, expected, shown):
    if shown:
        wrong = (k for k, (one, other) in enumerate(zip(got, expected)) if not agree(one, other))
        k = next(wrong, 0)
        show(shown, cases[k], expected[k])
    for one, other in zip(got, expected):
        equal(one, other, name="kept")


def agree(one, other):
    return isinstance(one, np.ndarray) and np.array_equal(one, other)


def show(title, case, kept):
    """Attach the boxes of a call (boxes, scores, ...): those that are kept, those that fall."""
    around, scores, *_ = case
    fates = ["is kept" if k in kept else "falls" for k in range(len(scores))]
    told = (f"box {k} with the score {scores[k]:.3g} {fate}" for k, fate in enumerate(fates))
    width, height = around[:, 2:].max(axis=0) + 10
    groups = {str(k): box for k, box in enumerate(around)}
    attach(boxes(groups, title, f"Expected: {', '.join(told)}.", width=width, height=height))


def row(draw, *shifts):
    """Draw one box, and copies of it moved to the right by these parts of its width."""
    x, y = draw.uniform(2, low=10.0, high=40.0)
    wide, high = draw.uniform(2, low=20.0, high=30.0)
    return np.array([[x + s * wide, y, x + (1 + s) * wide, y + high] for s in shifts])


def apart(draw):
    """Draw two boxes that are apart along both axes, by more than their sides."""
    x, y = draw.uniform(2, low=10.0, high=20.0)
    wide, high = draw.uniform(2, low=10.0, high=20.0)
    return np.array(
        [[x + s * wide, y + s * high, x + (1 + s) * wide, y + (1 + s) * high] for s in (0, 2.2)]
    )


@check("Of two boxes on one object the one with the higher score is kept", points=3, visible=True)
def two_boxes(student, reference, draw):
    near, far = row(draw, 0, 0.1), row(draw, 0, 1.5)
    high, low = draw.uniform(low=0.6, high=0.9), draw.uniform(low=0.1, high=0.5)
    compare(
        student,
        reference,
        (near, np.array([high, low]), 0.5),
        (near, np.array([low, high]), 0.5),
        (far, np.array([high, low]), 0.5),
        (far, np.array([low, high]), 0.5),
        (row(draw, 0), np.array([low]), 0.5),
        (row(draw, 0, 0.1, 1.5), np.array([low, high, (low + high) / 2]), 0.5),
        (apart(draw), np.array([high, low]), 0.5),
        shown="The boxes of one call",
    )


@check("Indices of the kept boxes, by falling score", points=2, visible=True)
def by_score(student, reference, draw):
    far = row(draw, 0, 1.5, 3, 4.5, 6)
    compare(student, reference, (far, ranks(draw, 5), 0.5))
    order = draw.permutation(6)
    pairs = row(draw, 0, 0.1, 2, 2.1, 4, 4.1)[order]
    compare(student, reference, (pairs, ranks(draw, 6), 0.5))
    tiny = 0.5 + 1e-10 * draw.permutation(5)
    case = far, tiny, 0.5
    name = "kept (the scores differ in the tenth digit)"
    equal(student.nms(*case), reference.nms(*case), name=name)


@check("A box that was removed removes no others", points=2)
def chain(student, reference, draw):
    scores = np.sort(draw.uniform(5, low=0.1, high=0.9))[::-1].copy()
    near = row(draw, 0, 0.3, 0.6, 0.9, 1.2)
    order = draw.permutation(5)
    cases = (near[:3], scores[:3], 0.5), (near[order], scores[order], 0.5)
    compare(student, reference, *cases, shown="A chain: each box overlaps the next one")


@check("The threshold: a box falls only above it", points=2)
def threshold(student, reference, draw):
    x, y = draw.integers(0, 50, size=2)
    cases = []
    for part in draw.sample((2, 4, 6), 3):  # eighths: the IoU of the two boxes
        pair = np.array([[x, y, x + 8, y + 8], [x, y, x + 8, y + part]], dtype=float)
        scores, exact = ranks(draw, 2), part / 8
        steps = (0, -1 / 64, 1 / 64, 1 / 8)
        cases += [(pair, scores, exact + step) for step in steps]
    compare(student, reference, *cases)


@check("Of equal scores the lower index comes first", points=2)
def ties(student, reference, draw):
    near = row(draw, 0, 0.1, 2, 2.1)
    compare(student, reference, (near, np.full(4, 0.5), 0.5), shown="Four boxes of equal score")
    for n, spots in ((8, 3), (150, 60)):
        scores = draw.integers(1, 4, size=n) / 4
        compare(student, reference, (clusters(draw, n, spots), scores, 0.5))


@check("Boxes without area, boxes that touch, thresholds 0 and 1", points=1)
def edges(student, reference, draw):
    x, y = (float(v) for v in draw.integers(0, 50, size=2))
    point, line, square = [x, y, x, y], [x, y, x + 8, y], [x, y, x + 8, y + 8]
    flat = np.array([point, point, line, line, square])
    compare(student, reference, *((flat, ranks(draw, 5), thr) for thr in (0.5, 0.0)))
    touching = np.array([square, [x + 8, y, x + 16, y + 8], [x + 8, y + 8, x + 16, y + 16]])
    compare(student, reference, (touching, ranks(draw, 3), 0.0))
    same = np.array([square, square, [x, y, x + 8, y + 9]])
    compare(student, reference, (same, ranks(draw, 3), 1.0), (same, ranks(draw, 3), 0.0))


@check("Many boxes", points=2)
def many(student, reference, draw):
    for n, spots, low in ((12, 4, 0.0), (60, 15, -200.0), (60, 15, -400.0)):
        scores, thr = ranks(draw, n), draw.uniform(low=0.25, high=0.75)
        compare(student, reference, (clusters(draw, n, spots, low, low + 300), scores, thr))


@check("Boxes of different classes leave each other alone", points=2)
def classes(student, reference, draw):
    near, few = row(draw, 0, 0.1), draw.integers(0, 3, size=12)
    high_low = (np.array([0.9, 0.8]), np.array([0.8, 0.9]))
    equal_scores = (near, np.array([0.5, 0.5]), np.array([1, 0]), 0.5)
    compare_batched(
        student,
        reference,
        *((near, scores, np.array(cls), 0.5) for scores in high_low for cls in ([0, 1], [1, 1])),
        equal_scores,
        (clusters(draw, 12, 3), ranks(draw, 12), few, 0.5),
    )
    names = np.array(draw.sample(range(91), 3), dtype=np.int64)
    cls, tied = names[draw.integers(0, 3, size=40)], draw.integers(1, 4, size=40) / 4
    cases = [(clusters(draw, 40, 6), scores, cls, 0.4) for scores in (ranks(draw, 40), tied)]
    compare_batched(student, reference, *cases)


@check("Classes stay apart wherever the boxes lie", points=1)
def far_classes(student, reference, draw):
    one = row(draw, 0)
    other = one - one.max() - 1  # where an offset of the largest coordinate would put it on `one`
    case = np.vstack([one, other]), np.array([0.9, 0.8]), np.array([0, 1]), 0.5
    compare_batched(student, reference, case)
    below = clusters(draw, 80, 20, -300.0, 0.0)
    cls = draw.integers(0, 4, size=80)
    compare_batched(student, reference, (below, ranks(draw, 80), cls, 0.3))
    # one tall box after the other over the whole plane, once for each class: any offset meets one
    left = np.arange(-10_000.0, 10_000.0, 500.0) + draw.uniform(low=0.0, high=50.0)
    tall = np.stack([left, 0 * left - 2e4, left + 400, 0 * left + 2e4], axis=1)
    both, cls = np.vstack([tall, tall]), np.repeat(np.arange(2), len(tall))
    compare_batched(student, reference, (both, ranks(draw, len(both)), cls, 0.1))


@check("No boxes, no indices", points=1)
def empty(student, reference, draw):
    none = np.zeros((0, 4)), np.zeros(0)
    compare(student, reference, (*none, 0.5))
    compare_batched(student, reference, (*none, np.zeros(0, dtype=np.int64), 0.5))


@performance("Many times faster than two loops", points=12)
def fast(draw):
    return clusters(draw, 2000, 500, 0.0, 1000.0), draw.uniform(2000), 0.5
