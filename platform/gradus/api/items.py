"""An exercise as its student sees it."""

from __future__ import annotations

from base64 import b64encode

from django.utils import timezone
from ninja import Router

from gradus.api.access import PersonRequest, own_item
from gradus.api.problems import ERRORS
from gradus.api.schemas import ExamplesOut, ExerciseOut, GivenFile
from gradus.catalog.services import given_files
from gradus.lib import markdown
from gradus.submissions.selectors import attempts_left
from gradus.submissions.services import open_examples, open_item

router = Router(tags=["items"])


@router.get("/items/{item_id}", response={200: ExerciseOut, **ERRORS})
def item(request: PersonRequest, item_id: int) -> ExerciseOut:
    """Statement, starter and form. `is_prepared` is false while your numbers are drawn."""
    found, enrolment = own_item(request, item_id)
    now = timezone.now()
    mine = open_item(enrolment=enrolment, item=found, now=now)
    attempts = attempts_left(enrolment, found, now)
    version, numbers = found.version, mine.numbers or {}
    return ExerciseOut(
        id=found.pk,
        exercise=found.exercise.slug,
        title=version.title,
        kind=version.kind,
        version=version.digest,
        flavour=version.flavour,
        points=float(found.points),
        parts=list(version.part_names),
        limits=version.limits,
        is_prepared=mine.is_prepared,
        numbers=mine.numbers,
        statement=markdown.with_numbers(version.statement, numbers),
        statement_html=markdown.render(version.statement, numbers),
        starter=mine.starter,
        form=mine.form,
        figure=mine.figure,
        attempts_used=attempts.used,
        attempts_left=attempts.left,
        next_attempt_at=attempts.next_at,
        due_at=found.assignment.own_due_at,
        closes_at=found.assignment.window.closes_at,
    )


@router.get("/items/{item_id}/given", response={200: list[GivenFile], **ERRORS})
def given(request: PersonRequest, item_id: int) -> list[GivenFile]:
    """The files that lie beside your solution while it runs."""
    found, _ = own_item(request, item_id)
    files = given_files(found.version.digest)
    return [
        GivenFile(path=path, base64=b64encode(data).decode())
        for path, data in sorted(files.items())
    ]


@router.get("/items/{item_id}/examples", response={200: ExamplesOut, **ERRORS})
def examples(request: PersonRequest, item_id: int) -> ExamplesOut:
    """Recorded calls of the visible checks with the values they expect, for work without the site.

    Recorded once, when somebody first asks; until then `state` is `waiting`: ask again.
    """
    found, enrolment = own_item(request, item_id)
    now = timezone.now()
    mine = open_item(enrolment=enrolment, item=found, now=now)
    state, checks = open_examples(mine, now=now)
    return ExamplesOut(state=state.value, checks=checks)
