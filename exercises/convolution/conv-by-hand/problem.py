"""A 3x3 kernel on a 5x5 image at stride 2, ReLU and pooling of the four outputs, two edge kernels.

a, b, c, d are the outputs top left, top right, bottom left, bottom right.
"""

from grader.authoring import heatmap, mistake, step

CORNERS = {"a": (0, 0), "b": (0, 2), "c": (2, 0), "d": (2, 2)}  # first row and column of a window
PLACES = {"a": "top left", "b": "top right", "c": "bottom left", "d": "bottom right"}
HORIZONTAL = [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]


def draw(rng):
    edge, lo, hi = rng.choice(["horizontal", "vertical"]), rng.integers(0, 4), rng.integers(5, 10)
    picture = [[lo, lo, lo], [lo, lo, lo], [hi, hi, hi]]
    return {
        "X": rng.integers(0, 10, size=(5, 5)),
        "K": rng.integers(-2, 3, size=(3, 3)),
        "edge": edge, "lo": lo, "hi": hi,
        "picture": picture if edge == "horizontal" else transposed(picture),
    }  # fmt: skip


def transposed(M):
    return [list(column) for column in zip(*M, strict=True)]


def left_right(M):
    return [row[::-1] for row in M]


def turned(M):
    return left_right(M[::-1])


def total(X, K, corner=(0, 0)):
    """The sum of products of the kernel and the window that begins at `corner`."""
    top, left = corner
    return sum(K[u][v] * X[top + u][left + v] for u in range(3) for v in range(3))


def outputs(name, corners, kernel=lambda K: K, share=1):
    """The formulas of `name`_a and so on, with windows and kernel of one's own.

    A quotient has the four decimals that a student types: whole numbers are compared exactly.
    """
    return {
        f"{name}_{key}": lambda n, a, at=at: round(total(n.X, kernel(n.K), at) / share, 4)
        for key, at in corners.items()
    }


def pooled(a):
    return [a.relu_a, a.relu_b, a.relu_c, a.relu_d]


CROSS, TRUE, POOL, EDGE = (
    "Cross-correlation", "True convolution and mean", "ReLU and pooling", "Edges",
)  # fmt: skip
right_cc, right_conv = outputs("cc", CORNERS), outputs("conv", CORNERS, turned)

steps = [
    *(
        step(f"cc_{key}", right_cc[f"cc_{key}"], label=f"Output at the {PLACES[key]}",
             latex=rf"y_{key}", points=1.5, integer=True, section=CROSS)
        for key in CORNERS
    ),
    *(
        step(f"conv_{key}", right_conv[f"conv_{key}"], integer=True, section=TRUE, points=1.5,
             label=f"With the flipped kernel, {PLACES[key]}", latex=rf"y^{{\text{{flip}}}}_{key}")
        for key in "ab"
    ),
    step("mean_a", lambda n, a: a.cc_a / 9, label="Mean of the nine products, top left",
         latex=r"\bar y_a", points=0.5, section=TRUE),
    *(
        step(f"relu_{key}", lambda n, a, key=key: max(0, getattr(a, f"cc_{key}")),
             label=f"After ReLU, {PLACES[key]}", latex=rf"r_{key} = \max(0, y_{key})",
             points=0.5, integer=True, section=POOL)
        for key in CORNERS
    ),
    step("max_pool", lambda n, a: max(pooled(a)), label="Max pooling", points=0.5,
         latex=r"\max(r_a, r_b, r_c, r_d)", integer=True, section=POOL),
    step("avg_pool", lambda n, a: sum(pooled(a)) / 4, label="Average pooling", points=1,
         latex=r"\text{avg}(r_a, r_b, r_c, r_d)", section=POOL),
    step("edge_horizontal", lambda n, a: total(n.picture, HORIZONTAL), points=1, integer=True,
         label="Answer of the horizontal kernel", latex=r"K_{\text{hor}}", section=EDGE),
    step("edge_vertical", lambda n, a: total(n.picture, transposed(HORIZONTAL)), points=1,
         integer=True, label="Answer of the vertical kernel", latex=r"K_{\text{ver}}",
         section=EDGE),
]  # fmt: skip


