"""torch for the predictions; exact fractions and a search through all cells for the targets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from types import ModuleType

import numpy as np
import torch

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

MISTAKEN = ("offset_clipped_at_one", "highest_class_at_ties")


def owner(place: float, cells: int) -> int:
    """Return the cell along one axis whose part of the image, its end left out, holds a centre."""
    for cell in range(cells):
        if Fraction(place) * cells < cell + 1:
            return cell
    return cells - 1


def target(rows: np.ndarray, cells: int, classes: int) -> np.ndarray:
    found = torch.zeros(cells, cells, 5 + classes, dtype=torch.float64)
    for i in range(cells):
        for j in range(cells):
            here = [r for r in rows.tolist() if (owner(r[2], cells), owner(r[1], cells)) == (i, j)]
            if here:
                label, x, y, w, h = max(here, key=lambda r: r[3] * r[4])
                offset = (float(Fraction(x) * cells - j), float(Fraction(y) * cells - i))
                box = torch.tensor([*offset, w, h, 1.0], dtype=torch.float64)
                hot = torch.nn.functional.one_hot(torch.tensor(int(label)), classes)
                found[i, j] = torch.cat([box, hot.to(torch.float64)])
    return np.asarray(found)


def predictions(t: np.ndarray, anchors: np.ndarray, stride: int) -> np.ndarray:
    out, cells = tensor(t).permute(0, 2, 3, 1), t.shape[-1]
    line = torch.arange(cells, dtype=torch.float64)
    down, across = torch.meshgrid(line, line, indexing="ij")
    centre = (torch.sigmoid(out[..., :2]) + torch.stack([across, down], dim=-1)) * stride
    size = tensor(anchors)[:, None, None] * torch.exp(out[..., 2:4])
    best = out[..., 5:].max(dim=-1)
    score = torch.sigmoid(out[..., 4]) * torch.sigmoid(best.values)
    label = best.indices.to(torch.float64)
    found = torch.cat([centre, size, score[..., None], label[..., None]], dim=-1)
    return np.asarray(found.view(-1, 6))


def cases(module: ModuleType) -> Iterator[Case]:
    for cells, classes, k in ((1, 1, 1), (3, 2, 4), (4, 5, 9), (7, 20, 30), (13, 3, 12), (2, 2, 0)):
        size = rng.uniform(0.05, 1, (k, 2))
        label = rng.integers(0, classes, k)
        rows = np.column_stack([label, rng.uniform(0, 1, (k, 2)), size])
        got = module.encode_v1(rows, cells, classes)
        yield f"target, {k} boxes", got, target(rows, cells, classes), *VALUE
    edges = np.array([0, 0.125, 0.25, 0.5, 0.75, 1])
    for cells in (1, 4, 8):
        x, y = (grid.ravel() for grid in np.meshgrid(edges, edges))
        rows = np.column_stack([0 * x, x, y, rng.uniform(0.1, 1, (len(x), 2))])
        yield (
            f"borders, {cells} cells",
            module.encode_v1(rows, cells, 1),
            target(rows, cells, 1),
            *VALUE,
        )
    for a, classes, cells, stride in ((1, 1, 1, 8), (3, 4, 2, 16), (2, 7, 5, 32), (3, 80, 13, 32)):
        t, anchors = 2 * rng.normal(size=(a, 5 + classes, cells, cells)), rng.uniform(5, 90, (a, 2))
        expected = predictions(t, anchors, stride)
        yield f"predictions, {cells} cells", module.decode_v3(t, anchors, stride), expected, *VALUE
    t = 2 * rng.normal(size=(2, 9, 3, 3))
    t[:, 6] = t[:, 8] = t[:, 5:].max(axis=1)
    got, label = module.decode_v3(t, np.ones((2, 2)), 8), (t[:, 5] == t[:, 6]).ravel()
    yield "tied classes", got[:, 5], np.where(label, 0.0, 1.0), *VALUE
