"""State changes of courses, enrolments and assignments."""

from __future__ import annotations

from gradus.courses.services.allowances import Target, excuse, extend, take_back
from gradus.courses.services.assignments import (
    ItemRules,
    Plan,
    add_item,
    change_assignment,
    change_items,
    create_assignment,
    locked_assignment,
    locked_item,
    locked_items,
    pin,
    pin_newest,
    plan_of,
    rules_of,
    set_published,
)
from gradus.courses.services.exams import (
    change_exam,
    enter,
    gate_of,
    refuse_at_the_door,
    set_released,
)
from gradus.courses.services.groups import delete_group, save_group
from gradus.courses.services.inviting import invite, invite_again
from gradus.courses.services.people import (
    CourseRules,
    change_course,
    create_course,
    enrol,
    open_course,
)
from gradus.courses.services.staff import (
    add_staff,
    change_role,
    end_role,
    name_course,
    set_archived,
)
from gradus.courses.services.withdrawing import restore, withdraw

__all__ = [
    "CourseRules",
    "ItemRules",
    "Plan",
    "Target",
    "add_item",
    "add_staff",
    "change_assignment",
    "change_course",
    "change_exam",
    "change_items",
    "change_role",
    "create_assignment",
    "create_course",
    "delete_group",
    "end_role",
    "enrol",
    "enter",
    "excuse",
    "extend",
    "gate_of",
    "invite",
    "invite_again",
    "locked_assignment",
    "locked_item",
    "locked_items",
    "name_course",
    "open_course",
    "pin",
    "pin_newest",
    "plan_of",
    "refuse_at_the_door",
    "restore",
    "rules_of",
    "save_group",
    "set_archived",
    "set_published",
    "set_released",
    "take_back",
    "withdraw",
]
