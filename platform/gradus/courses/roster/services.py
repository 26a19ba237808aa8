"""State changes of a roster: a file kept and applied, one student by hand, removal, join codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.accounts.models import User
from gradus.accounts.services import unclaimed_account
from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.courses.errors import CourseArchived, CourseRefused, RosterChanged, RosterRefused
from gradus.courses.models import Course, Enrolment, Role, RosterUpload, Section
from gradus.courses.roster.file import Line, RosterFile, decode, parse, sentence
from gradus.courses.roster.plan import Fate, RosterPlan, make_plan
from gradus.courses.roster.workbook import as_text
from gradus.courses.services.inviting import invite
from gradus.lib.workbook import is_zip

log = structlog.get_logger(__name__)

KEEP_UPLOADS = timedelta(days=1)
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as another letter
_CODE_LENGTH = 12  # 59 bits: there is nothing to guess


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done."""

    plan: RosterPlan
    invited: int  # letters to who is new in the course


@transaction.atomic
def keep_upload(
    *, course: Course, uploader: User, name: str, data: bytes, now: datetime
) -> RosterUpload:
    """Keep a file for its preview. Raises: RosterRefused, when nothing of it can be read."""
    _refuse_archived(course)
    text = as_text(data) if is_zip(data) else decode(data)
    parse(text)
    RosterUpload.objects.filter(created_at__lt=now - KEEP_UPLOADS).delete()
    return RosterUpload.objects.create(
        course=course, uploader=uploader, name=name[:120], text=text, created_at=now
    )


@transaction.atomic
def apply_upload(*, upload: RosterUpload, stamp: str, invite_at: datetime | None = None) -> Applied:
    """Do what the preview with this stamp showed, all or nothing; the file is then deleted.

    Raises: RosterChanged, when the same file would now do something else.
    """
    applied = apply_file(
        course=upload.course, file=parse(upload.text), stamp=stamp, name=upload.name,
        invite_at=invite_at,
    )  # fmt: skip
    upload.delete()
    return applied


@transaction.atomic
def apply_file(
    *, course: Course, file: RosterFile, stamp: str, name: str, invite_at: datetime | None = None
) -> Applied:
    """Do what `make_plan` said, if it would still say so (`stamp`). Lines with errors are left out.

    With `invite_at`, who is new in the course is told by mail.

    Raises: RosterChanged, CourseRefused.
    """
    # One roster at a time: a second one sees what the first did, and is shown again.
    course = Course.objects.select_for_update().get(pk=course.pk)
    _refuse_archived(course)
    plan = make_plan(course, file)
    if plan.stamp != stamp:
        raise RosterChanged
    applied = _apply(course, plan, name, invite_at)
    log.info("roster applied", course_id=course.pk, lines=len(plan.steps))
    return applied


