from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from gradus.accounts.models import User
from gradus.courses.policy import may_create_course
from tests.people import person

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("teacher", *words, stdout=out)
    return out.getvalue()


def test_a_new_teacher_can_log_in_with_the_printed_password() -> None:
    said = run("iris", "--email", "iris@example.org")
    password = said.partition("password: ")[2].split()[0]
    iris = User.objects.get(username="iris")
    assert may_create_course(iris)
    assert iris.check_password(password)
    assert not iris.is_superuser


def test_somebody_who_is_there_keeps_the_password() -> None:
    ada = person("ada")
    before = ada.password
    assert "password" not in run("ADA")
    ada.refresh_from_db()
    assert may_create_course(ada)
    assert ada.password == before


def test_withdrawing_ends_it() -> None:
    run("iris", "--email", "iris@example.org")
    run("iris", "--withdraw")
    assert not may_create_course(User.objects.get(username="iris"))


@pytest.mark.parametrize(
    "words",
    [
        ("nobody",),
        ("nobody", "--withdraw"),
        ("iris", "--email", "no address"),
        ("with blank", "--email", "a@example.org"),
        ("x" * 151, "--email", "a@example.org"),
        ("other", "--email", "ADA@example.org"),
        ("ada", "--email", "other@example.org"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(words: tuple[str, ...]) -> None:
    User.objects.create_user("ada", "ada@example.org")
    with pytest.raises(CommandError):
        run(*words)
    assert list(User.objects.values_list("username", "may_teach")) == [("ada", False)]
