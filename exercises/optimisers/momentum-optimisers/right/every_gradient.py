"""The state is the list of all gradients and learning rates; the velocity is their weighted sum."""

from functools import partial

import numpy as np


class Step:
    def __call__(self, theta, grad_fn, state, lr, mu, variant):
        seen = state.setdefault("seen", [])
        inside = variant in {"nag", "heavy-ball"}
        scale = {"ema": 1 - mu}.get(variant, 1)

        def velocity():
            age = np.arange(len(seen) - 1, -1, -1.0)
            weights = [scale * mu**k * (rate if inside else 1) for k, (rate, _) in zip(age, seen)]
            total = np.zeros_like(theta)
            for weight, (_, g) in zip(weights, seen):
                total += weight * np.asarray(g)
            return total

        point = np.add(theta, -mu * velocity()) if variant == "nag" else theta
        seen.append((lr, grad_fn(point)))
        return np.asfortranarray(theta - velocity() * (1 if inside else lr))


step = partial(Step())
