"""What a roster file would change: each line matched to a person. Reads only, four queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from gradus.accounts.models import User
from gradus.courses.models import Course, Enrolment, Role
from gradus.courses.roster.file import MOST_USERNAME, Line, LineError, RosterFile

_CONTRADICTIONS = {  # identifiers of one line that do not mean the same person
    ("email", "username"): gettext_noop(
        "the email address and the username belong to different people"
    ),
    ("email", "id_number"): gettext_noop(
        "the email address and the id number belong to different people"
    ),
    ("username", "id_number"): gettext_noop(
        "the username and the id number belong to different people"
    ),
    ("email", "username", "id_number"): gettext_noop(
        "the email address and the username and the id number belong to different people"
    ),
}


class Fate(StrEnum):
    """What happens to one line."""

    NEW = "new"  # gets an account and joins
    JOINS = "joins"  # has an account, is new to the course
    RETURNS = "returns"  # was removed
    CHANGES = "changes"  # another section or id number
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Step:
    line: Line
    fate: Fate
    user: User | None  # none: a new account
    enrolment: Enrolment | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RosterPlan:
    steps: tuple[Step, ...]
    errors: tuple[LineError, ...]
    unused: tuple[str, ...]
    new_sections: tuple[str, ...]
    absent: tuple[Enrolment, ...]  # students of the course whom the file does not name; they stay

    def of(self, fate: Fate) -> list[Step]:
        return [step for step in self.steps if step.fate is fate]

    @property
    def changes_nothing(self) -> bool:
        return all(step.fate is Fate.SAME for step in self.steps)

    @property
    def stamp(self) -> str:
        """The same for two plans that would do the same."""
        told = [(s.line.number, s.fate, s.user.pk if s.user else 0, s.note) for s in self.steps]
        text = repr((told, [(e.number, e.message) for e in self.errors], self.new_sections))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class _Unmatched(Exception):
    """Why a line cannot be told to be one person."""


def make_plan(course: Course, file: RosterFile) -> RosterPlan:
    people = _People(course, file.lines)
    steps: list[Step] = []
    errors = list(file.errors)
    seen = _Seen()
    for line in file.lines:
        try:
            step = people.step(line)
            seen.refuse_again(step)
        except _Unmatched as error:
            errors.append(LineError(line.number, str(error)))
        else:
            steps.append(step)
    named = {step.enrolment.pk for step in steps if step.enrolment}
    absent = [e for e in people.enrolments if e.role == Role.STUDENT and e.is_active]
    return RosterPlan(
        steps=tuple(steps),
        errors=tuple(sorted(errors, key=lambda error: error.number)),
        unused=file.unused,
        new_sections=_new_sections(course, steps),
        absent=tuple(e for e in absent if e.pk not in named),
    )


class _Seen:
    """No person and no identifier twice in one file."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], int] = {}

    def refuse_again(self, step: Step) -> None:
        line = step.line
        keys = {
            gettext_noop("email address"): line.email,
            gettext_noop("username"): line.username.lower(),
            gettext_noop("id number"): line.id_number,
            gettext_noop("person"): str(step.user.pk) if step.user else "",
        }
        mine = [(word, value) for word, value in keys.items() if value]
        for key in mine:
            if key in self._at:
                told = _("the {field} is the same as on line {line}")
                raise _Unmatched(told.format(field=_(key[0]), line=self._at[key]))
        self._at.update(dict.fromkeys(mine, line.number))


