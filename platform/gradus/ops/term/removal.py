"""Delete some rows and all that hangs on them, whatever the tables are called.

Ordinary deletion refuses what is protected, so that nobody loses marks. Here everything that refers
to the chosen rows goes with them, found through the models themselves: a table that is new needs no
line here. Foreign keys are checked at the end of the transaction, so the order does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import SET_NULL, ForeignKey, Model

Doomed = dict[type[Model], set[Any]]
_AT_ONCE = 500  # keys in one question to the database


def remove(chosen: Doomed, tell: Callable[[str], None]) -> int:
    """Delete the rows with these keys and what refers to them; how many went. In a transaction."""
    doomed: Doomed = {}
    fresh = {model: set(keys) for model, keys in chosen.items() if keys}
    while fresh:
        for model, keys in fresh.items():
            doomed.setdefault(model, set()).update(keys)
        fresh = _referring(fresh, doomed)
    for model, keys in doomed.items():
        for field in _fields(SET_NULL):
            if field.related_model is model and field.model is not model:
                for some in _chunks(keys):
                    _rows(field.model).filter(**{f"{field.name}__in": some}).update(
                        **{field.name: None}
                    )
    for model, keys in doomed.items():
        tell(f"{model._meta.verbose_name}: {len(keys):,}")
        for some in _chunks(keys):
            rows = _rows(model).filter(pk__in=some)
            rows._raw_delete(rows.db)
    return sum(map(len, doomed.values()))


def _referring(fresh: Doomed, doomed: Doomed) -> Doomed:
    """Rows that refer to fresh ones and are not doomed yet."""
    found: Doomed = {}
    for field in _fields():
        keys = fresh.get(field.related_model)
        if keys:
            known = doomed.get(field.model, set())
            for some in _chunks(keys):
                pks = _rows(field.model).filter(**{f"{field.name}__in": some})
                new = set(pks.values_list("pk", flat=True)) - known
                if new:
                    found.setdefault(field.model, set()).update(new)
    return found


def _fields(*on_delete: Any) -> Iterator[ForeignKey[Any, Any]]:
    """The foreign keys of all tables: those that hold a row up, or those with this rule."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, ForeignKey):
                rule = field.remote_field.on_delete
                if rule in on_delete if on_delete else rule is not SET_NULL:
                    yield field


def _rows(model: type[Model]) -> models.QuerySet[Model]:
    return model._base_manager.all()


def _chunks(keys: set[Any]) -> Iterator[list[Any]]:
    rest = iter(sorted(keys, key=str))
    while some := list(islice(rest, _AT_ONCE)):
        yield some
