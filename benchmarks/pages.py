"""How long the server takes for each page, on a site with 200 courses and 200,000 submissions.

    python -m benchmarks.pages [--data FOLDER] [--rounds 40] [--only NAME] [--record]

The site is made by `manage.py seed_big` in the folder, once; without one it is made and thrown away
(that takes minutes). Every address that answers GET is asked in turn, in this process, through all
middleware, by a student and by the owner of the largest course: 1,000 students by 100 exercises.
Times are of the server alone, on the clock and of the processor: the database is in this process,
so the second holds on a busy host too, and is what the goal is measured by. `--record` keeps what
was found in benchmarks/records/pages.json. Pages that count over all results of a large course
come as a frame that asks for the rest: both are measured, each against a goal of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.sandbox_overhead import host, percentiles

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "benchmarks" / "records" / "pages.json"
GOAL_MS = 80
COUNTED = ("exports", "statistics", "item_statistics")  # a frame first, then all of it
COUNTED_GOAL_MS = 2000
ROUNDS = 40
WARM = 1  # rounds that are not counted

sys.path.insert(0, str(ROOT / "platform"))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    found = run(chosen.data, chosen.rounds, chosen.only)
    print(json.dumps(found, indent=1))
    if chosen.record:
        RECORD.write_text(json.dumps(found, indent=1) + "\n")


def run(data: Path | None = None, rounds: int = ROUNDS, only: str = "") -> dict[str, Any]:
    """Return milliseconds, queries and bytes of each page, the slowest first."""
    if data is not None:
        return _measured(data.resolve(), rounds, only)
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder), rounds, only)


def site(data: Path) -> None:
    """Fill the folder, where it is empty, and let Django of this process use it."""
    environment = {**os.environ, "GRADUS_DATA": str(data)}
    if not (data / "seeded").exists():
        if data.exists() and any(data.iterdir()):
            raise SystemExit(f"{data} was not filled to its end: remove it, or name an empty one")
        for command in ("migrate", "seed_big"):
            subprocess.run(
                [sys.executable, "manage.py", command], cwd=ROOT, env=environment, check=True,
                stdout=sys.stderr,
            )  # fmt: skip
        (data / "seeded").touch()
    os.environ |= {"GRADUS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gradus.settings"}
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]


def owner() -> tuple[Any, Any]:
    """The largest course, and a client in which its owner is logged in."""
    from gradus.courses.models import Course, Enrolment, Role

    largest = Course.objects.get(title="Course 1")
    return largest, _client(Enrolment.objects.get(course=largest, role=Role.OWNER).user)


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client


def _measured(data: Path, rounds: int, only: str) -> dict[str, Any]:
    site(data)
    pages: dict[str, Any] = {}
    counted: dict[str, Any] = {}
    for who, client, places in _readers():
        for name, at in _addresses(places):
            if only in name and _is_page(client, at):
                pages[f"{name} ({who})"] = _page(client, at, rounds)
                print(f"{name} ({who}): {pages[f'{name} ({who})']}", file=sys.stderr, flush=True)
                if name in COUNTED:
                    counted[f"{name} ({who})"] = _page(client, f"{at}?whole=1", rounds)
    slow = sorted(pages.items(), key=lambda page: -page[1]["cpu_ms"]["p95"])
    return {
        "host": host(),
        "rows": _rows(),
        "rounds": rounds,
        "goal_p95_ms": GOAL_MS,
        "above_goal": [name for name, page in slow if page["cpu_ms"]["p95"] > GOAL_MS],
        "counted_goal_p95_ms": COUNTED_GOAL_MS,
        "counted": counted,
        "pages": dict(slow),
    }


def _is_page(client: Any, at: str) -> bool:
    """Downloads that come as a stream are none."""
    answer = client.get(at)
    return answer.status_code == 200 and not answer.streaming


def _page(client: Any, at: str, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    milliseconds: list[float] = []
    busy: list[float] = []
    size = 0
    for number in range(WARM + rounds):
        began, cpu = time.perf_counter(), time.process_time()
        answer = client.get(at)
        size = len(answer.getvalue())
        if number >= WARM:
            milliseconds.append(1e3 * (time.perf_counter() - began))
            busy.append(1e3 * (time.process_time() - cpu))
    with CaptureQueriesContext(connection) as seen:
        client.get(at)
    return {
        "cpu_ms": percentiles(busy),
        "ms": percentiles(milliseconds),
        "queries": len(seen),
        "kilobytes": round(size / 1000),
    }


def _readers() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Who reads, logged in, and the objects in the addresses of their pages."""
    from gradus.courses.models import Allowance
    from gradus.questions.models import Question
    from gradus.submissions.models import Submission

    largest, staff = owner()
    sent = Submission.objects.filter(item__assignment__course=largest).order_by("pk")
    submission = sent[sent.count() // 2]
    asked = Question.objects.filter(submission__enrolment__course=largest)
    student = submission.enrolment
    allowance = Allowance.objects.filter(assignment__course=largest).first()
    for who, client in (("student", _client(student.user)), ("staff", staff)):
        own = asked.filter(submission__enrolment__user=student.user).first()
        question = own if who == "student" else asked.first()
        group, section = largest.groups.first(), largest.sections.first()
        yield who, client, {
            "course_id": largest.pk,
            "assignment_id": submission.item.assignment_id,
            "item_id": submission.item_id,
            "submission_id": submission.pk,
            "enrolment_id": student.pk,
            "section_id": section.pk if section else None,
            "group_id": group.pk if group else None,
            "allowance_id": allowance.pk if allowance else None,
            "question_id": question.pk if question else None,
            "name": "solution.py",
        }  # fmt: skip


def _addresses(places: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each address of a page that can be made of these objects."""
    from django.urls import reverse

    from gradus.web.urls import urlpatterns

    for pattern in urlpatterns:
        wanted = pattern.pattern.converters
        given = {key: places.get(key) for key in wanted}
        if None not in given.values():
            yield str(pattern.name), reverse(f"web:{pattern.name}", kwargs=given)


def _rows() -> dict[str, int]:
    from gradus.accounts.models import User
    from gradus.courses.models import Course
    from gradus.submissions.models import Submission

    known = {"courses": Course, "people": User, "submissions": Submission}
    return {name: model._default_manager.count() for name, model in known.items()}


if __name__ == "__main__":
    main()
