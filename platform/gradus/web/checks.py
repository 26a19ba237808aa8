"""Refuses to start without the built front end, instead of serving pages without styles."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from gradus.web.assets import manifest


@register(Tags.files)
def front_end_is_built(**_: Any) -> list[CheckMessage]:
    try:
        manifest()
    except (OSError, ValueError) as error:
        return [
            Error(
                f"The front end is not built: {error}.",
                hint="Run `make setup`.",
                id="web.E001",
            )
        ]
    return []
