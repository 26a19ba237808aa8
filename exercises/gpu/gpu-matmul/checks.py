"""Checks for gpu-matmul: single products first, then sizes, long sums, layouts.

On CPU tensors a tile is whatever the student's file makes of it: writing beyond the edge of the
result, or two tiles that write to one place at once, shows only on a GPU, where the same checks
run again. The speed was never measured on one: its thresholds are not calibrated.
"""

import numpy as np

from grader.authoring import check, close, performance, require, tensor, view

HALF = "float16"


def compare(student, reference, a, b, of_a=None, of_b=None):
    """Compare the product of two drawn matrices; strides count entries."""
    atol = 2e-3 * a.shape[1] ** 0.5 / 16
    a, b = tensor(a, dtype=HALF), tensor(b, dtype=HALF)
    a = a if of_a is None else view(a, of_a)
    b = b if of_b is None else view(b, of_b)
    got, expected = student.matmul(a, b), reference.matmul(a, b)
    close(got, expected, rtol=2e-3, atol=atol, name="the result")
    require(
        got.device == expected.device,
        f"The result lies on {got.device}; a lies on {expected.device}, and so should the result.",
    )


def sizes(student, reference, draw, *shapes):
    for M, K, N in shapes:
        compare(student, reference, draw.normal(M, K), draw.normal(K, N))


@check("Each entry is a row of a times a column of b", points=3, visible=True)
def small(student, reference, draw):
    sizes(student, reference, draw, (1, 1, 1), (1, 3, 1), (2, 1, 3), (2, 3, 2), (3, 2, 4))


@check("Products and partial sums that float16 cannot hold", points=4)
def accumulation(student, reference, draw):
    # whole numbers: in float32 each step is exact
    for M, K, N in ((1, 1, 2), (4, 2, 4), (6, 4, 5)):
        a, b = draw.integers(190, 220, size=(M, 2 * K)), draw.integers(190, 220, size=(2 * K, N))
        b[K:] *= -1
        compare(student, reference, a.astype(float), b.astype(float))


@check("Any number of rows and columns will do", points=4)
def edges(student, reference, draw):
    sizes(
        student,
        reference,
        draw,
        (16, 16, 16),
        (32, 16, 32),
        (17, 16, 16),
        (16, 16, 18),
        (1, 16, 100),
    )
    sizes(student, reference, draw, (33, 16, 70), (64, 16, 64), (65, 16, 129), (150, 16, 5))


@check("The sum may have any number of terms", points=4)
def inner(student, reference, draw):
    sizes(
        student,
        reference,
        draw,
        (4, 16, 5),
        (4, 32, 5),
        (4, 17, 5),
        (3, 31, 4),
        (2, 45, 3),
        (3, 64, 2),
    )
    sizes(student, reference, draw, (2, 65, 2), (1, 200, 1), (3, 517, 4), (19, 33, 21))
    sizes(student, reference, draw, (24, 1024, 24), (24, 4096, 24))


@check("Rows and columns may be strided views", points=3)
def layouts(student, reference, draw):
    for M, K, N in ((2, 3, 4), (19, 37, 18)):
        a, b = draw.normal(M, K), draw.normal(K, N)
        for of_a, of_b in (((1, M), None), (None, (1, K)), ((1, M), (1, K))):
            compare(student, reference, a, b, of_a, of_b)
        # a part of wider rows; every second column
        compare(student, reference, a, b, (K + 5, 1), (N + 3, 1))
        compare(student, reference, a, b, (2 * K, 2), (2 * N, 2))


@check("Large and small matrices in turn", points=2)
def in_turn(student, reference, draw):
    for size in (40, 3, 40):
        sizes(student, reference, draw, (size, size, size))


def large(draw):
    numbers = draw.generator().standard_normal((2, 4096, 4096), dtype=np.float32)
    return tuple(tensor(values, dtype=HALF, device="cuda") for values in numbers)


@performance("Not far from torch's own product", points=20, rtol=2e-3, atol=8e-3)
def against_library(draw):
    return large(draw)
