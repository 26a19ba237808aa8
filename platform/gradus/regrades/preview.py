"""What applying a run would do to each mark."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from gradus.courses.models import Enrolment, Item
from gradus.courses.selectors import name_key
from gradus.gradebook.grades import Grade
from gradus.gradebook.supposed import Supposed, Turn, turns
from gradus.regrades.models import Run
from gradus.regrades.results import Result, results
from gradus.regrades.scope import targets_of


class Kind(StrEnum):
    RAISED = "raised"
    LOWERED = "lowered"
    UNCHANGED = "unchanged"
    FAILED = "failed"  # nothing of it could be graded again


@dataclass(frozen=True, slots=True)
class Row:
    """One mark: a student and an item."""

    enrolment: Enrolment  # with user
    item: Item
    results: tuple[Result, ...]  # of the submissions, oldest first
    turn: Turn | None  # none: no submission has other points
    may_lower: bool

    @property
    def kind(self) -> Kind:
        if self.turn is None or not (self.turn.is_higher or self.turn.is_lower):
            failed = any(one.failure or one.is_open for one in self.results)
            return Kind.FAILED if failed else Kind.UNCHANGED
        return Kind.LOWERED if self.turn.is_lower else Kind.RAISED

    @property
    def changed(self) -> list[Result]:
        return [one for one in self.results if one.is_changed]

    @property
    def is_applied(self) -> bool:
        """Whether applying takes the new results of this student; all of them or none."""
        if self.turn is None:
            return False
        return self.may_lower or self.kind is not Kind.LOWERED

    @property
    def old(self) -> Grade | None:
        return self.turn.old if self.turn else None

    @property
    def new(self) -> Grade | None:
        return self.turn.new if self.turn else None


@dataclass(frozen=True, slots=True)
class Preview:
    rows: tuple[Row, ...]  # by item, then by name

    def of(self, kind: Kind) -> list[Row]:
        return [row for row in self.rows if row.kind is kind]

    def count(self, kind: Kind) -> int:
        return len(self.of(kind))

    @property
    def raised(self) -> int:
        return self.count(Kind.RAISED)

    @property
    def lowered(self) -> list[Row]:
        """What was chosen to become lower."""
        return [row for row in self.of(Kind.LOWERED) if row.is_applied]

    @property
    def lowering_words(self) -> str:
        """What somebody types who wants that."""
        return _("lower {count}").format(count=len(self.lowered))

    @property
    def by_hand(self) -> int:
        """Marks that stay, because a person set them."""
        return sum(row.turn is not None and row.turn.is_override for row in self.rows)

    @property
    def stamp(self) -> str:
        """The same for the same effect: what was looked at is what is applied."""
        lines = [
            f"{one.regrading.pk} {one.old} {one.new} {row.is_applied} {row.old} {row.new}"
            for row in self.rows
            for one in row.changed
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def preview(run: Run, now: datetime) -> Preview:
    """Of a run that is open. A fixed number of queries for each 500 submissions."""
    items = {target.item.pk: target.item for target in targets_of(run)}
    by_mark: dict[tuple[int, int], list[Result]] = defaultdict(list)
    for one in results(run, items):
        by_mark[one.submission.enrolment_id, one.submission.item_id].append(one)
    changed = [one for of in by_mark.values() for one in of if one.is_changed]
    found = turns(run.course_id, [_supposed(one, items) for one in changed], now) if changed else {}
    people = Enrolment.objects.select_related("user", "section").in_bulk(
        {enrolment_id for enrolment_id, _ in by_mark}
    )
    order = {pk: place for place, pk in enumerate(items)}
    rows = [
        _row(run, people[pk], items[item_id], of, found.get((pk, item_id)))
        for (pk, item_id), of in by_mark.items()
    ]
    rows.sort(key=lambda r: (order[r.item.pk], *name_key(r.enrolment.user), r.enrolment.pk))
    return Preview(tuple(rows))


def _supposed(result: Result, items: dict[int, Item]) -> Supposed:
    sent = result.submission
    return Supposed(sent.enrolment_id, items[sent.item_id], sent.pk, result.new, sent.received_at)


def _row(
    run: Run, enrolment: Enrolment, item: Item, of: Sequence[Result], turn: Turn | None
) -> Row:
    own = any(one.regrading.may_lower for one in of)
    return Row(enrolment, item, tuple(of), turn, run.lowers or own)
