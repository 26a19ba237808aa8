"""What goes in and out of the API. Unknown fields of a request are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class Problem(Schema):
    """An error, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = []


class Person(Schema):
    username: str
    name: str
    time_zone: str


class CourseOut(Schema):
    id: int
    title: str
    term: str
    role: str
    is_archived: bool


class ItemOut(Schema):
    """An item in a list."""

    id: int
    exercise: str
    title: str
    kind: str
    unit: str
    version: str
    points: float
    grade: float | None
    is_provisional: bool
    attempts_used: int
    attempts_left: int | None


class AssignmentOut(Schema):
    id: int
    title: str
    opens_at: datetime | None
    due_at: datetime | None  # yours, with an extension
    closes_at: datetime | None  # nothing is accepted after it, late work included
    weight: float
    items: list[ItemOut]


class ExerciseOut(Schema):
    """An item as its student works on it."""

    id: int
    exercise: str
    title: str
    kind: str
    version: str
    flavour: str
    points: float
    parts: list[str]  # names of the parts that a submission may have
    limits: dict[str, float]
    is_prepared: bool  # false: the numbers are being drawn; ask again in a second
    numbers: dict[str, Any] | None
    statement: str  # Markdown, this student's numbers filled in
    statement_html: str
    starter: str
    form: dict[str, Any] | None
    figure: dict[str, Any] | None
    attempts_used: int
    attempts_left: int | None
    next_attempt_at: datetime | None
    due_at: datetime | None  # yours, with an extension
    closes_at: datetime | None  # nothing is accepted after it, late work included


class GivenFile(Schema):
    """A file that the exercise gives to your code, importable there."""

    path: str
    base64: str


class ExamplesOut(Schema):
    """What the visible checks ask, step by step, and what they expect; no hidden check is in it."""

    state: Literal["done", "waiting", "none"]  # none: they cannot be recorded
    checks: list[dict[str, Any]]


class SubmissionIn(Schema):
    """A submission, or a Run of the visible checks."""

    model_config = ConfigDict(extra="forbid")

    parts: dict[str, str] = Field(max_length=8)
    mode: Literal["submit", "run"] = "submit"


class SubmissionOut(Schema):
    """A submission as its reader may see it; the verdict is redacted by role and policy."""

    id: int
    item: int
    exercise: str
    mode: str
    attempt: int | None
    given_back: bool
    received_at: datetime
    phase: str
    is_final: bool
    position: int | None
    progress: dict[str, Any] | None
    verdict: dict[str, Any] | None
    points: float | None  # of the item
    graded_at: datetime | None


class SubmissionDetail(SubmissionOut):
    parts: dict[str, str]
    sha256: str
