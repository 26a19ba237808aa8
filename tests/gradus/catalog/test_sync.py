from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from grader.exercise import bundle
from gradus.catalog import services
from gradus.catalog.models import Exercise, Version

pytestmark = pytest.mark.django_db


def test_stores_version_statement_and_parts(bank: Path) -> None:
    report = services.sync(bank)
    assert sorted(report.new) == ["doubling", "sum-by-hand"]
    code, sheet = Exercise.objects.select_related("newest").order_by("slug")
    assert code.newest is not None
    assert sheet.newest is not None
    assert code.newest.part_names == ("solution.py",)
    assert sheet.newest.part_names == ("answers.json",)
    assert not code.newest.is_personal
    assert sheet.newest.is_personal
    assert "def double" in code.newest.starter


def test_a_second_sync_changes_nothing(bank: Path) -> None:
    services.sync(bank)
    report = services.sync(bank)
    assert len(report.unchanged) == 2
    assert Version.objects.count() == 2


def test_a_changed_folder_is_a_new_version_and_the_old_one_stays(bank: Path) -> None:
    services.sync(bank)
    old = Version.objects.get(exercise__slug="doubling")
    (bank / "first-unit" / "doubling" / "statement.md").write_text("Other words.\n")
    assert services.sync(bank).changed == ["doubling"]
    exercise = Exercise.objects.get(slug="doubling")
    assert exercise.newest is not None
    assert exercise.newest.statement == "Other words.\n"
    assert exercise.versions.count() == 2
    old.refresh_from_db()
    assert "2x" in old.statement


def test_going_back_to_an_earlier_folder_makes_that_version_the_newest(bank: Path) -> None:
    services.sync(bank)
    statement = bank / "first-unit" / "doubling" / "statement.md"
    before = statement.read_text()
    first = Exercise.objects.get(slug="doubling").newest
    for text in ("Other words.\n", before):
        statement.write_text(text)
        services.sync(bank)
    assert Exercise.objects.get(slug="doubling").newest == first
    assert Version.objects.count() == 3


def test_the_bundle_that_a_grader_gets_unpacks_to_the_same_version(
    bank: Path, tmp_path: Path
) -> None:
    services.sync(bank)
    digest = Version.objects.get(exercise__slug="doubling").digest
    packed = services.bundle_of(digest)
    assert packed is not None
    bundle.unpack(packed, tmp_path / "unpacked", digest)
    assert (tmp_path / "unpacked" / "checks.py").exists()


def test_an_unknown_bundle_is_none(db: None) -> None:
    assert services.bundle_of("sha256:" + "0" * 64) is None


def test_one_bad_folder_is_refused_with_file_and_line_and_stops_no_other(bank: Path) -> None:
    manifest = bank / "first-unit" / "doubling" / "exercise.toml"
    manifest.write_text(manifest.read_text() + "\nsurprise = 1\n")
    report = services.sync(bank)
    assert report.new == ["sum-by-hand"]
    assert "exercise.toml:9" in report.refused["first-unit/doubling"]


def test_nothing_of_a_folder_is_executed(bank: Path, tmp_path: Path) -> None:
    trace = tmp_path / "executed"
    for name in ("checks.py", "solution.py", "starter.py"):
        (bank / "first-unit" / "doubling" / name).write_text(f"open({str(trace)!r}, 'w')\n")
    services.sync(bank)
    assert not trace.exists()


def test_the_command_fails_when_something_was_refused(bank: Path) -> None:
    (bank / "first-unit" / "doubling" / "exercise.toml").write_text("id = 3\n")
    with pytest.raises(CommandError, match="1 exercises were refused"):
        call_command("sync_exercises", bank, verbosity=0)
