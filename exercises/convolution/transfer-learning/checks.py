"""Checks for transfer-learning: what each mode leaves alone, what it moves, and what it gains.

States are read back by value and compared here. How much time frozen blocks save is not judged:
paired timing hands plain values to one function, and here a model passes from one to the next.
"""

import numpy as np

from grader.authoring import attach, bars, check, close, equal, performance, require, tensor

PARTS = ("block1", "block2", "block3", "head")
LEARNING = {"feature": PARTS[3:], "partial": PARTS[2:], "full": PARTS}


def loaded(student, draw):
    """Return the given module and a backbone."""
    given = student.given("backbone")
    given.seed(draw.integers(0, 2**31))
    return given, given.load_backbone()


def adapted(student, draw, num_classes, mode):
    """Return the given module and a model that was made of a backbone."""
    given, backbone = loaded(student, draw)
    return given, student.adapt(backbone, num_classes, mode)


def unlike(found, expected):
    """Say which names are missing and which are too many; nothing where all are right."""
    missing, more = sorted({*expected} - {*found}), sorted({*found} - {*expected})
    told = [f"missing: {', '.join(missing)}"] * bool(missing)
    told += [f"too many: {', '.join(more)}"] * bool(more)
    twice = sorted({name for name in found if list(found).count(name) > 1})
    told += [f"there twice: {', '.join(twice)}"] * bool(twice)
    return "; ".join(told)


def batches(draw, sizes, num_classes):
    pairs = []
    for n in sizes:
        y = draw.permutation(n) % num_classes
        pairs.append((tensor(draw.normal(n, 1, 16, 16), dtype="float32"), tensor(y)))
    return pairs


def state_of(given, model, like=None):
    """Return the model's state dict; its names and shapes must be those of `like`."""
    values = given.state(model)
    readable = isinstance(values, dict) and all(hasattr(v, "shape") for v in values.values())
    require(readable, "The state dict of the model cannot be read.")
    shapes = {name: value.shape for name, value in values.items()}
    same = like is None or shapes == {name: value.shape for name, value in like.items()}
    require(same, f"The names or shapes in the state dict are not as expected: {shapes}.")
    return values


def in_parts(names, parts):
    return [name for name in names if name.split(".")[0] in parts]


def loss(reference, state, x, y):
    """Return the mean cross-entropy of a model in this state."""
    theirs = reference.given("backbone")
    twin = theirs.set_state(reference.adapt(theirs.load_backbone(), 3, "feature"), state)
    z = np.asarray(twin(x), dtype=np.float64)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y.array]))


@check("A new model: the backbone's blocks, a fresh head", points=4, visible=True)
def new_model(student, reference, draw):
    for num_classes, mode in ((3, "full"), (2, "feature"), (4, "partial"), (6, "feature")):
        given, backbone = loaded(student, draw)
        old = state_of(given, backbone)
        model = student.adapt(backbone, num_classes, mode)
        require(not given.is_same(model, backbone), "adapt returned the backbone, not a new model.")
        new = state_of(given, model)
        text = unlike(new, old)
        require(not text, f"The names in the state dict must stay as they are; {text}.")
        for name in in_parts(old, PARTS[:3]):
            equal(new[name], old[name], name=name)
        shape = np.shape(new["head.weight"])
        text = f"For {num_classes} classes head.weight has the shape {shape}."
        require(shape == (num_classes, 32) and np.shape(new["head.bias"]) == (num_classes,), text)
        kept = num_classes == 4 and np.array_equal(new["head.weight"], old["head.weight"])
        require(not kept, "For 4 classes the head has the old weights; a fresh one is asked for.")
        logits = model(batches(draw, [3], num_classes)[0][0])
        text = (
            f"Three pictures of {num_classes} classes give an output of shape {np.shape(logits)}."
        )
        require(np.shape(logits) == (3, num_classes), text)


