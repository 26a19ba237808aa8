"""Checks for gpu-softmax: one row first, then widths, extremes, masks, dtypes and layouts."""

import numpy as np

from grader.authoring import check, close, performance, require, tensor, view

TOLERANCE = {"float32": 1e-5, "float16": 2e-3}


def compare(student, reference, values, dtype="float32", strides=None):
    """Compare the softmax of a drawn matrix; strides count entries."""
    x = tensor(values, dtype=dtype)
    x = x if strides is None else view(x, strides)
    got, expected = student.softmax_rows(x), reference.softmax_rows(x)
    close(got, expected, rtol=TOLERANCE[dtype], atol=1e-6, name="the result")
    require(
        got.device == expected.device,
        f"The result lies on {got.device}; x lies on {expected.device}, and so should the result.",
    )


def masked(draw, rows, columns, kept):
    """Draw a matrix with -inf everywhere but at `kept` drawn places of each row."""
    x = np.full((rows, columns), -np.inf)
    for row in range(rows):
        places = draw.permutation(columns)[:kept]
        x[row, places] = draw.normal(kept)
    return x


@check("Each row becomes shares that add up to one", points=3, visible=True)
def small(student, reference, draw):
    compare(student, reference, draw.normal(1, 2))
    compare(student, reference, draw.normal(2, 4))
    compare(student, reference, draw.normal(3, 2, scale=3.0))


@check("Any number of columns will do", points=3)
def widths(student, reference, draw):
    for columns in (1, 3, 7, 781, 1823, 4096):
        compare(student, reference, draw.normal(2, columns))
    # rows whose largest entry comes early, and rows where it comes late
    slope = np.linspace(-4.0, 4.0, 1823)
    compare(student, reference, np.stack([slope, -slope]) + 0.1 * draw.normal(2, 1823))


@check("Any number of rows will do", points=2)
def heights(student, reference, draw):
    for rows in (1, 5, 33, 130):
        compare(student, reference, draw.normal(rows, 6))


@check("Entries as large as 10000 stay finite, and rows do not disturb each other", points=4)
def extremes(student, reference, draw):
    for shift in (1e4, -1e4):
        compare(student, reference, draw.normal(2, 3) + shift)
        compare(student, reference, draw.normal(2, 1823) + shift)
    compare(student, reference, draw.normal(3, 5) + np.array([[1e4], [0.0], [-1e4]]))
    compare(student, reference, 1e4 * draw.uniform(3, 781, low=-1.0))


@check("Entries of minus infinity get no share", points=3)
def masks(student, reference, draw):
    for columns, kept in ((3, 2), (4, 1), (781, 3), (1823, 1)):
        compare(student, reference, masked(draw, 2, columns, kept))
    late = draw.normal(2, 4096)
    late[:, :3000] = -np.inf
    compare(student, reference, late)
    compare(student, reference, late[:, ::-1].copy())


@check("Half precision goes in and comes out, and sums are kept in float32", points=3)
def half(student, reference, draw):
    for columns in (3, 781, 4096):
        compare(student, reference, 3 * draw.normal(2, columns), "float16")
    compare(student, reference, draw.normal(2, 1823) + np.array([[1e4], [-1e4]]), "float16")
    compare(student, reference, 0.05 * draw.normal(3, 4096), "float16")


@check("Rows may be strided views", points=2)
def layouts(student, reference, draw):
    # a part of wider rows; every second column; columns first
    for columns in (3, 781):
        for strides in ((columns + 5, 1), (2 * columns, 2), (1, 4)):
            compare(student, reference, draw.normal(4, columns), strides=strides)
    compare(student, reference, draw.normal(4, 6), "float16", strides=(1, 4))


def large(draw):
    values = draw.generator().standard_normal((4096, 8192), dtype=np.float32)
    return (tensor(values, device="cuda"),)


@performance("Faster than five passes over the matrix", points=10, rtol=1e-5, atol=1e-6)
def against_five_passes(draw):
    return large(draw)


@performance("Not far from torch's own softmax", points=10, rtol=1e-5, atol=1e-6)
def against_library(draw):
    return large(draw)
