"""Plain gradient descent is too slow in a narrow valley.

Its best rate is bound by the steepest direction, and the flattest hardly moves. What could
speed up along the valley?
"""


def minimise(grad, x0, mu, L, budget):
    x = x0.copy()
    for _ in range(budget):
        x = x - 2 / (L + mu) * grad(x)
    return x
