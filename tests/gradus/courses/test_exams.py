"""The door of an exam: networks, password, and when neither is asked."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from gradus.courses import services
from gradus.courses.errors import CourseRefused, ExamRefused
from gradus.courses.exams import Gate, is_within, read_networks
from gradus.courses.models import Assignment, Enrolment, ExamEntry
from tests.people import NOON, Classroom

DUE = NOON + timedelta(days=7)
ROOM = "10.20.3.4"


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.20.0.0", True), ("10.20.255.255", True), ("10.21.0.0", False),
        ("::ffff:10.20.1.1", True), ("::10.20.1.1", False), ("fe80::1%eth0", False),
        ("2001:db8::1", True), ("2001:db9::1", False), ("", False), ("10.20.1", False),
        ("10.20.1.1, 8.8.8.8", False), ("unix:", False), ("010.020.001.001", False),
    ],
)  # fmt: skip
def test_an_address_is_within_its_networks_alone(address: str, inside: bool) -> None:
    assert is_within(address, ["10.20.0.0/16", "2001:db8::/32"]) is inside


@given(st.ip_addresses(), st.integers(0, 32))
def test_each_address_is_within_its_own_network(address: object, bits: int) -> None:
    network = ip_network(f"{address}/{bits}", strict=False)
    assert is_within(str(address), read_networks(str(network)))
    assert ip_address(str(address)) in network


def test_networks_are_read_once_each() -> None:
    assert read_networks("10.0.0.0/8,10.0.0.0/8\n 192.168.1.7 ") == ["10.0.0.0/8", "192.168.1.7/32"]


@pytest.mark.parametrize(
    "text", ["10.0.0.1/8", "10.0.0.0/33", "room", "10.0.0.0/8;", "1" * 5000, "::/129", "\x00"]
)
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no network"):
        read_networks(text)


def test_networks_are_limited() -> None:
    with pytest.raises(ValueError, match="At most 64"):
        read_networks(" ".join(f"10.0.0.{n}" for n in range(65)))


@pytest.fixture
def exam(classroom: Classroom) -> Assignment:
    cache.clear()
    assignment = Assignment.objects.select_related("course").get()
    return services.change_exam(
        assignment=assignment, networks=["10.20.0.0/16"], holds_feedback=True, password="abc 1"
    )


def gate(exam: Assignment, student: Enrolment, address: str = ROOM, days: float = 0) -> Gate:
    return services.gate_of(exam, student, address, NOON + timedelta(days=days))


def enter(exam: Assignment, student: Enrolment, password: str, address: str = ROOM) -> None:
    services.enter(assignment=exam, enrolment=student, password=password, address=address, now=NOON)


@pytest.mark.django_db
def test_the_network_comes_first_then_the_password_once(
    classroom: Classroom, exam: Assignment
) -> None:
    assert gate(exam, classroom.ada, "8.8.8.8") is Gate.NETWORK
    assert gate(exam, classroom.ada) is Gate.PASSWORD
    with pytest.raises(ExamRefused, match="networks"):
        enter(exam, classroom.ada, "abc 1", "8.8.8.8")
    with pytest.raises(CourseRefused, match="not the password"):
        enter(exam, classroom.ada, "abc 1 ")
    enter(exam, classroom.ada, "abc 1")
    enter(exam, classroom.ada, "whatever")  # is in already
    assert ExamEntry.objects.get().address == ROOM
    assert gate(exam, classroom.ada) is Gate.OPEN
    assert gate(exam, classroom.ada, "8.8.8.8") is Gate.NETWORK
    assert gate(exam, classroom.ben) is Gate.PASSWORD


@pytest.mark.django_db
def test_a_new_password_is_asked_again(classroom: Classroom, exam: Assignment) -> None:
    enter(exam, classroom.ada, "abc 1")
    exam = services.change_exam(assignment=exam, password="other")
    assert gate(exam, classroom.ada) is Gate.PASSWORD
    exam = services.change_exam(assignment=exam, networks=[], password=None)
    assert gate(exam, classroom.ada, "8.8.8.8") is Gate.PASSWORD
    exam = services.change_exam(assignment=exam, password="")
    assert gate(exam, classroom.ada, "8.8.8.8") is Gate.OPEN


@pytest.mark.django_db
def test_staff_need_neither_and_nobody_after_the_end(
    classroom: Classroom, exam: Assignment
) -> None:
    assert gate(exam, classroom.tess, "8.8.8.8") is Gate.OPEN
    assert gate(exam, classroom.otto, "8.8.8.8") is Gate.NETWORK
    assert gate(exam, classroom.ada, "8.8.8.8", days=7) is Gate.NETWORK
    assert gate(exam, classroom.ada, "8.8.8.8", days=7.0001) is Gate.OPEN
    exam.extended_to = DUE + timedelta(days=1)  # hers goes on
    assert gate(exam, classroom.ada, "8.8.8.8", days=7.0001) is Gate.NETWORK


@pytest.mark.django_db
def test_passwords_cannot_be_tried_for_ever(classroom: Classroom, exam: Assignment) -> None:
    for _ in range(10):
        with pytest.raises(CourseRefused, match="not the password"):
            enter(exam, classroom.ada, "guess")
    with pytest.raises(CourseRefused, match="Too many"):
        enter(exam, classroom.ada, "abc 1")
    enter(exam, classroom.ben, "abc 1")


@pytest.mark.django_db
def test_the_password_is_stored_hashed(exam: Assignment) -> None:
    assert "abc 1" not in Assignment.objects.get().exam_password
