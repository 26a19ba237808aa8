"""State changes of a roster: a file kept and applied, one student by hand, removal, join codes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import structlog
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from gradus.accounts.models import User
from gradus.courses.errors import CourseRefused, RosterChanged, RosterRefused
from gradus.courses.models import Course, Enrolment, Role, RosterUpload, Section
from gradus.courses.roster.file import Line, RosterFile, decode, parse, sentence
from gradus.courses.roster.plan import Fate, RosterPlan, Step, make_plan

log = structlog.get_logger(__name__)

KEEP_UPLOADS = timedelta(days=1)
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as another letter
_CODE_LENGTH = 12  # 59 bits: there is nothing to guess


@transaction.atomic
def keep_upload(
    *, course: Course, uploader: User, name: str, data: bytes, now: datetime
) -> RosterUpload:
    """Keep a file for its preview. Raises: RosterRefused, when nothing of it can be read."""
    _refuse_archived(course)
    text = decode(data)
    parse(text)
    RosterUpload.objects.filter(created_at__lt=now - KEEP_UPLOADS).delete()
    return RosterUpload.objects.create(
        course=course, uploader=uploader, name=name[:120], text=text, created_at=now
    )


@transaction.atomic
def apply_upload(*, upload: RosterUpload, stamp: str) -> RosterPlan:
    """Do what the preview with this stamp showed, all or nothing; the file is then deleted.

    Raises: RosterChanged, when the same file would now do something else.
    """
    # One roster at a time: a second one sees what the first did, and is shown again.
    course = Course.objects.select_for_update().get(pk=upload.course_id)
    _refuse_archived(course)
    plan = make_plan(course, parse(upload.text))
    if plan.stamp != stamp:
        raise RosterChanged
    _apply(course, plan)
    upload.delete()
    log.info(
        "roster applied", course_id=course.pk, user_id=upload.uploader_id, lines=len(plan.steps)
    )
    return plan


@transaction.atomic
def add_student(*, course: Course, line: Line) -> Step:
    """Put one student into the course, with a new account where there is none.

    Raises: RosterRefused, with what a roster file would be told.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    _refuse_archived(course)
    plan = make_plan(course, RosterFile((line,), (), ()))
    if plan.errors:
        raise RosterRefused(sentence(plan.errors[0].message))
    _apply(course, plan)
    return plan.steps[0]


def remove(*, enrolment: Enrolment) -> None:
    """Take a student out of the course; submissions, marks and the enrolment itself are kept."""
    _refuse_archived(enrolment.course)
    if enrolment.role != Role.STUDENT:
        raise CourseRefused("Only students are removed from a roster.")
    Enrolment.objects.filter(pk=enrolment.pk).update(is_active=False)
    log.info("student removed", course_id=enrolment.course_id, enrolment_id=enrolment.pk)


def bring_back(*, enrolment: Enrolment) -> None:
    _refuse_archived(enrolment.course)
    Enrolment.objects.filter(pk=enrolment.pk).update(is_active=True)
    log.info("student came back", course_id=enrolment.course_id, enrolment_id=enrolment.pk)


def change_student(*, enrolment: Enrolment, section: Section | None, id_number: str) -> None:
    """Raises: CourseRefused: a section of another course, or an id number that is taken."""
    _refuse_archived(enrolment.course)
    if section is not None and section.course_id != enrolment.course_id:
        raise CourseRefused(f"The section '{section.name}' belongs to another course.")
    others = Enrolment.objects.filter(course=enrolment.course_id).exclude(pk=enrolment.pk)
    if id_number and others.filter(id_number=id_number).exists():
        raise CourseRefused(f"The id number {id_number} belongs to somebody else of this course.")
    enrolment.section, enrolment.id_number = section, id_number
    enrolment.save(update_fields=["section", "id_number"])


def name_section(*, course: Course, name: str, section: Section | None = None) -> Section:
    """Make a section, or give one another name. Raises: CourseRefused, when the name is taken."""
    _refuse_archived(course)
    same = [s for s in course.sections.all() if s.name.casefold() == name.casefold()]
    if any(section is None or other.pk != section.pk for other in same):
        raise CourseRefused(f"There is already a section “{name}”.")
    if section is None:
        return Section.objects.create(course=course, name=name)
    section.name = name
    section.save(update_fields=["name"])
    return section


def delete_section(*, section: Section) -> None:
    """Raises: CourseRefused, while anybody is in it."""
    _refuse_archived(section.course)
    count = section.enrolments.count()
    if count:
        raise CourseRefused(
            f"“{section.name}” has {count} student{'' if count == 1 else 's'}; move them first."
        )
    section.delete()


def new_join_code(*, course: Course) -> str:
    """A fresh code; the old one stops working."""
    _refuse_archived(course)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    Course.objects.filter(pk=course.pk).update(join_code=code)
    return code


def end_join_code(*, course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(join_code="")


def join(*, user: User, code: str) -> Enrolment:
    """Enrol as a student by a course's code; who is in already stays what they are.

    Raises: CourseRefused: an unknown code, or a student whom the staff removed.
    """
    text = "".join(c for c in code.upper() if c.isalnum())[:64]
    course = Course.objects.filter(join_code=text, is_archived=False).first() if text else None
    if course is None:
        raise CourseRefused("No course has this code. Ask the staff whether it was replaced.")
    enrolment, _ = Enrolment.objects.get_or_create(
        course=course, user=user, defaults={"role": Role.STUDENT}
    )
    if not enrolment.is_active:
        raise CourseRefused("You were removed from this course. Only its staff can bring you back.")
    return enrolment


def shown_code(code: str) -> str:
    """A join code in groups of four."""
    return "-".join(code[k : k + 4] for k in range(0, len(code), 4))


def _apply(course: Course, plan: RosterPlan) -> None:
    try:
        with transaction.atomic():
            Section.objects.bulk_create(
                Section(course=course, name=name) for name in plan.new_sections
            )
            sections = {section.name.casefold(): section for section in course.sections.all()}
            _enrol(course, plan, sections)
    except IntegrityError as error:  # an account was made elsewhere since the plan
        raise RosterChanged from error


def _enrol(course: Course, plan: RosterPlan, sections: dict[str, Section]) -> None:
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
        step.enrolment.is_active = True
        step.enrolment.section = sections.get(step.line.section.casefold(), step.enrolment.section)
        step.enrolment.id_number = step.line.id_number or step.enrolment.id_number
        changed.append(step.enrolment)
    Enrolment.objects.bulk_update(changed, ["is_active", "section", "id_number"], batch_size=200)


def _account(line: Line) -> User:
    """An account that nobody can log in to until its owner sets a password by mail."""
    return User(
        username=line.username or line.email,
        email=line.email,
        first_name=line.first_name,
        last_name=line.last_name,
        password=make_password(None),
    )


def _refuse_archived(course: Course) -> None:
    if course.is_archived:
        raise CourseRefused("The course is archived and can no longer be changed.")
