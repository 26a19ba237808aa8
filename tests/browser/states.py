"""Pages of the platform in many states, as HTML: for everybody, over every address, answered in
this process. What a browser finds in them it finds for the installation, at a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone

from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Item
from tests.gradus.test_access import GET, POST, address_of, as_person, fill_in_file, places
from tests.gradus.test_queries import more
from tests.people import NOON, Classroom

EVERYBODY = ("anonymous", "olga", "ada", "ben", "tess", "iris")
ELSEWHERE = (  # pages of log-in, and one that is not there
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/password/reset/",
    "/accounts/password/change/",
    "/nothing-here/",
)
A_STUDENT_AND_THE_OWNER = ("ada", "iris")
Known = dict[str, object]


@dataclass(frozen=True, slots=True)
class State:
    """One page: who sees it, in which state of the course, and its HTML."""

    name: str
    html: str


def every_state(classroom: Classroom, set_clock: Callable[[datetime], None]) -> Iterator[State]:
    """Yield each page that is built of other elements than all before it."""
    seen: set[frozenset[str]] = set()
    for state in _states(classroom, set_clock):
        elements = elements_of(state.html)
        if elements not in seen:
            seen.add(elements)
            yield state


def elements_of(html: str) -> frozenset[str]:
    """Return what a page is built of: each element with its classes, its state and its parent."""
    reader = _Elements()
    reader.feed(html)
    return frozenset(reader.found)


def _states(classroom: Classroom, set_clock: Callable[[datetime], None]) -> Iterator[State]:
    set_clock(NOON + timedelta(hours=6))
    Item.objects.update(max_attempts=None)
    classroom.item.max_attempts = None
    empty = courses.create_course(owner=classroom.iris.user, title="Empty")
    courses.enrol(course=empty, user=classroom.ada.user, role=classroom.ada.role)
    yield from _course_pages(classroom, empty)
    known = places("web:paper", classroom)
    known["fill_in_id"] = fill_in_file(classroom).pk
    more(classroom, "a")
    yield from _pages(classroom, known, "as it is", EVERYBODY)
    yield from _elsewhere(classroom)
    yield from _answers(classroom, known)
    for title, change in (
        ("exam", _exam), ("withdrawn", _withdrawn), ("archived", _archived)
    ):  # fmt: skip
        with transaction.atomic():
            change(classroom)
            yield from _pages(classroom, known, title)
            transaction.set_rollback(True)
    set_clock(NOON + timedelta(days=60))
    Assignment.objects.filter(due_at__isnull=False).update(solutions_at=NOON + timedelta(days=59))
    yield from _pages(classroom, known, "over")


def _pages(
    classroom: Classroom,
    known: Known,
    title: str,
    people: Iterable[str] = A_STUDENT_AND_THE_OWNER,
) -> Iterator[State]:
    for who in people:
        client = as_person(who, classroom)
        for name in GET:
            yield from _page(client, "get", name, known, f"{title}, {who}")


def _elsewhere(classroom: Classroom) -> Iterator[State]:
    for who in ("anonymous", "ada"):
        client = as_person(who, classroom)
        for address in ELSEWHERE:
            yield from _answered(client.get(address), f"{address}, {who}")


def _answers(classroom: Classroom, known: Known) -> Iterator[State]:
    """What a form that does not fit is answered with."""
    for who in A_STUDENT_AND_THE_OWNER:
        for name in POST:
            with transaction.atomic():
                yield from _page(as_person(who, classroom), "post", name, known, f"refused, {who}")
                transaction.set_rollback(True)


def _course_pages(classroom: Classroom, course: Course) -> Iterator[State]:
    for who in A_STUDENT_AND_THE_OWNER:
        client = as_person(who, classroom)
        for name in GET:
            try:
                address = address_of(name, {"course_id": course.pk})
            except KeyError:
                continue  # of something that an empty course does not have
            yield from _answered(client.get(address), f"{name}, empty course, {who}")


def _page(client: Client, method: str, name: str, known: Known, title: str) -> Iterator[State]:
    if "fill_in" in name:
        known = known | {"upload_id": known["fill_in_id"]}
    answer = getattr(client, method)(
        address_of(name, known), {"x": "y"} if method == "post" else {}
    )
    yield from _answered(answer, f"{name}, {title}")


def _answered(answer: object, name: str) -> Iterator[State]:
    if getattr(answer, "streaming", False):
        return
    text = answer.content.decode(errors="replace")  # type: ignore[attr-defined]
    if "<html" in text[:300]:
        yield State(name, text)


def _exam(classroom: Classroom) -> None:
    Assignment.objects.filter(pk=classroom.assignment.pk).update(
        exam_password=make_password("open"), holds_feedback=True
    )


def _withdrawn(classroom: Classroom) -> None:
    courses.withdraw(
        course=classroom.course, exercise_id=classroom.item.exercise_id, why="Its checks err.",
        actor=classroom.iris.user, now=timezone.now(),
    )  # fmt: skip


def _archived(classroom: Classroom) -> None:
    Course.objects.filter(pk=classroom.course.pk).update(is_archived=True)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._above = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        having = dict(attrs)
        shape = " ".join(sorted((having.get("class") or "").split()))
        state = having.get("data-s") or having.get("role") or having.get("type") or ""
        one = f"{tag}.{shape}[{state}]"
        self.found.add(f"{self._above} {one}")
        self._above = one
