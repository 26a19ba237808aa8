from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gradus.web"

    def ready(self) -> None:
        from gradus.web import checks  # noqa: F401 registers the system check
