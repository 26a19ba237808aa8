"""The lines of the socket: what is refused, and how it is said."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import contracts
from grader.contracts import LineError

VERSION = "sha256:" + "0" * 64


def request(**changes: Any) -> bytes:
    fields = {"op": "grade", "job": "1", "version": VERSION, "bytes": {"solution.py": 3}}
    return json.dumps({**fields, **changes}).encode()


def test_a_request_keeps_the_order_of_its_parts() -> None:
    parts = {"solution.py": 1, "answers.json": 2}
    assert list(contracts.parse_request(request(bytes=parts)).bytes) == list(parts)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"op": "steal"}, "op"),
        ({"job": "../../etc"}, "job"),
        ({"job": "x" * 65}, "job"),
        ({"version": "sha256:00"}, "version"),
        ({"seed": "0" * 65}, "seed"),
        ({"seed": "-1"}, "seed"),
        ({"deadline_seconds": -1}, "deadline_seconds"),
        ({"deadline_seconds": 1e9}, "deadline_seconds"),
        ({"bytes": {"../solution.py": 1}}, "bytes"),
        ({"bytes": {"solution.py": -1}}, "bytes"),
        ({"bytes": {"solution.py": contracts.PART_BYTES + 1}}, "bytes"),
        ({"bytes": {f"p{i}.py": 1 for i in range(9)}}, "bytes"),
        ({"bytes": {f"p{i}.py": contracts.PART_BYTES for i in range(3)}}, "bytes"),
        ({"fair_key": "x" * 129}, "fair_key"),
        ({"surprise": 1}, "surprise"),
        ({"numbers": [1]}, "numbers"),
        ({"seeds": 0}, "seeds"),
    ],
)
def test_a_bad_field_is_refused_by_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(LineError, match=f"^{field}"):
        contracts.parse_request(request(**changes))


@pytest.mark.parametrize("line", [b"", b"[]", b"null", b"{", b"\xff", b'{"event": "nothing"}'])
def test_what_is_no_line_is_refused(line: bytes) -> None:
    for parse in (contracts.parse_request, contracts.parse_reply, contracts.parse_checker):
        with pytest.raises(LineError):
            parse(line)


def test_a_line_longer_than_the_cap_is_refused_unread() -> None:
    with pytest.raises(LineError, match="more than"):
        contracts.parse_reply(b" " * (contracts.LINE_BYTES + 1))


def test_a_line_that_would_be_too_long_is_not_written() -> None:
    with pytest.raises(LineError, match="at most"):
        contracts.encode_line(contracts.VerdictLine(verdict={"x": "y" * contracts.LINE_BYTES}))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20))  # fmt: skip # noqa: E501
def test_any_json_is_a_line_or_a_line_error(value: object) -> None:
    data = json.dumps(value).encode()
    for parse in (contracts.parse_request, contracts.parse_reply, contracts.parse_checker):
        with pytest.raises(LineError):
            parse(data)


def test_every_reply_survives_the_wire() -> None:
    for reply in (
        contracts.Hello(engine="1", flavours=["numpy"], warm=[], slots=2),
        contracts.Queued(position=1),
        contracts.Need(version=VERSION),
        contracts.Started(checks=[{"id": "a"}]),
        contracts.Check(id="a", status="running"),
        contracts.Gate(exercise="a", gate="wrong", passed=True),
        contracts.Artifact(sha256="0" * 64, name="a", media="b", bytes=3),
        contracts.VerdictLine(verdict={"points": 1}),
        contracts.Prepared(numbers={"a": 1}),
        contracts.Console(output="a", value="1"),
        contracts.Verified(gates=1, red=0),
        contracts.Refused(why="no"),
        contracts.Alive(),
    ):
        assert contracts.parse_reply(contracts.encode_line(reply).rstrip()) == reply


def test_contracts_load_without_numpy() -> None:
    code = "import sys, grader.contracts; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
