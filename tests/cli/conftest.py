"""The commands as a person types them, against a server of this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from gradus.accounts.services import create_token
from gradus.courses.models import Assignment, Enrolment
from gradus_cli import main
from tests.people import Classroom, make_classroom


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh computer: nobody is logged in, and one stands in an empty folder."""
    monkeypatch.setenv("GRADUS_CLI_HOME", str(tmp_path / "config"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setattr("gradus_cli.follow.EXAMPLES_SECONDS", 0.0)  # no worker will record any
    return work


@pytest.fixture
def gradus(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str, stdin: str = "") -> Said:
        import io

        monkeypatch.setattr("sys.argv", ["gradus", *words])
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main.run()
        said = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err)

    return run


@pytest.fixture
def classroom(transactional_db: None) -> Classroom:
    made = make_classroom()
    Assignment.objects.update(due_at=None)  # the API goes by the true time
    return made


@pytest.fixture
def log_in(gradus: Run, live_server: LiveServer) -> Callable[[Enrolment], Said]:
    def log_in(enrolment: Enrolment) -> Said:
        _, token = create_token(user=enrolment.user, name="test")
        return gradus("login", live_server.url, "--token", stdin=f"{token}\n")

    return log_in


@pytest.fixture
def ada(classroom: Classroom, log_in: Callable[[Enrolment], Said]) -> Said:
    """Ada, logged in."""
    return log_in(classroom.ada)
