"""Checks for init-schemes: shapes, then what the numbers are like, then what layers make of them.

Which numbers a student draws is free, so they are never compared with the reference's. Statistics
may be six standard errors off: a right solution misses that once in five hundred million times.
"""

import numpy as np

from grader.authoring import attach, check, close, curves, heatmap, require

RANDOM = ("normal", "xavier_uniform", "xavier_normal", "he_normal", "he_uniform")
ERRORS = 6
BIG = (200, 150)  # large enough for statistics, and fan_in is not fan_out


def weights(student, scheme, shape, rng, *sd):
    """Call init; return an array that is known to have the right shape and dtype."""
    w = student.init(*shape, scheme, rng, *sd)
    is_array = isinstance(w, np.ndarray)
    found = f"{w.dtype} of shape {w.shape}" if is_array else f"a {type(w).__name__}"
    require(
        is_array and w.shape == shape and w.dtype == np.float64,
        f"{scheme}, fan_in {shape[0]}, fan_out {shape[1]}: init returned {found}; "
        f"expected an array, float64 of shape {shape}.",
    )
    return w


def moments(scheme, w, variance):
    """Fail unless variance and mean are what they should be, as far as so many draws can show."""
    uniform = scheme.endswith("uniform")
    # the fourth moment is 9/5 of the squared variance if uniform, 3 of it if normal
    error = ERRORS * variance * ((0.8 if uniform else 2.0) / w.size) ** 0.5
    what, got = f"{scheme}, {w.shape[0]} x {w.shape[1]}: the", float(w.var())
    text = f"{what} variance is {got:.4g}; expected {variance:.4g} (at most {error:.2g} off)."
    require(abs(got - variance) < error, text)
    got, error = float(w.mean()), ERRORS * (variance / w.size) ** 0.5
    text = f"{what} mean is {got:.4g}; expected 0 (at most {error:.2g} off)."
    require(abs(got) < error, text)


def of_family(student, draw, family, variance_of):
    for kind, shape in (("normal", BIG), ("uniform", BIG[::-1])):
        w = weights(student, f"{family}_{kind}", shape, draw.generator())
        moments(f"{family}_{kind}", w, variance_of(*shape))


@check("Shapes, for every scheme", points=2, visible=True)
def shapes(student, reference, draw):
    for scheme in ("zeros", *RANDOM):
        for shape in ((1, 1), (3, 2), (2, 5)):
            weights(student, scheme, shape, draw.generator())


@check("zeros: every unit of a layer learns the same", points=1, visible=True, after=shapes)
def zeros(student, reference, draw):
    first, second = (
        weights(student, "zeros", shape, draw.generator()) for shape in ((4, 3), (3, 2))
    )
    close(first, np.zeros((4, 3)), name="weights")
    close(second, np.zeros((3, 2)), name="weights")
    x, t = draw.normal(20, 4), draw.normal(20, 2)
    biases = np.zeros(3), np.zeros(2)
    for _ in range(50):  # sigmoid units, squared error
        a = 1 / (1 + np.exp(-(x @ first + biases[0])))
        dy = (a @ second + biases[1] - t) / len(x)
        dz = dy @ second.T * a * (1 - a)
        first, second = first - 0.5 * x.T @ dz, second - 0.5 * a.T @ dy
        biases = biases[0] - 0.5 * dz.sum(axis=0), biases[1] - 0.5 * dy.sum(axis=0)
    attach(heatmap(
        first,
        "What 50 steps of training make of your zeros",
        "Weights from 4 inputs to 3 hidden units. All three columns are equal: "
        "units that begin alike get the same gradient and stay alike.",
        rows="input", columns="hidden unit",
    ))  # fmt: skip
    alike = bool(np.abs(first - first[:, :1]).max() < 1e-12)
    require(alike and np.abs(biases[1]).max() > 0, "The hidden units did not stay alike.")


@check("Each call draws new weights from rng", points=1, after=shapes)
def new_weights(student, reference, draw):
    for scheme in RANDOM:
        rng = student.keep(draw.generator())
        drawn = [weights(student, scheme, (5, 4), rng) for _ in range(3)]
        drawn.append(weights(student, scheme, (5, 4), draw.generator()))
        different = len({w.tobytes() for w in drawn}) == len(drawn)
        require(different, f"{scheme}: four calls drew the same 20 weights at least twice.")
        entries = np.unique(drawn[0]).size
        require(entries == 20, f"{scheme}: of 20 weights only {entries} are different.")


@check("normal: mean and variance, and it reads sd", points=2, after=shapes)
def normal(student, reference, draw):
    moments("normal", weights(student, "normal", BIG, draw.generator()), 1.0)
    for sd in (draw.uniform(low=0.02, high=0.5), draw.uniform(low=2.0, high=3.0)):
        w = weights(student, "normal", BIG, draw.generator(), sd)
        moments(f"normal with sd = {sd:.4g}", w, sd**2)


@check("xavier_normal and xavier_uniform: mean and variance", points=3, after=shapes)
def xavier(student, reference, draw):
    of_family(student, draw, "xavier", lambda n, m: 2 / (n + m))


@check("he_normal and he_uniform: mean and variance", points=3, after=shapes)
def he(student, reference, draw):
    gradients(student, draw)
    of_family(student, draw, "he", lambda n, m: 2 / n)


