"""What marks are computed from: the outline of a course, and what one student has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gradus.courses.late import LatePolicy
from gradus.courses.models import Allowance, Assignment
from gradus.courses.windows import Window


@dataclass(frozen=True, slots=True)
class Column:
    """An item, with what its marks need."""

    item_id: int
    title: str
    points: Decimal
    assignment: Assignment
    assignment_id: int
    is_extra: bool = False
    human: Decimal = Decimal(0)  # of the points, for the part that people mark
    is_withdrawn: bool = False  # counts for nobody


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assignment with what its marks need."""

    assignment: Assignment
    columns: tuple[Column, ...]
    window: Window  # for everybody without an extension
    late: LatePolicy
    withdrawn: frozenset[int] = frozenset()  # items that count for nobody
    human: frozenset[int] = field(init=False)  # items of which people mark a part
    full: Decimal = field(init=False)  # points of all items but extra credit

    def __post_init__(self) -> None:
        """What every reading asks for is computed once for all students."""
        human = frozenset(column.item_id for column in self.columns if column.human)
        full = sum((column.points for column in self.columns if not column.is_extra), Decimal(0))
        object.__setattr__(self, "human", human)
        object.__setattr__(self, "full", full)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a course marks: its published assignments in order."""

    sheets: tuple[Sheet, ...] = ()
    late_day_bank: int = 0

    @property
    def columns(self) -> list[Column]:
        return [column for sheet in self.sheets for column in sheet.columns]


class Raw(NamedTuple):
    """A grade event as it is stored, with when its submission was received."""

    id: int
    submission_id: int | None
    points: Decimal | None
    is_provisional: bool
    undoes: int | None
    max_points: Decimal | None  # of the item, then; none: those of now
    received_at: datetime | None  # of its submission; none: before the deadline, without extension
    human_mark_id: int | None = None  # where people marked their part


@dataclass(frozen=True, slots=True)
class Own:
    """What one student's marks are computed from."""

    events: dict[int, list[Raw]] = field(default_factory=dict)  # by item
    extended: dict[int, datetime] = field(default_factory=dict)  # deadlines, by assignment
    excused: set[int] = field(default_factory=set)  # items
    excused_sheets: set[int] = field(default_factory=set)  # assignments

    def allow(self, one: Allowance) -> None:
        if one.due_at is not None:
            latest = self.extended.get(one.assignment_id, one.due_at)
            self.extended[one.assignment_id] = max(latest, one.due_at)
        elif one.item_id is not None:
            self.excused.add(one.item_id)
        else:
            self.excused_sheets.add(one.assignment_id)
