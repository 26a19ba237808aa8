"""Checks for dropout: what single entries become, then how many are dropped and which.

Which numbers a student draws is free, so masks are never compared with the reference's. Statistics
may be six standard errors off: a right solution misses that once in five hundred million times.
"""

import numpy as np

from grader.authoring import attach, check, close, equal, heatmap, require

ERRORS = 6


def forward(student, x, p, training, rng):
    """Call dropout; return y and its mask as floats."""
    result = student.dropout(x, p, training, rng)
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    require(pair, "dropout must return two results, y and mask.")
    y, mask = result
    try:
        values = np.asarray(mask, dtype=np.float64)
    except (TypeError, ValueError):
        values = np.array(np.nan)
    shape = values.shape
    require(shape == x.shape, f"The mask must have the shape of x, {x.shape}; it has {shape}.")
    other = values[~np.isin(values, (0.0, 1.0))]
    text = "The mask must hold only 1 (kept) and 0 (dropped), or True and False; "
    require(not other.size, text + f"it holds {str(other[:1])[1:-1]}.")
    return y, mask, values


def inputs(draw, *shape):
    """Return values of both signs, none of them near 0."""
    sign = np.where(draw.integers(0, 2, size=shape) == 1, 1.0, -1.0)
    return sign * draw.uniform(*shape, low=0.5, high=2.0)


def scaled(values, mask, p):
    return np.where(mask == 1.0, values / (1.0 - p if p < 1.0 else 1.0), 0.0)


def kept_share(student, draw, p, *shape):
    """Return the mask of a training call and the standard error of its mean."""
    _, _, mask = forward(student, inputs(draw, *shape), p, True, draw.generator())
    return mask, (p * (1.0 - p) / mask.size) ** 0.5


@check("Out of training everything passes unchanged", points=2, visible=True)
def out_of_training(student, reference, draw):
    for shape, p in (((3,), 0.3), ((2, 3), 0.6), ((4, 5), 0.9), ((2, 2), 1.0), ((3, 1), 0.0)):
        x = inputs(draw, *shape)
        y, _, mask = forward(student, x, p, False, draw.generator())
        close(y, x, name="y")
        equal(mask, np.ones(shape), name="mask")


@check("In training each entry is dropped, or kept and scaled", points=3, visible=True)
def dropped_or_scaled(student, reference, draw):
    for shape, p in (((8,), 0.6), ((3, 5), 0.35), ((2, 3, 4), 0.3), ((3, 2, 4, 2), 0.4)):
        x = inputs(draw, *shape)
        y, _, mask = forward(student, x, p, True, draw.generator())
        close(y, scaled(x, mask, p), name="y")


@check("Drop rates of 0 and of 1", points=2)
def limits(student, reference, draw):
    for shape in ((4,), (3, 5)):
        for p, kept in ((0.0, 1.0), (1.0, 0.0)):
            x = inputs(draw, *shape)
            y, mask, values = forward(student, x, p, True, draw.generator())
            close(y, scaled(x, np.full(shape, kept), p), name="y")
            equal(values, np.full(shape, kept), name="mask")
            dy = inputs(draw, *shape)
            close(student.dropout_backward(dy, mask, p), scaled(dy, values, p), name="dx")


@check("Each call draws a new mask from rng", points=1, after=dropped_or_scaled)
def new_masks(student, reference, draw):
    x, rng = inputs(draw, 10, 10), student.keep(draw.generator())
    masks = [forward(student, x, 0.5, True, rng)[2] for _ in range(3)]
    masks += [forward(student, x, 0.5, True, draw.generator())[2] for _ in range(2)]
    different = len({mask.tobytes() for mask in masks}) == len(masks)
    require(different, "Five calls drew the same mask of 100 entries at least twice.")


@check("Each entry is dropped independently of the others", points=2, after=dropped_or_scaled)
def independent(student, reference, draw):
    mask, _ = kept_share(student, draw, 0.5, 12, 2, 40)
    about = (
        f"1 is kept, 0 is dropped. {int(mask.sum())} of 960 entries are kept. The shape of x is "
    )
    about += "(12, 2, 40); all its rows stand below each other."
    attach(heatmap(mask.reshape(24, 40), "One of your masks, with p = 0.5", about))
    for shape, p in (((200, 150), 0.3), ((15, 40, 50), 0.5), ((5, 10, 20, 30), 0.4)):
        mask, _ = kept_share(student, draw, p, *shape)
        for axis, length in enumerate(shape):
            spread = mask.sum(axis=axis).var() / (length * p * (1.0 - p))
            text = f"Along axis {axis} of an array of shape {shape}, p = {p:g}, the number of kept "
            text += f"entries varies {spread:.3g} times as much as independent draws make it vary; "
            require(0.3 < spread < 1.9, text + "expected 0.3 to 1.9 times.")
    counts = [int(kept_share(student, draw, 0.5, 5, 10)[0].sum()) for _ in range(30)]
    same = len(set(counts)) == 1
    require(not same, f"In each of 30 calls with p = 0.5 exactly {counts[0]} of 50 were kept.")


@check("The share of dropped entries is p", points=2, after=dropped_or_scaled)
def rate(student, reference, draw):
    for p in (0.5, draw.uniform(low=0.1, high=0.4), 0.9):
        mask, error = kept_share(student, draw, p, 20, 10, 100)
        share = 1.0 - float(mask.mean())
        text = f"Of {mask.size} entries a share of {share:.4f} was dropped; p is {p:.4g} "
        require(abs(share - p) < ERRORS * error, text + f"(at most {ERRORS * error:.2g} off).")


@check("The gradient passes where the input passed", points=2, after=dropped_or_scaled)
def backward(student, reference, draw):
    for shape, p in (((6,), 0.6), ((4, 5), 0.35), ((3, 2, 4, 2), 0.3)):
        _, mask, values = forward(student, inputs(draw, *shape), p, True, draw.generator())
        dy = inputs(draw, *shape)
        close(student.dropout_backward(dy, mask, p), scaled(dy, values, p), name="dx")


@check("Two layers at once: each gradient uses its own mask", points=1, after=backward)
def two_layers(student, reference, draw):
    layers = []
    for shape, p in (((4, 6), 0.4), ((5, 3), 0.4), ((4, 6), 0.4)):
        layers.append((shape, p, forward(student, inputs(draw, *shape), p, True, draw.generator())))
    for shape, p, (_, mask, values) in layers:
        dy = inputs(draw, *shape)
        close(student.dropout_backward(dy, mask, p), scaled(dy, values, p), name="dx")
