"""Pages for requests that never reach a view."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gradus.web import calls, numbers


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for more than a form may hold, 400 for what cannot be read.

    A Run by script gets the panel under the editor, which is what it puts the answer into.
    """
    if not isinstance(exception, RequestDataTooBig):
        return render(request, "400.html", status=400)
    limit = numbers.size(settings.MAX_PART_BYTES)
    if "HX-Request" in request.headers:
        refused = _("What was sent is too large: one file may have at most {limit}.").format(
            limit=limit
        )
        if request.headers.get("HX-Target") == calls.LOG:
            return render(request, calls.ENTRY, {"refused": refused}, status=413)
        return render(request, "web/parts/results.html", {"refused": refused}, status=413)
    return render(request, "413.html", {"limit": limit}, status=413)
