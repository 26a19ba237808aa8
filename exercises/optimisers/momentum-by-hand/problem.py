"""Three steps of heavy-ball, torch's form, the averaging form and Nesterov, from the same start.

The learning rate halves at step 3: until then heavy-ball and torch's form move alike.
"""

import numpy as np

from grader.authoring import curves, mistake, step

# mu, lr, nag_a. Not (0.9, 0.1, 2): there the gradient at theta instead of the point ahead is
# exactly 0 at step 3.
SETTINGS = [
    (mu, lr, nag_a)
    for mu in (0.5, 0.9)
    for lr in (0.1, 0.2)
    for nag_a in (1, 2)
    if (mu, lr, nag_a) != (0.9, 0.1, 2)
]


def draw(rng):
    sizes = [round(rng.uniform(low=0.3, high=1.5), 2) for _ in range(3)]
    odd, sign = rng.integers(0, 3), rng.choice([-1, 1])
    g1, g2, g3 = (-sign * size if i == odd else sign * size for i, size in enumerate(sizes))
    mu, lr, nag_a = rng.choice(SETTINGS)
    th0 = round(rng.uniform(low=-2, high=2), 1)
    nag_c = round(th0 + rng.choice([-1, 1]) * rng.uniform(low=0.5, high=3), 1)
    return {
        "g1": g1, "g2": g2, "g3": g3, "mu": mu, "lr": lr, "lr3": lr / 2,
        "th0": th0, "nag_a": nag_a, "nag_c": nag_c,
    }  # fmt: skip


def rate(n, i):
    return n.lr3 if i == 3 else n.lr


def g(n, i):
    return getattr(n, f"g{i}")


def v(a, form, i):
    """The velocity before step i."""
    return getattr(a, f"{form}_v{i - 1}") if i > 1 else 0


def th(n, a, form, i):
    """The parameter before step i."""
    return getattr(a, f"{form}_th{i - 1}") if i > 1 else n.th0


def heavy_ball(n, a, form, i):
    return n.mu * v(a, form, i) + rate(n, i) * g(n, i)


def in_torch(n, a, form, i):
    return n.mu * v(a, form, i) + g(n, i)


def average(n, a, form, i):
    return n.mu * v(a, form, i) + (1 - n.mu) * g(n, i)


def slope(n, point):
    return 2 * n.nag_a * (point - n.nag_c)


def ahead(n, a, i):
    return th(n, a, "nag", i) - n.mu * v(a, "nag", i)


def nesterov(n, a, i):
    return n.mu * v(a, "nag", i) + rate(n, i) * getattr(a, f"nag_g{i}")


def over_steps(name, formula, first=1):
    """One formula for each of the steps from `first` on, by the id of its answer."""
    return {f"{name}{i}": lambda n, a, i=i: formula(n, a, i) for i in range(first, 4)}


def moved(form, sign=-1):
    """Theta after step i of a form whose velocity holds the learning rate."""
    return lambda n, a, i: th(n, a, form, i) + sign * getattr(a, f"{form}_v{i}")


def moved_by_rate(form, sign=-1):
    """Theta after step i of a form whose velocity does not hold it."""
    return lambda n, a, i: th(n, a, form, i) + sign * rate(n, i) * getattr(a, f"{form}_v{i}")


VELOCITIES = {
    "hb": (heavy_ball, r"\eta_i\, g_i"),
    "torch": (in_torch, r"g_i"),
    "ema": (average, r"(1 - \mu)\, g_i"),
}
SECTIONS = {
    "hb": "Heavy ball",
    "torch": "torch's form",
    "ema": "Averaging form",
    "nag": "Nesterov",
}


def after(form, i):
    by_rate = form in ("torch", "ema")
    factor = rf"\eta_{i}\, " if by_rate else ""
    formula = moved_by_rate(form) if by_rate else moved(form)
    return step(
        f"{form}_th{i}",
        lambda n, a: formula(n, a, i),
        label=f"{SECTIONS[form]}: parameter after step {i}",
        latex=rf"\theta_{i} = \theta_{i - 1} - {factor}v_{i}",
        points=0.5,
        section=SECTIONS[form],
    )


def velocity(form, i):
    formula, new = VELOCITIES[form]
    return step(
        f"{form}_v{i}",
        lambda n, a: formula(n, a, form, i),
        label=f"{SECTIONS[form]}: velocity of step {i}",
        latex=rf"v_{i} = \mu v_{i - 1} + " + new.replace("_i", f"_{i}"),
        points=0.5,
        section=SECTIONS[form],
    )