@transaction.atomic
def add_student(*, course: Course, line: Line, invite_at: datetime | None = None) -> Applied:
    """Put one student into the course, with a new account where there is none.

    With `invite_at`, who is new in the course is told by mail.

    Raises: RosterRefused, with what a roster file would be told.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    _refuse_archived(course)
    plan = make_plan(course, RosterFile((line,), (), ()))
    if plan.errors:
        raise RosterRefused(sentence(plan.errors[0].message))
    return _apply(course, plan, line.shown_name, invite_at)


@transaction.atomic
def remove(*, enrolment: Enrolment) -> None:
    """Take a student out of the course; submissions, marks and the enrolment itself are kept."""
    _refuse_archived(enrolment.course)
    if enrolment.role != Role.STUDENT:
        raise CourseRefused(_("Only students are removed from a roster."))
    _set_active(enrolment, False, Action.STUDENT_REMOVED)
    log.info("student removed", course_id=enrolment.course_id, enrolment_id=enrolment.pk)


@transaction.atomic
def bring_back(*, enrolment: Enrolment) -> None:
    _refuse_archived(enrolment.course)
    _set_active(enrolment, True, Action.STUDENT_RETURNED)
    log.info("student came back", course_id=enrolment.course_id, enrolment_id=enrolment.pk)


@transaction.atomic
def change_from(
    *,
    enrolment: Enrolment,
    seen: Callable[[Enrolment], bool],
    wanted: Callable[[Enrolment], tuple[Section | None, str, bool]],
) -> None:
    """Change a student and remove or bring back, if the row is still what was `seen`.

    `wanted` is asked for section, id number and whether active, of the row as it is then.

    Raises: RosterChanged, CourseRefused.
    """
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "user")
    held = rows.get(pk=enrolment.pk)
    if not seen(held):
        raise RosterChanged
    section, id_number, is_active = wanted(held)
    if (held.section_id, held.id_number) != (section.pk if section else None, id_number):
        change_student(enrolment=held, section=section, id_number=id_number)
    if is_active != held.is_active:
        (bring_back if is_active else remove)(enrolment=held)


@transaction.atomic
def change_student(*, enrolment: Enrolment, section: Section | None, id_number: str) -> None:
    """Raises: CourseRefused: a section of another course, or an id number that is taken."""
    _refuse_archived(enrolment.course)
    if section is not None and section.course_id != enrolment.course_id:
        told = _("The section '{section}' belongs to another course.")
        raise CourseRefused(told.format(section=section.name))
    others = Enrolment.objects.filter(course=enrolment.course_id).exclude(pk=enrolment.pk)
    if id_number and others.filter(id_number=id_number).exists():
        told = _("The id number {number} belongs to somebody else of this course.")
        raise CourseRefused(told.format(number=id_number))
    names = ("section", "id_number")
    old = columns(enrolment, names)
    enrolment.section, enrolment.id_number = section, id_number
    enrolment.save(update_fields=names)
    _record(Action.STUDENT_CHANGED, enrolment, old, columns(enrolment, names))


@transaction.atomic
def name_section(*, course: Course, name: str, section: Section | None = None) -> Section:
    """Make a section, or give one another name. Raises: CourseRefused, when the name is taken."""
    _refuse_archived(course)
    same = [s for s in course.sections.all() if s.name.casefold() == name.casefold()]
    if any(section is None or other.pk != section.pk for other in same):
        raise CourseRefused(_("There is already a section “{name}”.").format(name=name))
    old = {"name": section.name} if section is not None else {}
    made = section or Section(course=course)
    made.name = name
    made.save()
    record(Action.SECTION_SAVED, course_id=course.pk, about=name, old=old, new={"name": name})
    return made


@transaction.atomic
def delete_section(*, section: Section) -> None:
    """Raises: CourseRefused, while anybody is in it."""
    _refuse_archived(section.course)
    count = section.enrolments.count()
    if count:
        told = ngettext(
            "“{section}” has {count} student; move them first.",
            "“{section}” has {count} students; move them first.",
            count,
        )
        raise CourseRefused(told.format(section=section.name, count=count))
    course_id, name = section.course_id, section.name
    section.delete()
    record(Action.SECTION_DELETED, course_id=course_id, about=name, old={"name": name})


@transaction.atomic
def new_join_code(*, course: Course) -> str:
    """A fresh code; the old one stops working."""
    _refuse_archived(course)
    code = "".join(secrets.choice(_ALPHABET) for place in range(_CODE_LENGTH))
    Course.objects.filter(pk=course.pk).update(join_code=code)
    record(Action.JOIN_CODE_MADE, course_id=course.pk)  # not which: who reads it could join
    return code


@transaction.atomic
def end_join_code(*, course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(join_code="")
    record(Action.JOIN_CODE_ENDED, course_id=course.pk)


@transaction.atomic
def join(*, user: User, code: str) -> Enrolment:
    """Enrol as a student by a course's code; who is in already stays what they are.

    Raises: CourseRefused: an unknown code, or a student whom the staff removed.
    """
    text = "".join(c for c in code.upper() if c.isalnum())[:64]
    course = Course.objects.filter(join_code=text, is_archived=False).first() if text else None
    if course is None:
        raise CourseRefused(_("No course has this code. Ask the staff whether it was replaced."))
    enrolment, is_new = Enrolment.objects.get_or_create(
        course=course, user=user, defaults={"role": Role.STUDENT}
    )
    if not enrolment.is_active:
        raise CourseRefused(
            _("You were removed from this course. Only its staff can bring you back.")
        )
    if is_new:
        _record(Action.STUDENT_JOINED, enrolment, {}, {"role": enrolment.role})
    return enrolment


def shown_code(code: str) -> str:
    """A join code in groups of four."""
    return "-".join(code[k : k + 4] for k in range(0, len(code), 4))


def _set_active(enrolment: Enrolment, is_active: bool, action: Action) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(is_active=is_active)
    old, new = {"is_active": enrolment.is_active}, {"is_active": is_active}
    _record(action, enrolment, old, new)


def _record(action: Action, enrolment: Enrolment, old: dict[str, Any], new: dict[str, Any]) -> None:
    course_id, user = enrolment.course_id, enrolment.user
    record(action, course_id=course_id, about=user.username, person=user, old=old, new=new)


def _apply(course: Course, plan: RosterPlan, name: str, invite_at: datetime | None) -> Applied:
    old, new = _told(plan)
    only = plan.steps[0].user if len(plan.steps) == 1 else None
    try:
        with transaction.atomic():
            Section.objects.bulk_create(
                Section(course=course, name=name) for name in plan.new_sections
            )
            sections = {section.name.casefold(): section for section in course.sections.all()}
            joined = _enrol(course, plan, sections)
    except IntegrityError as error:  # an account was made elsewhere since the plan
        raise RosterChanged from error
    record(Action.ROSTER_APPLIED, course_id=course.pk, about=name, person=only, old=old, new=new)
    invited = invite(course=course, people=joined, now=invite_at) if invite_at else 0
    return Applied(plan, invited)


def _told(plan: RosterPlan) -> tuple[dict[str, Any], dict[str, Any]]:
    """How many of which kind, then who, as far as an entry holds."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {f"count {fate}": len(plan.of(fate)) for fate in Fate if plan.of(fate)}
    for step in plan.steps:
        if step.fate is Fate.SAME:
            continue
        name = step.user.username if step.user else step.line.username or step.line.email
        if step.enrolment is not None:
            old[name] = columns(step.enrolment, ("role", "is_active", "section", "id_number"))
        new[name] = f"{step.fate} {step.note}".strip()
    return old, new