class _People:
    """Everybody whom the lines could mean."""

    def __init__(self, course: Course, lines: Sequence[Line]) -> None:
        self.enrolments = list(
            Enrolment.objects.filter(course=course).select_related("user", "section").order_by("pk")
        )
        self._enrolment_of = {e.user_id: e for e in self.enrolments}
        self._by_id_number = {e.id_number: e.user for e in self.enrolments if e.id_number}
        emails = {line.email for line in lines if line.email}
        names = {line.username for line in lines if line.username}
        self._by_email = {
            user.email.lower(): user
            for user in User.objects.alias(low=Lower("email")).filter(low__in=emails)
        }
        # A database may lower only a to z: ask for both forms, compare here.
        wanted = emails | names | {name.lower() for name in names}
        self._by_username = {
            user.username.lower(): user
            for user in User.objects.alias(low=Lower("username")).filter(low__in=wanted)
        }

    def step(self, line: Line) -> Step:
        user = self._match(line)
        if user is None:
            self._refuse_bad_account(line)
            return Step(line, Fate.NEW, None, None, _into(line.section))
        if not user.is_active:
            told = _("the account of {person} is closed")
            raise _Unmatched(told.format(person=line.shown_name))
        enrolment = self._enrolment_of.get(user.pk)
        if enrolment is None:
            return Step(line, Fate.JOINS, user, None, _into(line.section))
        if enrolment.role != Role.STUDENT and enrolment.is_active:
            told = _("{person} is {role} of this course; a roster changes only students")
            role = enrolment.get_role_display().lower()
            raise _Unmatched(told.format(person=user.shown_name, role=role))
        note = _changes(line, enrolment)
        if enrolment.role != Role.STUDENT:
            note = self._former(enrolment, note)
        fate = Fate.RETURNS if not enrolment.is_active else Fate.CHANGES if note else Fate.SAME
        return Step(line, fate, user, enrolment, note)

    def _former(self, enrolment: Enrolment, note: str) -> str:
        """Of the staff before: what was handed in to try an exercise counts like anybody's work."""
        role = enrolment.get_role_display().lower()
        count = self._sent_as_staff.get(enrolment.pk, 0)
        told = ngettext(
            "was {role}, {count} submission of then will count",
            "was {role}, {count} submissions of then will count",
            count,
        )
        was = told.format(role=role, count=count) if count else _("was {role}").format(role=role)
        return ", ".join(filter(None, (was, note)))

    @cached_property
    def _sent_as_staff(self) -> dict[int, int]:
        former = [
            one.pk for one in self.enrolments if one.role != Role.STUDENT and not one.is_active
        ]
        sent = Enrolment.objects.filter(pk__in=former, submissions__mode="submit")
        return dict(sent.values_list("pk").annotate(Count("submissions")))

    def _match(self, line: Line) -> User | None:
        """The one person whom all identifiers of a line mean."""
        found = {
            "email": self._by_email.get(line.email),
            "username": self._by_username.get(line.username.lower()),
            "id_number": self._by_id_number.get(line.id_number),
        }
        matched = {field: user for field, user in found.items() if user is not None}
        if len({user.pk for user in matched.values()}) > 1:
            raise _Unmatched(_(_CONTRADICTIONS[tuple(matched)]))
        by_name = found["username"]
        if by_name is not None and line.email and list(matched) == ["username"] and by_name.email:
            # Another person with this name would see the course and get the marks.
            told = _("the username “{name}” belongs to an account with another email address")
            raise _Unmatched(told.format(name=line.username))
        return next(iter(matched.values()), None)

    def _refuse_bad_account(self, line: Line) -> None:
        if not line.email:
            raise _Unmatched(
                _("nobody here is known by that; a new student needs an email address")
            )
        name = line.username or line.email
        if "@" in line.username and line.username.lower() != line.email:
            raise _Unmatched(_("a username with @ must be the student's own email address"))
        if not name.isascii():
            told = _("the new username “{name}” holds letters beyond a to z")
            raise _Unmatched(told.format(name=name))
        if len(name) > MOST_USERNAME:
            raise _Unmatched(_("the email address is too long for a username; give one of its own"))
        if name.lower() in self._by_username:
            raise _Unmatched(
                _("the username “{name}” is taken by another person").format(name=name)
            )


def _into(section: str) -> str:
    return _("section {section}").format(section=section) if section else ""


def _changes(line: Line, enrolment: Enrolment) -> str:
    notes = []
    old = enrolment.section.name if enrolment.section else ""
    if line.section and line.section.casefold() != old.casefold():
        told = _("section {old} → {new}") if old else _("section none → {new}")
        notes.append(told.format(old=old, new=line.section))
    if line.id_number and line.id_number != enrolment.id_number:
        old = enrolment.id_number
        told = _("id number {old} → {new}") if old else _("id number none → {new}")
        notes.append(told.format(old=old, new=line.id_number))
    return ", ".join(notes)


def _new_sections(course: Course, steps: Iterable[Step]) -> tuple[str, ...]:
    known = {section.name.casefold() for section in course.sections.all()}
    wanted: dict[str, str] = {}
    for step in steps:
        if step.line.section and step.line.section.casefold() not in known:
            wanted.setdefault(step.line.section.casefold(), step.line.section)
    return tuple(wanted.values())
