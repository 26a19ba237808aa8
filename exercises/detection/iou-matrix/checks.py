"""Checks for iou-matrix: one pair first, then lists, then what divides by zero, then speed.

In `lists` no pair of sizes occurs twice; `own_arguments` repeats sizes on purpose. An epsilon in
the divisor is seen down to about 1e-15; a smaller one changes no result by the tolerance.
"""

import numpy as np

from grader.authoring import attach, boxes, check, close, performance


def rectangles(draw, n, low=0.0, side=60.0):
    """Draw n boxes (n, 4) that begin in [low, low + 50], with sides from side / 6 to side."""
    begin = draw.uniform(n, 2, low=low, high=low + 50)
    return np.hstack([begin, begin + draw.uniform(n, 2, low=side / 6, high=side)])


def compare(student, reference, *cases, shown=""):
    """Compare on several pairs of lists, all called before the first is judged.

    With a title the boxes of the first wrong call are shown, or those of the first call.
    """
    got = [student.iou(A, B) for A, B in cases]
    expected = [reference.iou(A, B) for A, B in cases]
    if shown:
        wrong = (k for k, (one, other) in enumerate(zip(got, expected)) if not agree(one, other))
        A, B = cases[next(wrong, 0)]
        attach(boxes({"A": A, "B": B}, shown, width=50, height=50))
    for one, other in zip(got, expected):
        close(one, other, name="IoU")


def agree(one, other):
    is_array = isinstance(one, np.ndarray) and one.dtype.kind == "f" and one.shape == other.shape
    return is_array and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def scattered(draw, *spots):
    """Draw a box with its upper left corner near each spot; sides from 12 to 18."""
    begin = np.array(spots, dtype=float) + draw.uniform(len(spots), 2, low=0.0, high=2.0)
    return np.hstack([begin, begin + draw.uniform(len(spots), 2, low=12.0, high=18.0)])


@check("One pair of boxes that overlap", points=2, visible=True)
def one_pair(student, reference, draw):
    A, B = scattered(draw, (10, 10)), scattered(draw, (18, 15))
    around = A + np.array([-1.0, -1.0, 1.0, 1.0]) * draw.uniform(4, low=1.0, high=6.0)
    across = A + np.array([-1.0, 1.0, 1.0, -1.0]) * draw.uniform(4, low=1.0, high=5.0)
    cases = (A, B), (B, A), (A, around), (A, across), (A - 18, B - 18)
    compare(student, reference, *cases, shown="Two boxes that overlap")


@check("Boxes that lie apart", points=2, visible=True)
def apart(student, reference, draw):
    A, B = scattered(draw, (5, 5)), scattered(draw, (30, 30), (30, 5), (5, 30))
    cases = [(A, B[k : k + 1]) for k in range(3)]
    compare(student, reference, *cases, (B[:1], A), shown="Two boxes that lie apart")


@check("Each box of one list with each box of the other", points=2)
def lists(student, reference, draw):
    for n, m in ((2, 3), (1, 4), (5, 1), (3, 3), (4, 7)):
        compare(student, reference, (rectangles(draw, n), rectangles(draw, m)))
    A = rectangles(draw, 6, low=-60.0)
    compare(student, reference, (A, rectangles(draw, 5, low=-40.0)), (A, A))


@check("Boxes that only touch, and boxes without area", points=2)
def without_area(student, reference, draw):
    x1, y1, x2, y2 = scattered(draw, (10, 10))[0]
    box = np.array([[x1, y1, x2, y2]])
    beside = np.array([[x2, y1, x2 + 9, y2], [x1, y2, x2, y2 + 9], [x2, y2, x2 + 9, y2 + 9]])
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    flat = np.array([[x, y, x, y], [x1, y, x2, y], [x, y1, x, y2], [x1, y1, x1, y1]])
    compare(student, reference, (box, beside), (beside, box))
    compare(student, reference, (box, flat), (flat, box), (flat[:1], flat[:1]), (flat, flat))


@check("Small boxes, as exact as large ones", points=1)
def small(student, reference, draw):
    A, B = (draw.uniform(3, 2, low=0.0, high=5e-4) for _ in range(2))
    A, B = (np.hstack([C, C + draw.uniform(3, 2, low=1e-3, high=2e-3)]) for C in (A, B))
    compare(student, reference, (A[:1], B[:1]), (A, B))


@check("Each call is computed from its own arguments", points=1)
def own_arguments(student, reference, draw):
    A, B, C, D = (rectangles(draw, 3) for _ in range(4))
    for one, other in ((A, B), (C, D), (A, D), (C, B), (A, B)):
        compare(student, reference, (one, other))


@check("Empty lists keep the shape", points=2)
def empty(student, reference, draw):
    none, some = np.zeros((0, 4)), rectangles(draw, 3)
    compare(student, reference, (none, some), (some, none), (none, none))


@performance("Many times faster than two loops", points=8)
def fast(draw):
    return rectangles(draw, 4000, low=-50.0), rectangles(draw, 16, low=-50.0)
