"""Is the installation alive, and can it grade?

`/healthz` asks the web process and the database; `/readyz` asks the broker for a worker, and that
worker for its grader, because only workers may speak to graders.
"""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from gradus.audit import append_only

_REPLY_SECONDS = 2.0


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return _answer({"database": _database()})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    return _answer({"database": _database(), "history": _history(), **_workers()})


def _answer(parts: dict[str, str]) -> JsonResponse:
    ok = all(state == "ok" for state in parts.values())
    response = JsonResponse({"ok": ok, **parts}, status=200 if ok else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # whoever asks reads the answer
    return response


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return "ok"


def _history() -> str:
    """Whether the database refuses to rewrite what must stay."""
    try:
        missing = append_only.missing()
    except DatabaseError:
        return "unknown"
    return "not guarded: run `manage.py migrate`" if missing else "ok"


def _workers() -> dict[str, str]:
    try:
        replies = current_app.control.broadcast(
            "grader_state", reply=True, timeout=_REPLY_SECONDS, limit=1
        )
    except (OperationalError, OSError):
        return {"broker": "does not answer", "worker": "unknown", "grader": "unknown"}
    if not replies:
        return {"broker": "ok", "worker": "none answers", "grader": "unknown"}
    states: list[dict[str, Any]] = [state for reply in replies for state in reply.values()]
    best = "ok" if any(s.get("state") == "ok" for s in states) else str(states[0].get("state"))
    return {"broker": "ok", "worker": "ok", "grader": best}
