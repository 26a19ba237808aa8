"""Checks for mlp-backprop: from one layer and one sample to deep nets and equal layers."""

from grader.authoring import check, close, require


def net(draw, *sizes):
    """Parameters of a dense net: a list of (W: (n, m), b: (m,))."""
    pairs = (sizes[i : i + 2] for i in range(len(sizes) - 1))
    return [(draw.normal(n, m), draw.normal(m, scale=0.5)) for n, m in pairs]


def compare_forward(student, reference, params, X):
    activations = student.forward(params, X)
    is_list = isinstance(activations, (list, tuple))
    found = f"a list of {len(activations)}" if is_list else "no list"
    wanted = f"a list of {len(params) + 1} arrays: X and one for each layer"
    full = is_list and len(activations) == len(params) + 1
    require(full, f"forward returned {found}; expected {wanted}.")
    close(activations, reference.forward(params, X), name="activations")


def compare_backward(student, reference, draw, params, N):
    X = draw.normal(N, params[0][0].shape[0])
    Y = draw.uniform(N, params[-1][0].shape[1])
    result = student.backward(params, X, Y)
    pair = isinstance(result, (list, tuple)) and len(result) == 2
    require(pair, "backward must return two lists, gW and gB.")
    for got, expected, name in zip(
        result, reference.backward(params, X, Y), ("gW", "gB"), strict=True
    ):
        close(got, expected, rtol=1e-7, atol=1e-10, name=name)


@check("One layer forward", points=2, visible=True)
def forward_one_layer(student, reference, draw):
    for n, m, N in ((1, 1, 1), (2, 1, 1), (2, 3, 1), (3, 2, 4)):
        compare_forward(student, reference, net(draw, n, m), draw.normal(N, n))


@check("Several layers forward", points=4)
def forward_many_layers(student, reference, draw):
    for sizes, N in (((2, 2, 1), 1), ((4, 3, 4, 2), 5), ((3, 3, 3), 2), ((2, 5, 4, 3, 2, 1), 7)):
        compare_forward(student, reference, net(draw, *sizes), draw.normal(N, sizes[0]))


@check("Gradients of one layer for one sample", points=5, visible=True)
def one_layer_one_sample(student, reference, draw):
    try:
        student.forward(net(draw, 3, 2, 4), draw.normal(2, 3))  # nothing of it may be remembered
    except Exception:
        pass  # forward has checks of its own
    for sizes in ((1, 1), (2, 1), (3, 2)):
        compare_backward(student, reference, draw, net(draw, *sizes), 1)


@check("Gradients of one layer for several samples", points=4)
def one_layer_batch(student, reference, draw):
    for sizes, N in (((1, 1), 3), ((3, 1), 4), ((2, 3), 5)):
        compare_backward(student, reference, draw, net(draw, *sizes), N)


@check("The error passes back through hidden layers", points=3)
def hidden_layers_one_sample(student, reference, draw):
    for sizes in ((1, 1, 1), (2, 3, 1), (4, 3, 4, 2)):
        compare_backward(student, reference, draw, net(draw, *sizes), 1)


@check("Gradients of a 4-3-4-2 net for five samples", points=5)
def hidden_layers_batch(student, reference, draw):
    params = net(draw, 4, 3, 4, 2)
    compare_backward(student, reference, draw, params, 5)
    student.forward(net(draw, 4, 3, 4, 2), draw.normal(2, 4))  # another net in between
    compare_backward(student, reference, draw, params, 5)


@check("Layers of equal size", points=4)
def square_layers(student, reference, draw):
    for sizes, N in (((2, 2, 2), 1), ((3, 3, 3), 4)):
        compare_backward(student, reference, draw, net(draw, *sizes), N)


@check("Five layers and a single output unit", points=3)
def five_layers(student, reference, draw):
    compare_backward(student, reference, draw, net(draw, 3, 5, 4, 3, 2, 1), 6)
