"""Celery's doors to the gradebook. Safe to run twice."""

from __future__ import annotations

from django.utils import timezone

from gradus.celery import app
from gradus.gradebook import services
from gradus.lib import queue


@app.task(name=queue.RECORD_VERDICT)
def record_verdict(verdict_id: int) -> None:
    services.record_verdict(verdict_id, now=timezone.now())


@app.task(name="gradebook.sweep")
def sweep() -> None:
    services.sweep(now=timezone.now())