def gradients(student, draw):
    """Attach what is left of a gradient on its way back through ten layers of these weights."""
    x, dy, found = draw.normal(100, 32), draw.normal(100, 32), {}
    for scheme in ("he_normal", "xavier_normal", "normal"):
        layers = [weights(student, scheme, (32, 32), draw.generator()) for _ in range(10)]
        with np.errstate(all="ignore"):
            found[scheme] = backward(layers, x, dy)
    attach(curves(
        found,
        "The gradient on its way back through your weights",
        "Norm of the gradient at the sums of ten ReLU layers of 32 units, which comes in at the "
        "last layer; at the first one "
        + ", ".join(f"{scheme} has {norms[0]:.2g}" for scheme, norms in found.items()) + ".",
        xs=np.arange(1, 11), x="layer", y="norm of the gradient", log=True,
    ))  # fmt: skip


def backward(layers, x, dy):
    """Return the norm of the gradient at the sums of each ReLU layer, the first layer first."""
    sums = []
    for w in layers:
        sums.append((np.maximum(sums[-1], 0.0) if sums else x) @ w)
    norms = []
    for w, z in zip(reversed(layers), reversed(sums), strict=True):
        dz = dy * (z > 0)
        norms.append(float(np.linalg.norm(dz)))
        dy = dz @ w.T
    return norms[::-1]


@check("Uniform weights fill their range, and normal ones have tails", points=2, after=shapes)
def spread(student, reference, draw):
    for scheme in ("xavier_uniform", "he_uniform"):
        w = weights(student, scheme, BIG, draw.generator())
        variance = 2 / (sum(BIG) if scheme.startswith("xavier") else BIG[0])
        share = float(np.abs(w).max()) / (3 * variance) ** 0.5
        text = f"{scheme}: the largest weight is {share:.4f} times the bound; "
        require(0.999 < share <= 1 + 1e-12, text + "expected from 0.999 to 1.")
        inner = float((np.abs(w) < (3 * variance) ** 0.5 / 2).mean())
        text = f"{scheme}: {inner:.3f} of the weights are below half of the bound; expected 0.5."
        require(abs(inner - 0.5) < ERRORS * 0.5 / w.size**0.5, text)
    for scheme in ("normal", "xavier_normal", "he_normal"):
        w = weights(student, scheme, BIG, draw.generator())
        beyond = float((np.abs(w) > 2.5 * w.std()).mean())  # 0.01242 of a normal distribution
        text = f"{scheme}: {beyond:.4f} of the weights are beyond 2.5 standard deviations; "
        require(0.0085 < beyond < 0.0163, text + "expected about 0.0124.")


def asked(depth, width, scheme, act):
    return f"signal_std({depth}, {width}, {scheme!r}, {act!r})"


def std(student, draw, depth, width, scheme, act, times=1):
    """Return signal_std, or the median of several calls."""
    found = []
    for _ in range(times):
        value = student.signal_std(depth, width, scheme, act, draw.generator())
        number = np.asarray(value)
        good = number.shape == () and number.dtype.kind == "f"
        require(good, f"signal_std returns one float; it returned {str(value)[:60]}.")
        found.append(float(number))
    return float(np.median(found))


@check("signal_std: few layers", points=2, visible=True, after=(normal, xavier, he))
def shallow(student, reference, draw):
    cases = (  # how far each varies from draw to draw: at most a sixth of what is allowed
        (1, "xavier_normal", "linear", 1.0, 0.04),
        (2, "he_normal", "relu", (1 - 1 / np.pi) ** 0.5, 0.2),
        (1, "he_normal", "relu", (1 - 1 / np.pi) ** 0.5, 0.04),
        (1, "xavier_uniform", "tanh", 0.6279, 0.04),
        (3, "he_uniform", "linear", 8**0.5, 0.08),
    )
    for depth, scheme, act, expected, most in cases:
        got = std(student, draw, depth, 200, scheme, act)
        text = f"{asked(depth, 200, scheme, act)} is {got:.4g}; expected {expected:.3f}, "
        require(abs(got / expected - 1) < most, text + f"at most {100 * most:.0f} % off.")
    got = std(student, draw, 2, 200, "zeros", "tanh")
    require(got == 0, f"{asked(2, 200, 'zeros', 'tanh')} is {got:.4g}; expected 0.")


@check("signal_std: what is left of the signal after twenty layers", points=4, after=shallow)
def deep(student, reference, draw):
    depths = (1, 2, 5, 10, 20)
    pairs = (("he_normal", "relu"), ("xavier_normal", "relu"), ("normal", "tanh"))
    shown = {
        f"{scheme}, {act}": [std(student, draw, d, 64, scheme, act) for d in depths]
        for scheme, act in pairs
    }
    attach(curves(
        shown,
        "The signal from layer to layer",
        "Standard deviation of the outputs of your layers of 64 units, after 1, 2, 5, 10 and 20.",
        xs=depths, x="layers", y="standard deviation", log=True,
    ))  # fmt: skip
    # The first varies from draw to draw by a factor of about 1.4, the others hardly.
    limits = ((0.3, 3.0, 3), (0.0, 0.01, 1), (0.9, 1.0, 1))
    for (scheme, act), (low, high, times) in zip(pairs, limits, strict=True):
        got = std(student, draw, 20, 256, scheme, act, times)
        what = "the median of three calls of " if times == 3 else ""
        text = f"{what}{asked(20, 256, scheme, act)} is {got:.4g}; "
        require(low <= got < high, text + f"expected between {low:g} and {high:g}.")
