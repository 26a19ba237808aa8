"""The record of changes of a course, for its owners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff
from gradus.api.fields import Line, Moment, Paged, PageNumber, PageSize, paged
from gradus.api.problems import ERRORS
from gradus.audit.selectors import entries
from gradus.courses import policy

router = Router(tags=["record"])


class EntryOut(Schema):
    id: int
    at: datetime
    actor: str | None  # null: a command on the server
    token: str  # prefix of the token that was used; empty: a page
    action: str
    about: str
    person: str | None
    changes: dict[str, Any]  # by field: [before, after]


class RecordFilter(Schema):
    person: Line = ""  # user name of who acted, or whom it was done to
    action: Line = ""
    since: Moment | None = None
    before: Moment | None = None


class RecordOut(Paged):
    items: list[EntryOut]


@router.get(
    "/courses/{course_id}/record", response={200: RecordOut, **ERRORS}, auth=Token(Right.ALL)
)
def record(
    request: PersonRequest,
    course_id: int,
    only: Query[RecordFilter],
    page: PageNumber = 1,
    size: PageSize = 100,
) -> RecordOut:
    """Who changed what, newest first."""
    staff(request, course_id, policy.may_read_record)
    found = entries(course_id, **dict(only))
    facts, rows = paged(found, page, size)
    return RecordOut(
        **facts,
        items=[
            EntryOut(
                id=row.pk,
                at=row.at,
                actor=row.actor.username if row.actor else None,
                token=row.token,
                action=row.action,
                about=row.about,
                person=row.person.username if row.person else None,
                changes=row.changes,
            )
            for row in rows
        ],
    )
