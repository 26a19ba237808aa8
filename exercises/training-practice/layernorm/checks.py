"""Checks for layernorm: one row, several rows, sequences; values before gradients."""

from grader.authoring import check, close, require

GRADIENT = {"rtol": 1e-7, "atol": 1e-10}
MATRICES = ((2, 3), (3, 4), (5, 2), (4, 7))
SEQUENCES = ((1, 2, 3), (2, 3, 4), (3, 1, 5))


class Layer:
    """x with rows of different mean and spread, and gamma, beta away from 1 and 0."""

    def __init__(self, draw, *shape, eps=1e-5):
        d = shape[-1]
        rows = (*shape[:-1], 1)
        spread = draw.uniform(*rows, low=0.5, high=3.0)
        self.x = draw.normal(*rows, scale=2.0) + spread * draw.normal(*shape)
        self.gamma = draw.uniform(d, low=0.5, high=2.0)
        self.beta = draw.normal(d)
        self.eps = eps


def forward(side, layer):
    result = side.ln_forward(layer.x, layer.gamma, layer.beta, layer.eps)
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    require(pair, "ln_forward must return two results, y and cache.")
    return result


def compare_y(student, reference, layer):
    close(forward(student, layer)[0], forward(reference, layer)[0], name="y")


def backward(student, reference, layer, draw, wanted=("dx", "dgamma", "dbeta")):
    """Compare those of dx, dgamma, dbeta that are wanted."""
    cache, expected_cache = forward(student, layer)[1], forward(reference, layer)[1]
    compare_gradients(
        student, reference, draw.normal(*layer.x.shape), cache, expected_cache, wanted
    )


def compare_gradients(student, reference, dy, cache, expected_cache, wanted):
    result = student.ln_backward(dy, cache)
    three = isinstance(result, (tuple, list)) and len(result) == 3
    require(three, "ln_backward must return three results: dx, dgamma and dbeta.")
    theirs = reference.ln_backward(dy, expected_cache)
    for mine, its, name in zip(result, theirs, ("dx", "dgamma", "dbeta"), strict=True):
        if name in wanted:
            close(mine, its, name=name, **GRADIENT)


@check("One row", points=3, visible=True)
def one_row(student, reference, draw):
    for d in (2, 3, 5):
        compare_y(student, reference, Layer(draw, 1, d))


@check("Several rows, each on its own", points=3, visible=True)
def several_rows(student, reference, draw):
    for shape in MATRICES:
        layer = Layer(draw, *shape)
        compare_y(student, reference, layer)
        layer.x = layer.x.copy()
        layer.x[1:] = draw.normal(*layer.x[1:].shape)  # the first row has new neighbours
        compare_y(student, reference, layer)


@check("An eps that is not small, and rows without any spread", points=2)
def large_eps(student, reference, draw):
    for shape in ((1, 3), (3, 4)):
        layer = Layer(draw, *shape, eps=0.1)
        compare_y(student, reference, layer)
        layer.x[0] = draw.normal()
        compare_y(student, reference, layer)


@check("Sequences and images: only the last axis is averaged", points=3)
def sequences(student, reference, draw):
    for shape in (*SEQUENCES, (2, 2, 3, 4)):
        compare_y(student, reference, Layer(draw, *shape, eps=draw.choice([1e-5, 0.1])))


@check("Gradients of gamma and beta", points=2)
def parameter_gradients(student, reference, draw):
    for shape in ((1, 3), (3, 4), (5, 2), (4, 7)):
        backward(student, reference, Layer(draw, *shape), draw, ("dgamma", "dbeta"))


@check("The gradient of x passes through mean and variance", points=4)
def input_gradient(student, reference, draw):
    for shape, eps in (((1, 3), 1e-5), ((1, 4), 0.1), ((3, 4), 1e-5), ((4, 5), 0.1)):
        backward(student, reference, Layer(draw, *shape, eps=eps), draw, ("dx",))


@check("Gradients of sequences", points=2, after=(parameter_gradients, input_gradient))
def sequence_gradients(student, reference, draw):
    for shape in SEQUENCES:
        layer = Layer(draw, *shape, eps=draw.choice([1e-5, 0.1]))
        backward(student, reference, layer, draw)


@check("Two layers forward, then both backward", points=1, after=input_gradient)
def two_layers(student, reference, draw):
    layers = [Layer(draw, *shape) for shape in ((3, 4), (3, 4), (2, 3, 4))]
    caches = [(layer, forward(student, layer)[1], forward(reference, layer)[1]) for layer in layers]
    for layer, cache, expected in caches:
        dy = draw.normal(*layer.x.shape)
        compare_gradients(student, reference, dy, cache, expected, ("dx", "dgamma", "dbeta"))
