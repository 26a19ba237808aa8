"""Checks for gpu-lstm: one unit and one step first, then batches, steps, a long sequence, layouts.

Eight products a step, or a value fetched from the GPU in each of them, are right, only slow: that
shows on a GPU alone, where the same checks run again. The speed was never measured on one: its
thresholds are not calibrated.
"""

import numpy as np

from grader.authoring import check, close, performance, require, tensor, view


def drawn(draw, T, N, D, H, scale=1.0):
    """Draw x, h0, c0, W_ih, W_hh, b_ih, b_hh, nothing of it zero."""
    shapes = (T, N, D), (N, H), (N, H), (4 * H, D), (4 * H, H), (4 * H,), (4 * H,)
    spread = (1.0, 1.0, 1.0, scale, scale, scale, scale)
    return [
        draw.normal(*shape, scale=s).astype("float32")
        for shape, s in zip(shapes, spread, strict=True)
    ]


def compare(student, reference, arrays):
    """Compare out, hT and cT; an array may come as a tensor that is laid out in its own way."""
    args = [tensor(a) if isinstance(a, np.ndarray) else a for a in arrays]
    got, expected = student.lstm(*args), reference.lstm(*args)
    three = isinstance(got, (tuple, list)) and len(got) == 3
    require(three, "lstm must return three results: out, hT and cT.")
    for name, mine, theirs in zip(("out", "hT", "cT"), got, expected, strict=True):
        close(mine, theirs, rtol=1e-3, atol=1e-4, name=name)
        require(
            mine.device == theirs.device,
            f"{name} lies on {mine.device}; x lies on {theirs.device}, and so should {name}.",
        )


@check("One step of a single unit, built up from its parts", points=4, visible=True)
def one_unit(student, reference, draw):
    arrays = drawn(draw, 1, 1, 1, 1)
    x, h0, c0, W_ih, W_hh, b_ih, b_hh = arrays
    compare(student, reference, [x, 0 * h0, 0 * c0, W_ih, 0 * W_hh, 0 * b_ih, 0 * b_hh])
    compare(student, reference, [x, h0, 0 * c0, W_ih, 0 * W_hh, 0 * b_ih, 0 * b_hh])
    compare(student, reference, [x, 0 * h0, c0, W_ih, 0 * W_hh, 0 * b_ih, 0 * b_hh])
    compare(student, reference, [x, h0, c0, W_ih, W_hh, 0 * b_ih, 0 * b_hh])
    compare(student, reference, arrays)


@check("One step of several units, inputs and samples", points=4, visible=True)
def one_step(student, reference, draw):
    for N, D, H in ((1, 2, 3), (2, 3, 2), (4, 3, 5), (3, 1, 4)):
        compare(student, reference, drawn(draw, 1, N, D, H))


@check("Both bias vectors count, each in all four blocks", points=2)
def biases(student, reference, draw):
    arrays = drawn(draw, 1, 2, 3, 2)
    for block in range(4):
        for place in (5, 6):
            alone = [*arrays[:5], 0 * arrays[5], 0 * arrays[6]]
            alone[place] = np.where(np.arange(8) // 2 == block, arrays[place], 0).astype("float32")
            compare(student, reference, alone)


@check("Several steps, each from the state before", points=4)
def several_steps(student, reference, draw):
    for T, N, D, H in ((2, 1, 1, 1), (2, 3, 2, 4), (3, 2, 2, 2), (7, 3, 4, 5), (4, 4, 4, 4)):
        compare(student, reference, drawn(draw, T, N, D, H))


@check("A long sequence with a cell that remembers", points=3)
def long_sequence(student, reference, draw):
    x, h0, c0, W_ih, W_hh, b_ih, b_hh = drawn(draw, 128, 3, 4, 8, scale=0.3)
    b_ih[8:16], b_ih[16:24] = 8.0, 1.0  # what is in the cell stays, and more is added
    compare(student, reference, [x, h0, c0, W_ih, W_hh, b_ih, b_hh])
    compare(student, reference, drawn(draw, 100, 2, 3, 3, scale=0.5))


@check("Inputs and weights may lie in memory in any order", points=3)
def layouts(student, reference, draw):
    T, N, D, H = 3, 2, 4, 5
    x, h0, c0, W_ih, W_hh, b_ih, b_hh = drawn(draw, T, N, D, H)
    # strides count entries: the batch first; columns first; every second entry
    sideways = view(tensor(x), (D, T * D, 1))
    compare(student, reference, [sideways, h0, c0, W_ih, W_hh, b_ih, b_hh])
    columns = view(tensor(W_ih), (1, 4 * H)), view(tensor(W_hh), (1, 4 * H))
    compare(student, reference, [x, h0, c0, *columns, b_ih, b_hh])
    states = view(tensor(h0), (1, N)), view(tensor(c0), (2 * H, 2))
    compare(student, reference, [x, *states, W_ih, W_hh, view(tensor(b_ih), (2,)), b_hh])


def large(draw):
    T, N, H = 256, 64, 512
    x, h0, c0, *weights = drawn(draw, T, N, H, H, scale=0.03)
    return tuple(tensor(a, device="cuda") for a in (x, h0, c0, *weights))


@performance("Faster than eight products a step", points=10, rtol=1e-3, atol=1e-4)
def against_separate_gates(draw):
    return large(draw)


@performance("Not far from torch's own LSTM", points=10, rtol=1e-3, atol=1e-4)
def against_library(draw):
    return large(draw)
