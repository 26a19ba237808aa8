"""Addresses of the rules of assignments and what follows; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import allowances, assignment_edit, grades

urlpatterns = [
    path("courses/<int:course_id>/rules/", assignment_edit.course_rules, name="course_rules"),
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
    path("items/<int:item_id>/solution/", grades.solution, name="solution"),
]
