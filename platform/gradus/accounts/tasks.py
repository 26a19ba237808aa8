"""Celery's doors to the letters. Safe to run twice."""

from __future__ import annotations

from django.utils import timezone

from gradus.accounts import letters
from gradus.celery import app
from gradus.lib import queue


@app.task(name=queue.SEND_LETTER)
def send_letter(letter_id: int) -> None:
    letters.send(letter_id, now=timezone.now())


@app.task(name="accounts.sweep")
def sweep() -> None:
    letters.sweep(now=timezone.now())
