from __future__ import annotations

from django.apps import AppConfig


class RegradesConfig(AppConfig):
    name = "gradus.regrades"
    default_auto_field = "django.db.models.BigAutoField"
