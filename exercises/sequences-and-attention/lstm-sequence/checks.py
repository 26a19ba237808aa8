"""Checks for lstm-sequence: one unit, each part by itself, many steps, then memory and speed."""

import numpy as np

from grader.authoring import check, close, performance, require, view

NAMES = ("out", "hT", "cT")


def cell(draw, D, H, scale=1.0):
    """Return W_ih, W_hh, b_ih, b_hh of a cell, nothing of it zero."""
    weights = draw.normal(4 * H, D, scale=scale), draw.normal(4 * H, H, scale=scale)
    return *weights, draw.normal(4 * H, scale=scale), draw.normal(4 * H, scale=scale)


def sequence(draw, T, N, D, H, scale=1.0):
    """Return x, h0, c0, nothing of it zero."""
    start = draw.normal(N, H, scale=scale), draw.normal(N, H, scale=scale)
    return draw.normal(T, N, D, scale=scale), *start


def judge(result, expected):
    three = isinstance(result, (list, tuple)) and len(result) == 3
    require(three, "lstm must return three arrays: out, hT and cT.")
    for got, right, name in zip(result, expected, NAMES, strict=True):
        close(got, right, name=name)


def compare(student, reference, *args):
    judge(student.lstm(*args), reference.lstm(*args))


@check("One step of a single unit, built up from its parts", points=4, visible=True)
def one_unit(student, reference, draw):
    x, h0, c0 = sequence(draw, 1, 1, 1, 1)
    W_ih, W_hh, b_ih, b_hh = cell(draw, 1, 1)
    none, none_b, zero = np.zeros((4, 1)), np.zeros(4), np.zeros((1, 1))
    compare(student, reference, x, zero, zero, W_ih, none, none_b, none_b)
    compare(student, reference, x, h0, zero, W_ih, W_hh, none_b, none_b)
    compare(student, reference, x, h0, c0, W_ih, W_hh, b_ih, b_hh)


@check("One step of several units, inputs and samples", points=4, visible=True)
def one_step(student, reference, draw):
    for N, D, H in ((1, 2, 3), (2, 3, 2), (4, 3, 3), (3, 1, 5)):
        compare(student, reference, *sequence(draw, 1, N, D, H), *cell(draw, D, H))


@check("Each bias beside the input weights counts", points=2)
def input_biases(student, reference, draw):
    one_bias(student, reference, draw, 0)


@check("Each bias beside the hidden weights counts", points=2)
def hidden_biases(student, reference, draw):
    one_bias(student, reference, draw, 1)


def one_bias(student, reference, draw, which):
    """Compare with the biases of one gate alone; `which` is 0 for b_ih, 1 for b_hh."""
    D, H = 3, 2
    states = sequence(draw, 1, 2, D, H)  # one step: what is wrong from step to step comes later
    *weights, b_ih, b_hh = cell(draw, D, H)
    for block in range(4):
        own = np.arange(4 * H) // H == block
        biases = [np.zeros(4 * H), np.zeros(4 * H)]
        biases[which] = np.where(own, (b_ih, b_hh)[which], 0.0)
        compare(student, reference, *states, *weights, *biases)


@check("Several steps", points=4)
def several_steps(student, reference, draw):
    for T, N, D, H in ((2, 1, 1, 1), (3, 1, 2, 2), (4, 2, 3, 5), (3, 3, 3, 3), (20, 3, 4, 2)):
        compare(student, reference, *sequence(draw, T, N, D, H), *cell(draw, D, H))


@check("The first cell state lives on as far as the forget gate lets it", points=3)
def first_cell_state(student, reference, draw):
    for N, D, H in ((1, 1, 2), (3, 2, 2)):
        x, h0, _ = sequence(draw, 2, N, D, H)
        W_ih, W_hh, b_ih, b_hh = cell(draw, D, H, scale=0.5)
        for size in (1.0, 5.0):
            c0 = draw.normal(N, H, scale=size)
            compare(student, reference, x, 0.0 * h0, c0, W_ih, W_hh, b_ih, b_hh)
            compare(student, reference, x, h0, c0, W_ih, W_hh, b_ih, b_hh)


@check("Gates that are fully open or shut", points=3)
def saturated(student, reference, draw):
    T, N, D, H = 3, 2, 1, 3
    x, h0, c0 = sequence(draw, T, N, D, H)
    W_ih, W_hh, b_ih, b_hh = cell(draw, D, H, scale=0.5)
    b_hh[:] = 0.0
    for i_sum, f_sum, o_sum in (
        (-80.0, 80.0, 80.0),  # nothing enters, nothing is forgotten
        (80.0, -80.0, 80.0),  # all is new at each step
        (80.0, 80.0, -80.0),  # nothing is shown
        (80.0, 80.0, 80.0),
    ):
        for weights in (W_ih, W_hh):
            weights[: 2 * H] = weights[3 * H :] = 0.0  # these gates from the biases alone
        b_ih[:H], b_ih[H : 2 * H], b_ih[3 * H :] = i_sum, f_sum, o_sum
        compare(student, reference, x, h0, c0, W_ih, W_hh, b_ih, b_hh)


@check("Each call is computed from its own arguments", points=2)
def own_arguments(student, reference, draw):
    # one argument after the other with other values, all else as it was
    T, N, D, H = 3, 2, 2, 4
    args = [*sequence(draw, T, N, D, H), *cell(draw, D, H)]
    others = [*sequence(draw, T, N, D, H), *cell(draw, D, H)]
    compare(student, reference, *args)
    for place in range(len(args)):
        changed = [*args[:place], others[place], *args[place + 1 :]]
        compare(student, reference, *changed)
    compare(student, reference, *others)
    compare(student, reference, *args)


@check("Arrays may lie in memory in any order", points=1)
def layouts(student, reference, draw):
    T, N, D, H = 2, 3, 4, 2
    x, h0, c0 = sequence(draw, T, N, D, H)
    W_ih, W_hh, b_ih, b_hh = cell(draw, D, H)
    expected = reference.lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh)
    # strides count entries: samples first; features first; every second feature of a wider array
    for of_x in ((D, T * D, 1), (N, 1, T * N), (2 * N * D, 2 * D, 2)):
        result = student.lstm(
            view(x, of_x), view(h0, (1, N)), view(c0, (1, N)),
            view(W_ih, (1, 4 * H)), view(W_hh, (1, 4 * H)), view(b_ih, (2,)), b_hh,
        )  # fmt: skip
        judge(result, expected)


@performance("Faster than sample by sample and gate by gate", points=10)
def fast(draw):
    T, N, D, H = 50, 32, 32, 64
    return *sequence(draw, T, N, D, H, scale=0.2), *cell(draw, D, H, scale=0.2)
