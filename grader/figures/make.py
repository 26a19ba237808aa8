"""The figures an author can make. Bad data raises FigureError at once, naming the argument.

Without a description the title is the text alternative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.figures.figure import Figure, FigureError, number

MAX_CELLS = 64 * 64
MAX_POINTS = 2000
MAX_SERIES = 12
MAX_BOXES = 200


def heatmap(
    array: Any, title: str, description: str = "", *, rows: str = "row", columns: str = "column"
) -> Figure:
    """A matrix as colours. At most 64 x 64 cells."""
    values = _floats("array", array, ndim=2)
    if values.size > MAX_CELLS:
        raise FigureError(f"array: {values.size} cells; at most {MAX_CELLS} are allowed")
    data = {"values": _numbers(values), "rows": rows, "columns": columns}
    return Figure("heatmap", title, description or title, data)


def curves(
    series: Mapping[str, Any],
    title: str,
    description: str = "",
    *,
    xs: Any = None,
    x: str = "",
    y: str = "",
    log: bool = False,
) -> Figure:
    """Lines over a common axis, by name. `log`: logarithmic y axis."""
    _few("series", series, MAX_SERIES)
    lines = {str(name): _floats(str(name), ys, ndim=1) for name, ys in series.items()}
    longest = max(len(ys) for ys in lines.values())
    places = _floats("xs", np.arange(longest) if xs is None else xs, ndim=1)
    if longest > MAX_POINTS or len(places) < longest:
        raise FigureError(f"series: up to {min(MAX_POINTS, len(places))} points, not {longest}")
    data = {
        "xs": _numbers(places),
        "series": [{"name": name, "ys": _numbers(ys)} for name, ys in lines.items()],
        "x": x,
        "y": y,
        "log": bool(log),
    }
    return Figure("curves", title, description or title, data)


def bars(values: Mapping[str, float], title: str, description: str = "", *, y: str = "") -> Figure:
    """One bar for each name."""
    _few("values", values, 60)
    data = {"bars": [{"name": str(k), "value": number(v)} for k, v in values.items()], "y": y}
    return Figure("bars", title, description or title, data)


def boxes(
    groups: Mapping[str, Any], title: str, description: str = "", *, width: float, height: float
) -> Figure:
    """Rectangles (x1, y1, x2, y2) on an image of width x height, by the name of their group."""
    _few("groups", groups, MAX_SERIES)
    shown = []
    for name, rectangles in groups.items():
        corners = _floats(str(name), np.reshape(rectangles, (-1, 4)), ndim=2)
        if len(corners) > MAX_BOXES:
            raise FigureError(f"{name}: {len(corners)} boxes; at most {MAX_BOXES} are allowed")
        shown.append({"name": str(name), "boxes": _numbers(corners)})
    data = {"width": number(width), "height": number(height), "groups": shown}
    return Figure("boxes", title, description or title, data)


def trajectory(
    paths: Mapping[str, Any],
    title: str,
    description: str = "",
    *,
    surface: Any = None,
    extent: Sequence[float] | None = None,
) -> Figure:
    """Ways (n, 2) over a plane; `surface` is a matrix of heights over extent (x1, x2, y1, y2)."""
    _few("paths", paths, MAX_SERIES)
    shown = []
    for name, points in paths.items():
        way = _floats(str(name), points, ndim=2)
        if way.shape[1] != 2 or len(way) > MAX_POINTS:
            raise FigureError(f"{name}: shape {way.shape}; expected (n, 2), n <= {MAX_POINTS}")
        shown.append({"name": str(name), "points": _numbers(way)})
    data: dict[str, Any] = {"paths": shown, "surface": None, "extent": None}
    if surface is not None:
        if extent is None or len(extent) != 4:
            raise FigureError("extent: four numbers (x1, x2, y1, y2) are needed with a surface")
        heights = _floats("surface", surface, ndim=2)
        if heights.size > MAX_CELLS:
            raise FigureError(f"surface: {heights.size} cells; at most {MAX_CELLS} are allowed")
        data |= {"surface": _numbers(heights), "extent": [number(v) for v in extent]}
    return Figure("trajectory", title, description or title, data)


def _floats(name: str, values: Any, *, ndim: int) -> np.ndarray[Any, Any]:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise FigureError(f"{name}: numbers are needed") from error
    if array.ndim != ndim or not array.size:
        raise FigureError(f"{name}: shape {array.shape}; a filled array of {ndim} axes is needed")
    return array


def _numbers(array: np.ndarray[Any, Any]) -> list[Any]:
    if array.ndim == 1:
        return [number(value) for value in array]
    return [_numbers(row) for row in array]


def _few(name: str, values: Mapping[str, Any], limit: int) -> None:
    if not 1 <= len(values) <= limit:
        raise FigureError(f"{name}: 1 to {limit} entries are needed, not {len(values)}")
