"""Smallest inputs first: the first failure is what the student reads."""

import numpy as np

from grader.authoring import check, close


@check("A single pair", points=2, visible=True)
def single_pair(student, reference, draw):
    p, t = draw.normal(1), draw.normal(1)
    close(student.mean_absolute_error(p, t), reference.mean_absolute_error(p, t))


@check("Arrays of any shape", points=5, after=single_pair)
def any_shape(student, reference, draw):
    for shape in ((3,), (2, 3), (2, 3, 4)):
        p, t = draw.normal(*shape), draw.normal(*shape)
        close(student.mean_absolute_error(p, t), reference.mean_absolute_error(p, t))


@check("Errors of both signs do not cancel", points=3, after=single_pair)
def both_signs(student, reference, draw):
    size = draw.uniform(low=0.5, high=2.0)
    p, t = np.array([size, -size]), np.zeros(2)
    close(student.mean_absolute_error(p, t), reference.mean_absolute_error(p, t))
