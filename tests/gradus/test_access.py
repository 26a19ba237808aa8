"""Every address of the site, by everybody. A new address needs a row here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gradus.authoring import scaffold
from gradus.authoring import services as authoring
from gradus.authoring.models import WorkingCopy
from gradus.courses import services as courses
from gradus.courses.models import Allowance, Assignment, AssignmentGroup, RosterUpload, Section
from gradus.courses.roster import services as roster
from gradus.gradebook.exports import kept
from gradus.gradebook.models import FillInFile
from gradus.gradebook.rubrics.selectors import code_of
from gradus.gradebook.rubrics.services import set_rubric
from gradus.gradebook.services import record_verdict
from gradus.questions import services as questions
from gradus.questions.models import Question
from gradus.regrades import services as regrades
from gradus.regrades.models import Run
from gradus.regrades.scope import Scope, Target
from gradus.submissions.models import Draft, DraftState, Submission
from tests.people import NOON, Classroom, graded

pytestmark = pytest.mark.django_db

EVERYBODY = ("anonymous", "olga", "otto", "ben", "ada", "tess", "iris")
LOGIN, OK, NO, STRANGER, BAD = 302, 200, 403, 404, 405


def row(*statuses: int) -> dict[str, int]:
    return dict(zip(EVERYBODY, statuses, strict=True))


OPEN = row(*[OK] * 7)
PERSONAL = row(LOGIN, OK, OK, OK, OK, OK, OK)
MEMBERS = row(LOGIN, STRANGER, OK, OK, OK, OK, OK)
STAFF = row(LOGIN, STRANGER, STRANGER, STRANGER, STRANGER, OK, OK)
TEACHERS = row(LOGIN, STRANGER, NO, NO, NO, NO, OK)
OWN_OR_STAFF = row(LOGIN, STRANGER, STRANGER, STRANGER, OK, OK, OK)
MAY_TEACH = row(LOGIN, NO, NO, NO, NO, NO, OK)
POSTED = row(LOGIN, BAD, BAD, BAD, BAD, BAD, BAD)  # a page for POST only

GET = {
    "healthz": OPEN,
    "readyz": row(*[503] * 7),  # no worker in this test; says nothing but that
    "web:overview": PERSONAL,
    "web:preferences": PERSONAL,
    "web:my_submissions": PERSONAL,
    "web:submission": OWN_OR_STAFF,
    "web:live": row(LOGIN, STRANGER, STRANGER, STRANGER, 286, 286, 286),  # polling ends
    "web:run_results": row(LOGIN, STRANGER, STRANGER, STRANGER, 286, 286, 286),
    "web:part": OWN_OR_STAFF,
    "web:course_new": MAY_TEACH,
    "web:course": MEMBERS,
    "web:course_submissions": STAFF,
    "web:join": PERSONAL,
    "web:roster": STAFF,
    "web:roster_add": TEACHERS,
    "web:roster_upload": TEACHERS,
    "web:roster_preview": TEACHERS,
    "web:join_code": POSTED,
    "web:join_code_end": POSTED,
    "web:student": TEACHERS,
    "web:student_remove": POSTED,
    "web:student_return": POSTED,
    "web:student_invite": POSTED,
    "web:sections": TEACHERS,
    "web:section": TEACHERS,
    "web:section_delete": POSTED,
    "web:gradebook": STAFF,
    "web:mark": STAFF,
    "web:mark_override": POSTED,
    "web:mark_undo": POSTED,
    "web:statistics": STAFF,
    "web:item_statistics": STAFF,
    "web:found_submissions": row(LOGIN, *[STRANGER] * 6),  # of no mistake
    "web:markings": STAFF,
    "web:marking": STAFF,
    "web:paper": STAFF,
    "web:rubric": TEACHERS,
    "web:marking_release": POSTED,
    "web:human_part": MEMBERS,
    "web:exports": TEACHERS,
    "web:fill_in": TEACHERS,
    "web:fill_in_preview": TEACHERS,
    "web:export_file": TEACHERS,
    "web:record": TEACHERS,
    "web:record_file": TEACHERS,
    "web:person_data": TEACHERS,
    "web:assignment_archive": TEACHERS,
    "web:assignment_new": TEACHERS,
    "web:assignment_edit": TEACHERS,
    "web:course_rules": TEACHERS,
    "web:groups": TEACHERS,
    "web:group": TEACHERS,
    "web:group_delete": POSTED,
    "web:items_edit": TEACHERS,
    "web:own_exercises": TEACHERS,
    "web:own_new": TEACHERS,
    "web:own_exercise": TEACHERS,
    "web:own_delete": POSTED,
    "web:own_restore": POSTED,
    "web:own_download": TEACHERS,
    "web:own_upload": POSTED,
    "web:own_file": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),  # none is named
    "web:own_file_new": POSTED,
    "web:own_file_raw": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),
    "web:own_file_delete": POSTED,
    "web:own_file_restore": POSTED,
    "web:own_statement": POSTED,
    "web:own_verify": TEACHERS,
    "web:own_verify_live": row(LOGIN, STRANGER, NO, NO, NO, NO, 286),  # polling ends
    "web:own_verify_stop": POSTED,
    "web:own_publish": POSTED,
    "web:own_versions": TEACHERS,
    "web:own_changes": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),  # no version yet
    "web:own_item_newest": POSTED,
    "web:own_preview": TEACHERS,
    "web:withdraw": TEACHERS,
    "web:withdraw_undo": POSTED,
    "web:allowances": TEACHERS,
    "web:course_copy": TEACHERS,
    "web:course_details": TEACHERS,
    "web:course_archive": POSTED,
    "web:staff_add": TEACHERS,
    "web:staff_member": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),  # ben is a student
    "web:staff_end": POSTED,
    "web:view_as": STAFF,
    "web:view_item": STAFF,
    "web:enter": row(LOGIN, STRANGER, 302, 302, 302, 302, 302),  # no password is asked
    "web:exam_edit": TEACHERS,
    "web:release": POSTED,
    "web:allowance_undo": POSTED,
    "web:grades": MEMBERS,
    "web:solution": row(LOGIN, STRANGER, STRANGER, STRANGER, STRANGER, OK, OK),  # none is set
    "web:assignment": MEMBERS,
    "web:item": MEMBERS,
    "web:run": POSTED,
    "web:submit": POSTED,
    "web:read_answer": POSTED,
    "web:item_submissions": MEMBERS,
    "web:draft": POSTED,
    "web:draft_now": MEMBERS,
    "web:draft_file": MEMBERS,
    "web:drafts": MEMBERS,
    "web:draft_state": row(LOGIN, STRANGER, STRANGER, STRANGER, OK, STRANGER, STRANGER),
    "web:draft_restore": POSTED,
    "web:upload": POSTED,
    "web:notebook": POSTED,
    "web:console": POSTED,
    "web:changes": OWN_OR_STAFF,
    "web:calendar": PERSONAL,
    "web:tokens": PERSONAL,
    "web:ask": row(LOGIN, STRANGER, STRANGER, STRANGER, OK, NO, NO),
    "web:questions_mine": PERSONAL,
    "web:questions": STAFF,
    "web:question": STAFF,
    "web:question_withdraw": POSTED,
    "web:regrades": TEACHERS,
    "web:regrade_new": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),  # names no exercise
    "web:regrade": TEACHERS,
    "web:regrade_live": TEACHERS,
    "web:regrade_file": TEACHERS,
    "web:regrade_stop": POSTED,
    "web:regrade_resume": POSTED,
    "web:regrade_discard": POSTED,
    "web:regrade_take_in": POSTED,
    "web:regrade_lower": POSTED,
    "web:regrade_apply": POSTED,
    "web:regrade_reverse": POSTED,
    "web:mail_stop": row(*[STRANGER] * 7),  # the token alone opens it; this one is none
    "web:allow_program": PERSONAL,
    "web:token_end": POSTED,
    "web:calendar_renew": POSTED,
    "web:calendar_revoke": POSTED,
    "web:calendar_file": row(*[STRANGER] * 7),  # the token alone opens it; this one is none
    "web:practice": row(LOGIN, *[STRANGER] * 6),  # an exercise without numbers by hand
    "web:practice_new": POSTED,
    "web:practice_mark": POSTED,
    "web:console_answer": row(LOGIN, *[STRANGER] * 6),  # a submission is no console call
}
POST = {  # what changes something, with a form that does not fit
    "web:own_new": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:own_delete": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_restore": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_upload": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_file": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:own_file_new": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_file_delete": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_file_restore": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_statement": row(LOGIN, STRANGER, NO, NO, NO, NO, OK),
    "web:own_verify": row(LOGIN, STRANGER, NO, NO, NO, NO, 409),
    "web:own_verify_stop": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_publish": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:own_item_newest": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),  # another exercise's
    "web:own_preview": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:withdraw": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:withdraw_undo": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:run": row(LOGIN, STRANGER, 422, 422, 422, 422, 422),
    "web:submit": row(LOGIN, STRANGER, 422, 422, 422, 422, 422),
    "web:read_answer": row(LOGIN, *[STRANGER] * 6),  # there is no such field
    "web:console": row(LOGIN, STRANGER, 422, 422, 422, 422, 422),
    "web:draft": row(LOGIN, STRANGER, 422, 422, 422, 422, 422),
    "web:draft_restore": row(LOGIN, STRANGER, STRANGER, STRANGER, 302, STRANGER, STRANGER),
    "web:upload": row(LOGIN, STRANGER, 409, 422, 422, 422, 422),
    "web:notebook": row(LOGIN, STRANGER, 422, 422, 422, 422, 422),
    "web:calendar_renew": row(LOGIN, *[OK] * 6),
    "web:tokens": row(LOGIN, *[422] * 6),
    "web:ask": row(LOGIN, STRANGER, STRANGER, STRANGER, 422, NO, NO),
    "web:question": row(LOGIN, STRANGER, STRANGER, STRANGER, STRANGER, 422, 422),
    "web:question_withdraw": row(LOGIN, STRANGER, STRANGER, 302, STRANGER, STRANGER, STRANGER),
    "web:regrade_new": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:regrade_stop": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:regrade_resume": row(LOGIN, STRANGER, NO, NO, NO, NO, 409),  # it was not stopped
    "web:regrade_discard": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:regrade_take_in": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:regrade_lower": row(LOGIN, STRANGER, NO, NO, NO, NO, 409),  # nothing is ticked
    "web:regrade_apply": row(LOGIN, STRANGER, NO, NO, NO, NO, 409),  # it still grades
    "web:regrade_reverse": row(LOGIN, STRANGER, NO, NO, NO, NO, 409),
    "web:allow_program": row(LOGIN, *[OK] * 6),  # no code: the form again
    "web:token_end": row(LOGIN, *[STRANGER] * 6),  # nobody's
    "web:calendar_revoke": row(LOGIN, *[302] * 6),
    "web:practice_new": row(LOGIN, *[STRANGER] * 6),
    "web:practice_mark": row(LOGIN, *[STRANGER] * 6),
    "web:course_new": row(LOGIN, NO, NO, NO, NO, NO, 422),
    "web:assignment_new": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:assignment_edit": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:course_rules": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:groups": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:group": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:group_delete": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:items_edit": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:enter": row(LOGIN, STRANGER, 302, 302, 302, 302, 302),
    "web:exam_edit": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:release": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:course_copy": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:course_details": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:course_archive": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:staff_add": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:staff_member": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),
    "web:staff_end": row(LOGIN, STRANGER, NO, NO, NO, NO, STRANGER),
    "web:allowances": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:allowance_undo": row(LOGIN, STRANGER, NO, NO, NO, NO, OK),  # asks, as marks move
    "web:join": row(LOGIN, *[422] * 6),
    "web:roster_add": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:roster_upload": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:roster_preview": row(LOGIN, STRANGER, NO, NO, NO, NO, 409),  # not the stamp of a preview
    "web:join_code": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:join_code_end": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:student": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:student_remove": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:student_return": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:student_invite": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:sections": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:section": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:mark_override": row(LOGIN, STRANGER, STRANGER, STRANGER, STRANGER, NO, 422),
    "web:mark_undo": row(LOGIN, STRANGER, STRANGER, STRANGER, STRANGER, NO, 409),  # no change yet
    "web:section_delete": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:paper": row(LOGIN, STRANGER, STRANGER, STRANGER, STRANGER, 422, 422),
    "web:rubric": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:marking_release": row(LOGIN, STRANGER, NO, NO, NO, NO, 302),
    "web:fill_in": row(LOGIN, STRANGER, NO, NO, NO, NO, 422),
    "web:fill_in_preview": row(LOGIN, STRANGER, NO, NO, NO, NO, OK),  # the filled file
    "web:preferences": row(LOGIN, 422, 422, 422, 422, 422, 422),
}
FOREIGN = ("account_", "api:")  # allauth's pages, and the API, which has a walk of its own


def patterns(
    found: list[URLPattern | URLResolver], space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


def address(name: str, classroom: Classroom) -> str:
    return address_of(name, places(name, classroom))


def address_of(name: str, known: dict[str, object]) -> str:
    from django.urls import reverse

    wanted = dict(patterns(get_resolver().url_patterns))[name].pattern.converters
    return reverse(name, kwargs={key: known[key] for key in wanted})


def places(name: str, classroom: Classroom) -> dict[str, object]:
    """An object for each part of an address, made for this page."""
    submission = graded(classroom).submission
    return {
        "submission_id": submission.pk,
        "course_id": classroom.course.pk,
        "assignment_id": classroom.assignment.pk,
        "item_id": classroom.item.pk,
        "enrolment_id": classroom.ben.pk,
        "section_id": Section.objects.create(course=classroom.course, name="A").pk,
        "state_id": kept_draft(classroom).pk,
        "upload_id": (fill_in_file if "fill_in" in name else roster_upload)(classroom).pk,
        "group_id": AssignmentGroup.objects.create(course=classroom.course, name="Quizzes").pk,
        "allowance_id": excuse(classroom).pk,
        "name": "solution.py",
        "token": "no-token",
        "token_id": 0,
        "question_id": asked(classroom).pk,
        "run_id": regrade_run(classroom).pk,
        "copy_id": own_exercise(classroom).pk,
        "exercise_id": classroom.item.exercise_id,
        "file_id": 0,
        "code": to_mark(classroom, submission) if name == "web:paper" else "",
    }


def own_exercise(classroom: Classroom) -> WorkingCopy:
    """Of the course, as the wizard makes it."""
    return authoring.create(
        course=classroom.course, slug="mean-error", actor=classroom.iris.user, now=NOON,
        files=scaffold.files("code", "mean-error", "Mean error"),
    )  # fmt: skip


def regrade_run(classroom: Classroom) -> Run:
    """Over everything of one item; nothing of it is graded yet."""
    item = classroom.item
    return regrades.start(
        course=classroom.course, targets=[Target(item, item.version, {})],
        scope=Scope(Run.Scope.ALL), reason="Why.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def kept_draft(classroom: Classroom) -> DraftState:
    """An earlier draft of ada's."""
    draft = Draft.objects.create(enrolment=classroom.ada, item=classroom.item, parts={})
    return DraftState.objects.create(
        draft=draft, parts={"solution.py": "x"}, why="typed", size_bytes=1, saved_at=NOON
    )


