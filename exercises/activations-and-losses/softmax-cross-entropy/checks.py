"""Checks for softmax-cross-entropy: loss, gradient, batches, and logits of any size."""

import numpy as np

from grader.authoring import check, close, require


def both(result):
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    require(pair, "softmax_ce must return two results, loss and dlogits.")
    return result


def compare(student, reference, logits, y):
    loss, dlogits = both(student.softmax_ce(logits, y))
    expected_loss, expected_dlogits = reference.softmax_ce(logits, y)
    close(loss, expected_loss, name="loss")
    close(dlogits, expected_dlogits, rtol=1e-7, atol=1e-10, name="dlogits")
    return dlogits


SMALL = ((2, 3), (3, 2), (3, 4), (4, 5))  # no N = C: a mistaken axis shows


@check("The loss of a few small rows", points=4, visible=True)
def small_loss(student, reference, draw):
    for N, C in SMALL:
        logits, y = draw.normal(N, C), draw.integers(0, C, size=N)
        loss, _ = both(student.softmax_ce(logits, y))
        close(loss, reference.softmax_ce(logits, y)[0], name="loss")


@check("The gradient of a few small rows", points=4, visible=True)
def small_gradient(student, reference, draw):
    for N, C in SMALL:
        logits, y = draw.normal(N, C), draw.integers(0, C, size=N)
        _, dlogits = both(student.softmax_ce(logits, y))
        expected = reference.softmax_ce(logits, y)[1]
        close(dlogits, expected, rtol=1e-7, atol=1e-10, name="dlogits")


@check("A single sample is a batch too", points=2)
def one_sample(student, reference, draw):
    for C in (2, 6):
        compare(student, reference, draw.normal(1, C), draw.integers(0, C, size=1))


@check("Any number of samples and classes, one call after the other", points=3)
def changing_sizes(student, reference, draw):
    for N, C in ((2, 9), (1, 4), (7, 7), (40, 3), (5, 50)):
        logits = 2.0 * draw.normal(N, C)
        y = draw.integers(C // 2, C, size=N)  # with N = 2, C = 9 every label is above N
        dlogits = compare(student, reference, logits, y)
        sums = dlogits.sum(axis=1)
        row = int(np.abs(sums).argmax())
        text = f"Each row of dlogits must sum to 0, up to 1e-12; row {row} sums to {sums[row]:.3g}."
        require(abs(sums[row]) < 1e-12, text)


@check("Logits in the hundreds give finite results without a warning", points=3)
def large_logits(student, reference, draw):
    compare(student, reference, np.array([[800.0, 799.0, -800.0]]), np.array([0]))
    for N, C in ((2, 3), (4, 7)):
        logits, y = 400.0 * draw.normal(N, C), draw.integers(0, C, size=N)
        logits[0, 0] = 900.0  # beyond the range of exp in every draw
        compare(student, reference, logits, y)


@check("A number added to a whole row changes nothing", points=2, after=small_loss)
def shifted_rows(student, reference, draw):
    compare(student, reference, draw.normal(1, 3) - 1000.0, draw.integers(0, 3, size=1))
    shift = np.array([[-1000.0], [0.0], [1000.0]])
    logits, y = draw.normal(3, 4), draw.integers(0, 4, size=3)
    dlogits = compare(student, reference, logits + shift, y)
    close(dlogits, reference.softmax_ce(logits, y)[1], rtol=1e-7, atol=1e-10, name="dlogits")


@check("Sure and wrong: a large loss, a finite gradient", points=2)
def sure_and_wrong(student, reference, draw):
    compare(student, reference, np.array([[1000.0, -1000.0]]), np.array([1]))
    for C in (2, 5):
        logits = draw.normal(2, C)
        logits[:, 0], logits[:, 1] = 1000.0, -1000.0
        compare(student, reference, logits, np.array([1, 1]))