@check("Each mode lets the right parts learn", points=3, visible=True, after=new_model)
def what_may_learn(student, reference, draw):
    for mode, parts in LEARNING.items():
        given, model = adapted(student, draw, 3, mode)
        found, names = given.learning(model), list(given.state(model))
        parameters = [name for name in names if name.endswith(("weight", "bias"))]
        text = unlike(found, in_parts(parameters, parts))
        require(not text, f'What may learn in mode "{mode}" is not as stated; {text}.')


@check("The optimiser holds what may learn, and nothing else", points=4, after=what_may_learn)
def what_is_held(student, reference, draw):
    for mode in LEARNING:
        given, model = adapted(student, draw, 5, mode)
        names, decays = given.held(student.make_optimizer(model, 0.01), model)
        text = unlike(names, given.learning(model))
        require(not text, f'What the optimiser holds in mode "{mode}" is not as stated; {text}.')
        require(not any(decays), f"No weight decay is asked for; the groups have {list(decays)}.")


@check("What is frozen stays as it is, to the last bit", points=4, after=new_model)
def frozen(student, reference, draw):
    for mode in ("feature", "partial"):
        given, model = adapted(student, draw, 3, mode)
        before = state_of(given, model)
        student.train(model, batches(draw, [8, 6], 3), 2, 0.01)
        after = state_of(given, model, before)
        parts = [part for part in PARTS if part not in LEARNING[mode]]
        for name in in_parts(before, parts):
            equal(after[name], before[name], name=f'{name} after training in mode "{mode}"')


@check("What may learn moves with every batch", points=4, after=new_model)
def moving(student, reference, draw):
    for mode in ("partial", "full", "feature"):
        given, model = adapted(student, draw, 3, mode)
        before = state_of(given, model)
        student.train(model, batches(draw, [8, 6], 3), 3, 0.01)
        after = state_of(given, model, before)
        for name in in_parts(before, LEARNING[mode]):
            still = np.array_equal(after[name], before[name])
            require(not still, f'In mode "{mode}" {name} may learn, but it did not move.')
            if name.endswith("num_batches_tracked"):
                equal(after[name], before[name] + 6, name=f"{name} after 3 epochs of 2 batches")
    x, y = batches(draw, [12], 3)[0]
    given, model = adapted(student, draw, 3, "feature")
    before = state_of(given, model)
    student.train(model, [(x, y)], 1, 1e-4)
    first, last = (
        loss(reference, state, x, y) for state in (before, state_of(given, model, before))
    )
    text = f"One small step took the loss of its batch from {first:.5f} up to {last:.5f}."
    require(last < first, text)


@check("The same object comes back, in evaluation mode", points=2, after=new_model)
def returned(student, reference, draw):
    for mode in LEARNING:
        given, model = adapted(student, draw, 3, mode)
        found = student.train(model, batches(draw, [8, 4], 3), 1, 0.01)
        require(given.is_same(found, model), "train must return the model that it was given.")
        still = given.in_training_mode(model)
        require(not still, f"After training these are in training mode: {list(still)[:5]}.")
        theirs = reference.given("backbone")
        twin = reference.adapt(theirs.load_backbone(), 3, mode)
        theirs.set_state(twin, state_of(given, model, state_of(theirs, twin)))
        x = batches(draw, [5], 3)[0][0]
        close(model(x), twin(x), rtol=1e-4, atol=1e-5, name="logits")


@check("The backbone and other models of it stay as they are", points=3, after=new_model)
def untouched(student, reference, draw):
    given, backbone = loaded(student, draw)
    state, learning = state_of(given, backbone), list(given.learning(backbone))
    first = student.adapt(backbone, 3, "feature")
    for name, value in state_of(given, backbone, state).items():
        equal(value, state[name], name=f"{name} of the backbone, after adapt")
    text = unlike(given.learning(backbone), learning)
    require(not text, f"After adapt other parameters of the backbone may learn; {text}.")
    others = (backbone, student.adapt(backbone, 2, "partial"))
    before = [(state_of(given, other), given.learning(other)) for other in others]
    student.train(first, batches(draw, [6], 3), 1, 0.01)
    student.train(student.adapt(backbone, 3, "full"), batches(draw, [6], 3), 1, 0.01)
    for other, (state, names) in zip(others, before, strict=True):
        for name, value in state_of(given, other, state).items():
            equal(value, state[name], name=f"{name} of a model that was not trained")
        text = unlike(given.learning(other), names)
        require(not text, f"Training one model changed what may learn in another; {text}.")