def to_mark(classroom: Classroom, submission: Submission) -> str:
    """The code under which people mark ada's work."""
    record_verdict(submission.verdicts.get().pk, now=NOON)
    set_rubric(
        item=classroom.item, text="Style\n0: bad\n1: fine", is_anonymous=True,
        actor=classroom.iris.user, seen=0, now=NOON,
    )  # fmt: skip
    return code_of(classroom.item.pk, submission.enrolment_id)


def excuse(classroom: Classroom) -> Allowance:
    return courses.excuse(
        assignment=classroom.assignment, target=courses.Target(enrolment=classroom.ben), item=None,
        reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def asked(classroom: Classroom) -> Question:
    """Ben's question."""
    submission = graded(classroom, 5.0, enrolment=classroom.ben).submission
    return questions.ask(
        submission=submission, kind="regrade", check_id="", reason="It is right.", now=NOON
    )


def roster_upload(classroom: Classroom) -> RosterUpload:
    return roster.keep_upload(
        course=classroom.course,
        uploader=classroom.iris.user,
        name="roster.csv",
        data=b"email\nnew@example.org\n",
        now=NOON,
    )


def fill_in_file(classroom: Classroom) -> FillInFile:
    return kept.keep(
        course=classroom.course,
        uploader=classroom.iris.user,
        name="moodle.csv",
        data=b"Username,Doubling\nada,\n",
        now=NOON,
    )


def as_person(who: str, classroom: Classroom) -> Client:
    client = Client()
    if who != "anonymous":
        person = getattr(classroom, who)
        client.force_login(person if who == "olga" else person.user)
    return client


def test_the_table_names_every_address() -> None:
    everything = patterns(get_resolver().url_patterns)
    found = {name for name, _ in everything if not name.startswith(FOREIGN)}
    assert found == set(GET)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", GET)
def test_get_answers_by_role(classroom: Classroom, name: str, who: str) -> None:
    Assignment.objects.update(due_at=None)
    answer = as_person(who, classroom).get(address(name, classroom))
    assert answer.status_code == GET[name][who]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", POST)
def test_post_answers_by_role(classroom: Classroom, name: str, who: str) -> None:
    Assignment.objects.update(due_at=None)
    answer = as_person(who, classroom).post(address(name, classroom), {"x": "y"})
    assert answer.status_code == POST[name][who]


@pytest.mark.parametrize("name", [name for name in GET if GET[name]["anonymous"] == LOGIN])
def test_anonymous_people_are_sent_to_the_login(classroom: Classroom, name: str) -> None:
    answer = Client().get(address(name, classroom))
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", POST)
def test_a_post_without_the_token_of_the_form_is_refused(classroom: Classroom, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(classroom.iris.user)
    assert client.post(address(name, classroom)).status_code == NO


@pytest.mark.parametrize("who", ["anonymous", "ada"])
def test_nobody_can_sign_up(classroom: Classroom, who: str) -> None:
    from gradus.accounts.models import User

    before = User.objects.count()
    as_person(who, classroom).post(
        "/accounts/signup/",
        {
            "username": "eve",
            "email": "eve@example.org",
            "password1": "p" * 12,
            "password2": "p" * 12,
        },
    )
    assert User.objects.count() == before


def test_login_is_limited(classroom: Classroom) -> None:
    client = Client()
    statuses = [
        client.post("/accounts/login/", {"login": "ada", "password": "wrong"}) for _ in range(8)
    ]
    assert "Too many failed login attempts" in statuses[-1].content.decode()


def test_one_can_log_in_by_name_or_address(classroom: Classroom) -> None:
    from tests.people import PASSWORD

    for login in ("ada", "ada@example.org"):
        answer = Client().post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("path", ["/", "/healthz", "/accounts/login/", "/api/v1/docs", "/nothing"])
def test_every_answer_has_a_strict_content_policy(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
