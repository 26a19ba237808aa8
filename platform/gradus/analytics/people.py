"""Of whom statistics are made: the active students of a course, or of one of its sections."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from gradus.courses.models import Course, Enrolment, Role
from gradus.courses.selectors import NO_SECTION


@dataclass(frozen=True, slots=True)
class People:
    course: Course
    section: str = ""  # its number; NO_SECTION: those without one; empty: everybody

    def among(self, path: str = "") -> Q:
        """A condition; `path` leads to the enrolment, with underscores at its end."""
        found = Q(**{f"{path}role": Role.STUDENT, f"{path}is_active": True})
        if self.section == NO_SECTION:
            return found & Q(**{f"{path}section": None})
        return found & Q(**{f"{path}section": int(self.section)}) if self.section else found

    @property
    def enrolments(self) -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(self.among(), course=self.course)


def people_of(course: Course, wanted: str) -> tuple[People, list[tuple[str, str]]]:
    """Whom a page asks for, and the sections to choose from. What is unknown means everybody."""
    sections = [(str(pk), name) for pk, name in course.sections.values_list("pk", "name")]
    known = {NO_SECTION, *(pk for pk, _ in sections)}
    chosen = wanted if sections and wanted in known else ""
    return People(course, chosen), sorted(sections, key=lambda one: one[1])