@check("A tiny learning rate makes tiny steps", points=1, after=new_model)
def tiny_steps(student, reference, draw):
    for mode in ("feature", "full"):
        given, model = adapted(student, draw, 3, mode)
        before = state_of(given, model)
        student.train(model, batches(draw, [8], 3), 2, 1e-7)
        after = state_of(given, model, before)
        for name in given.learning(model):
            moved = float(np.abs(after[name] - before[name]).max())
            require(moved < 1e-3, f"With lr = 1e-7 {name} moved by {moved:.2g} in two steps.")


KINDS = ("diamond", "cross", "bar", "ell", "cup")


def distance(kind, u, v, r):
    """Return how far each pixel is from the lines of a shape that the backbone never saw."""
    if kind == "diamond":
        return 0.7 * np.abs(np.abs(u) + np.abs(v) - 1.2 * r)
    if kind == "cross":
        u, v = 0.707 * (u + v), 0.707 * (u - v)
        return line(u, v, r, np.minimum(np.abs(u), np.abs(v)))
    if kind == "bar":
        return line(u, v, r, np.abs(v))
    left = np.maximum(np.abs(u + 0.6 * r), np.abs(v) - 0.7 * r)
    right = np.maximum(np.abs(u - 0.6 * r), np.abs(v) - 0.7 * r)
    low = np.maximum(np.abs(v - 0.6 * r), np.abs(u) - 0.7 * r)
    sides = np.minimum(left, right) if kind == "cup" else left
    return np.minimum(sides, low)


def line(u, v, r, away):
    return np.maximum(away, np.maximum(np.abs(u), np.abs(v)) - r)


def pictures(draw, n):
    """Return n pictures (n, 1, 16, 16), float32, and their classes."""
    y = draw.permutation(n) % len(KINDS)
    row, column = np.mgrid[0:16, 0:16] - 7.5
    x = np.empty((n, 1, 16, 16))
    for picture, label in zip(x, y, strict=True):
        angle, r = draw.uniform(low=-0.4, high=0.4), draw.uniform(low=3.5, high=5.5)
        a, b = (axis - draw.uniform(low=-2.0, high=2.0) for axis in (column, row))
        u, v = np.cos(angle) * a + np.sin(angle) * b, np.cos(angle) * b - np.sin(angle) * a
        ink = np.exp(-(distance(KINDS[label], u, v, r) ** 2))
        picture[0] = draw.uniform(low=0.7, high=1.3) * ink + draw.normal(16, 16, scale=0.25)
    return x.astype(np.float32), y


@performance("Better than training from scratch", points=5)
def better_than_from_scratch(student, reference, draw):
    gains = []  # one differs from the next by about 0.12; six together are sure enough
    for mode in ("feature", "partial") * 3:
        x, y = pictures(draw, 48)
        loader = [(tensor(x[i : i + 16]), tensor(y[i : i + 16])) for i in (0, 16, 32)]
        new, labels = pictures(draw, 300)
        _, model = adapted(student, draw, len(KINDS), mode)
        scratch = reference.given("backbone").new_backbone(draw.integers(0, 2**31))
        other = reference.adapt(scratch, len(KINDS), "full")
        student.train(model, loader, 6, 0.01)
        reference.train(other, loader, 6, 0.01)
        right = [
            float((np.argmax(m(tensor(new)), axis=1) == labels).mean()) for m in (model, other)
        ]
        about = f"Share of 300 new pictures that are right: yours {right[0]:.2f}, {right[1]:.2f}."
        found = {"yours": right[0], "from scratch": right[1]}
        attach(bars(found, title=f'Accuracy in mode "{mode}"', description=about))
        gains.append(right[0] - right[1])
    return float(np.mean(gains))
