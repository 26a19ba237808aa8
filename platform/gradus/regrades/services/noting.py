"""Acts on runs go into the record of the course."""

from __future__ import annotations

from typing import Any

from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.regrades.models import Run


def note(action: Action, run: Run, actor: User, **facts: Any) -> None:
    """In the transaction of the act."""
    titles = ", ".join(run.items.order_by("pk").values_list("item__version__title", flat=True))
    about = f"Run {run.pk}: {titles}"
    record(action, course_id=run.course_id, about=about, actor=actor, new=facts)
