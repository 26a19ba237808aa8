from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from gradus.courses.models import Assignment
from gradus.gradebook.services import record_verdict
from gradus.submissions.models import StudentItem, Submission
from gradus.submissions.services import prepare_anew
from gradus_cli import config
from tests.cli.conftest import Run, Said
from tests.people import NOON, Classroom, graded, hand_in, prepared


def test_logging_in_is_kept_for_its_owner_only(ada: Said) -> None:
    assert ada.code == 0
    assert "as ada" in ada.err
    assert stat.S_IMODE(config.file().stat().st_mode) == 0o600


def test_lists_what_there_is_to_do(ada: Said, gradus: Run) -> None:
    said = gradus("list")
    assert said.code == 0
    assert "doubling" in said.out
    assert "First steps" in said.out


def test_json_is_the_only_thing_on_standard_output(ada: Said, gradus: Run) -> None:
    rows = json.loads(gradus("list", "--json").out)
    assert {row["exercise"] for row in rows} == {"doubling", "sum-by-hand"}
    assert {row["course"]["title"] for row in rows} == {"Deep learning"}


def test_pull_brings_statement_and_starter(ada: Said, gradus: Run, home: Path) -> None:
    assert gradus("pull", "doubling").code == 0
    assert "Doubling" in (home / "doubling" / "statement.md").read_text()
    assert "def double" in (home / "doubling" / "solution.py").read_text()


def test_pulling_again_keeps_ones_own_work(ada: Said, gradus: Run, home: Path) -> None:
    gradus("pull", "doubling")
    (home / "doubling" / "solution.py").write_text("mine")
    (home / "doubling" / "statement.md").write_text("old")
    said = gradus("pull", "doubling")
    assert (home / "doubling" / "solution.py").read_text() == "mine"
    assert "Doubling" in (home / "doubling" / "statement.md").read_text()
    assert "is yours and stays" in said.err


