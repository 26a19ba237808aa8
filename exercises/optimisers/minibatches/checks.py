"""Checks for minibatches: rows and pairs of an epoch, sizes, order, generators, arguments."""

import numpy as np

from grader.authoring import check, equal, require

MANY = 40  # rows where the order is judged: a random one is never nearly sorted


def data(draw, m, d, *, whole=False):
    """Rows that can be told apart: row i begins with i + 1, and its label is drawn once."""
    X = np.concatenate([np.arange(1.0, m + 1)[:, None], draw.normal(m, d - 1)], axis=1)
    y = draw.sample(range(100, 200), m)
    return X, np.array(y, dtype=np.int64 if whole else np.float64)


def epoch(student, X, y, batch_size, rng, of=None):
    """Return the pairs of one epoch; `of` are the arrays themselves where X and y are kept."""
    arrays = of or (X, y)
    found, pairs = student.batches(X, y, batch_size, rng), []
    text = f"batches must return a generator, an iterator or a list, not {type(found).__name__}."
    require(hasattr(found, "__iter__"), text)
    for number, pair in enumerate(found):
        limit = len(arrays[0]) + 2
        require(number < limit, f"More than {limit} batches for {limit - 2} rows.")
        which = f"batch {number} of {limit - 2} rows in batches of {batch_size}"
        pairs.append(checked(pair, which, *arrays))
    return pairs


def checked(pair, which, X, y):
    """Return a batch once it is well formed; `which` says in words which one it is."""
    two = isinstance(pair, (tuple, list)) and len(pair) == 2
    require(two, f"{which.capitalize()} is not a pair (Xb, yb).")
    Xb, yb = pair
    for name, part, whole in (("Xb", Xb, X), ("yb", yb, y)):
        shape = getattr(part, "shape", None)
        fits = shape is not None and len(shape) == whole.ndim and shape[1:] == whole.shape[1:]
        wanted = ("n", *whole.shape[1:])
        text = ", ".join(map(str, wanted)) + ("," if len(wanted) == 1 else "")
        found = f"has the shape {shape}" if shape is not None else f"is a {type(part).__name__}"
        require(fits, f"{name} of {which} {found}; expected an array of shape ({text}).")
        same = part.dtype == whole.dtype
        require(same, f"{name} of {which} is {part.dtype}; expected {whole.dtype}.")
    both = f"{which.capitalize()} has {len(Xb)} rows and {len(yb)} labels."
    require(len(Xb) == len(yb), both)
    return Xb, yb


def rows_of(pairs):
    """Return the numbers of the rows in the order in which they came."""
    return [round(float(row[0])) - 1 for Xb, _ in pairs for row in Xb]


def sizes_of(pairs):
    return [len(Xb) for Xb, _ in pairs]


def orders(student, draw, X, y, batch_size, count):
    """Return the row orders of several epochs with one generator that goes on."""
    rng = student.keep(draw.generator())
    return [rows_of(epoch(student, X, y, batch_size, rng)) for _ in range(count)]


@check("Each row comes exactly once in an epoch", points=3, visible=True)
def each_row_once(student, reference, draw):
    for m, d, batch_size in ((4, 1, 2), (6, 2, 3), (12, 3, 4)):
        X, y = data(draw, m, d)
        pairs = epoch(student, X, y, batch_size, draw.generator())
        got = rows_of(pairs)
        for row in range(m):
            times = got.count(row)
            text = f"Row {row} of X came {times} times in an epoch of {m} rows in batches of "
            require(times == 1, f"{text}{batch_size}. The rows came as {got}.")
        for Xb, _ in pairs:
            equal(Xb, X[rows_of([(Xb, None)])], name="Xb")


