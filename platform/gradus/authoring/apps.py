from __future__ import annotations

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "gradus.authoring"
    default_auto_field = "django.db.models.BigAutoField"
