"""Only the first batch comes.

return ends the function; which word goes on afterwards?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    rows = order[:batch_size]
    return [(X[rows], y[rows])]
