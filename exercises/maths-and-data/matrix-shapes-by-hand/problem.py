"""Entries of a matrix product, shapes of three others, and the sizes of dense layers.

The shape of a product does not use the answer whether it is defined: that answer is 0 or 1,
and nothing would follow from a wrong one.
"""

from grader.authoring import mistake, step

SIZES = range(2, 7)


def draw(rng):
    def matrix(rows, columns):
        return rng.integers(-9, 10, size=(rows, columns))

    r, inner, c = rng.sample(SIZES, 3)
    defined = [r, inner, inner, c]
    same, other, width = rng.sample(SIZES, 3)
    # as many rows as the other matrix, or a pair whose product exists in the other order only
    undefined = rng.choice([[same, other, same, width], [same, other, width, same]])
    pair1, pair2 = rng.sample([defined, undefined], 2)
    n, k, m = rng.sample(range(2, 10), 3)
    return {
        "A": matrix(2, 3), "B": matrix(3, 2),
        "pair1": pair1, "pair2": pair2,
        "W": [n, k], "X": [n, m],
        "layers": [rng.integers(2, 7) for _ in range(4)],
        "side": rng.integers(8, 1081), "channels": 3, "units": rng.integers(2, 7),
    }  # fmt: skip


def entry(a, b, i, j):
    return sum(x * row[j] for x, row in zip(a[i], b, strict=False))


ENTRIES = [(i, j) for i in (0, 1) for j in (0, 1)]
PRODUCT, DEFINED = "The product", "Which products exist?"
LAYERS, IMAGE = "A dense network", "A dense layer on an image"


def product_entry(i, j):
    return step(
        f"c{i + 1}{j + 1}",
        lambda n, a: entry(n.A, n.B, i, j),
        label=f"Entry in row {i + 1}, column {j + 1}",
        latex=f"c_{{{i + 1}{j + 1}}}",
        points=0.5,
        integer=True,
        section=PRODUCT,
    )


def shape_of(pair, place):
    """Three steps: is the product defined, and its rows and columns, 0 where it is not."""

    def value(n, size):
        r1, c1, r2, c2 = getattr(n, pair)
        return (1, r1, c2)[size] if c1 == r2 else 0

    names = (("defined", "exists (1) or not (0)"), ("rows", "rows"), ("cols", "columns"))
    return [
        step(
            f"{pair}_{name}",
            lambda n, a, size=size: value(n, size),
            label=f"{place} product: {words}",
            latex=rf"P_{place[0]} Q_{place[0]}" if size == 0 else "",
            points=0.5,
            integer=True,
            section=DEFINED,
        )
        for size, (name, words) in enumerate(names)
    ]


def neighbours(layers):
    return [(layers[i], layers[i + 1]) for i in range(len(layers) - 1)]


def whole(name, formula, label, points, section, latex=""):
    return step(
        name, formula, label=label, latex=latex, points=points, integer=True, section=section
    )


steps = [
    *(product_entry(i, j) for i, j in ENTRIES),
    *shape_of("pair1", "1st"),
    *shape_of("pair2", "2nd"),
    whole("wtx_rows", lambda n, a: n.W[1], "Rows of the third product", 0.5, DEFINED, r"W^T X"),
    whole("wtx_cols", lambda n, a: n.X[1], "Columns of the third product", 0.5, DEFINED, r"W^T X"),
    whole("weights", lambda n, a: sum(m * k for m, k in neighbours(n.layers)),
          "Weights of the network", 1, LAYERS),
    whole("params", lambda n, a: a.weights + sum(n.layers[1:]),
          "Parameters of the network, with biases", 1, LAYERS),
    whole("image_inputs", lambda n, a: n.side * n.side * n.channels,
          "Numbers in the image", 0.5, IMAGE),
    whole("dense_weights", lambda n, a: a.image_inputs * n.units, "Weights of the layer", 1, IMAGE),
    whole("dense_params", lambda n, a: a.dense_weights + n.units,
          "Parameters of the layer, with biases", 0.5, IMAGE),
]  # fmt: skip


def each_entry(formula):
    return {f"c{i + 1}{j + 1}": lambda n, a, i=i, j=j: formula(n.A, n.B, i, j) for i, j in ENTRIES}


def each_pair(formula):
    """What a mistake answers for both pairs: formula(pair) gives (defined, rows, columns)."""
    return {
        f"{pair}_{name}": lambda n, a, pair=pair, k=k: formula(*getattr(n, pair))[k]
        for pair in ("pair1", "pair2")
        for k, name in enumerate(("defined", "rows", "cols"))
    }


