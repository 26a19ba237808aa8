"""State changes of courses, enrolments and assignments."""

from __future__ import annotations

from gradus.courses.services.allowances import Target, excuse, extend, take_back
from gradus.courses.services.assignments import (
    Plan,
    add_item,
    change_assignment,
    create_assignment,
    pin_newest,
    plan_of,
    set_published,
)
from gradus.courses.services.people import CourseRules, change_course, create_course, enrol

__all__ = [
    "CourseRules",
    "Plan",
    "Target",
    "add_item",
    "change_assignment",
    "change_course",
    "create_assignment",
    "create_course",
    "enrol",
    "excuse",
    "extend",
    "pin_newest",
    "plan_of",
    "set_published",
    "take_back",
]
