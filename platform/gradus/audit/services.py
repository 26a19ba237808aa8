"""Write down an act, in the transaction that does it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from gradus.audit.acting import acting
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.lib.storable import storable

if TYPE_CHECKING:
    from gradus.accounts.models import User

MOST_TEXT = 300  # characters of one value
MOST_BYTES = 4096  # of all changes of one entry
LEFT_OUT = "…"


def record(
    action: Action,
    *,
    course_id: int | None,
    about: str = "",
    person: User | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    actor: User | None = None,
) -> Entry:
    """Add an entry; `actor` only where it is not whoever acts now.

    What is equal in `old` and `new` is left out, and so is what is too long.

    Raises: TransactionManagementError outside of a transaction: act and entry stand or fall as one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{action} is recorded in no transaction")
    now = acting()
    user = actor or (now.user if now is not None else None)
    own = now is not None and user is not None and now.user.pk == user.pk
    return Entry.objects.create(
        at=timezone.now(),
        course_id=course_id,
        actor_id=user.pk if user is not None else None,
        token=now.token if now is not None and own else "",
        action=action.value,
        about=storable(about)[:200],
        person=person,
        changes=changes(old or {}, new or {}),
    )


def columns(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Values of a row as they go into an entry; a foreign key is its number."""
    fields = {name: row._meta.get_field(name) for name in names}
    return {name: getattr(row, getattr(of, "attname", name)) for name, of in fields.items()}


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as [before, after], in the order of `new`."""
    names = [*new, *(name for name in old if name not in new)]
    found = {storable(name): [_plain(old.get(name)), _plain(new.get(name))] for name in names}
    found = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    size = 2
    kept: dict[str, list[Any]] = {}
    for name, pair in found.items():
        size += len(json.dumps({name: pair}))
        if size > MOST_BYTES - 100:
            kept[LEFT_OUT] = [None, f"{len(found) - len(kept)} more"]
            break
        kept[name] = pair
    return kept


def _plain(value: Any) -> Any:
    """JSON that both databases can hold; long texts are cut."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        text = value
    elif isinstance(value, Decimal) and value.is_finite():
        text = f"{value.normalize():f}"  # 2.000 of the database is 2 of a form
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        text = ", ".join(value)
    else:
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).strip('"')
        text = text.replace("\\u0000", "\u2400")
    text = storable(text)
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}{LEFT_OUT}"
