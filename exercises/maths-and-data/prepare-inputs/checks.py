"""Checks for prepare-inputs: images, scaling, categories, words; smallest inputs first.

What `fit_scaler` returns is not looked at: it goes back into `apply_scaler` as it came.
"""

import numpy as np

from grader.authoring import attach, check, close, heatmap, raises

KINDS = ("minmax", "zscore")
WORDS = ("cloud", "fog", "hail", "mist", "rain", "snow", "storm", "sun", "thaw", "wind")
SENTENCE = ("The", "Cardinals", "will", "win", "the", "world", "series")
# A letter on 14 rows and 11 columns, in tenths of white.
PICTURE = (
    "aaa9666aaaa", "a50000005aa", "a225665005a", "a9aaaaa9009", "aaaaaaaa5aa", "aaa5555405a",
    "a400000005a", "9006aaa505a", "506aaaaa505", "507aaaaa05a", "606aaaa5005", "91067750505",
    "a7100019805", "aaa889aaaaa",
)  # fmt: skip


def compare_columns(student, reference, imgs):
    close(student.image_to_column(imgs), reference.image_to_column(imgs), name="columns")


def images(draw, *shape):
    return draw.integers(0, 255, size=shape).astype(np.uint8)  # 254 at most: none is white


@check("One image becomes one column", points=2, visible=True)
def one_image(student, reference, draw):
    for size in ((1, 2, 1), (2, 2, 2), (2, 3, 1), (3, 2, 3)):
        compare_columns(student, reference, images(draw, 1, *size))


@check("Several images become columns side by side", points=2)
def several_images(student, reference, draw):
    for m, *size in ((2, 1, 3, 1), (3, 2, 1, 2), (4, 3, 5, 3)):
        compare_columns(student, reference, images(draw, m, *size))


@check("A picture of 14 rows and 11 columns", points=1)
def picture(student, reference, draw):
    tenths = np.array([[int(digit, 16) for digit in row] for row in PICTURE])
    grey = np.rint(25.5 * tenths).astype(np.uint8)
    attach(
        heatmap(
            grey, "The picture", "A dark letter a on white, 14 rows and 11 columns of grey values."
        )
    )
    compare_columns(student, reference, grey[None, :, :, None])
    tinted = np.stack([grey, grey[::-1], 255 - grey], axis=2)
    compare_columns(student, reference, np.stack([tinted, tinted[:, ::-1]]))


def features(draw, n, m, size=1.0):
    """Return n rows of m values; each row has a centre of its own, as far off as it is wide."""
    return size * (draw.normal(n, m) + draw.uniform(n, 1, low=0.5, high=2.0))


def compare_scaled(student, reference, X, kind, *others):
    """Fit on X, apply to the others, or to X itself where there are none."""
    state, expected = student.fit_scaler(X, kind), reference.fit_scaler(X, kind)
    for other in others or (X,):
        compare_applied(student, reference, other, state, expected, of(kind, same=other is X))


def compare_applied(student, reference, X, state, expected, name):
    close(student.apply_scaler(X, state), reference.apply_scaler(X, expected), name=name)


def of(kind, *, same):
    """Name a result: the call in a counterexample does not show what was fitted."""
    return f"the {kind} result, fitted on {'the same X' if same else 'other data'},"


@check("Each feature is scaled by its own numbers", points=2, visible=True)
def own_numbers(student, reference, draw):
    for kind in KINDS:
        compare_scaled(student, reference, features(draw, 1, 3), kind)
        compare_scaled(student, reference, features(draw, 3, 4), kind)


@check("Features of very different size", points=1)
def sizes(student, reference, draw):
    scale = np.array([[1e-4], [50.0], [-0.02], [1.0]])
    for kind in KINDS:
        compare_scaled(student, reference, features(draw, 4, 6, scale), kind)


