"""Which differences between two verdicts count."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from grader.replay import RecordError, differences, read_record

VERDICT: dict[str, Any] = {
    "schema": 1,
    "status": "partial",
    "points": 3.0,
    "checks": [
        {"id": "right", "status": "passed", "points": 3.0, "seconds": 0.1, "message": "",
         "figures": []},
        {"id": "fast", "status": "failed", "points": 0.0, "seconds": 1.0, "message": "4 times",
         "figures": []},
    ],
    "performance": [
        {"id": "fast", "metric": "ratio", "value": 4.0, "thresholds": [[15, 1.0]], "pairs": 5}
    ],
    "usage": {"seconds": 1.0},
    "environment": {"engine": "1"},
}  # fmt: skip


def changed(*path: str | int, to: object) -> dict[str, Any]:
    verdict = copy.deepcopy(VERDICT)
    place: Any = verdict
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return verdict


@pytest.mark.parametrize(
    "path",
    [
        ("usage", "seconds"),
        ("environment", "engine"),
        ("checks", 0, "seconds"),
        ("checks", 1, "message"),
        ("checks", 1, "points"),
        ("performance", 0, "value"),
        ("performance", 0, "pairs"),
        ("points",),
    ],
)
def test_times_and_what_timing_decides_may_differ(path: tuple[str | int, ...]) -> None:
    assert differences(VERDICT, changed(*path, to=9.0)) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("checks", 0, "points"), "checks.0.points"),
        (("checks", 0, "status"), "checks.0.status"),
        (("checks", 0, "message"), "checks.0.message"),
        (("performance", 0, "thresholds"), "performance.0.thresholds.0.1"),
    ],
)
def test_what_seed_and_submission_decide_must_be_the_same(
    path: tuple[str | int, ...], name: str
) -> None:
    value = [[15, 0.5]] if name.startswith("perf") else 1.5
    assert [one.path for one in differences(VERDICT, changed(*path, to=value))] == [name]


def test_points_count_where_nothing_is_timed() -> None:
    then = changed("performance", to=[])
    now = copy.deepcopy(then)
    now["points"] = 2.0
    assert [one.path for one in differences(then, now)] == ["points"]


def test_a_check_more_or_less_is_a_difference() -> None:
    assert differences(VERDICT, changed("checks", to=VERDICT["checks"][1:]))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"exercise": 1}'])
def test_what_is_no_record_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(text)
    with pytest.raises(RecordError) as error:
        read_record(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_record_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        read_record(tmp_path / "none.json")