def _enrol(course: Course, plan: RosterPlan, sections: dict[str, Section]) -> list[User]:
    """Returns who is new in the course."""
    new = plan.of(Fate.NEW)
    users = User.objects.bulk_create([_account(step.line) for step in new])
    joining = [(step.line, user) for step, user in zip(new, users, strict=True)]
    joining += [(step.line, step.user) for step in plan.of(Fate.JOINS) if step.user]
    Enrolment.objects.bulk_create(
        Enrolment(
            course=course,
            user=user,
            role=Role.STUDENT,
            section=sections.get(line.section.casefold()),
            id_number=line.id_number,
        )
        for line, user in joining
    )
    changed = []
    for step in (*plan.of(Fate.RETURNS), *plan.of(Fate.CHANGES)):
        assert step.enrolment is not None
        step.enrolment.role, step.enrolment.is_active = Role.STUDENT, True
        step.enrolment.section = sections.get(step.line.section.casefold(), step.enrolment.section)
        step.enrolment.id_number = step.line.id_number or step.enrolment.id_number
        changed.append(step.enrolment)
    names = ["role", "is_active", "section", "id_number"]
    Enrolment.objects.bulk_update(changed, names, batch_size=200)
    return [user for _line, user in joining]


def _account(line: Line) -> User:
    return unclaimed_account(
        email=line.email,
        username=line.username,
        first_name=line.first_name,
        last_name=line.last_name,
    )


def _refuse_archived(course: Course) -> None:
    if course.is_archived:
        raise CourseArchived