def nesterov_steps(i):
    section = SECTIONS["nag"]
    return [
        step(f"nag_g{i}", lambda n, a: slope(n, ahead(n, a, i)),
             label=f"Nesterov: slope at the point ahead, step {i}",
             latex=rf"g_{i} = f'(\theta_{i - 1} - \mu v_{i - 1})", points=1, section=section),
        step(f"nag_v{i}", lambda n, a: nesterov(n, a, i), label=f"Nesterov: velocity of step {i}",
             latex=rf"v_{i} = \mu v_{i - 1} + \eta_{i}\, g_{i}", points=0.5, section=section),
        after("nag", i),
    ]  # fmt: skip


steps = [
    *(one for form in VELOCITIES for i in (1, 2, 3) for one in (velocity(form, i), after(form, i))),
    *(one for i in (1, 2, 3) for one in nesterov_steps(i)),
]

mistakes = [
    mistake(
        "forms_swapped",
        "This is the velocity of torch's form, in the place of heavy ball's.",
        hint="The two differ in the place of the learning rate: inside the velocity or outside.",
        **over_steps("hb_v", lambda n, a, i: in_torch(n, a, "hb", i)),
        **over_steps("hb_th", moved_by_rate("hb")),
    ),
    mistake(
        "heavy_ball_for_torch",
        "This is heavy ball's velocity, in the place of that of torch's form.",
        hint="In torch's form the velocity knows gradients only.",
        **over_steps("torch_v", lambda n, a, i: heavy_ball(n, a, "torch", i)),
        **over_steps("torch_th", moved("torch")),
    ),
    mistake(
        "average_unweighted",
        "The new gradient enters the average with its full weight.",
        hint="The weights of the old average and of the new gradient add up to 1.",
        **over_steps("ema_v", lambda n, a, i: in_torch(n, a, "ema", i)),
    ),
    mistake(
        "velocity_not_carried",
        "The velocity starts from 0 again.",
        hint="Momentum is what is left of the step before.",
        **over_steps("hb_v", lambda n, a, i: rate(n, i) * g(n, i), 2),
        **over_steps("torch_v", lambda n, a, i: g(n, i), 2),
        **over_steps("ema_v", lambda n, a, i: (1 - n.mu) * g(n, i), 2),
        **over_steps("nag_v", lambda n, a, i: rate(n, i) * getattr(a, f"nag_g{i}"), 2),
    ),
    mistake(
        "plus_velocity",
        "The step goes uphill.",
        hint="The velocity collects gradients, and these point towards larger values of f.",
        **over_steps("hb_th", moved("hb", +1)),
        **over_steps("torch_th", moved_by_rate("torch", +1)),
        **over_steps("ema_th", moved_by_rate("ema", +1)),
        **over_steps("nag_th", moved("nag", +1)),
    ),
    mistake(
        "rate_not_halved",
        "The learning rate of the first two steps was used at step 3.",
        hint="Look at the learning rates again: they are not the same for all three steps.",
        hb_v3=lambda n, a: n.mu * a.hb_v2 + n.lr * n.g3,
        torch_th3=lambda n, a: a.torch_th2 - n.lr * a.torch_v3,
        ema_th3=lambda n, a: a.ema_th2 - n.lr * a.ema_v3,
        nag_v3=lambda n, a: n.mu * a.nag_v2 + n.lr * a.nag_g3,
    ),
    mistake(
        "gradient_at_theta",
        "The slope was taken at the parameter, not at the point ahead.",
        hint="Nesterov looks where the old velocity alone would lead, and takes the slope there.",
        **over_steps("nag_g", lambda n, a, i: slope(n, th(n, a, "nag", i)), 2),
    ),
    mistake(
        "gamma_missing_in_nag",
        "The momentum factor is missing, in the point ahead and in the velocity.",
        hint="Only a part of the old velocity goes on, and the point ahead uses the same part.",
        **over_steps(
            "nag_g", lambda n, a, i: slope(n, th(n, a, "nag", i) - v(a, "nag", i)), 2
        ),
        **over_steps(
            "nag_v",
            lambda n, a, i: v(a, "nag", i) + rate(n, i) * getattr(a, f"nag_g{i}"),
            2,
        ),
    ),
    mistake(
        "factor_two_lost",
        "The factor 2 of the derivative is missing.",
        hint="The derivative of a square has a factor.",
        **over_steps("nag_g", lambda n, a, i: n.nag_a * (ahead(n, a, i) - n.nag_c)),
    ),
]  # fmt: skip


def figure(n):
    reach = 1.3 * abs(n.th0 - n.nag_c)
    xs = np.linspace(n.nag_c - reach, n.nag_c + reach, 61)
    return curves(
        {"f(θ)": n.nag_a * (xs - n.nag_c) ** 2},
        "The parabola for Nesterov's steps",
        f"f(θ) = {n.nag_a} (θ − ({n.nag_c}))². It is lowest at θ = {n.nag_c}; "
        f"the steps start at θ₀ = {n.th0}.",
        xs=xs,
        x="θ",
        y="f(θ)",
    )
