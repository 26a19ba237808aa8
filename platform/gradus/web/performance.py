"""A performance result as words and as a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.web.numbers import as_float, short
from gradus.web.svg.ratio import Bar, describe, ratio_bar, with_unit


@dataclass(frozen=True, slots=True)
class ShownBar:
    """A performance result as words and as a drawing."""

    svg: SafeString
    words: str
    description: str
    notes: list[str] = field(default_factory=list)


def shown_bar(uid: str, performance: Mapping[str, Any]) -> ShownBar | None:
    """None where nothing was measured."""
    value = as_float(performance.get("value"))
    thresholds = [(t[0], t[1]) for t in performance["thresholds"]]
    if value is None or not thresholds:
        return None
    band = performance.get("band")
    edges = (as_float(band[0]), as_float(band[1])) if band else (None, None)
    bar = Bar(
        metric=performance["metric"],
        value=value,
        thresholds=thresholds,
        band=(edges[0], edges[1]) if edges[0] is not None and edges[1] is not None else None,
        pairs=performance.get("pairs"),
    )
    return ShownBar(
        ratio_bar(bar, uid), _measured(bar), describe(bar), _bar_notes(performance, bar)
    )


def _measured(bar: Bar) -> str:
    if bar.metric == "ratio":
        return _("{ratio} times as fast as the baseline.").format(ratio=short(bar.value, 3))
    if bar.metric == "count":
        return _("{count} counted; fewer is better.").format(count=with_unit("count", bar.value))
    return _("A score of {score}.").format(score=with_unit("score", bar.value))


def _bar_notes(performance: Mapping[str, Any], bar: Bar) -> list[str]:
    notes = []
    if bar.metric == "ratio":
        notes.append(_("Baseline time divided by your time, on a logarithmic scale."))
        if bar.band:
            notes.append(_band(bar.pairs or 0))
        notes.append(
            # xgettext:no-python-format
            _("A result in a hatched zone, within 10 % of a threshold, is measured a second time.")
        )
    if performance.get("confirmed"):
        notes.append(_("Measured a second time; the better result counts."))
    if performance.get("noisy"):
        notes.append(_("The machine was busy while this was measured."))
    return notes


def _band(pairs: int) -> str:
    said = ngettext(
        "Band: the middle half of the %d timed pair.",
        "Band: the middle half of the %d timed pairs.",
        pairs,
    )
    return said % pairs
