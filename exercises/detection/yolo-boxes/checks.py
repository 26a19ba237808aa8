"""Checks for yolo-boxes: one box first; each function by itself, then edges and empty input.

Every image has W != H and no box has its corners on whole pixels. A round trip is no check of
its own: two functions with the same mistake pass it, and each is compared with the reference.
"""

import numpy as np

from grader.authoring import attach, boxes, check, close

TOLERANCE = {"rtol": 1e-12, "atol": 1e-10}
SIZES = ((640, 480), (375, 500), (1280, 720), (416, 608))


def labels(draw, k):
    """Draw k rows (class, x, y, w, h): as a label file has them, anywhere, of any size."""
    numbers = [draw.uniform(k, 2, low=0.02, high=0.98), draw.uniform(k, 2, low=0.03, high=0.9)]
    return np.hstack([draw.integers(1, 80, size=(k, 1)).astype(float), *numbers])


def inside(draw, k):
    """Draw k rows whose boxes stay inside the image."""
    rows = labels(draw, k)
    half = rows[:, 3:] / 2
    rows[:, 1:3] = half + (1 - 2 * half) * rows[:, 1:3]
    return rows


PLACES = {  # range of the centre, size of the box: where it lies along one axis
    "before": (0.02, 0.1, 0.5),
    "within": (0.3, 0.7, 0.2),
    "behind": (0.9, 0.98, 0.5),
}


def at_the_edge(draw, across, down):
    """Draw one row whose box reaches over the left or right, upper or lower side, or none."""
    places = [PLACES[across], PLACES[down]]
    centre = [draw.uniform(low=low, high=high) for low, high, _ in places]
    size = [middle + draw.uniform(low=-0.1, high=0.1) for _, _, middle in places]
    return np.array([[float(draw.integers(1, 80)), *centre, *size]])


def corners(student, reference, cases, W, H, clip):
    """Compare to_pixels on several sets of rows, all called before the first is judged."""
    got = [student.to_pixels(rows, W, H, clip) for rows in cases]
    expected = [reference.to_pixels(rows, W, H, clip) for rows in cases]
    if all(isinstance(g, np.ndarray) and g.shape == e.shape for g, e in zip(got, expected)):
        groups = {"expected": np.vstack(expected)[:, 1:], "yours": np.vstack(got)[:, 1:]}
        told = f"The frame is the image, {W} wide and {H} high; boxes may reach over it."
        title = "Your corners and the expected ones"
        attach(boxes(groups, title, told, width=W, height=H))
    for one, other in zip(got, expected):
        close(one, other, **TOLERANCE, name="corners")


def fractions(student, reference, rows, W, H):
    got = student.from_pixels(rows, W, H)
    close(got, reference.from_pixels(rows, W, H), **TOLERANCE, name="fractions")


def coco(student, reference, rows, W, H):
    close(student.to_coco(rows, W, H), reference.to_coco(rows, W, H), **TOLERANCE, name="coco")


def pixels(reference, rows, W, H):
    """Return the same boxes as corners in pixels: input for from_pixels."""
    return np.array(reference.to_pixels(rows, W, H, False))


@check("One box as corners in pixels", points=3, visible=True)
def one_box(student, reference, draw):
    W, H = draw.choice(SIZES)
    corners(student, reference, [inside(draw, 1), inside(draw, 1)], W, H, False)


@check("One box from corners in pixels", points=2, visible=True)
def one_box_back(student, reference, draw):
    W, H = draw.choice(SIZES)
    rows = pixels(reference, inside(draw, 1), W, H)
    fractions(student, reference, rows, W, H)


@check("One box as COCO writes it", points=2)
def one_box_coco(student, reference, draw):
    W, H = draw.choice(SIZES)
    rows = inside(draw, 1)
    coco(student, reference, rows, W, H)


@check("Many boxes, on images of any size", points=3)
def many_boxes(student, reference, draw):
    for (W, H), k in zip(draw.sample(SIZES, 3), (2, 5, 12)):
        rows = inside(draw, k)
        corners(student, reference, [rows], W, H, False)
        back = pixels(reference, rows, W, H)
        fractions(student, reference, back, W, H)
        coco(student, reference, rows, W, H)


@check("Clipping moves the corners that lie outside, and nothing else", points=4)
def clipping(student, reference, draw):
    W, H = draw.choice(SIZES)
    corners(student, reference, [inside(draw, 2)], W, H, True)
    places = (
        ("before", "within"),
        ("within", "before"),
        ("behind", "within"),
        ("within", "behind"),
    )
    single = [at_the_edge(draw, across, down) for across, down in (*places, ("before", "behind"))]
    corners(student, reference, [*single, labels(draw, 7)], W, H, True)


@check("Without clipping a box may reach over the edge", points=3)
def not_clipped(student, reference, draw):
    W, H = draw.choice(SIZES)
    for across, down in (("before", "behind"), ("behind", "before")):
        row = at_the_edge(draw, across, down)
        corners(student, reference, [row], W, H, False)
        back = pixels(reference, row, W, H)
        fractions(student, reference, back, W, H)
        coco(student, reference, row, W, H)


@check("No boxes give an array of shape (0, 5)", points=3)
def no_boxes(student, reference, draw):
    W, H = draw.choice(SIZES)
    rows = np.zeros((0, 5))
    for clip in (False, True):
        close(student.to_pixels(rows, W, H, clip), reference.to_pixels(rows, W, H, clip))
    close(student.from_pixels(rows, W, H), reference.from_pixels(rows, W, H))
    close(student.to_coco(rows, W, H), reference.to_coco(rows, W, H))
