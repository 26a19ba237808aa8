"""What is refused before it becomes a submission, and how the pages say it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from gradus.submissions.models import Submission
from tests.people import Classroom

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.usefixtures("now")


def post(
    client: Client, page: str, classroom: Classroom, data: dict[str, object], **headers: str
) -> Response:
    return client.post(reverse(f"web:{page}", args=[classroom.item.pk]), data, headers=headers)


def test_a_form_above_the_limit_gets_413_with_the_limit(
    ada: Client, classroom: Classroom, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5000
    response = post(ada, "submit", classroom, {"source": "x" * 6000})
    page = response.content.decode()
    assert response.status_code == 413
    assert "What was sent is too large" in page
    assert "at most 262.1 KB" in page
    assert not Submission.objects.exists()


def test_a_run_above_the_limit_says_so_under_the_editor(
    ada: Client, classroom: Classroom, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5000
    response = post(ada, "run", classroom, {"source": "x" * 6000}, hx_request="true")
    page = response.content.decode()
    assert response.status_code == 413
    assert "<html" not in page
    assert 'id="results-body"' in page
    assert "at most 262.1 KB" in page


def test_too_many_fields_are_a_request_that_cannot_be_read(
    ada: Client, classroom: Classroom
) -> None:
    response = post(ada, "submit", classroom, {f"f{k}": "1" for k in range(500)})
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


def test_a_notebook_is_refused_with_the_way_out(ada: Client, classroom: Classroom) -> None:
    notebook = json.dumps({"cells": [], "nbformat": 4}).encode()
    response = post(ada, "submit", classroom, {"file": SimpleUploadedFile("hw.IPYNB", notebook)})
    assert response.status_code == 422
    assert "hw.IPYNB is a notebook. Choose its cells first" in response.content.decode()


def test_a_file_with_null_characters_is_no_text(ada: Client, classroom: Classroom) -> None:
    response = post(ada, "submit", classroom, {"file": SimpleUploadedFile("a.py", b"x = 1\0")})
    assert response.status_code == 422
    assert "a.py is no text: it holds a null character." in response.content.decode()


def test_the_size_of_a_file_is_said_in_readable_units(ada: Client, classroom: Classroom) -> None:
    file = SimpleUploadedFile("big.py", b"#" * 2_000_000)
    response = post(ada, "submit", classroom, {"file": file})
    assert "big.py has 2.0 MB; at most 262.1 KB are allowed." in response.content.decode()


def test_a_refused_run_keeps_following_the_run_before(
    ada: Client, classroom: Classroom, settings: Settings
) -> None:
    settings.MAX_QUEUED = 1
    post(ada, "run", classroom, {"source": "x = 1"}, hx_request="true")
    response = post(ada, "run", classroom, {"source": "x = 2"}, hx_request="true")
    page = response.content.decode()
    assert response.status_code == 429
    assert "Not run" in page
    assert reverse("web:run_results", args=[Submission.objects.get().pk]) in page
