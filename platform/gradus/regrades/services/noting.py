"""Acts on runs go into the record of the course."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.regrades.models import Run


def note(action: Action, run: Run, actor: User, **facts: Any) -> None:
    """In the transaction of the act."""
    titles = ", ".join(run.items.order_by("pk").values_list("item__version__title", flat=True))
    about = f"Run {run.pk}: {titles}"
    record(action, course_id=run.course_id, about=about, actor=actor, new=facts)


@transaction.atomic
def note_taken(*, run: Run, actor: User, marks: int) -> None:
    """Say that the marks of a run were taken away in a file."""
    note(Action.REGRADE_TAKEN, run, actor, marks=marks)
