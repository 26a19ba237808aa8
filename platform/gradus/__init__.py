"""The platform: pages, API, courses and gradebook around the grading engine."""

from __future__ import annotations

from gradus.celery import app as celery_app

__all__ = ["celery_app"]
