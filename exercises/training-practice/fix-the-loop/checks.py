"""Checks for fix-the-loop: from one starting point the repaired loop reaches the reference's end.

Ordered so that each check shows as few of the bugs as can be: what only validation shows is not
looked at before `evaluation`, and until `other_validation_data` the two data sets are the same.
Two things leave no trace here: gradients recorded during validation, and the mode the network is
left in at the end.
"""

import numpy as np

from grader.authoring import attach, check, close, curves, require, tensor

SAME = {"rtol": 1e-6, "atol": 1e-9}


class Task:
    """Data, a network's start and the numbers of one training, the same for both sides."""

    def __init__(self, draw, task, variant, rows=11, inputs=3, epochs=1, batch=None, own_val=False):
        self.task, self.variant, self.inputs, self.epochs = task, variant, inputs, epochs
        self.outputs = draw.choice([2, 3]) if task == "class" else 1
        self.batch = batch or rows
        self.lr, self.seed = draw.uniform(low=0.05, high=0.1), draw.integers(0, 2**31)
        self.scales = 10.0 ** draw.uniform(inputs, low=-1.0, high=1.0)
        self.slope = draw.normal(inputs, self.outputs)
        self.X, self.y = self.data(draw, rows)
        self.Xval, self.yval = self.data(draw, 9, shift=1.5) if own_val else (self.X, self.y)
        self.start = self.network(draw)

    def data(self, draw, rows, shift=0.0):
        """Return inputs of several scales around 5, sorted by what is to be predicted."""
        x = shift + draw.normal(rows, self.inputs)
        score = x @ self.slope + 0.1 * draw.normal(rows, self.outputs)
        y = score[:, 0] if self.task == "value" else score.argmax(axis=1)
        order = np.argsort(y, kind="stable")
        return (5.0 + self.scales * x)[order], y[order]

    def network(self, draw):
        return {
            "body.0.weight": draw.normal(16, self.inputs, scale=0.6),
            "body.0.bias": draw.normal(16, scale=0.3),
            "body.1.weight": draw.uniform(16, low=0.5, high=1.5),
            "body.1.bias": draw.normal(16, scale=0.3),
            "body.1.running_mean": draw.normal(16, scale=0.3),
            "body.1.running_var": draw.uniform(16, low=0.5, high=1.5),
            "body.1.num_batches_tracked": np.array(7),
            "head.weight": draw.normal(8, 16),
            "head.bias": draw.normal(8),
        }

    def given(self, side):
        """Return the given module of one side, a network at the start, the other arguments."""
        given = side.given("net")
        net = given.set_state(given.make_net(self.variant, self.inputs), self.start)
        data = [tensor(a) for a in (self.X, self.y, self.Xval, self.yval)]
        arguments = (self.task, self.outputs, *data, self.epochs, self.lr, self.batch, self.seed)
        return given, net, arguments

    def run(self, side):
        """Train on one side; return losses, validation values, the given module and the network."""
        given, net, arguments = self.given(side)
        result = side.fit(net, *arguments)
        losses, val = self.listed(result, "losses"), self.listed(result, "val")
        return losses, val, given, net

    def listed(self, result, key):
        found = result.get(key) if isinstance(result, dict) else None
        good = isinstance(found, (list, tuple)) and len(found) == self.epochs
        text = f"fit must return a dict whose {key!r} is a list of {self.epochs}: one per epoch."
        require(good, text)
        return found


def numbers(values):
    """Return plain floats, whatever holds them: only `plain_numbers` judges that."""
    try:
        return [float(np.asarray(value).reshape(())) for value in values]
    except (TypeError, ValueError):
        return values


def learned(side, task):
    """Train on one side; return losses and parameters. What validation gives stays there."""
    given, net, arguments = task.given(side)
    return given.learn(side.fit.value(), net, *arguments)


