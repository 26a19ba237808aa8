"""What a student reads while a speed part waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gradus.submissions import services
from gradus.submissions.gpu_lane import GpuWait
from gradus.web import gpu_words
from tests.people import NOON, Classroom, claimed, hand_in, verdict_data


def test_without_a_worker_that_is_said_and_no_time() -> None:
    said = gpu_words.wait(GpuWait(0, 3, 7, timedelta(minutes=4)))
    assert said == (
        "No GPU worker is connected. It is number 3 of 7 in the queue, and keeps its place."
    )


def test_without_measured_runs_no_time_is_said() -> None:
    assert "nobody can say" in gpu_words.wait(GpuWait(1, 1, 1, None))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "about a minute"), (60, "about a minute"), (61, "about 2 minutes"),
     (181, "about 4 minutes"), (7200, "about 2 hours"), (7201, "about 3 hours")],
)  # fmt: skip
def test_a_wait_is_rounded_up(seconds: int, words: str) -> None:
    assert words in gpu_words.wait(GpuWait(1, 2, 3, timedelta(seconds=seconds)))


def test_nothing_waits_nothing_is_said() -> None:
    assert gpu_words.wait(None) == ""


@pytest.mark.django_db
def test_the_page_says_that_nobody_is_connected(classroom: Classroom, client: Client) -> None:
    version = classroom.item.version
    version.has_gpu_part = True
    version.save()
    submission = hand_in(classroom)
    services.store_verdict(claimed(submission), verdict_data(submission), now=NOON)
    client.force_login(classroom.ada.user)
    page = client.get(reverse("web:submission", args=[submission.pk])).content.decode()
    assert "No GPU worker is connected. It is number 1 of 1 in the queue" in page
    assert "can only go up" not in page
