"""The Celery application. Its messages are wake-ups; the work itself is rows."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradus.settings")

app = Celery("gradus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["gradus.accounts", "gradus.submissions", "gradus.gradebook", "gradus.authoring"]
)
