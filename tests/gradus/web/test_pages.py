"""What the pages say, and how much they ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from grader.verdict import CheckStatus
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course
from gradus.submissions.models import Submission
from tests.people import NOON, Classroom, claimed, hand_in, prepared, verdict_data

pytestmark = pytest.mark.usefixtures("now")


def text(client: Client, page: str, *arguments: object) -> str:
    response = client.get(reverse(f"web:{page}", args=arguments))
    assert response.status_code in (200, 286)
    return response.content.decode()


def queries(client: Client, page: str, *arguments: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        text(client, page, *arguments)
    return len(captured)


def test_the_overview_names_what_is_due_in_the_readers_zone(
    ada: Client, classroom: Classroom
) -> None:
    classroom.ada.user.time_zone = "Asia/Tokyo"
    classroom.ada.user.save()
    page = text(ada, "overview")
    assert "Mon 8 Mar, 21:00" in page  # due at noon UTC
    assert "Tokyo (UTC+9)" in page
    assert "in 7 days" in page


def test_somebody_without_a_course_reads_what_to_do(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.olga)
    assert "Your courses appear here" in text(client, "overview")


def test_a_chosen_theme_is_in_the_page_from_the_start(ada: Client, classroom: Classroom) -> None:
    response = ada.post(
        reverse("web:preferences"), {"theme": "dark", "time_zone": "Europe/Helsinki"}
    )
    assert response.status_code == 302
    assert 'data-theme="dark"' in text(ada, "overview")


def test_a_failed_check_comes_first_with_its_points(
    ada: Client, grade: Callable[..., Submission]
) -> None:
    page = text(ada, "submission", grade().pk)
    assert "<h1>0 of 10 points</h1>" in page
    assert 'Fix first: <span lang="en">Doubles a number</span>' in page
    assert "double returned 3; expected 4." in page


def test_differing_entries_are_marked_for_everybody(
    ada: Client, grade: Callable[..., Submission]
) -> None:
    window = {"shape": [2], "dtype": "float64", "start": [0]}
    example = {
        "call": "double", "inputs": ({"name": "x", "value": 2},),
        "got": {"array": [1.0, 2.0], **window},
        "expected": {"array": [1.0, "nan"], **window}, "differs": 1, "count": 2,
    }  # fmt: skip
    page = text(ada, "submission", grade(counterexample=example).pk)
    assert '<td>1</td><td class="d">2<span class="sr"> differs</span></td>' in page
    assert "1 of 2 differ" in page


def test_full_marks_are_said_only_with_full_marks(
    ada: Client, grade: Callable[..., Submission]
) -> None:
    passed = grade(status=CheckStatus.PASSED, points=10.0, message="")
    assert "Full marks." in text(ada, "submission", passed.pk)
    assert "Full marks." not in text(ada, "submission", grade().pk)


def test_a_fault_of_ours_is_said_to_be_ours(
    ada: Client, classroom: Classroom, settings: Settings
) -> None:
    from grader.verdict import Status
    from gradus.submissions import services

    settings.MAX_TRIES = 1
    submission = hand_in(classroom)
    data = verdict_data(submission, status=Status.ERROR)
    services.store_verdict(claimed(submission), data, now=NOON)
    page = text(ada, "submission", submission.pk)
    assert "Our fault" in page
    assert "trace of the fault" not in page
    assert "0 of 10 points" not in page.split("<aside")[0]


def test_a_waiting_submission_says_its_place_and_reloads_without_scripts(
    ada: Client, classroom: Classroom
) -> None:
    page = text(ada, "submission", hand_in(classroom).pk)
    assert "Number 1 in the queue." in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_the_live_part_is_sent_only_when_something_changed(
    ada: Client, classroom: Classroom
) -> None:
    submission = hand_in(classroom)
    address = reverse("web:live", args=[submission.pk])
    page = ada.get(address).content.decode()
    stamp = page.split("?seen=")[1].split('"')[0]
    assert ada.get(address, {"seen": stamp}).status_code == 204
    claimed(submission)
    assert ada.get(address, {"seen": stamp}).status_code == 200


def test_polling_backs_off_and_then_stops(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    pauses = []
    for age in (0, 30, 90):
        submission = hand_in(classroom, run=True, now=NOON - timedelta(seconds=age))
        pauses.append(text(ada, "live", submission.pk).split('hx-trigger="every ')[1].split('"')[0])
    assert pauses == ["300ms", "2s", "3s"]
    Submission.objects.filter(mode="run").delete()
    assert ada.get(reverse("web:live", args=[grade().pk])).status_code == 286


def test_progress_is_shown_check_by_check(ada: Client, classroom: Classroom) -> None:
    from gradus.submissions import services

    submission = hand_in(classroom)
    checks = [
        {"id": "a", "title": "The first", "status": "passed", "visible": True, "seconds": 0.5},
        {"id": "b", "title": "The second", "status": "running", "visible": True},
    ]
    services.report_progress(claimed(submission), {"position": None, "checks": checks}, now=NOON)
    page = text(ada, "live", submission.pk)
    assert "1 of 2 checks done" in page
    assert "The second" in page


def test_used_attempts_are_told_before_anybody_tries(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    grade()
    grade()
    page = text(ada, "item", classroom.item.pk)
    assert "2 of 2 attempts used." in page
    assert "All attempts are used. Run still works." in page


def test_the_editor_starts_with_the_latest_submission(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    grade("first = 1\n")
    grade("second = 2\n")
    page = text(ada, "item", classroom.item.pk)
    assert "second = 2" in page
    assert "first = 1" not in page


def test_a_leading_empty_line_of_the_code_survives(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    grade("\nx = 1\n")
    area = text(ada, "item", classroom.item.pk).split("<textarea")[1].split(">", 1)[1]
    assert area.startswith("\n\nx = 1\n</textarea>")  # a browser drops the first line end


@pytest.mark.parametrize("page", ["my_submissions", "course_submissions", "item_submissions"])
def test_lists_cost_the_same_for_any_number_of_rows(
    page: str, classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    person = classroom.iris if page == "course_submissions" else classroom.ada
    client.force_login(person.user)
    arguments = {
        "course_submissions": [classroom.course.pk], "item_submissions": [classroom.item.pk]
    }.get(page, [])  # fmt: skip
    classroom.item.max_attempts = None
    classroom.item.save()
    grade()
    few = queries(client, page, *arguments)
    for minute in range(1, 8):
        grade(now=NOON + timedelta(minutes=minute))
    assert queries(client, page, *arguments) == few


@pytest.mark.parametrize("page", ["overview", "course"])
def test_pages_cost_the_same_for_any_number_of_assignments(
    page: str, ada: Client, classroom: Classroom
) -> None:
    arguments = [classroom.course.pk] if page == "course" else []
    few = queries(ada, page, *arguments)
    for number in range(4):
        courses.create_assignment(
            course=classroom.course,
            plan=courses.Plan(title=f"More {number}"),
            exercises=[classroom.item.exercise],
        )
    assert queries(ada, page, *arguments) == few


def test_a_teacher_makes_a_course_and_an_assignment(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.iris.user)
    made = client.post(
        reverse("web:course_new"), {"title": "Vision", "term": "Autumn"}, follow=True
    )
    course = Course.objects.get(title="Vision")
    assert made.status_code == 200
    fields = {
        "title": "Week 1", "opens_at": "", "due_at": "2027-04-01T23:59", "max_attempts": "3",
        "counting": "best", "reveal": "full", "reveal_after_due": "full", "is_published": "on",
        "exercises": [classroom.item.exercise_id, classroom.sheet.exercise_id],
    }  # fmt: skip
    response = client.post(reverse("web:assignment_new", args=[course.pk]), fields)
    assignment = Assignment.objects.get(title="Week 1")
    assert response.status_code == 302
    assert [item.max_attempts for item in assignment.items.all()] == [3, 3]
    assert assignment.is_published


def test_an_assignment_without_exercises_is_refused_and_keeps_its_fields(
    classroom: Classroom, client: Client
) -> None:
    client.force_login(classroom.iris.user)
    fields = {"title": "Week 1", "counting": "best", "reveal": "full", "reveal_after_due": "full"}
    response = client.post(reverse("web:assignment_new", args=[classroom.course.pk]), fields)
    assert response.status_code == 422
    assert "Choose at least one exercise." in response.content.decode()
    assert 'value="Week 1"' in response.content.decode()


def test_a_window_that_ends_before_it_opens_is_named(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.iris.user)
    fields = {
        "title": "W", "opens_at": "2027-04-02T10:00", "due_at": "2027-04-01T10:00",
        "counting": "best", "reveal": "full", "reveal_after_due": "full",
        "exercises": [classroom.item.exercise_id],
    }  # fmt: skip
    response = client.post(reverse("web:assignment_new", args=[classroom.course.pk]), fields)
    assert response.status_code == 422
    assert "must open before it is due" in response.content.decode()


def test_what_is_not_there_is_said_in_our_words(ada: Client) -> None:
    response = ada.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing for you at this address" in response.content.decode()


def test_the_error_page_needs_no_request() -> None:
    from django.template.loader import get_template

    assert "Something broke on our side" in get_template("500.html").render()


def test_a_teacher_is_not_told_about_own_points(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.iris.user)
    page = text(client, "overview")
    assert "You teach one course." in page
    assert "Points so far" not in page
    assert "Nothing is due" not in page


def test_what_was_never_submitted_is_not_begun(ada: Client, classroom: Classroom) -> None:
    assert "Not begun: " in text(ada, "assignment", classroom.assignment.pk)
    assert "Waiting: " not in text(ada, "assignment", classroom.assignment.pk)


def test_the_editor_leads_to_the_verdict_of_the_latest_submission(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    graded = grade()
    at = reverse("web:submission", args=[graded.pk])
    assert f'<a href="{at}">Submission 1: 0 of 10 points</a>' in text(
        ada, "item", classroom.item.pk
    )
    waiting = hand_in(classroom)
    at = reverse("web:submission", args=[waiting.pk])
    assert f'<a href="{at}">Submission 2 is being graded</a>' in text(
        ada, "item", classroom.item.pk
    )


def test_before_a_submission_it_is_said_that_speed_waits_for_a_gpu(
    ada: Client, classroom: Classroom
) -> None:
    version = classroom.item.version
    assert "GPU" not in text(ada, "item", classroom.item.pk)
    type(version).objects.filter(pk=version.pk).update(has_gpu_part=True)
    assert "The speed part is measured on a GPU" in text(ada, "item", classroom.item.pk)


def test_the_end_of_grading_is_said_to_screen_readers(
    ada: Client, grade: Callable[..., Submission]
) -> None:
    page = text(ada, "live", grade().pk)
    assert '<span id="live-count" hx-swap-oob="innerHTML">0 of 10 points</span>' in page


def test_the_course_shows_its_staff_no_marks_of_their_own(
    classroom: Classroom, client: Client
) -> None:
    client.force_login(classroom.iris.user)
    page = text(client, "course", classroom.course.pk)
    assert "0 graded" not in page
    assert "Not begun" not in page
    assert "13 points" in page


def test_a_deadline_that_is_over_is_refused(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.iris.user)
    data = {
        "title": "Week 0", "counting": "best", "reveal": "full", "reveal_after_due": "full",
        "due_at": "2020-01-31T23:59", "exercises": [classroom.item.exercise_id],
    }  # fmt: skip
    address = reverse("web:assignment_new", args=[classroom.course.pk])
    response = client.post(address, data)
    assert response.status_code == 422
    assert "This time is over; choose a later one." in response.content.decode()


@pytest.mark.parametrize("kind", ["item", "sheet"])
def test_why_nothing_can_be_submitted_stands_above_the_work(
    ada: Client, classroom: Classroom, kind: str
) -> None:
    Assignment.objects.update(due_at=NOON - timedelta(days=1))
    prepared(classroom)
    page = text(ada, "item", getattr(classroom, kind).pk)
    assert page.index("The deadline is over") < page.index('id="work"')
    assert 'aria-describedby="closed"' in page
