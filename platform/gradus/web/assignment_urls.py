"""Addresses of the rules of assignments and what follows; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import (
    allowances,
    assignment_edit,
    course_copy,
    door,
    exam_edit,
    grades,
    groups,
    items_edit,
    view_as,
)

urlpatterns = [
    path("courses/<int:course_id>/rules/", assignment_edit.course_rules, name="course_rules"),
    path("courses/<int:course_id>/copy/", course_copy.course_copy, name="course_copy"),
    path(
        "courses/<int:course_id>/people/<int:enrolment_id>/view/",
        view_as.view_as,
        name="view_as",
    ),
    path(
        "courses/<int:course_id>/people/<int:enrolment_id>/view/<int:item_id>/",
        view_as.view_item,
        name="view_item",
    ),
    path("courses/<int:course_id>/groups/", groups.groups, name="groups"),
    path("courses/<int:course_id>/groups/<int:group_id>/", groups.group, name="group"),
    path(
        "courses/<int:course_id>/groups/<int:group_id>/delete/",
        groups.group_delete,
        name="group_delete",
    ),
    path("courses/<int:course_id>/grades/", grades.grades, name="grades"),
    path(
        "assignments/<int:assignment_id>/edit/",
        assignment_edit.assignment_edit,
        name="assignment_edit",
    ),
    path("assignments/<int:assignment_id>/extensions/", allowances.allowances, name="allowances"),
    path(
        "assignments/<int:assignment_id>/extensions/<int:allowance_id>/undo/",
        allowances.allowance_undo,
        name="allowance_undo",
    ),
    path("assignments/<int:assignment_id>/enter/", door.enter, name="enter"),
    path("assignments/<int:assignment_id>/exam/", exam_edit.exam_edit, name="exam_edit"),
    path("assignments/<int:assignment_id>/release/", exam_edit.release, name="release"),
    path("assignments/<int:assignment_id>/items/", items_edit.items_edit, name="items_edit"),
    path("items/<int:item_id>/solution/", grades.solution, name="solution"),
]
