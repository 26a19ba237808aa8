"""Files from one's own computer: a Python file at once, a notebook by its cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gradus.submissions.drafts.models import Draft
from gradus.submissions.models import Submission
from tests.people import Classroom

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.usefixtures("now")
FORM = {"draft-page": "laptop", "draft-revision": "0", "source": "typed = 1"}


def upload(client: Client, classroom: Classroom, name: str, data: bytes) -> Response:
    address = reverse("web:upload", args=[classroom.item.pk])
    return client.post(address, FORM | {"file": SimpleUploadedFile(name, data)})


def book(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


def test_a_python_file_is_the_draft_and_what_was_typed_is_in_the_history(
    ada: Client, classroom: Classroom
) -> None:
    assert upload(ada, classroom, "mine.py", b"z = 3\r\n").status_code == 302
    draft = Draft.objects.get()
    assert (draft.parts, draft.why) == ({"solution.py": "z = 3\n"}, "upload")
    assert [state.parts for state in draft.states.all()] == [{"solution.py": "typed = 1"}]
    assert not Submission.objects.exists()


def test_a_notebook_is_shown_by_cells_before_anything_changes(
    ada: Client, classroom: Classroom
) -> None:
    response = upload(
        ada, classroom, "hw.ipynb", book("!ls\ndef double(x):\n    return 2 * x", "double(3)")
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "Defines double, as the exercise asks." in page
    assert page.count(" checked>") == 1
    assert "1 line left out" in page
    assert Draft.objects.get().parts == {"solution.py": "typed = 1"}


def test_chosen_cells_become_the_draft_in_their_order(ada: Client, classroom: Classroom) -> None:
    cells = ["# %% cell 1\r\nimport os", "# %% cell 4\r\ndef double(x): ..."]
    ada.post(reverse("web:notebook", args=[classroom.item.pk]), {"cell": cells})
    expected = "# %% cell 1\nimport os\n\n\n# %% cell 4\ndef double(x): ...\n"
    assert Draft.objects.get().parts == {"solution.py": expected}


def test_no_chosen_cell_changes_nothing(ada: Client, classroom: Classroom) -> None:
    response = ada.post(reverse("web:notebook", args=[classroom.item.pk]), {})
    assert response.status_code == 422
    assert "No cell is chosen" in response.content.decode()
    assert not Draft.objects.exists()


def test_cells_that_are_too_much_together_are_refused(ada: Client, classroom: Classroom) -> None:
    cells = ["#" * 200_000, "#" * 200_000]
    response = ada.post(reverse("web:notebook", args=[classroom.item.pk]), {"cell": cells})
    assert response.status_code == 422
    assert "at most 262144" in response.content.decode()


def test_code_of_a_notebook_stays_text(ada: Client, classroom: Classroom) -> None:
    hostile = 'def double(x):\n    "</span><script>alert(1)</script>\u202e"'
    page = upload(ada, classroom, "<b>.ipynb", book(hostile)).content.decode()
    assert "<script>alert" not in page
    assert "<b>.ipynb" not in page
    assert "\u202e" not in page.split('class="code"')[1].split("</pre>")[0]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("hw.ipynb", b"{", "hw.ipynb: This is no notebook"),
        ("hw.ipynb", b"[" * 100_000, "nested too deeply"),
        ("hw.IPYNB", b"\xff\xd8", "hw.IPYNB: This is no notebook"),
        ("hw.ipynb", json.dumps({"cells": [3]}).encode(), "Cell 1 cannot be read"),
        ("photo.py", b"\x89PNG\xff", "photo.py is no text"),
        ("big.py", b"#" * 300_000, "big.py has 300.0 KB"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_what_was_typed(
    ada: Client, classroom: Classroom, name: str, data: bytes, why: str
) -> None:
    response = upload(ada, classroom, name, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert why in page
    assert "typed = 1" in page
    assert Draft.objects.get().parts == {"solution.py": "typed = 1"}


def test_a_notebook_is_not_submitted_as_it_is(ada: Client, classroom: Classroom) -> None:
    file = SimpleUploadedFile("hw.ipynb", book("x = 1"))
    response = ada.post(reverse("web:submit", args=[classroom.item.pk]), FORM | {"file": file})
    assert response.status_code == 422
    assert "Choose its cells first" in response.content.decode()
    assert not Submission.objects.exists()


def test_without_a_file_one_is_asked_for(ada: Client, classroom: Classroom) -> None:
    response = ada.post(reverse("web:upload", args=[classroom.item.pk]), FORM)
    assert response.status_code == 422
    assert "Choose a file first" in response.content.decode()


def test_a_sheet_has_no_file(ada: Client, classroom: Classroom) -> None:
    for page in ("upload", "notebook"):
        address = reverse(f"web:{page}", args=[classroom.sheet.pk])
        assert ada.post(address, FORM).status_code == 404
