"""The momentum is computed from the condition, not from its root.

With this much momentum the ball rolls to and fro for a long time. How does the root of L / mu
come in?
"""


def minimise(grad, x0, mu, L, budget):
    root = L / mu
    beta = (root - 1) / (root + 1)
    x, before = x0.copy(), x0
    for _ in range(budget):
        ahead = x + beta * (x - before)
        before, x = x, ahead - grad(ahead) / L
    return x
