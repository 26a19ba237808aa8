"""Checks for batchnorm: rows before images, values before gradients, few samples throughout.

With four samples the two variances differ by a third; with a thousand nobody could tell.
"""

from grader.authoring import check, close, require

GRADIENT = {"rtol": 1e-7, "atol": 1e-10}
NAMES = ("dx", "dgamma", "dbeta")


class Layer:
    """One layer's numbers: those of x away from mean 0 and deviation 1, running ones too."""

    def __init__(self, draw, *shape, momentum=0.1, eps=1e-5):
        c = shape[1]
        across = (1, c) + (1,) * (len(shape) - 2)
        spread = draw.uniform(*across, low=0.5, high=3.0)
        self.x = draw.normal(*across, scale=2.0) + spread * draw.normal(*shape)
        self.gamma = draw.uniform(c, low=0.5, high=2.0)
        self.beta = draw.normal(c)
        self.rm = draw.normal(c)
        self.rv = draw.uniform(c, low=0.5, high=4.0)
        self.momentum, self.eps = momentum, eps

    def arguments(self, training):
        numbers = (self.gamma, self.beta, self.rm, self.rv, self.momentum, self.eps)
        return (self.x, *numbers, training)


def forward(student, reference, layer, training):
    """Return the student's (y, cache, rm, rv) and the reference's."""
    result = student.bn_forward(*layer.arguments(training))
    four = isinstance(result, (tuple, list)) and len(result) == 4
    require(four, "bn_forward must return four results: y, cache, rm and rv.")
    return result, reference.bn_forward(*layer.arguments(training))


def compare_y(student, reference, layer, training):
    got, expected = forward(student, reference, layer, training)
    close(got[0], expected[0], name="y")


def compare_running(student, reference, layer, training):
    got, expected = forward(student, reference, layer, training)
    close(got[2], expected[2], name="rm")
    close(got[3], expected[3], name="rv")


def backward(student, reference, layer, draw, wanted):
    """Compare those of dx, dgamma, dbeta that are wanted."""
    got, expected = forward(student, reference, layer, True)
    compare_gradients(student, reference, draw.normal(*layer.x.shape), got[1], expected[1], wanted)


def compare_gradients(student, reference, dy, cache, expected_cache, wanted=NAMES):
    result = student.bn_backward(dy, cache)
    three = isinstance(result, (tuple, list)) and len(result) == 3
    require(three, "bn_backward must return three results: dx, dgamma and dbeta.")
    theirs = reference.bn_backward(dy, expected_cache)
    for mine, its, name in zip(result, theirs, NAMES, strict=True):
        if name in wanted:
            close(mine, its, name=name, **GRADIENT)


ROWS = ((4, 1), (4, 3), (3, 5), (6, 2))
IMAGES = ((4, 1, 1, 2), (2, 3, 2, 4), (1, 2, 3, 2), (3, 4, 1, 1))


@check("Eval: rows are normalised by the running statistics", points=3, visible=True)
def eval_rows(student, reference, draw):
    for shape in ((1, 1), (1, 3), *ROWS):
        layer = Layer(draw, *shape)
        compare_y(student, reference, layer, False)
        compare_running(student, reference, layer, False)


@check("Training: rows are normalised by those of the batch", points=4, visible=True)
def training_rows(student, reference, draw):
    for shape in ROWS:
        compare_y(student, reference, Layer(draw, *shape), True)


@check("Training moves the running statistics", points=4)
def running_rows(student, reference, draw):
    for shape, momentum in zip(ROWS, (0.1, 0.1, 0.3, 0.9), strict=True):
        compare_running(student, reference, Layer(draw, *shape, momentum=momentum), True)


@check("An eps that is not small", points=2)
def large_eps(student, reference, draw):
    for training in (False, True):
        for shape in ((4, 2), (5, 3)):
            layer = Layer(draw, *shape, eps=0.1)
            compare_y(student, reference, layer, training)
            compare_running(student, reference, layer, training)


@check("Images: one mean and one variance for each channel", points=5)
def images(student, reference, draw):
    for shape in IMAGES:
        layer = Layer(draw, *shape, eps=draw.choice([1e-5, 0.1]))
        for training in (False, True):
            compare_y(student, reference, layer, training)
            compare_running(student, reference, layer, training)


@check("Several batches, then eval", points=2, after=(training_rows, running_rows))
def several_batches(student, reference, draw):
    layer = Layer(draw, 4, 3, momentum=0.3)
    for n in (4, 7, 3):
        layer.x = draw.normal(n, 3, loc=2.0, scale=3.0)
        got, expected = forward(student, reference, layer, True)
        for place, name in ((0, "y"), (2, "rm"), (3, "rv")):
            close(got[place], expected[place], name=name)
        layer.rm, layer.rv = expected[2], expected[3]
    layer.x = draw.normal(2, 3, loc=2.0, scale=3.0)
    compare_y(student, reference, layer, False)


@check("Gradients of gamma and beta", points=3)
def parameter_gradients(student, reference, draw):
    for shape in ROWS:
        backward(student, reference, Layer(draw, *shape), draw, ("dgamma", "dbeta"))


@check("The gradient of x passes through mean and variance", points=4)
def input_gradient(student, reference, draw):
    for shape, eps in zip(ROWS, (1e-5, 0.1, 1e-5, 0.1), strict=True):
        backward(student, reference, Layer(draw, *shape, eps=eps), draw, ("dx",))


@check("Gradients of images", points=2, after=(parameter_gradients, input_gradient))
def image_gradients(student, reference, draw):
    for shape in IMAGES:
        layer = Layer(draw, *shape, eps=draw.choice([1e-5, 0.1]))
        backward(student, reference, layer, draw, NAMES)


@check("Two layers forward, then both backward", points=1, after=(input_gradient,))
def two_layers(student, reference, draw):
    layers = [Layer(draw, *shape) for shape in ((4, 3), (4, 3), (2, 3, 2, 2))]
    calls = [(layer, *forward(student, reference, layer, True)) for layer in layers]
    for layer, got, expected in calls:
        dy = draw.normal(*layer.x.shape)
        compare_gradients(student, reference, dy, got[1], expected[1])
