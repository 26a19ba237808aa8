"""The marks of a graded sheet, and the reasons behind its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.catalog.services import Explanation
from gradus.web.sheets import Field, Group, Sheet, fill, fill_from_part, unreadable
from gradus.web.text import split_title, visible
from gradus.web.words import SHAPES


def fill_over_marks(sheet: Sheet, part: str) -> None:
    """Show answers that are newer than the marks; a mark stays where its answer did, and what
    cannot be read says so."""
    marked = {entry.id: entry.value for entry in sheet.fields}
    fill_from_part(sheet, part)
    for entry in sheet.fields:
        entry.error = unreadable(entry)
        if entry.shape and entry.value != marked[entry.id]:
            entry.shape, entry.mistake, entry.message = "", "", []
            entry.is_first_wrong = False


def mark(sheet: Sheet, results: Sequence[Mapping[str, Any]]) -> None:
    """Write the marks of a verdict into the sheet."""
    by_id = {r["id"]: r for r in results}
    fill(sheet, {k: r["given"] for k, r in by_id.items()})
    first = True
    for entry in sheet.fields:
        result = by_id.get(entry.id)
        if result is None:
            continue
        entry.shape = SHAPES[result["status"]]
        entry.given = result["given"]
        entry.own_points = result["points"]
        entry.points = result["max_points"]
        entry.mistake = visible(result.get("mistake") or "")
        entry.message = split_title(visible(result.get("message") or ""))
        if entry.shape == "wrong":
            entry.is_first_wrong, first = first, False


def explain(
    sheet: Sheet, explanations: Mapping[str, Mapping[str, Explanation]], *, everything: bool
) -> None:
    """Write why each option is right or wrong: of every question, or of those answered right.

    Who chose exactly the right options learns nothing about the key from it.
    """
    for question in sheet.questions:
        known = explanations.get(question.id, {})
        found = [known.get(option.raw.strip()) for option in question.options]
        if not found or not (everything or question.shape == "value"):
            continue
        for option, explanation in zip(question.options, found, strict=True):
            if explanation is None:
                break  # drawn from another version
            option.right, option.why = explanation.right, visible(explanation.why)
        else:
            question.is_explained = True


def bare_sheet(results: Sequence[Mapping[str, Any]]) -> Sheet:
    """A sheet made of the results alone, for a submission whose form is not stored."""
    steps = [Field(id=r["id"], label=r["id"], points=r["max_points"]) for r in results]
    sheet = Sheet([Group("", steps)], [])
    mark(sheet, results)
    return sheet
