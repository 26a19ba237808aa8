"""The pages of own exercises: made, edited by two, verified, published, compared, used."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grader.contracts import Gate, GateCheck, Measured
from gradus.authoring import archive, scaffold, services
from gradus.authoring.files import sha256_of
from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.authoring.services import jobs
from gradus.catalog.models import Exercise
from gradus.courses import services as courses
from gradus.courses.models import Course, Item
from gradus.submissions.models import Job, StudentItem, Submission
from gradus.web.authoring_matrix import matrix_of
from gradus.web.authoring_versions import changed_files
from tests.gradus.authoring.conftest import begun, green
from tests.people import NOON, Classroom, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def iris(classroom: Classroom) -> Client:
    client = Client()
    client.force_login(classroom.iris.user)
    return client


def at(name: str, copy: WorkingCopy, *more: int) -> str:
    return reverse(f"web:own_{name}", args=[copy.course_id, copy.pk, *more])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_wizard_makes_each_kind(classroom: Classroom, iris: Client) -> None:
    page = reverse("web:own_new", args=[classroom.course.pk])
    for kind in scaffold.KINDS:
        answer = iris.post(page, {"begins": kind, "title": "My own", "slug": f"own-{kind}"})
        assert answer.status_code == 302
    shown = text_of(iris.get(reverse("web:own_exercises", args=[classroom.course.pk])))
    assert shown.count("To be verified") == len(scaffold.KINDS)


def test_the_wizard_copies_an_exercise_and_takes_an_archive(
    classroom: Classroom, iris: Client
) -> None:
    page = reverse("web:own_new", args=[classroom.course.pk])
    source = classroom.item.exercise_id
    assert (
        iris.post(page, {"begins": "copy", "slug": "tripling", "source": source}).status_code == 302
    )
    packed = archive.write("any-name", scaffold.files("quiz", "other-id", "Quiz"))
    file = SimpleUploadedFile("mine.zip", packed)
    answer = iris.post(page, {"begins": "zip", "slug": "from-zip", "file": file})
    assert answer.status_code == 302
    assert [copy.fault for copy in WorkingCopy.objects.all()] == ["", ""]


@pytest.mark.parametrize(
    "data",
    [
        {"begins": "code", "slug": "doubling", "title": "x"},
        {"begins": "code", "slug": "Bad Id", "title": "x"},
        {"begins": "code", "slug": "fine", "title": ""},
        {"begins": "copy", "slug": "fine"},
        {"begins": "copy", "slug": "fine", "source": "99999"},
        {"begins": "zip", "slug": "fine"},
        {"begins": "everything", "slug": "fine"},
        {"x": "y"},
    ],
)
def test_the_wizard_refuses_what_makes_no_exercise(
    classroom: Classroom, iris: Client, data: dict[str, str]
) -> None:
    answer = iris.post(reverse("web:own_new", args=[classroom.course.pk]), data)
    assert answer.status_code == 422
    assert not WorkingCopy.objects.exists()
    assert not Exercise.objects.filter(course=classroom.course).exists()


def test_an_archive_that_is_refused_changes_nothing(copy: WorkingCopy, iris: Client) -> None:
    before = services.files_of(copy)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("exercise.toml", "x")
        file.writestr("../../etc/passwd", "x")
    answer = iris.post(
        at("upload", copy), {"file": SimpleUploadedFile("x.zip", buffer.getvalue())}, follow=True
    )
    assert "Nothing was changed" in text_of(answer)
    assert "leads out of the folder" in text_of(answer)
    assert services.files_of(copy) == before


def test_a_download_can_be_uploaded_again(copy: WorkingCopy, iris: Client) -> None:
    before = services.files_of(copy)
    packed = iris.get(at("download", copy))
    assert (packed["X-Content-Type-Options"], packed["Cache-Control"]) == ("nosniff", "no-store")
    data = packed.content
    iris.post(at("file", copy) + "?path=statement.md", {"text": "x", "base": ""})
    iris.post(at("upload", copy), {"file": SimpleUploadedFile("x.zip", data)})
    assert services.files_of(copy) == before


def test_a_file_is_edited_and_a_fault_is_shown_at_once(copy: WorkingCopy, iris: Client) -> None:
    page = at("file", copy) + "?path=exercise.toml"
    base = sha256_of(services.files_of(copy)["exercise.toml"])
    answer = iris.post(page, {"text": "id = 7\r\n", "base": base}, follow=True)
    assert "exercise.toml:1: id" in text_of(answer)
    assert services.files_of(copy)["exercise.toml"] == b"id = 7\n"


def test_a_path_with_a_nul_is_no_file(copy: WorkingCopy, iris: Client) -> None:
    for name in ("file", "file_raw"):
        assert iris.get(at(name, copy) + "?path=a%00.py").status_code == 404
    assert (
        iris.post(at("file", copy) + "?path=a%00.py", {"text": "", "base": ""}).status_code == 422
    )
    sent = {"path": "a\0.py", "file": SimpleUploadedFile("a.py", b"x = 1\n")}
    assert "no path" in text_of(iris.post(at("file_new", copy), sent, follow=True))


def test_the_second_of_two_authors_sees_both_texts(copy: WorkingCopy, iris: Client) -> None:
    page = at("file", copy) + "?path=statement.md"
    base = sha256_of(services.files_of(copy)["statement.md"])
    assert iris.post(page, {"text": "Theirs.\n", "base": base}).status_code == 302
    answer = iris.post(page, {"text": "Mine.\n", "base": base})
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Theirs." in shown
    assert "Mine." in shown
    now = sha256_of(b"Theirs.\n")
    assert f'name="base" value="{now}"' in shown
    assert iris.post(page, {"text": "Mine.\n", "base": now}).status_code == 302
    assert services.files_of(copy)["statement.md"] == b"Mine.\n"


def test_deleting_a_file_and_the_exercise_can_be_undone(copy: WorkingCopy, iris: Client) -> None:
    file = copy.files.get(path="right/by_loop.py")
    shown = text_of(iris.post(at("file_delete", copy, file.pk), follow=True))
    assert "Bring back" in shown
    iris.post(at("file_restore", copy, file.pk))
    assert "right/by_loop.py" in services.files_of(copy)
    iris.post(at("delete", copy))
    assert iris.get(at("exercise", copy)).status_code == 200
    assert iris.post(at("file", copy) + "?path=x.py", {"text": "", "base": ""}).status_code == 422
    iris.post(at("restore", copy))
    copy.refresh_from_db()
    assert copy.deleted_at is None


def test_the_statement_is_previewed_clean_and_stored_nowhere(
    copy: WorkingCopy, iris: Client
) -> None:
    text = "Price $x^2$ <script>alert(1)</script> [x](javascript:alert(1)) {{ n }}"
    shown = text_of(iris.post(at("statement", copy), {"text": text}))
    assert '<span class="math">x^2</span>' in shown
    assert "<script" not in shown
    assert 'href="javascript' not in shown
    assert b"Price" not in services.files_of(copy)["statement.md"]


def test_binary_files_are_kept_and_downloaded_but_not_edited(
    copy: WorkingCopy, iris: Client
) -> None:
    data = bytes(range(256))
    iris.post(at("file_new", copy), {"path": "given/", "file": SimpleUploadedFile("w.bin", data)})
    page = iris.get(at("file", copy) + "?path=given/w.bin")
    assert "no text that can be edited" in text_of(page)
    raw = iris.get(at("file_raw", copy) + "?path=given/w.bin")
    assert raw.content == data
    assert raw["Content-Disposition"].startswith("attachment")


def test_the_gates_fill_in_while_they_are_decided(copy: WorkingCopy, iris: Client) -> None:
    assert iris.post(at("verify", copy), {"seeds": "5"}).status_code == 302
    page = text_of(iris.get(at("verify", copy)))
    assert "Waiting for a grader" in page
    assert "wrong/sum_not_mean.py" in page  # still to come
    job = jobs.claim_next("verify", now=NOON.replace(year=2099))
    assert job is not None
    check = GateCheck(id="a", title="A single pair", status="failed")
    gate = Gate(
        exercise="x", gate="wrong", subject="wrong/sum_not_mean.py", passed=True, checks=(check,),
        told="The errors are summed.",
    )  # fmt: skip
    jobs.report(job, [gate], now=NOON.replace(year=2099))
    live = iris.get(at("verify_live", copy))
    assert live.status_code == 200
    assert "A single pair" in text_of(live)
    assert "Killed by 1" in text_of(live)
    seen = f"{job.pk}.running.1"
    assert iris.get(at("verify_live", copy) + f"?seen={seen}").status_code == 204
    iris.post(at("verify_stop", copy))
    assert not jobs.report(job, [gate], now=NOON)
    ended = iris.get(at("verify_live", copy))
    assert ended.status_code == 286
    assert 'id="own-head" hx-swap-oob="true"' in text_of(ended)


def test_what_failed_is_named_with_its_message(copy: WorkingCopy, iris: Client) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    job = jobs.claim_next("verify", now=NOON)
    assert job is not None
    hostile = "<b>survives</b> every check\x1b[31m"
    gate = Gate(exercise="x", gate="wrong", subject="wrong/a.py", passed=False, message=hostile)
    jobs.store_verified(job, [gate], Measured(), now=NOON)
    page = text_of(iris.get(at("verify", copy)))
    assert "1 of 1 gates does not hold" in page
    assert "&lt;b&gt;survives&lt;/b&gt; every check" in page
    assert "\x1b" not in page
    answer = iris.post(at("publish", copy), follow=True)
    assert "Nothing was published" in text_of(answer)


@pytest.mark.parametrize("seeds", ["", "0", "7", "-5", "1e3", "99999999999"])
def test_only_offered_numbers_of_draws_are_taken(
    copy: WorkingCopy, iris: Client, seeds: str
) -> None:
    assert iris.post(at("verify", copy), {"seeds": seeds}).status_code == 409
    assert not AuthorJob.objects.exists()


def used(classroom: Classroom, copy: WorkingCopy, iris: Client) -> Item:
    """An item pinned to the first of two versions."""
    green(copy)
    iris.post(at("publish", copy))
    exercise = Exercise.objects.get(pk=copy.exercise_id)
    made = courses.create_assignment(
        course=classroom.course, plan=courses.Plan(title="Errors"), exercises=[exercise]
    )
    page = at("file", copy) + "?path=statement.md"
    text = services.files_of(copy)["statement.md"]
    iris.post(page, {"text": text.decode() + "One line more.\n", "base": sha256_of(text)})
    copy.refresh_from_db()
    green(copy)
    iris.post(at("publish", copy))
    return made.items.get()


def test_an_item_is_moved_to_the_newest_version_while_nobody_has_submitted(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    item = used(classroom, copy, iris)
    page = text_of(iris.get(at("versions", copy)))
    assert "Use version 2" in page
    assert "These files are published." in page
    assert "Publish</button>" not in page
    iris.post(at("item_newest", copy, item.pk))
    item.refresh_from_db()
    newest = Exercise.objects.get(pk=copy.exercise_id).newest
    assert item.version == newest


def test_an_item_with_submissions_stays_and_the_page_says_why(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    item = used(classroom, copy, iris)
    hand_in(classroom, "x = 1\n", item=item)
    page = text_of(iris.get(at("versions", copy)))
    assert "a regrade moves their work" in page
    assert "Use version 2" not in page
    answer = iris.post(at("item_newest", copy, item.pk), follow=True)
    assert "A regrade moves their work" in text_of(answer)
    before = item.version_id
    item.refresh_from_db()
    assert item.version_id == before


def test_the_newest_version_is_the_one_published_last_not_the_one_made_last(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    first = services.files_of(copy)
    item = used(classroom, copy, iris)
    iris.post(at("item_newest", copy, item.pk))
    copy = services.replace_all(copy=copy, files=first, actor=classroom.iris.user, now=NOON)
    green(copy)
    answer = text_of(iris.post(at("publish", copy), follow=True))
    assert "Version 1 is published" in answer
    assert "Use version 1" in answer
    assert "Changes since version 1" in answer
    assert "The files are the same" in text_of(iris.get(at("changes", copy)))
    iris.post(at("item_newest", copy, item.pk))
    item.refresh_from_db()
    assert item.version == Exercise.objects.get(pk=copy.exercise_id).newest


def test_points_that_somebody_chose_stay_when_an_item_moves(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    item = used(classroom, copy, iris)
    Item.objects.filter(pk=item.pk).update(points=25)
    iris.post(at("item_newest", copy, item.pk))
    item.refresh_from_db()
    assert item.points == 25


def test_two_versions_are_compared_file_by_file(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    used(classroom, copy, iris)
    page = text_of(iris.get(at("changes", copy) + "?from=1&to=2"))
    assert "One line more." in page
    assert "1 line added" in page
    assert "The files are the same" in text_of(iris.get(at("changes", copy)))
    for query in ("from=3&to=1", "from=x&to=1", "from=1&to="):
        assert iris.get(f"{at('changes', copy)}?{query}").status_code == 404


def test_changed_files_are_told_apart() -> None:
    before = {"a": b"1\n", "b": b"x", "c": b"\x00\xff", "d": b"same"}
    after = {"a": b"2\n", "c": b"\x00\xfe", "d": b"same", "e": b"new\n"}
    found = [(one.path, one.word, one.code is None) for one in changed_files(before, after)]
    assert found == [
        ("a", "changed", False), ("b", "deleted", False), ("c", "changed", True),
        ("e", "added", False),
    ]  # fmt: skip


@pytest.mark.usefixtures("grader")
def test_a_preview_shows_a_sheet_and_stores_nothing_for_anybody(
    classroom: Classroom, iris: Client
) -> None:
    from gradus.authoring import tasks

    words = {"code": "def mean_absolute_error", "performance": "def squared_distances"}
    words |= {"by-hand": "Net input", "quiz": "fieldset"}
    for kind in scaffold.KINDS:
        copy = begun(classroom, kind, f"own-{kind}")
        assert iris.post(at("preview", copy), {"student": ""}).status_code == 302
        assert "HX-Refresh" not in polled(copy, iris)
        tasks.work("prepare")
        assert polled(copy, iris)["HX-Refresh"] == "true"
        page = text_of(iris.get(at("preview", copy)))
        assert words[kind] in page
        assert "{{" not in page
    assert not StudentItem.objects.exists()
    assert not Submission.objects.exists()
    assert not Job.objects.exists()


def polled(copy: WorkingCopy, iris: Client) -> Any:
    """What the open page of a preview is told."""
    answer = iris.get(at("preview", copy), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    return answer


def test_a_preview_offers_each_student_with_the_numbers_drawn_last(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    for k in range(2):
        item = used(classroom, copy, iris) if k == 0 else again_in_another_assignment(copy)
        StudentItem.objects.create(
            enrolment=classroom.ada, item=item, numbers={"k": k}, prepared_at=NOON
        )
    page = text_of(iris.get(at("preview", copy)))
    assert page.count(f'<option value="{classroom.ada.pk}"') == 1
    assert iris.post(at("preview", copy), {"student": classroom.ada.pk}).status_code == 302
    assert AuthorJob.objects.get(op="prepare").numbers == {"k": 1}


def again_in_another_assignment(copy: WorkingCopy) -> Item:
    made = courses.create_assignment(
        course=copy.course, plan=courses.Plan(title="More"),
        exercises=[Exercise.objects.get(pk=copy.exercise_id)],
    )  # fmt: skip
    return made.items.get()


def test_a_preview_takes_the_numbers_of_a_student_of_this_course_alone(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    for student in ("1", "x", str(classroom.ada.pk)):
        assert iris.post(at("preview", copy), {"student": student}).status_code == 409
    assert not AuthorJob.objects.exists()


def test_an_exercise_of_another_course_is_not_there(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    other = courses.create_course(owner=classroom.iris.user, title="Other")
    for name in ("exercise", "verify", "versions", "preview", "download"):
        page = reverse(f"web:own_{name}", args=[other.pk, copy.pk])
        assert iris.get(page).status_code == 404


def test_in_an_archived_course_exercises_are_read_and_not_changed(
    classroom: Classroom, copy: WorkingCopy, iris: Client
) -> None:
    Course.objects.update(is_archived=True)
    assert iris.get(at("exercise", copy)).status_code == 200
    for name in ("delete", "upload", "verify", "publish", "preview"):
        assert iris.post(at(name, copy)).status_code == 403
    assert iris.post(at("file", copy) + "?path=a.py", {"text": ""}).status_code == 403


def test_a_right_file_that_fails_one_draw_is_marked_where_it_failed() -> None:
    def gate(seed: str, status: str, passed: bool) -> dict[str, object]:
        checks = [{"id": "a", "title": "A", "status": status}]
        return {
            "gate": "right", "subject": "right/x.py", "seed": seed, "passed": passed,
            "message": "" if passed else "a: differs", "told": None, "checks": checks,
        }  # fmt: skip

    matrix = matrix_of([gate("1", "passed", True), gate("2", "failed", False)], seeds=2)
    ((_, (row,)),) = matrix.groups
    assert (row.cells[0].status, row.shape, row.messages) == ("failed", "failed", ["a: differs"])
