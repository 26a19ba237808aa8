"""Intersection over union of a pair of boxes that overlap and of a pair that lies apart.

Boxes are [x1, y1, x2, y2]. A and B overlap; C and D are apart on both axes, so that two negative
lengths have a positive product.
"""

from grader.authoring import boxes, mistake, step

LEAST_IOU = 0.1
WIDTH, HEIGHT = 60, 32


def draw(rng):
    A, B = overlapping(rng)
    C, D = apart(rng)
    return {"A": A, "B": B, "C": C, "D": D}


def side(rng):
    return rng.integers(5, 13)


def overlapping(rng):
    while True:
        places = rng.integers(1, 14, (2, 2)).tolist()
        one, other = ([x, y, x + side(rng), y + side(rng)] for x, y in places)
        common = max(0, overlap(one, other, 0)) * max(0, overlap(one, other, 1))
        if common > LEAST_IOU * (area(one) + area(other) - common):
            return one, other


def apart(rng):
    """Draw one box beside and below the other, in either order along each axis."""
    one, other = [], []
    for first in ((27, 30), (1, 3)):
        low = rng.integers(*first)
        middle = low + side(rng)
        high = middle + rng.integers(2, 6)
        ranges = rng.sample([(low, middle), (high, high + side(rng))], 2)
        one.append(ranges[0])
        other.append(ranges[1])
    return ([x1, y1, x2, y2] for (x1, x2), (y1, y2) in (one, other))


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def grown(box):
    """Return the area of a box whose corners are counted as pixels."""
    return (box[2] - box[0] + 1) * (box[3] - box[1] + 1)


def overlap(one, other, axis):
    """Return the common length of two boxes along an axis; negative where they are apart."""
    return min(one[axis + 2], other[axis + 2]) - max(one[axis], other[axis])


def pair(one, other, suffix, points, section):
    """Return the five steps for the boxes of these names."""
    letters = f"{one}, {other}"
    iw, ih, intersection, union = (
        f"{name}{suffix}" for name in ("iw", "ih", "intersection", "union")
    )

    def of(n):
        return getattr(n, one), getattr(n, other)

    def width(n, a):
        return max(0, overlap(*of(n), 0))

    def height(n, a):
        return max(0, overlap(*of(n), 1))

    def covered(n, a):
        return area(of(n)[0]) + area(of(n)[1]) - getattr(a, intersection)

    return [
        step(iw, width, label=f"Width of the overlap of {letters}",
             latex=r"w_\cap", points=points[0], section=section),
        step(ih, height, label=f"Height of the overlap of {letters}",
             latex=r"h_\cap", points=points[1], section=section),
        step(intersection, lambda n, a: getattr(a, iw) * getattr(a, ih),
             label=f"Area of the intersection of {letters}",
             latex=r"w_\cap\, h_\cap", points=points[2], section=section),
        step(union, covered, label=f"Area of the union of {letters}",
             latex=rf"|{one} \cup {other}|", points=points[3], section=section),
        step(f"iou{suffix}", lambda n, a: getattr(a, intersection) / getattr(a, union),
             label=f"IoU of {letters}", latex=rf"|{one} \cap {other}| \,/\, |{one} \cup {other}|",
             points=points[4], section=section),
    ]  # fmt: skip


steps = [
    *pair("A", "B", "", (1, 1, 1, 2, 2), "A and B"),
    *pair("C", "D", "_disjoint", (0.75, 0.75, 0.25, 1, 0.25), "C and D"),
]

mistakes = [
    mistake(
        "union_without_minus",
        "The intersection is counted twice in the union.",
        hint="Shade both boxes: which part did you shade two times?",
        union=lambda n, a: area(n.A) + area(n.B),
    ),
    mistake(
        "plus_one",
        "One was added to lengths, as if corners were pixels.",
        hint="How long is the way from 3 to 5?",
        iw=lambda n, a: overlap(n.A, n.B, 0) + 1,
        ih=lambda n, a: overlap(n.A, n.B, 1) + 1,
        union=lambda n, a: grown(n.A) + grown(n.B) - a.intersection,
        union_disjoint=lambda n, a: grown(n.C) + grown(n.D) - a.intersection_disjoint,
    ),
    mistake(
        "no_clipping",
        "A negative length was kept: the boxes do not overlap.",
        hint="What does a width below zero say about the two boxes?",
        iw_disjoint=lambda n, a: overlap(n.C, n.D, 0),
        ih_disjoint=lambda n, a: overlap(n.C, n.D, 1),
    ),
    mistake(
        "min_area",
        "The area of the smaller box stands where the union belongs.",
        hint="The union is everything that lies in at least one of the two boxes.",
        union=lambda n, a: min(area(n.A), area(n.B)),
        union_disjoint=lambda n, a: min(area(n.C), area(n.D)),
    ),
    mistake(
        "hull",
        "The box around both stands where the union belongs.",
        hint="The union is what the two boxes cover; a box around both also holds empty corners.",
        union=lambda n, a: hull(n.A, n.B),
        union_disjoint=lambda n, a: hull(n.C, n.D),
    ),
]


def hull(one, other):
    wide, high = (max(one[k + 2], other[k + 2]) - min(one[k], other[k]) for k in (0, 1))
    return wide * high


def figure(n):
    told = ", ".join(f"{name} = {getattr(n, name)}" for name in "ABCD")
    return boxes(
        {name: [getattr(n, name)] for name in "ABCD"},
        "Your boxes",
        f"Boxes as x1, y1, x2, y2; y grows downwards: {told}. A and B overlap; C and D are apart.",
        width=WIDTH,
        height=HEIGHT,
    )
