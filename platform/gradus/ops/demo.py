"""The demo: ten weeks over the whole catalogue, a student and an instructor who can log in."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from gradus.accounts.models import User
from gradus.accounts.services import create_token, new_password
from gradus.catalog.selectors import usable_exercises
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Role
from gradus.submissions.services import move_to_newest

COURSE = "Deep learning from scratch"
LOGINS = "demo-logins.json"
WEEKS = 10
_PEOPLE = (
    ("ada", "Ada", "Okafor", Role.STUDENT),
    ("iris", "Iris", "Lindqvist", Role.OWNER),
)


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody needs to come in; kept in a file that only its owner may read."""

    username: str
    role: str
    password: str
    token: str


def logins(data: Path) -> list[Login]:
    """The demo's logins; none where the demo was never made. Raises: ValueError, a broken file."""
    file = data / LOGINS
    if not file.exists():
        return []
    try:
        return [Login(**person) for person in json.loads(file.read_text())["people"]]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file} cannot be read; remove it to have new passwords made") from error


def make_demo(data: Path) -> Course:
    """Make what is missing of the demo; what is there stays, but items move to newest versions."""
    known = {login.username: login for login in logins(data)}
    with transaction.atomic():
        people = {name: _person(name, first, last, role) for name, first, last, role in _PEOPLE}
        missing = [name for name in people if name not in known or not _may_log_in(people[name])]
        if missing:
            fresh = [_new_login(people[name], role) for name, _, _, role in _PEOPLE]
        course = _course(people)
        _assignments(course, timezone.now())
        if missing:
            _write(data / LOGINS, fresh)
    return course


def _person(name: str, first: str, last: str, role: Role) -> User:
    teaches = role == Role.OWNER
    user, _ = User.objects.get_or_create(
        username=name,
        defaults={
            "email": f"{name}@demo.invalid",
            "first_name": first,
            "last_name": last,
            "may_teach": teaches,
        },
    )
    return user


def _may_log_in(user: User) -> bool:
    return bool(user.password) and user.has_usable_password()


def _new_login(user: User, role: Role) -> Login:
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    user.api_tokens.filter(name="demo").delete()
    _, token = create_token(user=user, name="demo")
    shown = "student" if role == Role.STUDENT else "instructor"
    return Login(username=user.username, role=shown, password=password, token=token)


def _course(people: dict[str, User]) -> Course:
    course = Course.objects.filter(title=COURSE, enrolments__user=people["iris"]).first()
    if course is None:
        course = courses.create_course(owner=people["iris"], title=COURSE, term="Demo")
    courses.enrol(course=course, user=people["ada"], role=Role.STUDENT)
    return course


def _assignments(course: Course, now: datetime) -> None:
    """One assignment per unit, due week after week; later exercises are added to theirs."""
    units = groupby(usable_exercises(), key=lambda exercise: exercise.unit)
    for number, (unit, exercises) in enumerate(units, start=1):
        wanted, week = list(exercises), min(number, WEEKS)
        assignment = course.assignments.filter(title=unit.title).first()
        if assignment is None:
            due = _end_of_week(now, week)
            plan = courses.Plan(title=unit.title, intro=f"Week {week} of {WEEKS}.", due_at=due)
            assignment = courses.create_assignment(course=course, plan=plan, exercises=wanted)
            assignment.order = unit.order
            assignment.save(update_fields=["order"])
        _keep_open(assignment, now)
        items = {item.exercise_id: item for item in assignment.items.select_related("exercise")}
        for order, exercise in enumerate(wanted):
            if exercise.pk in items:
                move_to_newest(item=items[exercise.pk])
            else:
                courses.add_item(assignment=assignment, exercise=exercise, order=order)


def _end_of_week(now: datetime, week: int) -> datetime:
    """The last minute of Sunday, so many weeks after the one of `now`."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 * (week + 1) - midnight.weekday(), minutes=-1)


def _keep_open(assignment: Assignment, now: datetime) -> None:
    """A demo never ends: what is past due comes again in the next ten weeks."""
    if assignment.due_at is not None and assignment.is_past_due(now):
        rounds = (now - assignment.due_at) // timedelta(weeks=WEEKS) + 1
        assignment.due_at += rounds * timedelta(weeks=WEEKS)
        assignment.save(update_fields=["due_at"])


def _write(file: Path, people: list[Login]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".logins-")  # mode 0600
    with os.fdopen(handle, "w") as out:
        json.dump({"people": [asdict(login) for login in people]}, out, indent=2)
    os.replace(fresh, file)
