"""Working copies: created, edited by two, deleted and brought back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from gradus.authoring import scaffold, selectors, services
from gradus.authoring.errors import AuthoringRefused, ChangedMeanwhile, FilesRefused
from gradus.authoring.files import MOST_FILES, sha256_of
from gradus.authoring.models import CopyFile, WorkingCopy
from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses import services as courses
from gradus.courses.errors import CourseRefused
from tests.gradus.authoring.conftest import begun
from tests.people import NOON, Classroom

pytestmark = pytest.mark.django_db


def save(copy: WorkingCopy, path: str, text: str, *, base: str | None = None) -> WorkingCopy:
    there = services.files_of(copy).get(path)
    known = sha256_of(there) if there is not None else ""
    return services.save_file(
        copy=copy, path=path, data=text.encode(), base=known if base is None else base,
        actor=copy.changed_by, now=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_what_the_wizard_makes_is_an_exercise(classroom: Classroom, kind: str) -> None:
    copy = begun(classroom, kind)
    assert (copy.fault, copy.title, copy.kind) == ("", "Mean error", kind)


def test_an_exercise_that_is_not_published_can_be_used_nowhere(
    classroom: Classroom, copy: WorkingCopy
) -> None:
    assert copy.exercise not in usable_exercises(classroom.course.pk)
    with pytest.raises(CourseRefused, match="no usable version"):
        courses.create_assignment(
            course=classroom.course, plan=courses.Plan(title="x"), exercises=[copy.exercise]
        )


@pytest.mark.parametrize("slug", ["", "Upper", "a b", "-a", "a--b", "1a", "a" * 61, "ä", "a\n"])
def test_odd_ids_are_refused(classroom: Classroom, slug: str) -> None:
    with pytest.raises(AuthoringRefused, match="lower-case"):
        begun(classroom, slug=slug)
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("slug", ["doubling", "mean-error"])
def test_ids_are_unique_on_the_site(classroom: Classroom, copy: WorkingCopy, slug: str) -> None:
    with pytest.raises(AuthoringRefused, match="taken"):
        begun(classroom, slug=slug)
    assert Exercise.objects.filter(slug=slug).count() == 1


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, 'a "b"', "a\\b", "a\x00b"])
def test_odd_titles_are_refused(title: str) -> None:
    with pytest.raises(AuthoringRefused, match="title"):
        scaffold.files("code", "mean-error", title)


def test_a_fault_is_told_at_once_with_file_and_line(copy: WorkingCopy) -> None:
    toml = services.files_of(copy)["exercise.toml"].decode()
    changed = save(copy, "exercise.toml", toml.replace("points = 10", "points = -1"))
    assert changed.fault.startswith("exercise.toml:4: points")
    broken = save(copy, "checks.py", "def f(:\n")
    assert broken.fault.startswith("exercise.toml:4")
    mended = save(copy, "exercise.toml", toml)
    assert mended.fault.startswith("checks.py:1: No valid Python")


def test_a_nul_that_no_database_takes_is_a_fault_of_the_files(copy: WorkingCopy) -> None:
    toml = services.files_of(copy)["exercise.toml"].decode()
    changed = save(copy, "exercise.toml", toml.replace('"Mean error"', '"Mean\\u0000error"'))
    assert changed.fault == "exercise.toml:2: A text holds a NUL character."
    assert changed.title == "Mean error"


def test_the_id_in_the_manifest_cannot_change(copy: WorkingCopy) -> None:
    toml = services.files_of(copy)["exercise.toml"].decode()
    changed = save(copy, "exercise.toml", toml.replace('"mean-error"', '"doubling"'))
    assert "not the folder's name" in changed.fault


def test_of_two_authors_the_second_is_told_and_nothing_is_lost(
    classroom: Classroom, copy: WorkingCopy
) -> None:
    opened = sha256_of(services.files_of(copy)["statement.md"])
    save(copy, "statement.md", "First.\n", base=opened)
    with pytest.raises(ChangedMeanwhile) as refused:
        save(copy, "statement.md", "Second.\n", base=opened)
    assert refused.value.theirs == b"First.\n"
    assert services.files_of(copy)["statement.md"] == b"First.\n"
    save(copy, "statement.md", "Second.\n", base=refused.value.sha256)
    assert [f.path for f in selectors.gone_files(copy)] == ["statement.md"] * 2


def test_a_file_deleted_meanwhile_is_not_written_over_silence(copy: WorkingCopy) -> None:
    opened = sha256_of(services.files_of(copy)["right/by_loop.py"])
    file = copy.files.get(path="right/by_loop.py")
    services.delete_file(copy=copy, file_id=file.pk, actor=copy.changed_by, now=NOON)
    with pytest.raises(ChangedMeanwhile, match="deleted") as refused:
        save(copy, "right/by_loop.py", "x = 1\n", base=opened)
    assert refused.value.theirs is None
    save(copy, "right/by_loop.py", "x = 1\n", base="")


def test_a_new_file_does_not_replace_one_that_is_there(copy: WorkingCopy) -> None:
    with pytest.raises(ChangedMeanwhile):
        save(copy, "statement.md", "x", base="")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("../x.py", "no path"),
        ("a b.py", "no path"),
        ("a\x00.py", "no path"),
        (".hidden", "no path"),
        ("derived.json", "measured"),
        ("__pycache__/a.py", "caches"),
        ("STATEMENT.md", "capitals"),
        ("statement.md/a", "is a file, and a folder"),
    ],
)
def test_odd_paths_are_refused(copy: WorkingCopy, path: str, says: str) -> None:
    with pytest.raises(FilesRefused, match=says):
        save(copy, path, "x")
    assert copy.files.filter(gone_at=None).count() == 8


def test_the_database_keeps_names_apart_that_differ_in_capitals(copy: WorkingCopy) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CopyFile.objects.create(
            copy=copy, path="Statement.md", data=b"", sha256="", size_bytes=0,
            changed_by=copy.changed_by, changed_at=NOON,
        )  # fmt: skip


def test_a_deleted_file_comes_back_as_it_was(copy: WorkingCopy) -> None:
    before = copy.digest
    file = copy.files.get(path="wrong/signs_cancel.py")
    services.delete_file(copy=copy, file_id=file.pk, actor=copy.changed_by, now=NOON)
    copy.refresh_from_db()
    assert copy.digest != before
    services.restore_file(copy=copy, file_id=file.pk, actor=copy.changed_by, now=NOON)
    copy.refresh_from_db()
    assert copy.digest == before


def test_bringing_an_earlier_state_back_swaps_it_with_the_present_one(copy: WorkingCopy) -> None:
    save(copy, "statement.md", "Later.\n")
    (gone,) = selectors.gone_files(copy)
    services.restore_file(copy=copy, file_id=gone.pk, actor=copy.changed_by, now=NOON)
    assert b"mean absolute error" in services.files_of(copy)["statement.md"]
    (gone,) = selectors.gone_files(copy)
    assert bytes(CopyFile.objects.get(pk=gone.pk).data) == b"Later.\n"


def test_an_upload_replaces_all_files_and_can_be_undone_file_by_file(copy: WorkingCopy) -> None:
    before = services.files_of(copy)
    files = scaffold.files("quiz", "mean-error", "Quiz")
    changed = services.replace_all(copy=copy, files=files, actor=copy.changed_by, now=NOON)
    assert services.files_of(copy) == files
    assert (changed.fault, changed.kind) == ("", "quiz")
    gone = {f.path for f in selectors.gone_files(copy)}
    assert gone == {path for path in before if before[path] != files.get(path)}


def test_an_upload_that_is_refused_changes_nothing(copy: WorkingCopy) -> None:
    before = services.files_of(copy)
    many = {f"given/f{k}.txt": b"" for k in range(MOST_FILES + 1)}
    with pytest.raises(FilesRefused):
        services.replace_all(copy=copy, files=many, actor=copy.changed_by, now=NOON)
    assert services.files_of(copy) == before


def test_only_so_many_earlier_states_are_kept(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradus.authoring.services import copies

    monkeypatch.setattr(copies, "MOST_GONE_FILES", 3)
    for k in range(6):
        save(copy, "statement.md", f"State {k}.\n")
    kept = [bytes(f.data) for f in selectors.gone_files(copy).defer(None)]
    assert kept == [b"State 4.\n", b"State 3.\n", b"State 2.\n"]


def test_a_deleted_exercise_keeps_its_id_and_comes_back(
    classroom: Classroom, copy: WorkingCopy
) -> None:
    services.delete(copy=copy, now=NOON)
    with pytest.raises(AuthoringRefused, match="Bring that one back"):
        begun(classroom)
    with pytest.raises(AuthoringRefused, match="deleted"):
        save(copy, "statement.md", "x")
    services.restore(copy=copy)
    save(copy, "statement.md", "x")


def test_a_copy_of_a_usable_exercise_has_another_id(classroom: Classroom) -> None:
    files = services.copy_of_exercise(classroom.course, classroom.item.exercise_id, "tripling")
    made = services.create(
        course=classroom.course, slug="tripling", files=files, actor=classroom.iris.user, now=NOON
    )
    assert (made.fault, made.title) == ("", "Doubling")


def test_a_copy_of_another_courses_exercise_is_refused(
    classroom: Classroom, copy: WorkingCopy
) -> None:
    other = courses.create_course(owner=classroom.iris.user, title="Other")
    Exercise.objects.filter(slug="doubling").update(course=classroom.course)
    with pytest.raises(FilesRefused):
        services.copy_of_exercise(other, classroom.item.exercise_id, "tripling")