def edge_answers(horizontal, vertical):
    return {
        "edge_horizontal": lambda n, a: total(n.picture, horizontal),
        "edge_vertical": lambda n, a: total(n.picture, vertical),
    }


def negated(K):
    return [[-k for k in row] for row in K]


def relu_formulas(rule):
    return {f"relu_{key}": lambda n, a, key=key: rule(getattr(a, f"cc_{key}")) for key in CORNERS}


def average_of_positive(n, a):
    positive = [value for value in pooled(a) if value > 0]
    return sum(positive) / max(1, len(positive))


mistakes = [
    mistake(
        "flipped",
        "The kernel was flipped.",
        hint="For these four outputs the kernel lies on the window just as it is printed.",
        **outputs("cc", CORNERS, turned),
    ),
    mistake(
        "kernel_transposed",
        "Rows and columns of the kernel are exchanged.",
        hint="The first row of the kernel meets the first row of the window.",
        **outputs("cc", CORNERS, transposed),
    ),
    mistake(
        "divided",
        "The sum was divided by the number of products.",
        hint="A convolution layer sums; the mean is asked for once, further down.",
        **outputs("cc", CORNERS, share=9),
    ),
    mistake(
        "stride_ignored",
        "The window moved by one cell, not by two.",
        hint="How far apart do two neighbouring windows begin at this stride?",
        **outputs("cc", {"b": (0, 1), "c": (1, 0), "d": (1, 1)}),
    ),
    mistake(
        "window_off_by_one",
        "The upper windows begin one row too low.",
        hint="Which row of the image does the first window begin in?",
        **outputs("cc", {"a": (1, 0), "b": (1, 2)}),
    ),
    mistake(
        "right_and_down_exchanged",
        "Top right and bottom left are exchanged.",
        hint="Moving right changes the columns of the window, not its rows.",
        **outputs("cc", {"b": (2, 0), "c": (0, 2)}),
    ),
    mistake(
        "not_flipped",
        "The kernel was not flipped.",
        hint="A true convolution turns the kernel before it is laid on the window.",
        **outputs("conv", {"a": (0, 0), "b": (0, 2)}),
    ),
    mistake(
        "flipped_left_right_only",
        "The kernel was flipped from left to right only.",
        hint="There are two axes to flip.",
        **outputs("conv", {"a": (0, 0), "b": (0, 2)}, left_right),
    ),
    mistake(
        "flipped_up_down_only",
        "The kernel was flipped from top to bottom only.",
        hint="There are two axes to flip.",
        **outputs("conv", {"a": (0, 0), "b": (0, 2)}, lambda K: K[::-1]),
    ),
    mistake(
        "negative_kept",
        "A negative output passed the ReLU.",
        hint="What does ReLU give for every number below zero?",
        **relu_formulas(lambda y: y),
    ),
    mistake(
        "max_for_average",
        "The maximum was taken for the average.",
        hint="Average pooling asks all four values.",
        avg_pool=lambda n, a: max(pooled(a)),
    ),
    mistake(
        "zeros_left_out",
        "Zeros were left out of the average.",
        hint="How many values does the pooling window hold?",
        avg_pool=average_of_positive,
    ),
    mistake(
        "edges_exchanged",
        "The two edge kernels are exchanged.",
        hint="A horizontal edge is where things change from one row to the next.",
        **edge_answers(transposed(HORIZONTAL), HORIZONTAL),
    ),
    mistake(
        "edge_sign",
        "The answer to the edge has the wrong sign.",
        hint="Which side of the kernel holds the −1, and what does it lie on?",
        **edge_answers(negated(HORIZONTAL), negated(transposed(HORIZONTAL))),
    ),
]


def figure(n):
    lines = "; ".join(" ".join(str(k) for k in row) for row in n.K)
    return heatmap(
        n.X,
        "Your image X",
        f"The stronger the colour, the larger the number. The kernel of three rows, {lines}, lies "
        "on the first three rows and columns, then two columns further, then twice two rows down.",
    )
