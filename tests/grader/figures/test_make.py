from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from grader.figures import FigureError, bars, boxes, curves, heatmap, trajectory
from grader.figures.figure import Figure, parse

FIGURES = [
    heatmap(np.arange(6.0).reshape(2, 3), "Error", "Error by row and column"),
    curves({"loss": [3.0, 2.0, np.inf]}, "Loss", "Loss by epoch", log=True),
    bars({"layer 1": 0.5, "layer 2": np.nan}, "Norms", "Gradient norm of each layer"),
    boxes({"yours": [[0, 0, 2, 2]], "expected": [[1, 1, 2, 2]]}, "Boxes", "Two boxes",
          width=4, height=3),
    trajectory({"Adam": [[0, 0], [1, 1]]}, "Way", "Way to the minimum",
               surface=np.eye(3), extent=(0, 1, 0, 1)),
]  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.kind)
def test_a_figure_survives_the_way_through_json(figure: Figure) -> None:
    assert parse(figure.to_bytes()) == figure
    assert json.loads(figure.to_bytes())["kind"] == figure.kind


def test_what_is_not_finite_becomes_a_string() -> None:
    assert FIGURES[1].data["series"][0]["ys"] == [3.0, 2.0, "inf"]
    assert FIGURES[2].data["bars"][1]["value"] == "nan"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: heatmap(np.zeros((65, 64)), "t", "d"), "array"),
        (lambda: heatmap(np.zeros(3), "t", "d"), "array"),
        (lambda: heatmap(np.zeros((0, 3)), "t", "d"), "array"),
        (lambda: heatmap([["x"]], "t", "d"), "array"),
        (lambda: heatmap(np.zeros((2, 2)), "", "d"), "title"),
        (lambda: heatmap(np.zeros((2, 2)), "t", " "), "description"),
        (lambda: curves({}, "t", "d"), "series"),
        (lambda: curves({"a": [1, 2]}, "t", "d", xs=[1]), "series"),
        (lambda: curves({"a": np.zeros(3000)}, "t", "d"), "series"),
        (lambda: boxes({"a": np.zeros((201, 4))}, "t", "d", width=1, height=1), "a:"),
        (lambda: trajectory({"a": np.zeros((3, 3))}, "t", "d"), "a:"),
        (lambda: trajectory({"a": np.zeros((3, 2))}, "t", "d", surface=np.eye(2)), "extent"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_drawn_names_its_field(
    make: Callable[[], Figure], field: str
) -> None:
    with pytest.raises(FigureError, match=field):
        make()


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"[" * 10_000, b"\xff",
             b'{"kind":1,"title":"t","description":"d","data":{}}',
             b'{"kind":"script","title":"t","description":"d","data":{}}', b" " * 300_000],
)  # fmt: skip
def test_bytes_that_are_no_figure_are_refused(data: bytes) -> None:
    with pytest.raises(FigureError):
        parse(data)
