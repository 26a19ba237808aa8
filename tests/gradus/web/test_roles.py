"""Which page answers whom, with which status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradus.courses.models import Enrolment
from gradus.submissions.models import Draft, DraftState, Submission
from tests.people import NOON, Classroom

pytestmark = pytest.mark.usefixtures("now")
EVERYBODY = ("ada", "ben", "tess", "iris", "olga", "nobody")

# page: the status for ada (it is her submission), ben, tess (assistant), iris (owner), olga, nobody
PAGES = {
    "overview": (200, 200, 200, 200, 200, 302),
    "preferences": (200, 200, 200, 200, 200, 302),
    "my_submissions": (200, 200, 200, 200, 200, 302),
    "course": (200, 200, 200, 200, 404, 302),
    "course_submissions": (404, 404, 200, 200, 404, 302),
    "course_new": (403, 403, 403, 200, 403, 302),
    "assignment_new": (403, 403, 403, 200, 404, 302),
    "assignment": (200, 200, 200, 200, 404, 302),
    "item": (200, 200, 200, 200, 404, 302),
    "item_submissions": (200, 200, 200, 200, 404, 302),
    "submission": (200, 404, 200, 200, 404, 302),
    "live": (286, 404, 286, 286, 404, 302),
    "run_results": (286, 404, 286, 286, 404, 302),
    "part": (200, 404, 200, 200, 404, 302),
    # these answer posts alone
    "run": (405, 405, 405, 405, 405, 302),
    "submit": (405, 405, 405, 405, 405, 302),
    "read_answer": (405, 405, 405, 405, 405, 302),
    "ask": (200, 404, 403, 403, 404, 302),
    "questions_mine": (200, 200, 200, 200, 200, 302),
    "questions": (404, 404, 200, 200, 404, 302),
    "question": (404, 404, 404, 404, 404, 302),  # there is none
    "question_withdraw": (405, 405, 405, 405, 405, 302),
    "mail_stop": (404, 404, 404, 404, 404, 404),
    "tokens": (200, 200, 200, 200, 200, 302),
    "allow_program": (200, 200, 200, 200, 200, 302),
    "token_end": (405, 405, 405, 405, 405, 302),
    "calendar": (200, 200, 200, 200, 200, 302),
    "calendar_renew": (405, 405, 405, 405, 405, 302),
    "calendar_revoke": (405, 405, 405, 405, 405, 302),
    "calendar_file": (404, 404, 404, 404, 404, 404),
    "changes": (200, 404, 200, 200, 404, 302),
    "practice": (404, 404, 404, 404, 404, 302),  # code is not practised
    "practice_new": (405, 405, 405, 405, 405, 302),
    "practice_mark": (405, 405, 405, 405, 405, 302),
    "draft": (405, 405, 405, 405, 405, 302),
    "draft_now": (200, 200, 200, 200, 404, 302),
    "draft_file": (200, 200, 200, 200, 404, 302),
    "drafts": (200, 200, 200, 200, 404, 302),
    "draft_state": (200, 404, 404, 404, 404, 302),
    "draft_restore": (405, 405, 405, 405, 405, 302),
    "upload": (405, 405, 405, 405, 405, 302),
    "notebook": (405, 405, 405, 405, 405, 302),
    "console": (405, 405, 405, 405, 405, 302),
    "console_answer": (404, 404, 404, 404, 404, 302),  # a submission is no console call
}


def address(page: str, classroom: Classroom, submission: Submission) -> str:
    arguments: dict[str, list[Any]] = {
        "course": [classroom.course.pk],
        "course_submissions": [classroom.course.pk],
        "assignment_new": [classroom.course.pk],
        "assignment": [classroom.assignment.pk],
        "calendar_file": ["no-token"],
        "mail_stop": ["no-token"],
        "questions": [classroom.course.pk],
        "question": [0],
        "question_withdraw": [0],
        "token_end": [0],
        "part": [submission.pk, "solution.py"],
    }
    of_submission = ("submission", "live", "run_results", "console_answer", "changes", "ask")
    of_item = (
        *("item", "item_submissions", "run", "submit", "read_answer", "console"),
        *("practice", "practice_new", "practice_mark"),
        *("draft", "draft_now", "draft_file", "drafts", "upload", "notebook"),
    )
    arguments |= {name: [submission.pk] for name in of_submission}
    arguments |= {name: [classroom.item.pk] for name in of_item}
    state = earlier_draft(classroom)
    arguments |= {n: [classroom.item.pk, state.pk] for n in ("draft_state", "draft_restore")}
    return reverse(f"web:{page}", args=arguments.get(page, []))


def earlier_draft(classroom: Classroom) -> DraftState:
    draft, _ = Draft.objects.get_or_create(
        enrolment=classroom.ada, item=classroom.item, defaults={"parts": {}}
    )
    state, _ = DraftState.objects.get_or_create(
        draft=draft, defaults={"parts": {}, "why": "typed", "size_bytes": 1, "saved_at": NOON}
    )
    return state


def test_the_table_names_every_page() -> None:
    from gradus.web.staff_urls import urlpatterns as elsewhere  # in tests/gradus/test_access.py
    from gradus.web.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns if pattern not in elsewhere} == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_status_by_role(
    page: str, classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    submission = grade()
    classroom.iris.user.may_teach = True
    classroom.iris.user.save()
    people: dict[str, Enrolment] = {
        n: getattr(classroom, n) for n in ("ada", "ben", "tess", "iris")
    }
    seen = []
    for name in EVERYBODY:
        client.logout()
        if name != "nobody":
            client.force_login(classroom.olga if name == "olga" else people[name].user)
        seen.append(client.get(address(page, classroom, submission)).status_code)
    assert tuple(seen) == PAGES[page]


@pytest.mark.parametrize("page", ["run", "submit", "read_answer", "console"])
def test_strangers_cannot_post(page: str, classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.olga)
    response = client.post(reverse(f"web:{page}", args=[classroom.item.pk]), {"source": "x = 1"})
    assert response.status_code == 404


def test_observers_see_no_button_that_would_be_refused(
    classroom: Classroom, client: Client
) -> None:
    client.force_login(classroom.otto.user)
    page = client.get(reverse("web:item", args=[classroom.item.pk])).content.decode()
    assert "data-submit" not in page


def test_a_post_without_its_token_is_refused_in_our_words(classroom: Classroom) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(classroom.ada.user)
    response = client.post(reverse("web:submit", args=[classroom.item.pk]), {"source": "x = 1"})
    assert response.status_code == 403
    assert "Nothing was sent" in response.content.decode()
