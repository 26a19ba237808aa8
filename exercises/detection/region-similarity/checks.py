"""Checks for region-similarity: each term by itself, then their sum, then merging.

Regions are disjoint, so every term lies in [0, 1]: whether a solution clips terms is not seen.
"""

import numpy as np

from grader.authoring import attach, boxes, check, close

IMAGES = ((80, 50), (90, 64), (76, 96))
BINS = {"colour": 5, "texture": 7}  # so few that all of them are shown


def histogram(draw, bins):
    values = draw.uniform(bins) * (draw.uniform(bins) < 0.7)
    values[draw.integers(0, bins)] += 0.5
    return values / values.sum()


def region(draw, corner, most=18):
    """Draw a region with its upper left corner near a place; at most 45 % of its box is its own."""
    x1, y1 = (int(value + draw.integers(0, 4)) for value in corner)
    wide, high = (int(side) for side in draw.integers(6, most, size=2))
    size = int(draw.uniform(low=0.2, high=0.45) * wide * high)
    histograms = {name: histogram(draw, bins) for name, bins in BINS.items()}
    return {"size": size, "bbox": (x1, y1, x1 + wide, y1 + high), **histograms}


def pairs(draw):
    """Return pairs of regions: apart, with boxes that overlap, one box inside the other."""
    apart = region(draw, (4, 3)), region(draw, (40, 25))
    crossing = region(draw, (30, 20)), region(draw, (34, 17))
    inner = region(draw, (30, 18), most=10)
    x1, y1, x2, y2 = inner["bbox"]
    outer = region(draw, (0, 0))
    outer |= {"bbox": (x1 - 9, y1 - 3, x2 + 4, y2 + 6), "size": (x2 - x1) * (y2 - y1) + 40}
    return [apart, crossing, (inner, outer)]


def same_similarity(student, reference, image, cases, shown=False):
    """Compare on (r1, r2, weights) both ways round, all called before the first is judged.

    The boxes of the first wrong call are shown, or those of the first call.
    """
    calls = [args for r1, r2, w in cases for args in ((r1, r2, image, w), (r2, r1, image, w))]
    got = [student.similarity(*args) for args in calls]
    expected = [reference.similarity(*args) for args in calls]
    if shown:
        wrong = (k for k, (one, other) in enumerate(zip(got, expected)) if not agree(one, other))
        r1, r2, *_ = calls[next(wrong, 0)]
        told = f"{r1['size']} pixels of the first box and {r2['size']} of the second are theirs."
        groups = {"r1": r1["bbox"], "r2": r2["bbox"]}
        attach(boxes(groups, "The boxes of two regions", told, width=image[0], height=image[1]))
    for one, other in zip(got, expected):
        close(one, other, name="similarity")


def agree(one, other):
    is_number = np.ndim(one) == 0 and isinstance(one, (float, int, np.ndarray, np.generic))
    return is_number and bool(np.isclose(one, other, rtol=1e-9, atol=1e-12))


def same_merge(student, reference, cases, keys=("size", "bbox", "colour", "texture")):
    """Compare these entries of merged regions."""
    got = [student.merge(*args) for args in cases]
    for one, args in zip(got, cases):
        expected = reference.merge(*args)
        for key in keys:
            close(one[key], expected[key], name=key)


@check("Colour and texture: what two histograms share", points=3, visible=True)
def histograms(student, reference, draw):
    image, both = draw.choice(IMAGES), pairs(draw)[:2]
    for weights in ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0)):
        same_similarity(student, reference, image, [(r1, r2, weights) for r1, r2 in both])
    r1, r2 = both[0]
    alike = {**r2, "colour": r1["colour"], "texture": r1["texture"]}
    same_similarity(student, reference, image, [(r1, alike, (1.0, 1.0, 0.0, 0.0))])


@check("Size: small regions first", points=2)
def size(student, reference, draw):
    cases = [(r1, r2, (0.0, 0.0, 1.0, 0.0)) for r1, r2 in pairs(draw)]
    for image in draw.sample(IMAGES, 2):
        same_similarity(student, reference, image, cases)


@check("Fill: how well two regions fit into each other", points=4)
def fill(student, reference, draw):
    image, drawn = draw.choice(IMAGES), pairs(draw)
    cases = [(r1, r2, (0.0, 0.0, 0.0, 1.0)) for r1, r2 in drawn]
    same_similarity(student, reference, image, cases, shown=True)


@check("The weighted sum of the four terms", points=3)
def weighted(student, reference, draw):
    for r1, r2 in pairs(draw):
        free = tuple(draw.uniform(4, low=0.1, high=3.0).tolist())
        cases = [(r1, r2, w) for w in ((1.0, 1.0, 1.0, 0.0), (1.0, 1.0, 1.0, 1.0), free)]
        same_similarity(student, reference, draw.choice(IMAGES), cases)


@check("Merged: number of pixels and bounding box", points=2, visible=True)
def merged_box(student, reference, draw):
    same_merge(student, reference, pairs(draw), keys=("size", "bbox"))


@check("Merged: histograms", points=3)
def merged_histograms(student, reference, draw):
    drawn = pairs(draw)
    for r1, _ in drawn:
        r1["size"] = max(1, r1["size"] // 4)
    same_merge(student, reference, drawn, keys=("colour", "texture"))
    same_merge(student, reference, [(r2, r1) for r1, r2 in drawn])


@check("Merged regions are regions: merge on, in any order", points=3, after=(weighted, merged_box))
def chain(student, reference, draw):
    spots = draw.sample([(3, 3), (28, 3), (55, 3), (3, 28), (28, 28), (55, 28)], 5)
    first, last, *others = [region(draw, spot) for spot in spots]
    for order in (others, others[::-1]):
        got = expected = first
        for other in order:
            got, expected = student.merge(got, other), reference.merge(expected, other)
            close(got, expected, name="merged")
    rest = (last, draw.choice(IMAGES), (1.0, 0.5, 2.0, 0.25))
    close(student.similarity(got, *rest), reference.similarity(expected, *rest), name="similarity")
