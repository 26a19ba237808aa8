"""Checks for early-stopping: short runs of one rule each, then drawn curves.

Losses and min_delta are multiples of 1/64 and exact, so that "exactly min_delta" is what it says.
Curves stay more than one per cent away from both limits of `diagnose`.
"""

import numpy as np

from grader.authoring import attach, check, curves, require

NAN = float("nan")


def sixty_fourths(*counts):
    return [count / 64 for count in counts]


def is_one(value, kinds):
    """Tell whether this is one number: Python's, numpy's, or an array without axes."""
    if not isinstance(value, (bool, int, np.generic, np.ndarray)):
        return False
    array = np.asarray(value)
    return array.shape == () and array.dtype.kind in kinds


class Watch:
    """One training, watched by the student's object and by the reference's."""

    def __init__(self, student, reference, patience, min_delta):
        self.mine = student.EarlyStopping(patience, min_delta)
        self.theirs = reference.EarlyStopping(patience, min_delta)
        self.about, self.min_delta, self.seen = (
            f"EarlyStopping({patience}, {min_delta})",
            min_delta,
            [],
        )

    def update(self, epoch, val):
        """Compare the answer to one update, and best_epoch after it."""
        self.seen.append(val)
        stop = self.mine.update(epoch, val)
        require(is_one(stop, "b"), f"update returns True or False; it returned {str(stop)[:40]}.")
        expected = bool(self.theirs.update(epoch, val))
        same = bool(stop) == expected
        self.require(same, f"the last update returned {bool(stop)}; expected {expected}.")
        got, best = self.mine.best_epoch.value(), self.theirs.best_epoch.value()
        same = got is None if best is None else is_one(got, "iu") and int(got) == best
        self.require(same, f"best_epoch is {str(got)[:40]} after epoch {epoch}; expected {best}.")

    def require(self, condition, text):
        """Fail with all losses so far, as text and as a picture."""
        if condition:
            return
        attach(self.picture())
        losses = ", ".join(map(str, self.seen))  # all digits: an equality may hang on the last one
        require(False, f"{self.about}, losses so far {losses}: {text}")

    def picture(self):
        """Draw the losses, and what each had to be below to be an improvement."""
        best, limits = float("inf"), []
        for val in self.seen:
            limits.append(best - self.min_delta)
            best = val if val < limits[-1] else best
        about = "The loss of each update, and the best loss before it less min_delta. A loss below "
        about += "that is an improvement; so is the first one. Where a loss is missing, it was nan."
        lines = {"loss": self.seen, "best less min_delta": limits}
        return curves(lines, f"{self.about}: the losses so far", about, x="update", y="loss")


def follow(student, reference, patience, min_delta, losses, epochs=None):
    watch = Watch(student, reference, patience, min_delta)
    for epoch, val in zip(epochs or range(len(losses)), losses, strict=True):
        watch.update(epoch, val)


@check("It stops when the loss has not improved for `patience` updates", points=2, visible=True)
def stops(student, reference, draw):
    start = draw.integers(60, 90)
    for patience in (1, 3, 2):  # 3 tells one update too early from no patience at all
        losses = sixty_fourths(start, start - 8, *[start - 8 + 4 * i for i in range(1, 5)])
        follow(student, reference, patience, 0.0, losses)


@check("A new best loss starts the count again", points=2)
def counts_again(student, reference, draw):
    for patience in (2, 3):
        start, losses = draw.integers(80, 120), []
        for low in (0, -6, -9, -20):
            losses += [
                start + low,
                *(start + low + draw.integers(1, 5) for _ in range(patience - 1)),
            ]
        losses += [start - 12 + draw.integers(0, 5) for _ in range(patience + 1)]
        follow(student, reference, patience, 0.0, sixty_fourths(*losses))