@check("Each row keeps its label", points=3, visible=True)
def pairs_stay(student, reference, draw):
    for m, batch_size, whole in ((3, 3, False), (6, 2, True), (12, 4, False)):
        X, y = data(draw, m, 2, whole=whole)
        for Xb, yb in epoch(student, X, y, batch_size, draw.generator()):
            rows = [row for row in rows_of([(Xb, yb)]) if 0 <= row < m]
            require(len(rows) == len(yb), "A row of Xb is no row of X.")
            equal(yb, y[rows], name=f"yb for the rows {rows} of X")


@check("Every batch but the last is full, and none is empty", points=3)
def sizes(student, reference, draw):
    for m, batch_size in ((4, 2), (5, 2), (7, 3), (11, 4), (10, 4)):
        X, y = data(draw, m, 2)
        got = sizes_of(epoch(student, X, y, batch_size, draw.generator()))
        full, rest = divmod(m, batch_size)
        wanted = [batch_size] * full + [rest] * (rest > 0)
        text = f"{m} rows in batches of {batch_size} came as {got}; expected {wanted}."
        require(got == wanted, text)


@check("One row at a time, and all rows at once", points=2)
def extremes(student, reference, draw):
    for m, batch_size, wanted in ((5, 1, [1] * 5), (5, 5, [5]), (5, 8, [5]), (1, 1, [1])):
        X, y = data(draw, m, 2)
        pairs = epoch(student, X, y, batch_size, draw.generator())
        got = sizes_of(pairs)
        text = f"{m} rows in batches of {batch_size} came as {got}; expected {wanted}."
        require(got == wanted, text)
        rows = rows_of(pairs)
        text = f"{m} rows in batches of {batch_size} came as {rows}; each should come once."
        require(sorted(rows) == list(range(m)), text)


@check("The order is random, and another one in each epoch", points=2, after=each_row_once)
def order(student, reference, draw):
    X, y = data(draw, MANY, 1)
    got = orders(student, draw, X, y, 8, 6)
    for rows in got:
        jumps = np.diff(rows)
        neighbours = int(np.sum(np.abs(jumps) == 1))
        few = neighbours <= 15  # 2 on average; more than 15 once in a billion
        text = f"{neighbours} of {MANY} rows follow a neighbour, beginning with {rows[:6]}: "
        require(few, f"{text}that is not a random order.")
        moved = float(np.mean(np.abs(np.array(rows) - np.arange(MANY))))
        far = moved >= 6  # 13.3 on average, with a deviation of 1.3
        require(far, f"Rows move by {moved:.1f} places on average; 13 in a random order.")
    differ = len({tuple(rows) for rows in got}) == len(got)
    text = f"of {len(got)} epochs with one generator have the same order"
    require(differ, f"Two {text}; the first begins with {got[0][:6]}.")
    fixed = [places[0] for places in zip(*got, strict=True) if len(set(places)) == 1]
    for row in fixed:  # once in a hundred million
        require(False, f"Row {row} came at the same place in all of {len(got)} epochs.")


@check("The generator alone decides the order", points=1, after=each_row_once)
def generator(student, reference, draw):
    X, y = data(draw, MANY, 1)
    seeds = draw.seed(), draw.seed()
    got = [
        rows_of(epoch(student, X, y, 8, np.random.default_rng(seed)))
        for seed in (seeds[0], seeds[0], seeds[1])
    ]
    require(
        got[0] == got[1],
        f"Two generators with the same seed gave two orders, beginning with {got[0][:6]} and "
        f"{got[1][:6]}. Does every random number come from rng?",
    )
    require(
        got[1] != got[2],
        f"Two generators with different seeds gave one order, beginning with {got[1][:6]}.",
    )


@check("X and y stay as they are", points=1)
def arguments_stay(student, reference, draw):
    X, y = data(draw, 6, 2)
    kept_X, kept_y = student.keep(X), student.keep(y)
    pairs = epoch(student, kept_X, kept_y, 4, draw.generator(), of=(X, y))
    require(pairs, "There is no batch.")
    equal(kept_X.value(), X, name="X after the epoch")
    equal(kept_y.value(), y, name="y after the epoch")
