"""Checks for yolo-grid: one box in one cell, then the edges; one prediction, then the whole grid.

Centres on the border between two cells are drawn as binary fractions, so that x S is exact however
it is computed. Outputs stay below 30 in size: no way to write the sigmoid overflows there.
"""

import numpy as np

from grader.authoring import attach, boxes, check, close


def label_rows(draw, k, C):
    """Draw k rows (class, x, y, w, h) with different areas."""
    size = np.linspace(0.1, 0.6, k)[draw.permutation(k)]
    flat = draw.uniform(k, low=0.8, high=1.25)
    classes = draw.integers(0, C, size=k).astype(float)
    centre = draw.uniform(k, 2, low=0.02, high=0.98)
    return np.column_stack([classes, centre, size * flat, size / flat])


def same_target(student, reference, *cases):
    """Compare encode_v1 on several inputs, all called before the first is judged."""
    got = [student.encode_v1(*case) for case in cases]
    for one, case in zip(got, cases):
        close(one, reference.encode_v1(*case), name="target")


def outputs(draw, A, C, S):
    """Draw t (A, 5 + C, S, S), anchors (A, 2)."""
    t = draw.normal(A, 5 + C, S, S, scale=1.5)
    t[:, 2:4] = draw.normal(A, 2, S, S, scale=0.5)
    return t, draw.uniform(A, 2, low=8.0, high=60.0)


def corners(rows):
    return np.hstack([rows[:, :2] - rows[:, 2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2])


def same_boxes(student, reference, *cases):
    """Compare decode_v3 likewise, with a picture of the last case."""
    got = [student.decode_v3(*case) for case in cases]
    expected = [reference.decode_v3(*case) for case in cases]
    one, other, (t, _, stride) = got[-1], expected[-1], cases[-1]
    if isinstance(one, np.ndarray) and one.shape == other.shape and len(other) <= 27:
        groups = {"expected": corners(other), "yours": corners(one)}
        size = t.shape[-1] * stride
        told = "The frame is the input of the network; boxes may reach over it."
        title = "Your boxes and the expected ones"
        attach(boxes(groups, title, told, width=size, height=size))
    for one, other in zip(got, expected):
        close(one, other, name="rows")


@check("Target: one box and its cell", points=3, visible=True)
def one_box(student, reference, draw):
    S, C = 2, 3  # a small target can be shown whole
    x, y = (draw.permutation(2) + draw.uniform(2, low=0.1, high=0.9)) / S
    label = 2.0  # stored as a number, 1 looks like one entry too early
    row = np.array([[label, x, y, *draw.uniform(2, low=0.2, high=0.4)]])
    about = {"box": [[x - row[0, 3] / 2, y - row[0, 4] / 2, x + row[0, 3] / 2, y + row[0, 4] / 2]]}
    attach(boxes(about, "The box of this check, on the image", width=1, height=1))
    centre = np.array([[0.0, 0.7, 0.3, 0.5, 0.25]])
    same_target(student, reference, (row, S, C), (centre, 5, 2))


@check("Target: many boxes in different cells", points=2)
def many_boxes(student, reference, draw):
    for S, C, k in ((2, 3, 2), (7, 4, 6), (13, 6, 9)):
        rows = label_rows(draw, k, C)
        spots = np.array(draw.sample(range(S * S), k))
        rows[:, 1] = (spots % S + draw.uniform(k, low=0.05, high=0.95)) / S
        rows[:, 2] = (spots // S + draw.uniform(k, low=0.05, high=0.95)) / S
        same_target(student, reference, (rows, S, C))


@check("Target: centres on the border of a cell and of the image", points=3)
def borders(student, reference, draw):
    w, h = draw.uniform(2, low=0.1, high=0.5)
    inner = [(0.5, 0.25), (0.75, 0.5), (0.0, 0.375), (0.25, 0.0)]
    outer = [(1.0, 0.375), (0.625, 1.0), (1.0, 1.0), (0.0, 1.0)]
    many = [(S, inner) for S in (2, 4, 8)] + [(S, outer) for S in (2, 4, 7)] + [(1, [(1.0, 0.5)])]
    for S, places in many:
        same_target(student, reference, *((np.array([[1, x, y, w, h]]), S, 2) for x, y in places))


@check("Target: of two boxes in one cell the larger one stays, alone", points=3)
def conflicts(student, reference, draw):
    x, y = (draw.integers(0, 2, size=2) + 0.5) / 2 + draw.uniform(2, low=-0.07, high=0.07)
    small, wide, large = (0.2, 0.3), (0.9, 0.1), (0.45, 0.5)
    rows = np.array([[k, x + 0.01 * k, y - 0.01 * k, *size] for k, size in
                     enumerate((small, wide, large))])  # fmt: skip
    for order in ((0, 2), (2, 0), (1, 2), (2, 1), draw.permutation(3)):
        same_target(student, reference, (rows[list(order)], 2, 3))
    crowd = label_rows(draw, 25, 6)
    same_target(student, reference, (crowd, 3, 6))


@check("Target: an image without objects", points=1)
def no_boxes(student, reference, draw):
    same_target(student, reference, (np.zeros((0, 5)), 4, 3))


@check("Prediction: one anchor, one cell, then four", points=3, visible=True)
def one_prediction(student, reference, draw):
    cases = [(*outputs(draw, 1, 3, S), stride) for S, stride in ((1, 16), (2, 32))]
    same_boxes(student, reference, *cases)


@check("Prediction: each cell adds its own place", points=2)
def cells(student, reference, draw):
    same_boxes(student, reference, (*outputs(draw, 1, 2, 2), 8), (*outputs(draw, 1, 2, 3), 16))


@check("Prediction: each anchor has its own boxes, in the stated order", points=3)
def several_anchors(student, reference, draw):
    for A, C, S, stride in ((2, 2, 1, 8), (3, 1, 2, 16), (2, 7, 3, 32)):
        same_boxes(student, reference, (*outputs(draw, A, C, S), stride))


@check("Prediction: scores and classes", points=3)
def scores(student, reference, draw):
    t, anchors = outputs(draw, 1, 5, 3)
    t[:, 4:] *= draw.choice([2.0, 3.0])
    same_boxes(student, reference, (t, anchors, 8))
    tied = t.copy()
    tied[:, 7:] = tied[:, 7:8] - 4.0
    tied[:, 6] = tied[:, 8] = tied[:, 7] + 8.0
    sure = np.clip(6 * t, -25, 25)
    sure[:, 2:4] = t[:, 2:4]
    same_boxes(student, reference, (tied, anchors, 8), (sure, anchors, 8))


@check("Decoded boxes find back to their cells", points=2, after=(one_box, one_prediction))
def there_and_back(student, reference, draw):
    for S, stride in ((13, 32), (26, 16), (52, 8)):  # an image of 416 pixels
        t, anchors = outputs(draw, 1, 2, S)
        got, expected = (
            student.decode_v3(t, anchors, stride),
            reference.decode_v3(t, anchors, stride),
        )
        close(got, expected, name="rows")
        found = np.array(expected)[draw.permutation(S * S)[:40]]
        rows = np.hstack([found[:, 5:], found[:, :4] / (S * stride)])
        same_target(student, reference, (rows, S, 2))