@check("Only a loss below the best one by more than min_delta is an improvement", points=2)
def least_improvement(student, reference, draw):
    delta, start = draw.integers(3, 9), draw.integers(150, 200)
    # slightly worse; slightly better; exactly min_delta; one more; many small steps that only
    # together are more than min_delta; no change
    for steps in (
        [1, 2, -delta - 1, -delta, -delta + 1],
        [-1, -2, -delta - 1, -delta - 2, -delta - 3],
        [-delta, -delta, -delta - 1, -2 * delta - 1, -2 * delta - 2],
        [-(delta // 2 + 1) * i for i in range(1, 7)],
        [0, 0, 0],
    ):
        losses = sixty_fourths(start, *(start + s for s in steps))
        follow(student, reference, 3, delta / 64, losses)
    follow(student, reference, 2, 0.0, sixty_fourths(start, start, start - 1, start - 1, start))


@check("nan is no improvement, wherever it comes", points=1)
def not_a_number(student, reference, draw):
    start = draw.integers(60, 90)
    first, second, third = sixty_fourths(start, start - 4, start - 9)
    for losses in (
        [first, NAN, NAN, second, third],
        [NAN, first, second, NAN, third, NAN, NAN],
        [NAN, NAN, first],
    ):
        follow(student, reference, 2, 0.0, losses)


@check("best_epoch is the epoch that was passed in", points=2)
def own_epochs(student, reference, draw):
    first = draw.integers(5, 40)
    epochs = [first + 5 * i for i in range(6)]
    start = draw.integers(60, 90)
    losses = sixty_fourths(start, start - 3, start - 2, start - 9, start - 4, start - 8)
    follow(student, reference, 3, 0.0, losses, epochs)


@check("Two trainings at once, and updates after a stop", points=1)
def two_at_once(student, reference, draw):
    watches = [Watch(student, reference, patience, 1 / 64) for patience in (2, 3)]
    for epoch in range(12):
        for watch in watches:
            watch.update(epoch, float(draw.integers(40, 60) - 3 * (epoch // 5)) / 64)


def curve(draw, start, end, epochs):
    """Draw a curve that falls from start to end, fast at first."""
    fall = np.exp(-np.linspace(0, 4, epochs))
    fall = (fall - fall[-1]) / (fall[0] - fall[-1])
    return end + (start - end) * fall


def rising(draw, low, high, epochs):
    """Draw a validation curve with one minimum in the middle; return it and the place of that."""
    k = draw.integers(epochs // 3, epochs // 2)
    tail = low + (high - low) * np.linspace(0, 1, epochs - k)
    return np.concatenate([curve(draw, 2.0, low, k + 1), tail[1:]]), k


def judge(student, reference, train, val):
    train, val = [float(v) for v in train], [float(v) for v in val]
    expected = reference.diagnose(train, val)
    got = student.diagnose(train, val)
    pair = isinstance(got, (tuple, list)) and len(got) == 2
    require(pair, "diagnose returns two values, the verdict and an index.")
    verdict, since = str(got[0])[:40], str(got[1])[:40]
    if got[0] != expected[0]:
        text = f"The verdict is {verdict!r}; expected {expected[0]!r}."
    elif not (is_one(got[1], "iu") and int(got[1]) == expected[1]):
        text = f"The verdict {verdict!r} is right, since index {since}; expected {expected[1]}."
    else:
        return
    shown(train, val, f"you say {verdict}, since index {since}")
    require(False, f"{text} {facts(train, val)}")


def facts(train, val):
    """Say in numbers what the rules look at."""
    k = val.index(min(val))
    return (
        f"The lowest validation loss is {val[k]:.4g}, first at index {k}, the last one "
        f"{val[-1]:.4g}; the training loss is {train[0]:.4g} at first, {train[k]:.4g} at index "
        f"{k}, {train[-1]:.4g} at last."
    )


def shown(train, val, what):
    """Attach the two curves."""
    train, val = [float(v) for v in train], [float(v) for v in val]
    lines = {"train": train, "val": val}
    attach(curves(lines, f"Curves: {what}", facts(train, val), x="epoch", y="loss"))


@check("A validation loss that rises while the training loss falls", points=2, visible=True)
def overfit(student, reference, draw):
    judge(student, reference, [1.0, 0.5, 0.25], [1.0, 0.5, 0.75])
    judge(student, reference, [1.0, 0.96, 0.9], [2.0, 1.0, 1.5])
    for rise in (1.08, 1.5):
        train = curve(draw, 2.0, 0.1, 30)
        val, _ = rising(draw, 0.5, 0.5 * rise, 30)
        judge(student, reference, train, val)
    shown(train, val, "overfit")


@check("A gap between the curves alone is no overfitting", points=1)
def gap(student, reference, draw):
    train, val = curve(draw, 2.0, 0.1, 20), curve(draw, 2.2, 0.9, 20)
    judge(student, reference, [1.0, 0.5, 0.25], [1.5, 1.0, 0.75])
    judge(student, reference, train, val)
    barely, _ = rising(draw, 0.8, 0.8 * 1.03, 20)  # it rises, but hardly
    judge(student, reference, train, barely)
    shown(train, val, "good")


@check("Curves that hardly fall, both rising, ties, and short ones", points=2)
def others(student, reference, draw):
    judge(student, reference, [1.0, 0.9], [1.0, 0.95])
    judge(student, reference, [1.0, 0.7], [0.5, 0.5])
    slow = curve(draw, 1.0, draw.uniform(low=0.85, high=0.95), 15)
    judge(student, reference, slow, slow + 0.1)
    judge(student, reference, curve(draw, 1.0, draw.uniform(low=0.6, high=0.75), 15), slow)
    # both rise: nothing is learned any more, so it is no overfitting
    up, k = rising(draw, 0.4, 0.9, 24)
    judge(student, reference, [1.0, 0.5, 1.25], [1.0, 0.5, 0.75])
    both = up.copy() * 0.5
    judge(student, reference, both, up)
    both[-1] = 0.9 * both[0]
    judge(student, reference, both, up)
    # the first of several lowest losses counts, in both verdicts that name one
    low = draw.integers(20, 30) / 64
    judge(student, reference, [1.0, 0.8, 0.6, 0.5, 0.4], [1.0, low, low + 0.1, low, low + 0.2])
    judge(student, reference, [1.0, 0.8, 0.6, 0.5], [1.0, low, low, low])