def compare_learning(student, reference, task):
    """Compare losses and parameters, and say where two equal runs of the student's differ."""
    got, expected = learned(student, task), learned(reference, task)
    if not same_losses(got, expected):
        text = (
            "Two runs from one start, with one seed, have different losses: what do the order of "
        )
        text += "the rows and the first weights of the head depend on?"
        require(same_losses(got, learned(student, task)), text)
    for mine, its, name in zip(got, expected, ("losses", "the parameters"), strict=True):
        close(mine, its, name=name, **SAME)


def same_losses(one, other):
    return np.shape(one[0]) == np.shape(other[0]) and np.allclose(one[0], other[0], equal_nan=True)


def compare(student, reference, task):
    """Compare everything; losses and values first, while fit is the call that would be shown."""
    losses, val, given, net = task.run(student)
    expected, expected_val, its_given, its_net = task.run(reference)
    losses, expected = numbers(losses), numbers(expected)
    drawable = all(isinstance(loss, float) and np.isfinite(loss) for loss in losses)
    if task.epochs > 2 and drawable:
        about = f"Your losses go from {losses[0]:.3g} to {losses[-1]:.3g}."
        lines = {"your loss": losses, "expected loss": expected}
        attach(curves(lines, title="Loss of each epoch", description=about, x="epoch", y="loss"))
    close(losses, expected, name="losses", **SAME)
    close(numbers(val), numbers(expected_val), name="val", **SAME)
    for part in ("parameters", "buffers"):
        mine, its = getattr(given, part)(net), getattr(its_given, part)(its_net)
        close(mine, its, name=f"the {part}", **SAME)


@check("Losses and validation values are plain numbers, one per epoch", points=2, visible=True)
def plain_numbers(student, reference, draw):
    for task in ("class", "value"):
        losses, val, _, _ = Task(draw, task, "sequential", epochs=2).run(student)
        for name, values in (("losses", losses), ("val", val)):
            for epoch, value in enumerate(values):
                found = "a tensor" if hasattr(value, "torch_dtype") else f"a {type(value).__name__}"
                require(plain(value), f"{name}[{epoch}] is {found}; expected a plain float.")


def plain(value):
    return isinstance(value, (float, int, np.number)) and not hasattr(value, "torch_dtype")


@check("Classes: two steps on one batch", points=3, visible=True)
def one_batch_of_classes(student, reference, draw):
    compare_learning(
        student, reference, Task(draw, "class", "sequential", rows=6, inputs=2, epochs=2)
    )


@check("Values: two steps on one batch", points=3, visible=True)
def one_batch_of_values(student, reference, draw):
    compare_learning(
        student, reference, Task(draw, "value", "functional", rows=6, inputs=2, epochs=2)
    )


@check("Several batches: every epoch in an order of its own", points=3)
def several_batches(student, reference, draw):
    for task, variant in (("class", "functional"), ("value", "sequential")):
        compare_learning(student, reference, Task(draw, task, variant, epochs=3, batch=4))


@check("Validation leaves no trace in the network", points=4)
def evaluation(student, reference, draw):
    for task, variant in (("value", "functional"), ("class", "sequential")):
        compare(student, reference, Task(draw, task, variant, epochs=1))
        several = Task(draw, task, variant, epochs=3, batch=4)
        compare(student, reference, several)


@check("Validation data of another kind", points=4)
def other_validation_data(student, reference, draw):
    for task, variant in (("value", "sequential"), ("class", "functional")):
        several = Task(draw, task, variant, epochs=2, batch=4, own_val=True)
        compare(student, reference, several)


@check("Five epochs, both tasks, both styles of network", points=6)
def five_epochs(student, reference, draw):
    for task in ("class", "value"):
        for variant in ("sequential", "functional"):
            size = {"rows": draw.choice([17, 22, 27]), "inputs": 4, "epochs": 5, "batch": 5}
            longer = Task(draw, task, variant, own_val=True, **size)
            compare(student, reference, longer)
