"""Terms as a vector and a dot product; corners with one reduction; numpy numbers throughout."""

import numpy as np


def shared(r1, r2, name):
    """One minus half of the distance is the common part of two histograms that sum to 1."""
    return 1 - 0.5 * np.abs(r1[name] - r2[name]).sum()


def corners(*regions):
    found = np.array([region["bbox"] for region in regions])
    return np.concatenate([found[:, :2].min(axis=0), found[:, 2:].max(axis=0)])


def similarity(r1, r2, image_size, weights):
    hull = corners(r1, r2)
    counts = np.array([r1["size"] + r2["size"], np.prod(hull[2:] - hull[:2])])
    taken, around = counts / np.prod(image_size)
    terms = [shared(r1, r2, "colour"), shared(r1, r2, "texture"), 1 - taken, 1 - around + taken]
    return np.array(np.dot(weights, terms))


def merge(r1, r2):
    sizes = np.array([r1["size"], r2["size"]])
    joint = {
        name: np.average([r1[name], r2[name]], axis=0, weights=sizes)
        for name in ("texture", "colour")
    }
    return {**joint, "bbox": tuple(corners(r1, r2)), "size": sizes.sum()}
