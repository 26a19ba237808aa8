from __future__ import annotations

from grader.contracts import Alive, Check, Queued, Started
from gradus.submissions.progress import WRITE_SECONDS, Progress


def test_shows_place_then_checks_then_results() -> None:
    progress = Progress()
    progress.hear(Queued(position=3))
    assert progress.as_json() == {"position": 3, "checks": []}
    progress.hear(Started(checks=[{"id": "a", "title": "A", "visible": True, "max_points": 2.0}]))
    progress.hear(Check(id="a", status="running"))
    assert progress.as_json()["position"] is None
    assert progress.as_json()["checks"][0]["status"] == "running"
    progress.hear(
        Check.model_validate({"id": "a", "status": "failed", "points": 0.0, "message": "m"})
    )
    assert progress.as_json()["checks"] == [
        {
            "id": "a",
            "title": "A",
            "visible": True,
            "max_points": 2.0,
            "status": "failed",
            "points": 0.0,
        }
    ]


def test_is_due_at_most_four_times_a_second_and_only_with_news() -> None:
    progress = Progress()
    progress.hear(Alive())
    assert not progress.due(0.0)
    progress.hear(Queued(position=2))
    assert progress.due(0.0)
    assert not progress.due(10.0)
    progress.hear(Queued(position=1))
    assert not progress.due(WRITE_SECONDS / 2)
    assert progress.due(WRITE_SECONDS)
