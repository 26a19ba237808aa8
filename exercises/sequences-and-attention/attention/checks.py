"""Checks for attention: one query first, then batches, masks, large scores, and several heads.

In a batch the lengths Tq and Tk and the widths dk and dv are four numbers, so that a mistaken axis
or scale shows.
"""

import numpy as np

from grader.authoring import attach, check, close, heatmap, require


def inputs(draw, N, Tq, Tk, dk, dv):
    return draw.normal(N, Tq, dk), draw.normal(N, Tk, dk), draw.normal(N, Tk, dv)


def both(result):
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    require(pair, "attention must return two results, out and weights.")
    return result


def compare(student, reference, *args):
    """Compare the weights, then what they give; return the weights."""
    out, weights = both(student.attention(*args))
    expected_out, expected_weights = reference.attention(*args)
    close(weights, expected_weights, name="weights")
    close(out, expected_out, name="out")
    return weights


def picture(weights, description):
    """Attach the student's weights of the first sample, where they are a matrix of numbers."""
    if isinstance(weights, np.ndarray) and weights.ndim == 3 and weights.dtype.kind == "f":
        title = "Your attention weights of the first sample"
        attach(heatmap(weights[0], title, description, rows="query", columns="key"))


def allowed(draw, *shape):
    """Draw a mask in which each query may see at least one key and, of several, not all of them."""
    keys = shape[-1]
    rows = int(np.prod(shape[:-1]))
    kept = [draw.permutation(keys) < draw.integers(1, keys) for _ in range(rows)]
    return np.array(kept).reshape(shape)


@check("One query shares its attention among a few keys", points=4, visible=True)
def one_query(student, reference, draw):
    compare(student, reference, *inputs(draw, 1, 1, 1, 1, 1))
    compare(student, reference, *inputs(draw, 1, 1, 2, 1, 1))
    compare(student, reference, *inputs(draw, 1, 1, 3, 2, 3))
    weights = compare(student, reference, *inputs(draw, 1, 1, 4, 3, 2))
    total = float(weights.sum())
    require(abs(total - 1) < 1e-9, f"The weights of a query must sum to 1; they sum to {total:.6f}")


@check("Several queries, samples and widths", points=4, visible=True)
def batches(student, reference, draw):
    for sizes in ((1, 2, 3, 4, 5), (2, 3, 4, 5, 1), (3, 4, 2, 1, 3), (2, 5, 1, 3, 2)):
        compare(student, reference, *inputs(draw, *sizes))


@check("A key gets no weight where the mask is False", points=4)
def masks(student, reference, draw):
    Q, K, V = inputs(draw, 1, 6, 6, 3, 2)
    causal = np.tril(np.ones((6, 6), dtype=bool))
    args = (Q, K, V, causal)
    told = "No query sees a later key, so all is 0 above the diagonal of the right weights."
    picture(both(student.attention(*args))[1], told)
    compare(student, reference, *args)
    for N, Tq, Tk in ((1, 2, 3), (2, 3, 4), (3, 4, 2)):
        compare(student, reference, *inputs(draw, N, Tq, Tk, 5, 3), allowed(draw, Tq, Tk))
    Q, K, V = inputs(draw, 2, 3, 4, 2, 3)
    for shape in ((2, 3, 4), (2, 1, 4), (1, 4), (4,)):
        compare(student, reference, Q, K, V, allowed(draw, *shape))
    compare(student, reference, Q, K, V, np.array([[True], [True], [True]]))
    compare(student, reference, Q, K, V)


@check("A query that may see nothing gets zeros", points=3)
def nothing_to_see(student, reference, draw):
    compare(student, reference, *inputs(draw, 1, 1, 2, 2, 1), np.zeros((1, 2), dtype=bool))
    for N, Tq, Tk in ((1, 3, 2), (2, 3, 4)):
        mask = allowed(draw, N, Tq, Tk)
        mask[-1, draw.integers(0, Tq)] = False
        compare(student, reference, *inputs(draw, N, Tq, Tk, 3, 2), mask)


@check("Large scores give finite weights without a warning", points=4)
def large_scores(student, reference, draw):
    compare(student, reference, np.array([[[900.0]]]), np.array([[[1.0], [0.99]]]), np.eye(2)[None])
    for scale in (300.0, 10_000.0):
        Q, K, V = inputs(draw, 2, 3, 4, 5, 2)
        compare(student, reference, scale * Q, K, V)
        compare(student, reference, scale * Q, K, V, allowed(draw, 3, 4))
    # all scores far below zero; a hidden key far above all others
    Q, K, V = inputs(draw, 1, 2, 3, 1, 2)
    Q, K = np.abs(Q) + 1.0, np.array([[[-20000.0], [-20001.0], [3000.0]]])
    compare(student, reference, Q, K, V, np.array([True, True, False]))
    compare(student, reference, Q, -K, V, np.array([True, True, False]))


def heads_of(student, reference, draw, N, T, D, heads):
    args = (draw.normal(N, T, D), *draw.normal(4, D, D, scale=D**-0.25), heads)
    close(student.multi_head(*args), reference.multi_head(*args), name="y")


@check("A single head over one sequence", points=2)
def one_head(student, reference, draw):
    for N, T, D in ((1, 1, 2), (1, 2, 2), (1, 3, 2), (2, 2, 3)):
        heads_of(student, reference, draw, N, T, D, 1)


@check("Several heads, each with its own columns", points=4)
def several_heads(student, reference, draw):
    for N, T, D, heads in ((1, 2, 4, 2), (1, 3, 2, 2), (2, 3, 6, 3), (3, 5, 8, 4), (2, 4, 6, 2)):
        heads_of(student, reference, draw, N, T, D, heads)
