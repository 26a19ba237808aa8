"""Checks for the rehearsal."""

from __future__ import annotations

from typing import Any

from grader.authoring import check, close, require


def compare(student: Any, reference: Any, x: Any, y: Any) -> None:
    error, gradient = student.mean_error(x, y)
    expected, expected_gradient = reference.mean_error(x, y)
    close(error, expected, name="error")
    close(gradient, expected_gradient, rtol=1e-7, name="gradient")


@check("Small arrays", points=1, visible=True)
def small(student: Any, reference: Any, draw: Any) -> None:
    for rows in range(1, 12):
        compare(student, reference, draw.normal(rows, 3), draw.integers(0, 5, size=rows))


@check("Large numbers", points=1, after=small)
def large(student: Any, reference: Any, draw: Any) -> None:
    for rows in range(1, 12):
        x, y = 1e3 * draw.normal(rows, 4), draw.integers(0, 5, size=rows)
        compare(student, reference, x, y)
        require(x.shape == (rows, 4), "The input keeps its shape.")
