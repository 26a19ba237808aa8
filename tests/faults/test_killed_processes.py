"""Worker, grader and broker die mid-job: one verdict, one grade event, within 90 s."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.installation import Installation, installation, wait_for
from tests.people import write_bank

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

SLOW = "import time\n\n\ndef double(x):\n    time.sleep(3)\n    return 2 * x\n"
WITHIN_SECONDS = 90


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    with installation(folder / "data", write_bank(folder / "exercises")) as running:
        yield running


def verdicts(site: Installation, submission: int) -> int:
    query = "SELECT count(*) FROM submissions_verdict WHERE submission_id = ?"
    return site.count(query, submission)


def grade_events(site: Installation, submission: int) -> int:
    query = "SELECT count(*) FROM gradebook_gradeevent WHERE submission_id = ?"
    return site.count(query, submission)


def is_graded(site: Installation, submission: int) -> bool:
    return verdicts(site, submission) > 0 and grade_events(site, submission) > 0


@pytest.mark.parametrize("part", ["worker", "grader", "valkey"])
def test_a_killed_part_costs_time_and_nothing_else(site: Installation, part: str) -> None:
    submission = site.submit("doubling", SLOW)
    wait_for(lambda: site.submission(submission)["phase"] == "running", 30, "the job to be claimed")
    site.kill(part)
    wait_for(lambda: is_graded(site, submission), WITHIN_SECONDS, "verdict and grade")
    assert site.submission(submission)["verdict"]["status"] == "passed"
    wait_for(site.is_ready, 60, "everything to be up again")
    assert verdicts(site, submission) == 1
    assert grade_events(site, submission) == 1


def test_a_submission_sent_while_the_broker_is_down_is_graded(site: Installation) -> None:
    site.kill("valkey")
    submission = site.submit("doubling", "def double(x):\n    return 2 * x\n")
    wait_for(lambda: is_graded(site, submission), WITHIN_SECONDS, "verdict and grade")
    assert verdicts(site, submission) == 1
    wait_for(site.is_ready, 60, "everything to be up again")


def test_a_worker_that_is_asked_to_end_does_not_make_its_job_wait_for_the_lease(
    site: Installation,
) -> None:
    submission = site.submit("doubling", SLOW)
    wait_for(lambda: site.submission(submission)["phase"] == "running", 30, "the job to be claimed")
    os.kill(site.pid("worker"), signal.SIGTERM)
    assert wait_for(lambda: is_graded(site, submission), WITHIN_SECONDS, "verdict and grade") < 20
    assert verdicts(site, submission) == 1
