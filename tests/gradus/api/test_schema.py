"""The API against its own schema: no fault of ours, and no answer that is not written down."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from gradus.accounts.services import create_token
from gradus.courses import services as courses
from gradus.courses.models import Assignment
from gradus.courses.roster import services as roster
from gradus.gradebook import services as gradebook
from tests.people import NOON, Classroom, graded, make_classroom, prepared

SECONDS = 15  # for each of the three
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    "response_schema_conformance",
)


def seeded() -> tuple[Classroom, dict[str, int]]:
    """A course with something of everything, and the ids by which an address finds it."""
    classroom = make_classroom()
    Assignment.objects.update(due_at=None)
    verdict = graded(classroom)
    gradebook.record_verdict(verdict.pk, now=NOON)
    prepared(classroom)
    allowance = courses.excuse(
        assignment=classroom.assignment, target=courses.Target(enrolment=classroom.ben),
        item=None, reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    group = courses.save_group(
        course=classroom.course, group=None, name="Sheets", weight=Decimal(1), drop_lowest=0
    )
    section = roster.name_section(course=classroom.course, name="A")
    return classroom, {
        "course_id": classroom.course.pk,
        "assignment_id": classroom.assignment.pk,
        "item_id": classroom.item.pk,
        "enrolment_id": classroom.ada.pk,
        "submission_id": verdict.submission_id,
        "allowance_id": allowance.pk,
        "group_id": group.pk,
        "section_id": section.pk,
    }


@pytest.mark.timeout(180)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["nobody", "ada", "iris"])
def test_every_answer_is_as_the_schema_says(
    live_server: LiveServer, tmp_path: Path, who: str
) -> None:
    classroom, ids = seeded()
    (tmp_path / "schemathesis.toml").write_text(
        "[parameters]\n" + "".join(f'"path.{name}" = {pk}\n' for name, pk in ids.items())
    )
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file",
        str(tmp_path / "schemathesis.toml"), "run", f"{live_server.url}/api/v1/openapi.json",
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing",
        "--max-time", str(SECONDS), "--max-examples", "20", "--generation-database", "none",
        "--suppress-health-check", "all", "--no-color",
    ]  # fmt: skip
    if who != "nobody":
        _, token = create_token(user=getattr(classroom, who).user, name="schema")
        command += ["--header", f"Authorization: Bearer {token}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