mistakes = [
    mistake(
        "elementwise",
        "Single entries were multiplied.",
        hint="An entry of the product is a sum over a whole row of A and a whole column of B.",
        **each_entry(lambda a, b, i, j: a[i][j] * b[j][i]),
    ),
    mistake(
        "ba_for_ab",
        "This is an entry of B A, not of A B.",
        hint="The order matters: rows come from the left matrix, columns from the right one.",
        **each_entry(lambda a, b, i, j: entry(b, a, i, j)),
    ),
    mistake(
        "row_for_column",
        "Row and column of the entry are exchanged.",
        hint="The first index is the row, and the row comes from the left matrix.",
        c12=lambda n, a: entry(n.A, n.B, 1, 0),
        c21=lambda n, a: entry(n.A, n.B, 0, 1),
    ),
    mistake(
        "wx_defined",
        "This product does not exist.",
        hint="How many numbers are in a row of the left matrix, how many in a column of the right?",
        **each_pair(lambda r1, c1, r2, c2: (1, r1, c2)),
    ),
    mistake(
        "same_shape_wanted",
        "This product exists: the shapes need not be equal.",
        hint="Only the two inner sizes have to agree.",
        **each_pair(lambda r1, c1, r2, c2: (1, r1, c1) if (r1, c1) == (r2, c2) else (0, 0, 0)),
    ),
    mistake(
        "inner_sizes",
        "The inner sizes were given, not the outer ones.",
        hint="The size that both matrices share is summed over, so it is gone from the result.",
        **each_pair(lambda r1, c1, r2, c2: (1, c1, r2) if c1 == r2 else (0, 0, 0)),
    ),
    mistake(
        "m_n_swapped",
        "Rows and columns are exchanged.",
        hint="A shape is written rows first. How many rows has the transposed W?",
        wtx_rows=lambda n, a: n.X[1],
        wtx_cols=lambda n, a: n.W[1],
    ),
    mistake(
        "not_transposed",
        "W was not transposed.",
        hint="Transposing exchanges rows and columns of W before it is multiplied.",
        wtx_rows=lambda n, a: n.W[0],
        wtx_cols=lambda n, a: n.X[1],
    ),
    mistake(
        "sizes_added",
        "The sizes of neighbouring layers were added.",
        hint="Each unit of a layer is connected with each unit of the next one.",
        weights=lambda n, a: sum(m + k for m, k in neighbours(n.layers)),
    ),
    mistake(
        "biases_forgotten",
        "The biases are missing.",
        hint="Every unit that computes something has one parameter more.",
        params=lambda n, a: a.weights,
        dense_params=lambda n, a: a.dense_weights,
    ),
    mistake(
        "input_biases",
        "The inputs were given biases too.",
        hint="An input only passes its number on; it computes nothing.",
        params=lambda n, a: a.weights + sum(n.layers),
        dense_params=lambda n, a: a.dense_weights + a.image_inputs + n.units,
    ),
    mistake(
        "bias_for_each_layer",
        "Only one bias was counted for each layer.",
        hint="Does every unit of a layer start from the same number?",
        params=lambda n, a: a.weights + len(n.layers) - 1,
        dense_params=lambda n, a: a.dense_weights + 1,
    ),
    mistake(
        "channels_forgotten",
        "The channels are missing.",
        hint="A colour picture holds more than one number for each pixel.",
        image_inputs=lambda n, a: n.side * n.side,
        dense_weights=lambda n, a: n.side * n.side * n.units,
    ),
]


def figure(n):
    small = "₀₁₂₃"
    return {
        "kind": "network",
        "title": "Your dense network, one circle for each layer",
        "description": (
            f"From left to right: {n.layers[0]} inputs, a layer of {n.layers[1]} units, a layer of "
            f"{n.layers[2]} units, and {n.layers[3]} outputs. Every unit of a layer is connected "
            f"with every unit of the next one."
        ),
        "data": {
            "layers": [
                [{"id": f"n{k}", "label": f"n{small[k]}", "value": size}]
                for k, size in enumerate(n.layers)
            ],
            "edges": [
                {"from": f"n{k}", "to": f"n{k + 1}", "label": "all", "value": "to all"}
                for k in range(3)
            ],
            "notes": [],
        },
    }
