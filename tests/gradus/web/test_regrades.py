"""Regrades as staff uses them, from the form to the way back; and with what attackers send."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.courses import services as courses
from gradus.courses.models import Enrolment, Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.models import GradeEvent
from gradus.questions import services as questions
from gradus.regrades import services as regrades
from gradus.regrades.models import Run
from gradus.regrades.scope import Scope, Target
from gradus.submissions import services as submissions
from gradus.submissions.models import Job
from tests.people import NOON, Classroom, graded, person, verdict_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MOVE = 'type="checkbox" name="move" value="1"'


def marked(classroom: Classroom, points: float, student: Enrolment | None = None) -> None:
    verdict = graded(classroom, points, enrolment=student or classroom.ada)
    gradebook.record_verdict(verdict.pk, now=NOON)


def grade(*points: float) -> None:
    for one in points:
        job = submissions.claim_next(Job.Lane.CPU, now=NOON)
        assert job is not None
        assert job.submission is not None
        submissions.store_verdict(job, verdict_data(job.submission, one), now=NOON)


def new(classroom: Classroom, query: str = "") -> str:
    query = query or f"item={classroom.item.pk}"
    return f"{reverse('web:regrade_new', args=[classroom.course.pk])}?{query}"


def started(classroom: Classroom, iris: Client, **fields: str) -> Run:
    data = {"scope": "all", "version": "same", "reason": "A check was wrong.", "start": "1"}
    answer = iris.post(new(classroom), data | fields)
    assert answer.status_code == 302, answer.content.decode()
    return Run.objects.latest("pk")


def page(iris: Client, run: Run, query: str = "") -> str:
    return iris.get(reverse("web:regrade", args=[run.pk]) + query).content.decode()


def applied(iris: Client, run: Run, **fields: str) -> tuple[int, str]:
    (stamp,) = re.findall(r'name="stamp" value="(\w+)"', page(iris, run)) or [""]
    answer = iris.post(
        reverse("web:regrade_apply", args=[run.pk]), {"stamp": stamp, **fields}, follow=True
    )
    return answer.status_code, answer.content.decode()


def test_the_form_says_how_much_it_is_before_anything_begins(
    classroom: Classroom, iris: Client
) -> None:
    marked(classroom, 5)
    marked(classroom, 6, classroom.ben)
    data = {"scope": "all", "version": "same", "reason": "A check was wrong."}
    text = iris.post(new(classroom), data).content.decode()
    assert "2 submissions of 2 students would be graded again." in text
    assert "Start 2 gradings" in text
    assert not Run.objects.exists()


def test_from_the_start_to_the_way_back(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    run = started(classroom, iris)
    assert "0 of 1 graded" in page(iris, run)
    live = iris.get(reverse("web:regrade_live", args=[run.pk]))
    assert live.status_code == 200
    grade(8)
    live = iris.get(reverse("web:regrade_live", args=[run.pk]))
    assert (live.status_code, live["HX-Refresh"]) == (286, "true")
    text = page(iris, run)
    assert "attempt 1: 5 → 8" in text
    assert "Applying raises 1 mark and lowers 0." in text
    status, text = applied(iris, run)
    assert status == 200
    assert "Applied: 1 mark raised, 0 lowered." in text
    address = reverse("web:regrade_reverse", args=[run.pk])
    text = iris.post(address).content.decode()
    assert "1 mark of 1 student would change. 1 mark would be lower." in text
    (stamp,) = re.findall(r'name="stamp" value="(\w+)"', text)
    assert iris.post(address, {"stamp": stamp}).status_code == 409  # the tick is missing
    text = iris.post(address, {"stamp": stamp, "lower": "1"}, follow=True).content.decode()
    assert "Marks are as they were before it." in text
    assert GradeEvent.objects.count() == 3


def test_lowering_needs_the_choice_and_the_typed_words(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 8)
    run = started(classroom, iris)
    grade(5)
    text = page(iris, run)
    assert "1 that came out lower stays as before." in text
    key = f"{classroom.ada.pk}-{classroom.item.pk}"
    iris.post(reverse("web:regrade_lower", args=[run.pk]), {"choice": "ticked", "mark": key})
    status, text = applied(iris, run)
    assert status == 409
    assert "Type “lower 1” if 1 mark should become lower." in text
    status, text = applied(iris, run, confirm=" Lower  1 ")
    assert status == 200
    assert "0 marks raised, 1 lowered." in text


def test_what_was_sent_with_a_refused_form_stays(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    run = started(classroom, iris)
    grade(3)
    lower(iris, run)
    Item.objects.filter(pk=classroom.item.pk).update(thresholds={"fast": [[2.0, 1.0]]})
    assert f"{MOVE} checked" in page(iris, run)
    status, text = applied(iris, run, confirm="lower all")
    assert status == 409
    assert MOVE in text
    assert f"{MOVE} checked" not in text
    assert 'value="lower all"' in text
    # the address is that of the form, which cannot be read
    assert f'href="{reverse("web:regrade", args=[run.pk])}?show=lowered"' in text


def lower(iris: Client, run: Run) -> None:
    iris.post(reverse("web:regrade_lower", args=[run.pk]), {"choice": "all"})


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"choice": "ticked"}, {"choice": "x", "mark": "1-1"},
        {"choice": "ticked", "mark": "1"}, {"choice": "ticked", "mark": "-1-2"},
        {"choice": "ticked", "mark": "9" * 40 + "-1"}, {"choice": "keep", "mark": "a-b"},
    ],
)  # fmt: skip
def test_a_choice_of_no_mark_is_refused(
    classroom: Classroom, iris: Client, fields: dict[str, str]
) -> None:
    marked(classroom, 8)
    run = started(classroom, iris)
    answer = iris.post(reverse("web:regrade_lower", args=[run.pk]), fields)
    assert answer.status_code == 409
    assert "Tick the marks first." in answer.content.decode()


def test_a_mark_of_another_run_cannot_be_chosen(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 8)
    run = started(classroom, iris)
    grade(5)
    other = f"{classroom.ben.pk}-{classroom.sheet.pk}"
    iris.post(reverse("web:regrade_lower", args=[run.pk]), {"choice": "ticked", "mark": other})
    assert not run.regradings.filter(may_lower=True).exists()


def test_marks_that_moved_meanwhile_are_shown_again(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    run = started(classroom, iris)
    grade(8)
    (stamp,) = re.findall(r'name="stamp" value="(\w+)"', page(iris, run))
    marked(classroom, 6)
    answer = iris.post(reverse("web:regrade_apply", args=[run.pk]), {"stamp": stamp})
    assert answer.status_code == 409
    assert "The marks changed while you looked." in answer.content.decode()
    assert not GradeEvent.objects.filter(source="regrade").exists()


def test_filters_show_marks_of_one_kind(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    marked(classroom, 8, classroom.ben)
    run = started(classroom, iris)
    grade(8, 8)
    for show, names in (
        ("raised", ["ada"]),
        ("unchanged", ["ben"]),
        ("failed", []),
        ("x", ["ada", "ben"]),
    ):
        body = page(iris, run, f"?show={show}").partition("<tbody>")[2].partition("</tbody>")[0]
        assert re.findall(r">(ada|ben)</a>", body) == names


def test_the_file_holds_every_mark_and_no_formula(classroom: Classroom, iris: Client) -> None:
    classroom.ada.user.first_name = "=cmd"
    classroom.ada.user.save()
    marked(classroom, 5)
    marked(classroom, 8, classroom.ben)
    run = started(classroom, iris)
    grade(9, 8)
    address = reverse("web:regrade_file", args=[run.pk])
    lines = list(csv.DictReader(io.StringIO(iris.get(address).content.decode("utf-8-sig"))))
    assert [line["What"] for line in lines] == ["Raised", "Unchanged"]
    assert lines[0]["Student"].startswith("'=cmd")
    assert (lines[0]["Mark now"], lines[0]["Mark then"]) == ("5", "9")
    assert (lines[1]["Mark now"], lines[1]["Mark then"]) == ("8", "8")
    applied(iris, run)
    (line,) = csv.DictReader(io.StringIO(iris.get(address).content.decode("utf-8-sig")))
    assert (line["Points before"], line["Points after"]) == ("5", "9")


def test_a_second_run_is_refused_with_a_sentence(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    started(classroom, iris)
    data = {"scope": "all", "version": "same", "reason": "again", "start": "1"}
    answer = iris.post(new(classroom), data)
    assert answer.status_code == 409
    assert "Doubling is being regraded already." in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scope": "one"}, "Select a valid choice"),
        ({"scope": "students"}, "Name at least one student."),
        ({"scope": "students", "students": "tess, x"}, "No single student of this course: tess"),
        ({"scope": "students", "students": " ".join(map(str, range(501)))}, "At most 500"),
        ({"scope": "check"}, "Choose the check."),
        ({"scope": "check", "check_id": "' OR 1=1"}, "Select a valid choice"),
        ({"version": "0"}, "Select a valid choice"),
        ({"version": "newest"}, "Select a valid choice"),
        ({"reason": " "}, "This field is required."),
        ({"reason": "x" * 2_001}, "at most 2000 characters"),
        ({"reason": "a\0b"}, "Null characters are not allowed."),
    ],
)  # fmt: skip
def test_bad_input_is_named(
    classroom: Classroom, iris: Client, fields: dict[str, str], words: str
) -> None:
    marked(classroom, 5)
    data = {"scope": "all", "version": "same", "reason": "why", "start": "1"} | fields
    answer = iris.post(new(classroom), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize("name", ["item", "assignment", "question"])
@pytest.mark.parametrize("value", ["", "0", "-1", "x", "9" * 30, "²"])
def test_an_address_that_names_nothing_leads_to_the_list(
    classroom: Classroom, iris: Client, name: str, value: str
) -> None:
    answer = iris.get(new(classroom, f"{name}={value}"))
    assert answer.status_code == 302


def test_objects_of_another_course_are_no_subject(classroom: Classroom, client: Client) -> None:
    owen = person("owen", may_teach=True)
    elsewhere = courses.create_course(owner=owen, title="Elsewhere")
    marked(classroom, 5)
    question = questions.ask(
        submission=classroom.item.submissions.get(), kind="regrade", check_id="",
        reason="It is right, I think.", now=NOON,
    )  # fmt: skip
    client.force_login(owen)
    for name, pk in (
        ("item", classroom.item.pk),
        ("assignment", classroom.assignment.pk),
        ("question", question.pk),
    ):
        address = reverse("web:regrade_new", args=[elsewhere.pk])
        assert client.get(f"{address}?{name}={pk}").status_code == 302
    run = start(classroom)
    for page_name in ("regrade", "regrade_live", "regrade_file"):
        assert client.get(reverse(f"web:{page_name}", args=[run.pk])).status_code == 404
    for act in ("stop", "discard", "apply", "reverse", "lower"):
        assert client.post(reverse(f"web:regrade_{act}", args=[run.pk])).status_code == 404
    run.refresh_from_db()
    assert run.state == Run.State.GRADING


def start(classroom: Classroom) -> Run:
    return regrades.start(
        course=classroom.course, targets=[Target(classroom.item, classroom.item.version, {})],
        scope=Scope(Run.Scope.ALL), reason="x", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def test_a_request_of_a_student_becomes_a_run_of_its_submission(
    classroom: Classroom, iris: Client
) -> None:
    marked(classroom, 5)
    marked(classroom, 5, classroom.ben)
    sent = classroom.item.submissions.get(enrolment=classroom.ada)
    question = questions.ask(
        submission=sent, kind="regrade", check_id="", reason="It is right, I think.", now=NOON
    )
    link = f"regrades/new/?question={question.pk}"
    asked = reverse("web:question", args=[question.pk])
    assert link in iris.get(asked).content.decode()
    data = {"version": "same", "reason": "You asked.", "start": "1"}
    iris.post(new(classroom, f"question={question.pk}"), data)
    run = Run.objects.get()
    assert [one.submission_id for one in run.regradings.all()] == [sent.pk]
    assert f"Regrade run {run.pk}" in iris.get(asked).content.decode()
    grade(9)
    status, text = applied(iris, run)
    assert status == 200
    assert "What came of it?" in text  # the question waits for its answer


def test_a_whole_assignment_is_regraded_by_one_run(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    data = {"scope": "all", "version": "newest", "reason": "why", "start": "1"}
    iris.post(new(classroom, f"assignment={classroom.assignment.pk}"), data)
    assert Run.objects.get().items.count() == 2


def test_students_see_a_regrade_only_when_it_is_applied(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    sent = classroom.item.submissions.get()
    own = Client()
    own.force_login(classroom.ada.user)
    address = reverse("web:submission", args=[sent.pk])
    run = started(classroom, iris)
    grade(8)
    before = own.get(address).content.decode()
    assert "5 of 10" in before
    assert "8 of 10" not in before
    assert "Regraded" not in before
    applied(iris, run)
    text = own.get(address).content.decode()
    assert "5 → 8. “A check was wrong.”" in text
    assert "8 of 10" in text


def test_the_mark_names_the_run_that_changed_it(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    run = started(classroom, iris)
    grade(8)
    applied(iris, run)
    address = reverse("web:mark", args=[classroom.course.pk, classroom.ada.pk, classroom.item.pk])
    text = iris.get(address).content.decode()
    assert "Attempt 1 regraded from 5 to 8" in text
    assert f'href="/regrades/{run.pk}/"' in text


def test_a_stopped_run_goes_on_or_is_discarded(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    run = started(classroom, iris)
    iris.post(reverse("web:regrade_stop", args=[run.pk]))
    text = page(iris, run)
    assert "Go on grading" in text
    assert "Not graded: the run was stopped" in text
    iris.post(reverse("web:regrade_resume", args=[run.pk]))
    assert "0 of 1 graded" in page(iris, run)
    iris.post(reverse("web:regrade_discard", args=[run.pk]))
    assert "No mark was changed." in page(iris, run)
    assert iris.get(reverse("web:regrade_file", args=[run.pk])).status_code == 404


def test_a_stopped_run_offers_no_more_gradings(classroom: Classroom, iris: Client) -> None:
    marked(classroom, 5)
    run = started(classroom, iris)
    grade(8)
    marked(classroom, 6, classroom.ben)
    assert "Grade 1 more" in page(iris, run)
    regrades.stop(run=run, actor=classroom.iris.user, now=NOON)
    assert "Grade 1 more" not in page(iris, run)


def test_the_list_offers_what_can_be_regraded(classroom: Classroom, iris: Client) -> None:
    address = reverse("web:regrades", args=[classroom.course.pk])
    assert "Nothing was regraded yet." in iris.get(address).content.decode()
    marked(classroom, 5)
    assert new(classroom) in iris.get(address).content.decode()
    run = started(classroom, iris)
    assert f"Run {run.pk}: Doubling" in iris.get(address).content.decode()


def test_more_submissions_cost_no_page_more_queries(classroom: Classroom, iris: Client) -> None:
    def queries(run: Run) -> list[int]:
        counts = []
        for name in ("regrade", "regrade_file"):
            with CaptureQueriesContext(connection) as seen:
                iris.get(reverse(f"web:{name}", args=[run.pk]))
            counts.append(len(seen))
        return counts

    marked(classroom, 5)
    marked(classroom, 5, classroom.ben)
    run = started(classroom, iris)
    grade(8, 5)
    page(iris, run)
    before = queries(run)
    regrades.discard(run=run, actor=classroom.iris.user, now=NOON)
    for number in range(6):
        user = person(f"student-{number}")
        student = courses.enrol(course=classroom.course, user=user, role="student")
        marked(classroom, 5, student)
    run = started(classroom, iris)
    grade(8, 8, 5, 5, 8, 8, 5, 5)
    assert queries(run) == before
