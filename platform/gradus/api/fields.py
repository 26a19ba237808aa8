"""Fields that requests share: each with the limits of the pages' forms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _printable(text: str) -> str:
    for character in text:
        if not character.isprintable() and character not in "\n\t":
            raise ValueError("it holds an invisible character")
    return text


def _in_calendar(moment: datetime) -> datetime:
    if not _FIRST <= moment < _LAST:
        raise ValueError("a time lies between the years 2000 and 2199")
    return moment


Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_printable)]
Line = Annotated[
    str, StringConstraints(max_length=300, pattern=r"^[^\n\t]*$"), AfterValidator(_printable)
]
Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_printable)
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_calendar)]
Points = Annotated[Decimal, Field(ge=0, max_digits=7, decimal_places=3, allow_inf_nan=False)]
Percent = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, allow_inf_nan=False)
]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PageSize = Annotated[int, Query(ge=1, le=500)]


class Strict(Schema):
    """A request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Paged(Schema):
    """A part of a list; `items` is its rows."""

    count: int  # rows on all pages
    page: int
    pages: int


def paged(rows: Any, page: int, size: int) -> tuple[dict[str, int], Any]:
    """The facts of a page and its rows, of a list or a queryset. Beyond the last one: no rows."""
    count = len(rows) if isinstance(rows, Sequence) else rows.count()
    facts = {"count": count, "page": page, "pages": max(1, -(-count // size))}
    return facts, rows[(page - 1) * size : page * size]


def version_of(values: Iterable[object]) -> str:
    """The same for the same values: who changes something says what they saw."""
    return hashlib.sha256(repr([str(value) for value in values]).encode()).hexdigest()[:16]
