"""Examples are recorded once for a version and its numbers, and whoever has both gets them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from grader.contracts import Examples, Op
from gradus.courses.models import Enrolment
from gradus.submissions import services
from gradus.submissions.errors import StaleToken
from gradus.submissions.grading import request_for
from gradus.submissions.models import Job, StudentItem
from gradus.submissions.services import Recording
from tests.people import NOON, Classroom, prepared

pytestmark = pytest.mark.django_db
CHECKS: list[dict[str, Any]] = [{"id": "doubles", "title": "Doubles", "steps": [], "left_out": ""}]


def open_item(classroom: Classroom, enrolment: Enrolment | None = None) -> StudentItem:
    who = enrolment or classroom.ada
    return services.open_item(enrolment=who, item=classroom.item, now=NOON)


def record(now: datetime = NOON) -> None:
    job = services.claim_next("light", now=now)
    assert job is not None
    assert request_for(job)[0].op is Op.EXAMPLES
    services.store_examples(job, Examples(checks=CHECKS), now=now)


def test_asked_for_once_however_often_somebody_looks(classroom: Classroom) -> None:
    mine = open_item(classroom)
    for _ in range(3):
        assert services.open_examples(mine, now=NOON) == (Recording.WAITING, [])
    assert Job.objects.count() == 1


def test_recorded_for_one_student_they_are_there_for_all(classroom: Classroom) -> None:
    services.open_examples(open_item(classroom), now=NOON)
    record()
    bens = open_item(classroom, classroom.ben)
    assert services.open_examples(bens, now=NOON) == (Recording.DONE, CHECKS)
    assert Job.objects.count() == 1


def test_other_numbers_have_examples_of_their_own(classroom: Classroom) -> None:
    services.open_examples(open_item(classroom), now=NOON)
    record()
    mine = open_item(classroom)
    mine.numbers = {"a": 2}
    assert services.open_examples(mine, now=NOON)[0] is Recording.WAITING


def test_what_cannot_be_recorded_is_not_tried_again_at_once(classroom: Classroom) -> None:
    mine = open_item(classroom)
    services.open_examples(mine, now=NOON)
    job = services.claim_next("light", now=NOON)
    assert job is not None
    services.give_up(job, why="the reference fails", now=NOON)
    mine.item.version.created_at = NOON - timedelta(days=1)
    assert services.open_examples(mine, now=NOON) == (Recording.NONE, [])
    mine.refresh_from_db()
    assert mine.fault == ""  # its numbers are not at fault
    later = NOON + timedelta(hours=2)
    assert services.open_examples(mine, now=later)[0] is Recording.WAITING


def test_what_has_no_code_has_no_examples(classroom: Classroom) -> None:
    assert services.open_examples(prepared(classroom), now=NOON) == (Recording.NONE, [])


def test_a_worker_that_lost_its_lease_ends_no_job(classroom: Classroom) -> None:
    services.open_examples(open_item(classroom), now=NOON)
    late = services.claim_next("light", now=NOON)
    assert late is not None
    again = services.claim_next("light", now=NOON + timedelta(minutes=5))
    assert again is not None
    with pytest.raises(StaleToken):
        services.store_examples(late, Examples(checks=CHECKS), now=NOON)


def test_the_api_says_where_they_are(classroom: Classroom, client: Client) -> None:
    headers = {"Authorization": f"Bearer {classroom.token(classroom.ada)}"}
    address = f"/api/v1/items/{classroom.item.pk}/examples"
    assert client.get(address, headers=headers).json() == {"state": "waiting", "checks": []}
    record(now=datetime.now(tz=NOON.tzinfo))
    assert client.get(address, headers=headers).json() == {"state": "done", "checks": CHECKS}
