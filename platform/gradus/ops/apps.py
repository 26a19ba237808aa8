from __future__ import annotations

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "gradus.ops"
    default_auto_field = "django.db.models.BigAutoField"
