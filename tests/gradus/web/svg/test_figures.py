"""Figures are drawn from numbers alone; bad data costs the figure, never the page."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.web.svg import draw_figure
from gradus.web.svg.boxes import boxes

FIGURES: dict[str, dict[str, Any]] = {
    "heatmap": {"values": [[0.0, 1.5], ["nan", -3.0]], "rows": "row", "columns": "column"},
    "curves": {
        "xs": [0.0, 1.0, 2.0], "x": "epoch", "y": "loss", "log": True,
        "series": [{"name": "yours", "ys": [3.0, "nan", 1.0]}, {"name": "theirs", "ys": [2.0]}],
    },
    "bars": {"bars": [{"name": "a", "value": -2.0}, {"name": "b", "value": "inf"}], "y": "norm"},
    "boxes": {"width": 64, "height": 48, "groups": [{"name": "yours", "boxes": [[1, 2, 30, 40]]}]},
    "trajectory": {
        "paths": [{"name": "adam", "points": [[0.0, 0.0], [1.0, 1.0]]}],
        "surface": [[1.0, 2.0], [3.0, 4.0]], "extent": [-1.0, 2.0, -1.0, 2.0],
    },
    "network": {
        "layers": [[{"id": "x", "label": "x", "value": 0.5}], [{"id": "y", "label": "y"}]],
        "edges": [{"from": "x", "to": "y", "label": "w", "value": 0.25}],
        "notes": [{"label": "t", "value": 1}],
    },
}  # fmt: skip


def figure(kind: str, **changes: Any) -> dict[str, Any]:
    data = FIGURES[kind] | changes
    return {"kind": kind, "title": "A <title>", "description": "What & why", "data": data}


@pytest.mark.parametrize("kind", FIGURES)
def test_each_kind_is_well_formed_with_a_name_and_a_finding(kind: str) -> None:
    drawn = draw_figure(figure(kind), "f")
    assert drawn is not None
    root = ElementTree.fromstring(drawn.svg)
    assert root.findtext("title") == "A <title>"
    assert root.findtext("desc") == "What & why"
    assert root.get("aria-labelledby") == "f-t f-d"


@pytest.mark.parametrize("kind", FIGURES)
def test_no_style_and_no_colour_is_in_the_markup(kind: str) -> None:
    drawn = draw_figure(figure(kind), "f")
    assert drawn is not None
    assert not re.search(r"style=|#[0-9a-f]{3,6}\b|rgb|<script|\bon\w+=", drawn.svg)
    assert "nan" not in re.sub(r">[^<]*<", "", drawn.svg)


@pytest.mark.parametrize("kind", ["curves", "bars", "boxes", "heatmap"])
def test_the_numbers_can_be_read_as_a_table(kind: str) -> None:
    drawn = draw_figure(figure(kind), "f")
    assert drawn is not None
    assert drawn.rows
    assert all(len(row) == len(drawn.head) for row in drawn.rows)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("heatmap", {"values": []}),
        ("heatmap", {"values": [["<b>"]]}),
        ("curves", {"series": [{"name": "x"}]}),
        ("boxes", {"groups": [{"name": "x", "boxes": [[1, 2]]}]}),
        ("trajectory", {"paths": [{"name": "x", "points": []}]}),
        ("network", {"edges": [{"from": "nowhere", "to": "y", "label": "w", "value": 1}]}),
    ],
)
def test_data_that_cannot_be_drawn_costs_only_the_figure(
    kind: str, changes: dict[str, Any]
) -> None:
    assert draw_figure(figure(kind, **changes), "f") is None


@pytest.mark.parametrize("document", [{}, {"kind": "pie", "data": {}}, {"kind": "bars", "data": 3}])
def test_unknown_figures_are_left_out(document: dict[str, Any]) -> None:
    assert draw_figure(document, "f") is None


numbers = st.floats(width=32) | st.sampled_from(["nan", "inf", "-inf"])


@given(st.lists(st.lists(numbers, min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_matrix_gives_well_formed_markup_or_none(values: list[list[Any]]) -> None:
    drawn = draw_figure(figure("heatmap", values=values), "f")
    assert drawn is None or ElementTree.fromstring(drawn.svg) is not None


@given(st.lists(numbers, min_size=1, max_size=8), st.booleans())
def test_any_curve_gives_well_formed_markup_or_none(ys: list[Any], log: bool) -> None:
    series = [{"name": "<y>", "ys": ys}]
    changes = {"xs": list(range(len(ys))), "series": series, "log": log}
    drawn = draw_figure(figure("curves", **changes), "f")
    assert drawn is None or ElementTree.fromstring(drawn.svg) is not None


def test_a_lone_box_has_the_name_of_its_group_and_several_have_numbers() -> None:
    groups = [{"name": "P", "boxes": [[0, 0, 4, 4]]}, {"name": "Q", "boxes": [[0, 0, 2, 2]] * 2}]
    page = str(boxes("u", "Title", "Words", {"width": 9, "height": 9, "groups": groups}))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", page)
    assert texts == ["P", "Q 1", "Q 2", "P", "Q (2)"]


@given(st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=5))
def test_no_box_is_drawn_outside_of_the_picture(corners: list[list[Any]]) -> None:
    drawn = draw_figure(figure("boxes", groups=[{"name": "yours", "boxes": corners}]), "f")
    assert drawn is not None
    root = ElementTree.fromstring(drawn.svg)
    *_, wide, high = map(float, root.get("viewBox", "").split())
    for shape in root.iter("rect"):
        x, y, w, h = (float(shape.get(name, "nan")) for name in ("x", "y", "width", "height"))
        assert -0.1 <= x <= x + w <= wide
        assert -0.1 <= y <= y + h <= high


def test_a_box_over_the_edge_of_the_image_is_drawn_beside_it() -> None:
    groups = [{"name": "P", "boxes": [[-2, 0, 4, 4]]}]
    page = str(boxes("u", "Title", "Words", {"width": 10, "height": 10, "groups": groups}))
    image, box = re.findall(r'<rect x="([^"]+)"[^>]* width="([^"]+)"', page)
    assert [float(v) for v in (*image, *box)] == [70.0, 350.0, 0.0, 210.0]


def test_a_point_between_two_gaps_is_drawn() -> None:
    ys = [1.0, "nan", 3.0, "nan", 2.0, 4.0]
    drawn = draw_figure(figure("curves", xs=[*range(6)], series=[{"name": "a", "ys": ys}]), "f")
    assert drawn is not None
    assert drawn.svg.count("<circle") == 2


def test_twelve_lines_all_look_different() -> None:
    series = [{"name": str(k), "ys": [k, 1.0, 2.0]} for k in range(12)]
    drawn = draw_figure(figure("curves", series=series), "f")
    assert drawn is not None
    looks = re.findall(r'class="(x-line x-l\d)" stroke-dasharray="([^"]*)"', drawn.svg)
    assert len(set(looks[:12])) == len(set(looks)) == 12