@check("New data is scaled by what was fitted", points=3)
def new_data(student, reference, draw):
    for kind in KINDS:
        X = features(draw, 2, 5)
        compare_scaled(student, reference, X, kind, features(draw, 2, 1), features(draw, 2, 3, 4.0))
    # two fits, then each state in turn
    fitted = [(features(draw, 3, m), kind) for m, kind in ((4, "zscore"), (6, "minmax"))]
    states = [student.fit_scaler(X, kind) for X, kind in fitted]
    expected = [reference.fit_scaler(X, kind) for X, kind in fitted]
    for other in (features(draw, 3, 2), features(draw, 3, 5)):
        for state, known, (_, kind) in zip(states, expected, fitted, strict=True):
            compare_applied(student, reference, other, state, known, of(kind, same=False))


@check("A feature that never changes becomes 0", points=2)
def constant(student, reference, draw):
    # Three equal numbers whose mean, as numpy computes it, is none of them.
    level = next(v for v in iter(lambda: draw.uniform(low=0.1, high=0.9), None) if uneven(v))
    for kind in KINDS:
        compare_scaled(student, reference, np.full((1, 2), 3.0), kind)
        X = features(draw, 3, 3)
        X[1] = level
        compare_scaled(student, reference, X, kind, X, X + draw.uniform(low=0.5, high=2.0))
        compare_scaled(student, reference, features(draw, 2, 1), kind, features(draw, 2, 2))


def uneven(value):
    return np.full(3, value).std() > 0


def compare_coded(student, reference, col, categories):
    close(student.one_hot(col, categories), reference.one_hot(col, categories), name="one_hot")


@check("One row for each category, in the order that is given", points=2, visible=True)
def categories(student, reference, draw):
    compare_coded(student, reference, ["sun"], ["sun", "rain"])
    compare_coded(student, reference, ["rain", "sun", "rain"], ["sun", "rain"])
    known = sorted(draw.sample(WORDS, 4), reverse=True)
    compare_coded(student, reference, [draw.choice(known[:3]) for _ in range(6)], known)
    known = draw.sample(WORDS, 5)
    compare_coded(student, reference, [draw.choice(known) for _ in range(3)], known)


@check("A value that is no category is refused", points=1, after=categories)
def unseen(student, reference, draw):
    *known, other = draw.sample(WORDS, 4)
    for col in ([other], [known[0], other, known[1]], [known[0].upper()], [""]):
        with raises(ValueError):
            student.one_hot(col, known)


def table_of(draw, words, d):
    return {word: tuple(draw.normal(d).tolist()) for word in words}


def compare_words(student, reference, tokens, table, lowercase):
    close(
        student.embed(tokens, table, lowercase),
        reference.embed(tokens, table, lowercase),
        name="vectors",
    )


@check("Each token is looked up", points=1, visible=True)
def looked_up(student, reference, draw):
    table = table_of(draw, WORDS[:4], 2)
    compare_words(student, reference, [WORDS[1]], table, False)
    compare_words(student, reference, [WORDS[2], WORDS[0], WORDS[2]], table, False)
    table = {word: list(vector) for word, vector in table_of(draw, WORDS, 5).items()}
    compare_words(student, reference, draw.sample(WORDS, 6), table, False)


@check("Upper and lower case matter, unless they are asked not to", points=2, after=looked_up)
def case(student, reference, draw):
    for words in (SENTENCE, SENTENCE[::-1]):
        table = table_of(draw, words, 2)
        compare_words(student, reference, ["The", "the"], table, False)
        compare_words(student, reference, ["WIN", "World"], table, True)
        compare_words(student, reference, ["The", "the"], table, True)


@check("A word that is not in the table is refused", points=1, after=looked_up)
def unknown(student, reference, draw):
    table = table_of(draw, ("Cardinals", "the", "world"), 2)
    for tokens, lowercase in (
        (["fog"], False),
        (["the", "fog", "world"], True),
        (["World"], False),
        (["Cardinals"], True),
    ):
        with raises(KeyError):
            student.embed(tokens, table, lowercase)
