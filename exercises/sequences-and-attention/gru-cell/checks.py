"""Checks for gru-cell: one unit, batches, each bias vector alone, saturated gates, many steps."""

import numpy as np

from grader.authoring import check, close


def cell(draw, D, H, scale=1.0):
    """Return W_ih, W_hh, b_ih, b_hh of a cell, nothing of it zero."""
    weights = draw.normal(3 * H, D, scale=scale), draw.normal(3 * H, H, scale=scale)
    return *weights, draw.normal(3 * H, scale=scale), draw.normal(3 * H, scale=scale)


def compare(student, reference, *args):
    h_next = student.gru_cell(*args)
    expected = reference.gru_cell(*args)
    close(h_next, expected, name="h_next")
    return expected


@check("A single unit, built up from its parts", points=4, visible=True)
def one_unit(student, reference, draw):
    x, h = draw.normal(1, 1), draw.normal(1, 1)
    W_ih, W_hh, b_ih, b_hh = cell(draw, 1, 1)
    nothing = np.zeros((3, 1)), np.zeros(3)
    compare(student, reference, x, h, W_ih, nothing[0], nothing[1], nothing[1])
    compare(student, reference, x, h, nothing[0], W_hh, nothing[1], nothing[1])
    compare(student, reference, x, h, W_ih, W_hh, nothing[1], nothing[1])
    compare(student, reference, x, h, W_ih, W_hh, b_ih, b_hh)


@check("Several units, inputs and samples", points=5, visible=True)
def batches(student, reference, draw):
    for N, D, H in ((1, 2, 3), (2, 3, 2), (4, 3, 3), (3, 1, 5)):
        compare(student, reference, draw.normal(N, D), draw.normal(N, H), *cell(draw, D, H))


@check("Each bias beside the input weights counts", points=3)
def input_biases(student, reference, draw):
    for N, D, H in ((1, 1, 1), (2, 3, 2)):
        x, h = draw.normal(N, D), draw.normal(N, H)
        W_ih, W_hh, b_ih, b_hh = cell(draw, D, H)
        for block in range(3):
            one = np.where(np.arange(3 * H) // H == block, b_ih, 0.0)
            compare(student, reference, x, h, W_ih, W_hh, one, 0.0 * b_hh)


@check("Each bias beside the hidden weights counts", points=4)
def hidden_biases(student, reference, draw):
    for N, D, H in ((1, 1, 1), (2, 3, 2)):
        x, h = draw.normal(N, D), draw.normal(N, H)
        W_ih, W_hh, b_ih, b_hh = cell(draw, D, H)
        for block in range(3):
            one = np.where(np.arange(3 * H) // H == block, b_hh, 0.0)
            compare(student, reference, x, h, W_ih, W_hh, 0.0 * b_ih, one)


@check("An update gate that is fully open or shut", points=4)
def saturated(student, reference, draw):
    for N, D, H in ((1, 1, 1), (2, 2, 3)):
        x, h = draw.normal(N, D), draw.normal(N, H)
        W_ih, W_hh, b_ih, b_hh = cell(draw, D, H, scale=0.5)
        for r_sum in (-60.0, 0.0, 60.0):
            for z_sum in (60.0, -60.0):
                for weights in (W_ih, W_hh):
                    weights[: 2 * H] = 0.0  # both gates from the biases alone
                b_hh[: 2 * H] = 0.0
                b_ih[:H], b_ih[H : 2 * H] = r_sum, z_sum
                compare(student, reference, x, h, W_ih, W_hh, b_ih, b_hh)
    b_ih[2 * H :] = np.array([-60.0, 60.0, 0.0])
    compare(student, reference, x, h, W_ih, W_hh, b_ih, b_hh)


@check("Thirty steps in a row", points=5)
def thirty_steps(student, reference, draw):
    for N, D, H in ((1, 2, 2), (3, 4, 5)):
        weights, h = cell(draw, D, H), draw.normal(N, H)
        for _ in range(30):
            h = compare(student, reference, draw.normal(N, D), h, *weights)