def test_hands_in_the_file_of_the_folder(
    ada: Said, gradus: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradus("pull", "doubling")
    (home / "doubling" / "solution.py").write_text("def double(x):\r\n    return 2 * x\r\n")
    monkeypatch.chdir(home / "doubling")
    said = gradus("submit", "--no-wait")
    assert said.code == 0, said.err
    submission = Submission.objects.get()
    assert submission.parts == {"solution.py": "def double(x):\n    return 2 * x\n"}
    assert submission.mode == "submit"


def test_handing_in_after_a_new_version_waits_for_its_numbers(
    classroom: Classroom, ada: Said, gradus: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(classroom)
    assert gradus("pull", "sum-by-hand").code == 0
    prepare_anew([classroom.sheet.pk])

    def draw(seconds: float) -> None:
        StudentItem.objects.update(prepared_at=NOON)

    monkeypatch.setattr("gradus_cli.follow.time.sleep", draw)
    (home / "sum-by-hand" / "answers.json").write_text('{"total": "7"}')
    monkeypatch.chdir(home / "sum-by-hand")
    said = gradus("submit", "--no-wait")
    assert said.code == 0, said.err
    assert "your numbers are being drawn" in said.err
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(("points", "code"), [(10.0, 0), (5.0, 1), (0.0, 1)])
def test_the_exit_code_tells_a_script_whether_all_is_right(
    classroom: Classroom, ada: Said, gradus: Run, points: float, code: int
) -> None:
    verdict = graded(classroom, points)
    said = gradus("status", str(verdict.submission_id))
    assert said.code == code
    assert f"{points:g}/10 points" in said.out


def test_a_submission_that_waits_says_where(classroom: Classroom, ada: Said, gradus: Run) -> None:
    waiting = hand_in(classroom)
    said = gradus("status", str(waiting.pk))
    assert (said.code, "number 1 in the queue" in said.out) == (0, True)


def test_held_results_are_no_fault(classroom: Classroom, ada: Said, gradus: Run) -> None:
    number = graded(classroom, 5.0).submission_id
    Assignment.objects.update(holds_feedback=True)
    said = gradus("status", str(number))
    assert (said.code, "when they are released" in said.out) == (0, True)
    assert json.loads(gradus("status", str(number), "--json").out)["verdict"] is None


def test_grades_add_up(classroom: Classroom, ada: Said, gradus: Run) -> None:
    record_verdict(graded(classroom, 5.0).pk, now=NOON)
    (row,) = json.loads(gradus("grades", "--json").out)
    assert (row["points"], row["assignment"]) == (5.0, "First steps")


def test_download_brings_what_was_handed_in(
    classroom: Classroom, ada: Said, gradus: Run, home: Path
) -> None:
    number = graded(classroom).submission_id
    assert gradus("download", str(number)).code == 0
    folder = home / f"submission-{number}"
    assert "def double" in (folder / "solution.py").read_text()
    assert json.loads((folder / "verdict.json").read_text())["verdict"]["points"] == 10.0
    assert gradus("download", str(number)).code == 2  # nothing is overwritten


def test_the_submission_of_another_is_not_there(
    classroom: Classroom, gradus: Run, log_in: Callable[..., Said]
) -> None:
    number = graded(classroom).submission_id
    log_in(classroom.ben)
    said = gradus("status", str(number))
    assert (said.code, "not yours" in said.err) == (3, True)


def test_without_a_login_it_says_what_to_do(gradus: Run) -> None:
    said = gradus("list")
    assert said.code == 3
    assert said.err == "gradus: You are not logged in. Run: gradus login ADDRESS\n"


def test_a_token_that_was_ended_asks_for_a_new_login(
    classroom: Classroom, ada: Said, gradus: Run, live_server: LiveServer
) -> None:
    classroom.ada.user.api_tokens.all().delete()
    said = gradus("list")
    assert (said.code, f"gradus login {live_server.url}" in said.err) == (3, True)


def test_logging_out_forgets_it(ada: Said, gradus: Run) -> None:
    assert gradus("logout").code == 0
    assert gradus("list").code == 3


def test_an_unknown_exercise_is_told(ada: Said, gradus: Run, home: Path) -> None:
    said = gradus("pull", "nothing")
    assert (said.code, "gradus list" in said.err) == (3, True)
    assert list(home.iterdir()) == []


def test_outside_an_exercise_it_says_how_to_get_one(ada: Said, gradus: Run) -> None:
    said = gradus("submit")
    assert (said.code, "gradus pull" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("solution.py", b"\xff\xfe"),
        ("solution.py", b"x" * (1 << 20) + b"y"),
        ("solution.txt", b"x"),
        ("missing.py", None),
    ],
)
def test_a_file_that_cannot_be_handed_in_is_named(
    ada: Said, gradus: Run, home: Path, name: str, data: bytes | None
) -> None:
    gradus("pull", "doubling")
    path = home / "doubling" / name
    if data is not None:
        path.write_bytes(data)
    said = gradus("submit", str(path))
    assert (said.code, str(path) in said.err) == (2, True)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "address", ["http://gradus.example.org", "ftp://localhost", "https://", "https:///x"]
)
def test_no_token_goes_where_it_must_not(gradus: Run, address: str) -> None:
    assert gradus("login", address, "--token", stdin="gradus_" + "A" * 43 + "\n").code == 2


def test_a_site_that_is_away_is_told_apart(gradus: Run) -> None:
    said = gradus("login", "http://127.0.0.1:9", "--token", stdin="gradus_" + "A" * 43 + "\n")
    assert (said.code, "cannot be reached" in said.err) == (4, True)


@pytest.mark.parametrize("text", ["{", "[1]", '[{"site": 1}]', '{"a": 1}', "\0"])
def test_a_broken_login_file_is_told_with_its_name(gradus: Run, text: str) -> None:
    config.file().parent.mkdir(parents=True)
    config.file().write_text(text)
    said = gradus("list")
    assert (said.code, str(config.file()) in said.err) == (2, True)
