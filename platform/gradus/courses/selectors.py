"""What pages and API read about courses."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from gradus.accounts.models import User
from gradus.courses.models import (
    Allowance,
    Assignment,
    Course,
    Enrolment,
    Item,
    Role,
    Section,
    extension_of,
)

NO_SECTION = "none"  # in the address of a page: students without one
_UNLISTED = (  # what no list says of a person
    *("user__password", "user__is_superuser", "user__is_staff"),
    *("user__date_joined", "user__theme", "user__time_zone", "user__may_teach"),
    "user__wants_mail",
)


def my_courses(user: User) -> QuerySet[Course]:
    return Course.objects.visible_to(user).order_by("is_archived", "title", "pk")


def enrolment_of(user: User, course_id: int) -> Enrolment | None:
    """The active enrolment of this person, with its course; None for a stranger."""
    return (
        Enrolment.objects.select_related("course", "user")
        .filter(user=user, course__pk=course_id, is_active=True)
        .first()
    )


def assignments_of(enrolment: Enrolment, now: datetime) -> QuerySet[Assignment]:
    """What this person sees: staff all, others what is published and open."""
    mine = Assignment.objects.filter(course=enrolment.course_id)
    return mine.visible_to(enrolment.user, now).order_by("order", "pk")


def item_for(user: User, item_id: int, now: datetime) -> tuple[Item, Enrolment] | None:
    """An item this person may open, and the enrolment under which; None for a stranger."""
    item = (
        Item.objects.visible_to(user, now)
        .select_related("assignment__course", "exercise__unit", "version")
        .annotate(extended_to=extension_of(user, "assignment"))
        .filter(pk=item_id)
        .first()
    )
    if item is None:
        return None
    item.assignment.extended_to = vars(item)["extended_to"]
    enrolment = enrolment_of(user, item.assignment.course_id)
    return None if enrolment is None else (item, enrolment)


def extended_to(enrolment: Enrolment, assignment: Assignment) -> datetime | None:
    """This student's extension. One query."""
    own = Q(enrolment=enrolment)
    if enrolment.section_id is not None:
        own |= Q(section=enrolment.section_id)
    extensions = Allowance.objects.in_force().filter(own, assignment=assignment)
    latest = extensions.filter(kind=Allowance.Kind.EXTENSION).aggregate(latest=Max("due_at"))
    found: datetime | None = latest["latest"]
    return found


def allowances_of(assignment: Assignment) -> QuerySet[Allowance]:
    """All events of extensions and excuses, newest first."""
    found = Allowance.objects.filter(assignment=assignment)
    related = ("enrolment__user", "section", "item__version", "actor", "undoes", "undone_by__actor")
    return found.select_related(*related).order_by("-pk")


def roster_of(course: Course) -> list[Enrolment]:
    """Everybody in a course, also who was removed; by name. Two queries."""
    return by_name(course.enrolments.all())


def by_name(enrolments: QuerySet[Enrolment]) -> list[Enrolment]:
    """In the order of lists, with sections and what lists say of people. Two queries."""
    found = enrolments.select_related("user").prefetch_related("section").defer(*_UNLISTED)
    return sorted(found, key=lambda e: (*name_key(e.user), e.pk))


def student_of(course: Course, enrolment_id: int) -> Enrolment | None:
    """A student of the course, also one who was removed; None for staff: they have no marks."""
    students = Enrolment.objects.filter(course=course, role=Role.STUDENT)
    return students.select_related("user", "course", "section").filter(pk=enrolment_id).first()


def name_key(user: User) -> tuple[str, str]:
    """Order of lists: last name, first name; the username where there is no name."""
    last = user.last_name or user.first_name or user.username
    return last.casefold(), user.first_name.casefold()


def sections_of(course: Course) -> QuerySet[Section]:
    """Sections by name, each with its number of active people as `size`. One query."""
    active = Count("enrolments", filter=Q(enrolments__is_active=True))
    return course.sections.annotate(size=active).order_by("name")
