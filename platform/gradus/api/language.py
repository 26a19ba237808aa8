"""Programs are answered in English, whatever language their sender prefers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

PROGRAMS = "/api/"


class Languages(LocaleMiddleware):
    """Pages are in the language that the browser prefers, the API is not."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(PROGRAMS):
            translation.activate(settings.LANGUAGE_CODE)
        else:
            super().process_request(request)
