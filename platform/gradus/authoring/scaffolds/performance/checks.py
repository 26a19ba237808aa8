"""Right first, then fast: performance runs only if every check passed."""

from grader.authoring import check, close, performance


@check("The distance of each pair of rows", points=4, visible=True)
def pairs(student, reference, draw):
    for n, m, d in ((1, 1, 1), (2, 3, 2), (4, 1, 5)):
        a, b = draw.normal(n, d), draw.normal(m, d)
        close(student.squared_distances(a, b), reference.squared_distances(a, b), atol=1e-9)


@performance("Many times faster than the loops", points=6, atol=1e-9)
def fast(draw):
    return draw.normal(60, 8), draw.normal(50, 8)
