"""Plain Python over the bins; the box as a list; callables that are no functions."""

import math
from functools import partial

import numpy as np

PICKS = (min, min, max, max)


def around(r1, r2):
    return [pick(a, b) for pick, a, b in zip(PICKS, r1["bbox"], r2["bbox"])]


class Similarity:
    def __call__(self, r1, r2, image_size, weights):
        colour, texture, size, fill = weights
        self_area = math.prod(image_size)
        left, top, right, bottom = around(r1, r2)
        gap = (right - left) * (bottom - top) - r1["size"] - r2["size"]
        total = colour * math.fsum(map(min, r1["colour"], r2["colour"]))
        total += texture * math.fsum(map(min, r1["texture"], r2["texture"]))
        total += size * (1 - (r1["size"] + r2["size"]) / self_area)
        return total + fill * (1 - gap / self_area)


def join(r1, r2, *, histograms):
    whole = r1["size"] + r2["size"]
    found = dict(r1, size=whole, bbox=around(r1, r2))
    for name in histograms:
        share = r2["size"] / whole
        found[name] = np.array([a + share * (b - a) for a, b in zip(r1[name], r2[name])])
    return found


similarity = Similarity()
merge = partial(join, histograms=("colour", "texture"))
