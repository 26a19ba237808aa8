"""Checks for rnn-bptt: forward; backward from one step to many; clipping.

The caches are those of the student's own forward pass. One sample, one unit and one input first: a
mistake of time is then not hidden behind one of shapes.
"""

import math

import numpy as np

from grader.authoring import attach, check, close, curves, equal, require

NAMES = ("dx", "dh0", "dWx", "dWh", "db")


def network(draw, T, N, D, H, x_scale=1.0):
    """Draw x, h0, Wx, Wh, b, none of them zero; states stay well inside of tanh's limits."""
    weights = draw.normal(D, H, scale=0.7), draw.normal(H, H, scale=0.7)
    return draw.normal(T, N, D, scale=x_scale), draw.normal(N, H), *weights, draw.normal(H)


def forward(side, args):
    result = side.rnn_forward(*args)
    pair = isinstance(result, (list, tuple)) and len(result) == 2
    require(pair, "rnn_forward must return a pair: h and a cache.")
    return result


def compare_forward(student, reference, args):
    h, expected = (forward(side, args)[0] for side in (student, reference))
    close(h, expected, name="h")


def judge_backward(student, reference, dh, cache, expected_cache):
    result = student.rnn_backward(dh, cache)
    five = isinstance(result, (list, tuple)) and len(result) == 5
    require(five, "rnn_backward must return five arrays: dx, dh0, dWx, dWh and db.")
    expected = reference.rnn_backward(dh, expected_cache)
    for got, right, name in zip(result, expected, NAMES, strict=True):
        close(got, right, rtol=1e-7, atol=1e-10, name=name)
    return result


def compare_backward(student, reference, draw, args, steps=None):
    """Compare with a gradient at all steps, or only at some."""
    T, (N, H) = len(args[0]), args[1].shape
    dh = np.zeros((T, N, H))
    chosen = slice(None) if steps is None else steps
    dh[chosen] = draw.normal(T, N, H)[chosen]
    caches = (forward(side, args)[1] for side in (student, reference))
    judge_backward(student, reference, dh, *caches)


@check("One step forward, from a state that is not zero", points=2, visible=True)
def one_step(student, reference, draw):
    for N, D, H in ((1, 1, 1), (2, 3, 2), (3, 2, 4)):
        compare_forward(student, reference, network(draw, 1, N, D, H))


@check("Several steps forward", points=4)
def several_steps(student, reference, draw):
    for T, N, D, H in ((2, 1, 1, 1), (3, 1, 2, 2), (5, 2, 3, 4), (4, 4, 4, 4)):
        compare_forward(student, reference, network(draw, T, N, D, H))


@check("One step backward", points=4, visible=True)
def one_step_backward(student, reference, draw):
    for N, D, H in ((1, 1, 1), (1, 2, 3), (3, 2, 2)):
        compare_backward(student, reference, draw, network(draw, 1, N, D, H))


@check("A gradient at the last step goes back to the first", points=4)
def last_step(student, reference, draw):
    for T, N, D, H in ((2, 1, 1, 1), (3, 1, 2, 2), (4, 2, 3, 2)):
        compare_backward(student, reference, draw, network(draw, T, N, D, H), steps=slice(T - 1, T))
    far_back(student, reference, draw)


def far_back(student, reference, draw):
    """Attach what is left of a gradient at the last step after up to twenty steps back."""
    T, found = 20, {}
    for scale in (0.6, 1.0, 1.4):
        args = network(draw, T, 1, 1, 4, x_scale=0.1)
        h0, _, Wh, b = args[1:]
        h0 *= 0.1
        b *= 0.1
        Wh[:] = scale * np.linalg.qr(Wh)[0]  # without tanh the state would change by this factor
        dh = np.zeros((T, 1, 4))
        dh[-1] = 1.0
        caches = [forward(side, args)[1] for side in (student, reference)]
        dx = judge_backward(student, reference, dh, *caches)[0]
        found[f"Wh of size {scale:g}"] = np.abs(dx[:, 0, 0])
    attach(curves(
        found,
        "What is left of a gradient on its way back",
        "Size of your dx at each of 20 steps; the loss looks at the last state alone. First step: "
        + ", ".join(f"{name} {sizes[0]:.2g}" for name, sizes in found.items()) + ".",
        xs=np.arange(1, T + 1), x="step", y="size of dx", log=True,
    ))  # fmt: skip


@check("Gradients at all steps meet on the way back", points=4)
def all_steps(student, reference, draw):
    for T, N, D, H in ((2, 1, 1, 1), (3, 1, 1, 1), (3, 2, 2, 3), (6, 3, 4, 2)):
        compare_backward(student, reference, draw, network(draw, T, N, D, H))


@check("A gradient at the first step leaves the later ones alone", points=2)
def first_step(student, reference, draw):
    for T, N, D, H in ((2, 1, 1, 1), (4, 2, 3, 2)):
        compare_backward(student, reference, draw, network(draw, T, N, D, H), steps=slice(0, 1))


@check("Two caches in turn", points=2)
def two_caches(student, reference, draw):
    first, second = network(draw, 3, 2, 2, 3), network(draw, 2, 1, 4, 2)
    made = [(forward(side, first)[1], forward(side, second)[1]) for side in (student, reference)]
    compare_forward(student, reference, first)  # the same call once more
    for args, cache, expected in zip((first, second), *made, strict=True):
        dh = draw.normal(len(args[0]), *args[1].shape)
        judge_backward(student, reference, dh, cache, expected)


def clip(side, grads, c):
    """Return the norm, the gradients after the call, and their norm by the same call again."""
    kept = side.keep(grads)
    norm = side.clip_global_norm(kept, c)
    clipped = kept.value()
    return norm, clipped, side.clip_global_norm(kept, c)


def compare_clipped(student, reference, draw, shapes, share):
    """Clip drawn gradients to their norm divided by `share`; below 1 nothing happens."""
    grads = [draw.normal(*shape) for shape in shapes]
    c = math.sqrt(sum(float((g**2).sum()) for g in grads)) / share
    norm, clipped, norm_after = clip(student, grads, c)
    expected_norm, expected, expected_after = clip(reference, grads, c)
    close(norm, expected_norm, name="norm")
    if share < 1:
        equal(clipped, grads, name="grads")
    else:
        close(clipped, expected, name="grads")
    close(norm_after, expected_after, name="the norm of grads after the call")


@check("One array that is too long is shortened to c", points=2, visible=True)
def one_array(student, reference, draw):
    for shape in ((1,), (3,), (2, 2)):
        compare_clipped(student, reference, draw, [shape], draw.uniform(low=2.0, high=5.0))


@check("Several arrays are clipped by one norm", points=4)
def joint_norm(student, reference, draw):
    for shapes in (((1,), (1,)), ((2, 3), (3, 3), (3,)), ((4,), (1, 5), (2, 2), (1,))):
        compare_clipped(student, reference, draw, shapes, draw.uniform(low=1.1, high=1.4))
        compare_clipped(student, reference, draw, shapes, draw.uniform(low=10.0, high=1000.0))


@check("What is short enough stays as it is", points=2)
def short_enough(student, reference, draw):
    for shapes in (((1,),), ((2, 3), (3,))):
        for share in (0.9, 0.1, 1e-3):
            compare_clipped(student, reference, draw, shapes, share)
    kept = student.keep([np.zeros(2), np.zeros((1, 3))])
    close(student.clip_global_norm(kept, 1.0), 0.0, name="norm")
    equal(kept.value(), [np.zeros(2), np.zeros((1, 3))], name="grads")
