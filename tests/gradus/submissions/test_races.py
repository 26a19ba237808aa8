"""Two requests, two workers at the same moment: threads, connections of their own, a real file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from gradus.courses.models import Item
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.services import record_verdict
from gradus.submissions import services
from gradus.submissions.drafts import services as drafts
from gradus.submissions.drafts.models import Draft
from gradus.submissions.drafts.services import Origin, Saved
from gradus.submissions.errors import NoAttemptsLeft, StaleToken
from gradus.submissions.models import Job, StudentItem, Submission, Verdict
from tests.people import NOON, Classroom, claimed, graded, hand_in, make_classroom, verdict_data

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4


@pytest.fixture
def room(transactional_db: None) -> Classroom:
    return make_classroom()


def at_once(action: Callable[[], Any]) -> list[Any]:
    """What each thread got: a value, or the refusal it met."""
    barrier = Barrier(THREADS)

    def run(_: int) -> Any:
        try:
            barrier.wait(10)
            return action()
        except (NoAttemptsLeft, StaleToken) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_the_last_attempt_is_given_once(room: Classroom) -> None:
    Item.objects.update(max_attempts=1)
    room.item.refresh_from_db()
    got = at_once(lambda: hand_in(room))
    assert sum(isinstance(one, Submission) for one in got) == 1
    assert sum(isinstance(one, NoAttemptsLeft) for one in got) == THREADS - 1


def test_one_key_makes_one_submission(room: Classroom) -> None:
    assert len({one.pk for one in at_once(lambda: hand_in(room, key="k"))}) == 1
    assert Job.objects.count() == 1


def test_a_job_goes_to_one_worker(room: Classroom) -> None:
    hand_in(room)
    got = at_once(lambda: services.claim_next("cpu", now=NOON))
    assert sum(job is not None for job in got) == 1


def test_a_verdict_is_stored_by_one(room: Classroom) -> None:
    submission = hand_in(room)
    job, data = claimed(submission), verdict_data(submission)
    got = at_once(lambda: services.store_verdict(job, data, now=NOON))
    assert sum(isinstance(one, Verdict) for one in got) == Verdict.objects.count() == 1


def test_a_grade_is_recorded_by_one(room: Classroom) -> None:
    verdict = graded(room)
    got = at_once(lambda: record_verdict(verdict.pk, now=NOON))
    assert len({event.pk for event in got}) == GradeEvent.objects.count() == 1


def test_numbers_are_asked_for_once(room: Classroom) -> None:
    at_once(lambda: services.open_item(enrolment=room.ada, item=room.sheet, now=NOON))
    assert StudentItem.objects.count() == Job.objects.count() == 1


def test_one_of_several_devices_saves_and_the_texts_of_the_others_are_set_aside(
    room: Classroom,
) -> None:
    names = count()

    def save() -> Saved:
        name = f"device {next(names)}"
        return drafts.save(
            enrolment=room.ada,
            item=room.item,
            parts={"solution.py": name},
            origin=Origin(name, 0),
            now=NOON,
        )

    got = at_once(save)
    draft = Draft.objects.get()
    aside = [state.parts["solution.py"] for state in draft.states.filter(why="aside")]
    assert sum(not saved.is_conflict for saved in got) == 1
    assert sorted([*aside, draft.parts["solution.py"]]) == [f"device {k}" for k in range(THREADS)]
