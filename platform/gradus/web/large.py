"""Pages that count over all results of a course: of a large one, the frame comes first.

The frame asks for the whole page and shows it in its own place when it is there. Without scripts
the browser goes on to the whole page by itself.
"""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from gradus.courses.models import Enrolment, Item, Role
from gradus.web.http import SignedInRequest
from gradus.web.roster import around

LARGE = 10_000  # results; fewer are counted in a tenth of a second
WHOLE = "whole"  # asks for everything at once


def frame_first(
    request: SignedInRequest, viewer: Enrolment, *, heading: str, tab: str
) -> HttpResponse | None:
    """The frame of a page that takes longer than a blink; None where the page itself is asked for,
    or the course is small.
    """
    if WHOLE in request.GET:
        return None
    results = _results(viewer)
    if results < LARGE:
        return None
    query = QueryDict(mutable=True)
    query.update(request.GET)
    query[WHOLE] = "1"
    context = {
        **around(viewer),
        "tab": tab,
        "heading": heading,
        "results": results,
        "whole": f"{request.path}?{query.urlencode()}",
    }
    return render(request, "web/large.html", context)


def _results(viewer: Enrolment) -> int:
    """How many marks the gradebook of the course has at most."""
    students = viewer.course.enrolments.filter(role=Role.STUDENT, is_active=True).count()
    return students * Item.objects.filter(assignment__course=viewer.course_id).count()
