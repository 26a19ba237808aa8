"""A site is not trusted with this computer: paths, the terminal, and what is no Gradus."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gradus_cli import folder, show
from gradus_cli.errors import CliError, Refused, Unreachable
from gradus_cli.site import Site

ITEM = {
    "id": 1, "exercise": "x", "version": "v", "statement": "s", "starter": "",
    "parts": ["solution.py"], "form": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "path", ["../evil", "/etc/passwd", "a/../../evil", "", ".", "..", "given/../../x"]
)
def test_no_file_is_written_outside(tmp_path: Path, path: str) -> None:
    given = [{"path": path, "base64": base64.b64encode(b"x").decode()}]
    with pytest.raises(CliError, match="nothing was written"):
        folder.write(tmp_path / "here", "https://x", ITEM, given)
    assert list((tmp_path / "here").iterdir()) == []


def test_a_link_in_the_folder_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "data").symlink_to(tmp_path / "outside")
    given = [{"path": "data/x", "base64": ""}]
    with pytest.raises(CliError):
        folder.write(tmp_path / "here", "https://x", ITEM, given)
    assert list((tmp_path / "outside").iterdir()) == []


def test_escape_sequences_do_not_reach_the_terminal() -> None:
    check = {
        "id": "a", "title": "\x1b[2Jgone", "status": "failed", "points": 0, "max_points": 1,
        "message": "\x1b]0;title\x07", "mistake": "\x9b31m", "output": "\x1b[1A",
        "counterexample": {"call": "\x1b", "inputs": ["\x1b"], "got": "\x1b", "expected": None},
    }  # fmt: skip
    verdict = {
        "status": "failed", "points": 0, "max_points": 1, "message": "\x1b", "checks": [check],
        "steps": [], "performance": [],
    }  # fmt: skip
    found = {"exercise": "\x1bx", "verdict": verdict, "phase": "done", "is_final": True}
    assert "\x1b" not in "\n".join(show.verdict_lines(found))
    assert "\x9b" not in "\n".join(show.verdict_lines(found))


class _Elsewhere(BaseHTTPRequestHandler):
    answer: ClassVar[tuple[int, bytes]] = (200, b"")
    heard: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.heard.append(self.headers.get("Authorization"))
        status, body = self.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://localhost:1/stolen")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    server = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", "gradus_secret")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, b"<html>"), Unreachable),
        ((302, b""), Unreachable),  # the token does not follow
        ((500, b"boom"), Unreachable),
        ((404, b"<html>"), Unreachable),
        ((404, json.dumps([1]).encode()), Refused),
        ((403, json.dumps({"detail": {"a": 1}}).encode()), Refused),
    ],
)
def test_what_is_no_gradus_ends_in_one_line(
    elsewhere: Site,
    answer: tuple[int, bytes],
    error: type[CliError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_Elsewhere, "answer", answer)
    with pytest.raises(error):
        elsewhere.get("/me")
