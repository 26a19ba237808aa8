"""Submissions of an assignment and data of one student, as archives."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.courses.models import Assignment, Enrolment, Item, Role
from gradus.courses.services import create_course, enrol
from gradus.gradebook import services as gradebook
from gradus.gradebook.rubrics import services as rubrics
from gradus.records.person import take_person
from gradus.records.submissions import take_submissions
from gradus.records.zips import sent, zip_chunks
from gradus.submissions.models import Draft
from tests.people import NOON, Classroom, graded, hand_in

pytestmark = pytest.mark.django_db


def opened(chunks: object) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(chunks)))  # type: ignore[arg-type]
    assert archive.testzip() is None
    return archive


def taken(classroom: Classroom) -> zipfile.ZipFile:
    return opened(
        take_submissions(assignment=classroom.assignment, viewer=classroom.iris, now=NOON)
    )


def of_ada(classroom: Classroom) -> zipfile.ZipFile:
    ada = Enrolment.objects.select_related("user", "course", "section").get(pk=classroom.ada.pk)
    return opened(take_person(student=ada, now=NOON + timedelta(hours=1)))


def test_each_attempt_has_a_folder_with_a_stable_name(classroom: Classroom) -> None:
    graded(classroom)
    graded(classroom, 5.0, source="def double(x):\n    return x\n")
    archive = taken(classroom)
    folder = f"ada-{classroom.ada.pk}/doubling"
    assert archive.namelist() == [
        f"{folder}/001/solution.py", f"{folder}/002/solution.py", "index.csv",
    ]  # fmt: skip
    assert archive.read(f"{folder}/002/solution.py") == b"def double(x):\n    return x\n"
    assert taken(classroom).namelist() == archive.namelist()


def test_the_index_has_a_line_for_each_submission(classroom: Classroom) -> None:
    graded(classroom, 5.0)
    hand_in(classroom, enrolment=classroom.ben, run=True)  # Runs are nobody's business
    text = taken(classroom).read("index.csv").decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert line["username"] == "ada"
    assert (line["attempt"], line["status"]) == ("1", "partial")
    assert float(line["points"]) == 5.0


@pytest.mark.parametrize("name", ["..", ".", "@ben", "=cmd", "-x"])
def test_no_name_leaves_the_folder_or_becomes_a_formula(classroom: Classroom, name: str) -> None:
    User.objects.filter(pk=classroom.ada.user_id).update(username=name)
    graded(classroom)
    archive = taken(classroom)
    assert not any(part == ".." or part == "." for n in archive.namelist() for part in n.split("/"))
    line = archive.read("index.csv").decode("utf-8-sig").splitlines()[1]
    assert not any(cell.startswith(("=", "@", "-")) for cell in line.split(","))


def test_downloads_are_recorded_with_what_was_taken(classroom: Classroom) -> None:
    graded(classroom)
    taken(classroom)
    of_ada(classroom)
    submissions, person = Entry.objects.filter(action__startswith="export.").order_by("pk")
    assert submissions.action == Action.SUBMISSIONS_TAKEN
    assert submissions.changes["submissions"] == [None, 1]
    assert person.action == Action.PERSON_TAKEN
    assert person.person == classroom.ada.user


def test_a_students_data_is_complete_and_of_nobody_else(classroom: Classroom) -> None:
    mine = graded(classroom)
    gradebook.record_verdict(mine.pk, now=NOON)
    graded(classroom, source="ben's secret", enrolment=classroom.ben)
    Draft.objects.update_or_create(
        enrolment=classroom.ada, item=classroom.item, defaults={"parts": {"solution.py": "draft"}}
    )
    archive = of_ada(classroom)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"ben's secret" not in everything
    assert json.loads(archive.read("person.json"))["email"] == "ada@example.org"
    (mark,) = json.loads(archive.read("marks.json"))["marks"]
    assert float(mark["points"]) == 10.0
    folder = f"submissions/{mine.submission_id}-doubling"
    assert archive.read(f"{folder}/solution.py")
    assert f"drafts/{classroom.item.pk}-doubling/solution.py" in archive.namelist()


def test_a_students_data_is_of_one_course_alone(classroom: Classroom) -> None:
    elsewhere = create_course(owner=classroom.olga, title="A secret course")
    enrol(course=elsewhere, user=classroom.ada.user, role=Role.STUDENT)
    letters.write(
        user=classroom.ada.user, subject="About a secret course", text="x", path="/", now=NOON
    )
    assert b"secret course" not in _all(of_ada(classroom))


def test_a_students_data_tells_no_more_than_the_student_may_know(classroom: Classroom) -> None:
    Assignment.objects.update(reveal="nothing")
    verdict = graded(classroom, 5.0)
    gradebook.record_verdict(verdict.pk, now=NOON)
    assert b"why hidden_one failed" not in _all(of_ada(classroom))
    Assignment.objects.update(holds_feedback=True)
    archive = of_ada(classroom)
    assert json.loads(archive.read("marks.json")) == {
        "marks": [], "events": [], "by_people": [],
    }  # fmt: skip
    facts = json.loads(
        archive.read(f"submissions/{verdict.submission_id}-doubling/submission.json")
    )
    assert (facts["phase"], facts["verdict"]) == ("held", None)


def test_a_students_data_hold_what_people_wrote_once_it_is_told(classroom: Classroom) -> None:
    item = Item.objects.select_related("assignment__course", "version").get(pk=classroom.item.pk)
    verdict = graded(classroom)
    gradebook.record_verdict(verdict.pk, now=NOON)
    rubric = rubrics.set_rubric(
        item=item, text="Style\n0: bad\n1: fine", is_anonymous=True, actor=classroom.iris.user,
        seen=0, now=NOON,
    )  # fmt: skip
    rubrics.mark(
        rubric=rubric, student=classroom.ada, submission=verdict.submission,
        choice=rubrics.Choice([1], "Well put.", 0), actor=classroom.tess.user, now=NOON,
    )  # fmt: skip
    assert json.loads(of_ada(classroom).read("marks.json"))["by_people"] == []
    item.refresh_from_db()
    rubrics.release(item=item, actor=classroom.iris.user, now=NOON)
    archive = of_ada(classroom)
    (told,) = json.loads(archive.read("marks.json"))["by_people"]
    assert told["criteria"] == [{"title": "Style", "level": "fine"}]
    assert told["comment"] == "Well put."
    assert b"tess" not in _all(archive)


def test_an_archive_costs_no_more_memory_than_one_file() -> None:
    text = "x" * (1 << 20)  # random enough for nobody, large enough to be seen
    files = ((f"{n}.txt", text[: -(n + 1)] + str(n), NOON) for n in range(200))
    tracemalloc.start()
    total = sum(len(chunk) for chunk in zip_chunks(files))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 0
    assert peak < 16 << 20  # of 200 MiB


def test_pieces_are_sent_one_by_one() -> None:
    made: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield bytes([number])

    async def first() -> bytes:
        async for chunk in sent(chunks()):
            return chunk
        return b""

    assert async_to_sync(first)() == b"\0"
    assert made == [0]


def _all(archive: zipfile.ZipFile) -> bytes:
    return b"".join(archive.read(name) for name in archive.namelist())
